//! `DELETE /queryServiceQualification/{id}`: removes a task with its answer.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::QUERY;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;

/// Remove a task with its answer
#[utoipa::path(
    delete,
    path = "/queryServiceQualification/{id}",
    operation_id = "deleteQueryServiceQualification",
    tag = "queryServiceQualification",
    params(("id" = String, Path, description = "Id of the task.")),
    responses((status = 204, description = "It is gone."), Common, Missing)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    QUERY.delete(&availability, &caller.tenant, &id).await
}
