//! `GET /checkServiceQualification`: the tenant's tasks.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::tmf645::check::CheckServiceQualification;
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::CHECK;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;

/// List tasks, newest first
///
/// Any first-level attribute is an exact-match filter (`state=done`); several must all hold, and an unknown one
/// matches nothing. Tasks are listed without their items (`qualificationResult` is there):
/// to select those or filter by them is refused.
#[utoipa::path(
    get,
    path = "/checkServiceQualification",
    operation_id = "listCheckServiceQualification",
    tag = "checkServiceQualification",
    params(ListParameters),
    responses(List<CheckServiceQualification>, Common)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    CHECK.list(&availability, &caller.tenant, &request).await
}
