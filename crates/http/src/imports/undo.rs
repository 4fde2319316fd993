//! `POST /imports/{id}/undo`: back to the import before.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::imports::UndoneDocument;
use lastmile_api::shown::Shown;
use lastmile_app::imports::undo::Undone;
use lastmile_app::imports::{self, UndoError};
use lastmile_model::identity::Caller;

use super::{ImportsState, may_change, visible};
use crate::openapi::responses::{Changed, Common, Missing};
use crate::refusal::Refusal;
use crate::reply;

/// Go back to the import before
///
/// Readers see the import before at once; the claims of the undone one are removed in the background.
#[utoipa::path(
    post,
    path = "/imports/{id}/undo",
    operation_id = "undoImport",
    tag = "imports",
    params(("id" = String, Path, description = "Id of the active import of a list.")),
    responses(
        (status = 200, description = "It was taken back.", body = UndoneDocument),
        Common,
        Missing,
        Changed,
    )
)]
pub(crate) async fn handler(
    State(state): State<ImportsState>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let import = visible(&state.context, &caller, &id).await?;
    may_change(&caller, &import.tenant)?;
    match imports::undo(&state.context, &import.id).await {
        Ok(Undone { undone, active }) => {
            state.desk.sweep_soon(&undone.list).await;
            let document = UndoneDocument {
                undone: Shown(undone),
                active: active.map(Shown),
                type_name: "Undone",
            };
            Ok(reply::json(StatusCode::OK, &document))
        }
        Err(UndoError::Unknown { import: _ }) => Err(Refusal::with(
            ErrorCode::NotFound,
            "there is no such import",
        )),
        Err(UndoError::Refused(refused)) => Err(Refusal::with(
            ErrorCode::ImportNotUndoable,
            refused.to_string(),
        )),
        Err(error @ UndoError::Changed { import: _ }) => {
            Err(Refusal::with(ErrorCode::Conflict, error.to_string()))
        }
        Err(UndoError::Store(error)) => Err(Refusal::store(&error.into())),
    }
}
