//! `PATCH /checkServiceQualification/{id}`: changes what is the client's.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use lastmile_api::tmf645::check::CheckServiceQualification;
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::CHECK;
use crate::body::PatchBody;
use crate::openapi::parameters::PatchDocument;
use crate::openapi::responses::{Changed, Common, Json, Missing};
use crate::refusal::Refusal;

/// Change a task
///
/// A JSON merge patch (`application/merge-patch+json`, also `application/json`) or a JSON patch
/// (`application/json-patch+json`). What was asked, the state and the answer are the server's: a patch that
/// changes them is refused.
#[utoipa::path(
    patch,
    path = "/checkServiceQualification/{id}",
    operation_id = "patchCheckServiceQualification",
    tag = "checkServiceQualification",
    params(("id" = String, Path, description = "Id of the task.")),
    request_body(content(
        (PatchDocument = "application/merge-patch+json"),
        (PatchDocument = "application/json"),
        (PatchDocument = "application/json-patch+json"),
    )),
    responses(
        (status = 200, description = "The task after the patch.", body = CheckServiceQualification),
        Common,
        Json,
        Missing,
        Changed,
    )
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    body: PatchBody,
) -> Result<Response, Refusal> {
    CHECK.patch(&availability, &caller.tenant, &id, &body).await
}
