//! `DELETE /{kind}/{id}`: removes a document.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_app::documents;
use lastmile_model::document::DocumentKind;
use lastmile_model::identity::Caller;
use utoipa::openapi::ResponseBuilder;
use utoipa::openapi::path::Operation;

use super::tag::{IF_MATCH_SAYS, IfMatch};
use super::{Documents, header_parameter, id_parameter, operation, refused};
use crate::authentication::may_write_documents;
use crate::openapi::responses::{self, COMMON};
use crate::refusal::Refusal;
use crate::reply;

/// Refusals of its own.
const OWN: &[ErrorCode] = &[
    ErrorCode::Conflict,
    ErrorCode::NotFound,
    ErrorCode::PreconditionFailed,
    ErrorCode::ResourceInUse,
    ErrorCode::TooManyItems,
];

/// How it is described.
pub(super) fn described(kind: DocumentKind) -> Operation {
    let says =
        "One that others refer to stays (409): whoever follows a reference finds what it names.";
    operation(kind, "delete", "Remove a {}", says)
        .parameters(Some([
            id_parameter(kind),
            header_parameter("If-Match", IF_MATCH_SAYS),
        ]))
        .responses(responses::all(responses::refusals([COMMON, OWN].concat())))
        .response("204", ResponseBuilder::new().description("It is gone."))
        .build()
}

pub(super) async fn handler(
    State(documents): State<Documents>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    condition: IfMatch,
) -> Result<Response, Refusal> {
    may_write_documents(&caller)?;
    let id = documents.id(&id)?;
    let Documents { context, kind } = documents;
    let document = documents::get(&context, &caller, kind, id).await;
    let document = document.map_err(|error| refused::read(&error))?;
    condition.hold(&document)?;
    let deleted = documents::delete(&context, &caller, &document).await;
    deleted.map_err(|error| refused::delete(&error))?;
    Ok(reply::no_content())
}
