//! `PATCH /{kind}/{id}`: changes a document.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::resource::{self, Described};
use lastmile_app::documents;
use lastmile_model::document::DocumentKind;
use lastmile_model::document::kind::{FIXED, SERVER_OWNED};
use lastmile_model::identity::Caller;
use utoipa::openapi::path::Operation;

use super::tag::{ETAG_SAYS, IF_MATCH_SAYS, IfMatch, tagged};
use super::{Documents, header_parameter, id_parameter, operation, refused};
use crate::authentication::may_write_documents;
use crate::body::PatchBody;
use crate::openapi::bodies;
use crate::openapi::responses::{self, COMMON, JSON};
use crate::patch;
use crate::refusal::Refusal;
use crate::reply;

/// Refusals of its own.
const OWN: &[ErrorCode] = &[
    ErrorCode::Conflict,
    ErrorCode::MoveRefused,
    ErrorCode::NotFound,
    ErrorCode::PatchFailed,
    ErrorCode::PreconditionFailed,
    ErrorCode::ReferenceUnknown,
];

/// How it is described.
pub(super) fn described(kind: DocumentKind, described: &Described) -> Operation {
    let says = "A JSON merge patch (`application/merge-patch+json`, also `application/json`) or a JSON patch (`application/json-patch+json`). What only the server sets cannot be changed, nor can `@type` and `@baseType`; `lifecycleStatus` moves as the life of a {} goes.";
    let changed = responses::resource("As it is after the patch.", &described.shown)
        .header("ETag", responses::text(ETAG_SAYS));
    operation(kind, "patch", "Change a {}", says)
        .parameters(Some([
            id_parameter(kind),
            header_parameter("If-Match", IF_MATCH_SAYS),
        ]))
        .request_body(Some(bodies::patch()))
        .responses(responses::all(responses::refusals(
            [COMMON, JSON, OWN].concat(),
        )))
        .response("200", changed)
        .build()
}

pub(super) async fn handler(
    State(documents): State<Documents>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    condition: IfMatch,
    body: PatchBody,
) -> Result<Response, Refusal> {
    may_write_documents(&caller)?;
    let id = documents.id(&id)?;
    let Documents { context, kind } = documents;
    let before = documents::get(&context, &caller, kind, id).await;
    let before = before.map_err(|error| refused::read(&error))?;
    condition.hold(&before)?;
    let shown = resource::shown(&before).map_err(|error| Refusal::damaged(&error))?;
    let patched = patch::apply(&shown, &body, &[SERVER_OWNED, FIXED])?;
    let draft = resource::of_patched(kind, patched)?;
    let changed = documents::change(&context, &caller, before, &draft).await;
    let document = changed.map_err(|error| refused::change(&error))?;
    let shown = resource::shown(&document).map_err(|error| Refusal::damaged(&error))?;
    Ok(tagged(reply::json(StatusCode::OK, &shown), &document))
}
