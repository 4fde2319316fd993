//! Documents of the table of kinds: one set of endpoints, mounted once for each kind.
//!
//! What an endpoint is called and how it is described follows from the kind's row, so that a kind has its
//! operations in the OpenAPI document as if they were written for it.

mod create;
mod delete;
mod get;
mod list;
mod patch;
mod refused;
mod tag;

use axum::routing::{self, MethodRouter};
use lastmile_api::resource::{self, Described};
use lastmile_app::Context;
use lastmile_model::document::{DocumentId, DocumentKind};
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn, Paths,
    PathsBuilder,
};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{PathItem, Required};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::openapi::parameters::PatchDocument;
use crate::refusal::Refusal;

/// What the endpoints of one kind see.
#[derive(Clone)]
pub(crate) struct Documents {
    /// The doors.
    pub(crate) context: Context,
    /// Which kind.
    pub(crate) kind: DocumentKind,
}

impl Documents {
    /// The id in a path; a text that is none names no document.
    fn id(&self, text: &str) -> Result<DocumentId, Refusal> {
        text.parse().map_err(|_| refused::not_found(self.kind))
    }
}

/// The endpoints of a kind, below the base path of its API.
pub(crate) fn routes(kind: DocumentKind) -> OpenApiRouter<Documents> {
    let segment = kind.rules().segment;
    let described = resource::described(kind);
    let all = [
        (HttpMethod::Get, list::described(kind, &described)),
        (HttpMethod::Post, create::described(kind, &described)),
    ];
    let one = [
        (HttpMethod::Get, get::described(kind, &described)),
        (HttpMethod::Patch, patch::described(kind, &described)),
        (HttpMethod::Delete, delete::described(kind)),
    ];
    let on_all: MethodRouter<Documents> = routing::get(list::handler).post(create::handler);
    let on_one: MethodRouter<Documents> = routing::get(get::handler)
        .patch(patch::handler)
        .delete(delete::handler);
    let Described {
        shown: _,
        create: _,
        mut schemas,
    } = described;
    let patch = PatchDocument::name().into_owned();
    schemas.push((patch, PatchDocument::schema()));
    OpenApiRouter::new()
        .routes((schemas, path(format!("/{segment}"), all), on_all))
        .routes((Vec::new(), path(format!("/{segment}/{{id}}"), one), on_one))
}

fn path<const COUNT: usize>(path: String, operations: [(HttpMethod, Operation); COUNT]) -> Paths {
    let item = operations
        .into_iter()
        .map(|(method, operation)| PathItem::new(method, operation))
        .reduce(|mut item, other| {
            item.merge_operations(other);
            item
        });
    PathsBuilder::new()
        .path(path, item.unwrap_or_default())
        .build()
}

/// An operation on a kind: `createProductOffering`.
fn operation(kind: DocumentKind, verb: &str, summary: &str, description: &str) -> OperationBuilder {
    let rules = kind.rules();
    OperationBuilder::new()
        .operation_id(Some(format!("{verb}{}", rules.type_name)))
        .tag(rules.segment)
        .summary(Some(summary.replace("{}", rules.noun)))
        .description(Some(description.replace("{}", rules.noun)))
}

fn id_parameter(kind: DocumentKind) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(format!("Id of the {}.", kind.rules().noun)))
        .schema(Some(text))
        .build()
}

fn header_parameter(name: &str, description: &str) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(text))
        .build()
}
