//! `GET /queryServiceQualification`: the tenant's tasks.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::tmf645::query::QueryServiceQualification;
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::QUERY;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;

/// List tasks, newest first
///
/// Any first-level attribute is an exact-match filter (`state=done`); several must all hold, and an unknown one
/// matches nothing. Tasks are listed without their places and items:
/// to select those or filter by them is refused.
#[utoipa::path(
    get,
    path = "/queryServiceQualification",
    operation_id = "listQueryServiceQualification",
    tag = "queryServiceQualification",
    params(ListParameters),
    responses(List<QueryServiceQualification>, Common)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    QUERY.list(&availability, &caller.tenant, &request).await
}
