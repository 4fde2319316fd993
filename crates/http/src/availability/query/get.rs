//! `GET /queryServiceQualification/{id}`: a task with its answer.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use lastmile_api::tmf645::query::QueryServiceQualification;
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::QUERY;
use crate::list::Fields;
use crate::openapi::parameters::FieldsParameter;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;

/// Read a task with its answer
#[utoipa::path(
    get,
    path = "/queryServiceQualification/{id}",
    operation_id = "retrieveQueryServiceQualification",
    tag = "queryServiceQualification",
    params(("id" = String, Path, description = "Id of the task."), FieldsParameter),
    responses(
        (status = 200, description = "The task.", body = QueryServiceQualification),
        Common,
        Missing,
    )
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    QUERY.get(&availability, &caller.tenant, &id, &fields).await
}
