//! `GET /{kind}/{id}`: one document.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::resource::{self, Described};
use lastmile_app::documents;
use lastmile_model::document::DocumentKind;
use lastmile_model::identity::Caller;
use utoipa::IntoParams;
use utoipa::openapi::path::{Operation, ParameterIn};

use super::tag::{ETAG_SAYS, tagged};
use super::{Documents, id_parameter, operation, refused};
use crate::list::Fields;
use crate::openapi::parameters::FieldsParameter;
use crate::openapi::responses::{self, COMMON};
use crate::refusal::Refusal;
use crate::reply;

/// Refusals of its own.
const OWN: &[ErrorCode] = &[ErrorCode::NotFound];

/// How it is described.
pub(super) fn described(kind: DocumentKind, described: &Described) -> Operation {
    let found = responses::resource("As it was last written.", &described.shown)
        .header("ETag", responses::text(ETAG_SAYS));
    operation(
        kind,
        "retrieve",
        "Read a {}",
        "A provider's key reads what it made.",
    )
    .parameters(Some([id_parameter(kind)]))
    .parameters(Some(FieldsParameter::into_params(|| {
        Some(ParameterIn::Query)
    })))
    .responses(responses::all(responses::refusals([COMMON, OWN].concat())))
    .response("200", found)
    .build()
}

pub(super) async fn handler(
    State(documents): State<Documents>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let id = documents.id(&id)?;
    let Documents { context, kind } = documents;
    let document = documents::get(&context, &caller, kind, id).await;
    let document = document.map_err(|error| refused::read(&error))?;
    let shown = resource::shown(&document).map_err(|error| Refusal::damaged(&error))?;
    let response = reply::json(StatusCode::OK, &fields.select(shown));
    Ok(tagged(response, &document))
}
