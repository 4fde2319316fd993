//! `GET /imports/{id}`: an import with its counts so far.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::imports::ImportDocument;
use lastmile_model::identity::Caller;

use super::{ImportsState, visible};
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;
use crate::reply;

/// Read an import with its counts so far
#[utoipa::path(
    get,
    path = "/imports/{id}",
    operation_id = "retrieveImport",
    tag = "imports",
    params(("id" = String, Path, description = "Id of the import.", example = "Acme_Fiber.main.3")),
    responses(
        (status = 200, description = "The import.", body = ImportDocument),
        Common,
        Missing,
    )
)]
pub(crate) async fn handler(
    State(state): State<ImportsState>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let import = visible(&state.context, &caller, &id).await?;
    Ok(reply::json(StatusCode::OK, &ImportDocument::of(&import)))
}
