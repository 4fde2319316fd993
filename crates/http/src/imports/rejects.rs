//! `GET /imports/{id}/rejects`: the rows of an import that could not be used.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use lastmile_api::ErrorCode;
use lastmile_model::identity::Caller;

use super::{ImportsState, visible};
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;

/// Read the rows of an import that could not be used
///
/// CSV with the columns `line`, `code`, `column`, `reason` and `row`; complete when the import is no longer
/// `loading`. Not found where there are none, or where another process read the file.
#[utoipa::path(
    get,
    path = "/imports/{id}/rejects",
    operation_id = "listReject",
    tag = "imports",
    params(("id" = String, Path, description = "Id of the import.")),
    responses(
        (status = 200, description = "The rows.", body = String, content_type = "text/csv"),
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
    match state.desk.rejects(&import.id).await {
        Ok(Some(rows)) => {
            let csv = [(CONTENT_TYPE, "text/csv; charset=utf-8")];
            Ok((csv, Body::from_stream(rows)).into_response())
        }
        Ok(None) => Err(Refusal::with(
            ErrorCode::NotFound,
            "this import has no rejected rows here",
        )),
        Err(error) => Err(Refusal::logged(ErrorCode::StoreUnavailable, &error)),
    }
}
