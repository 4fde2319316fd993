//! `POST /geographicAddressValidation`: takes a question in, and answers it now or later.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::tmf673::validation::{
    GeographicAddressValidation, GeographicAddressValidationCreate,
};
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::VALIDATION;
use crate::body::JsonBody;
use crate::openapi::responses::{Common, Json};
use crate::refusal::Refusal;

/// Take a question in
///
/// With `instantSyncValidation: true` the reply is the answer (200). Otherwise it is the task (201), which is worked
/// out in the background: read it until its `state` is `done`.
#[utoipa::path(
    post,
    path = "/geographicAddressValidation",
    operation_id = "createGeographicAddressValidation",
    tag = "geographicAddressValidation",
    request_body = GeographicAddressValidationCreate,
    responses(
        (status = 200, description = "The answer.", body = GeographicAddressValidation),
        (status = 201, description = "The task.", body = GeographicAddressValidation,
            headers(("Location" = String, description = "The `href` of the task."))),
        Common,
        Json,
    )
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Extension(caller): Extension<Arc<Caller>>,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    VALIDATION
        .create(&availability, &caller.tenant, &body)
        .await
}
