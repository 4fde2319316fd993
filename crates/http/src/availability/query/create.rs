//! `POST /queryServiceQualification`: takes a question in, and answers it now or later.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::tmf645::query::{QueryServiceQualification, QueryServiceQualificationCreate};
use lastmile_app::availability::Availability;
use lastmile_model::identity::Caller;

use super::QUERY;
use crate::body::JsonBody;
use crate::openapi::responses::{Common, Json};
use crate::refusal::Refusal;

/// Take a question in
///
/// With `instantSyncQualification: true` the reply is the answer (200). Otherwise it is the task (201), which is worked
/// out in the background: read it until its `state` is `done`.
#[utoipa::path(
    post,
    path = "/queryServiceQualification",
    operation_id = "createQueryServiceQualification",
    tag = "queryServiceQualification",
    request_body = QueryServiceQualificationCreate,
    responses(
        (status = 200, description = "The answer.", body = QueryServiceQualification),
        (status = 201, description = "The task.", body = QueryServiceQualification,
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
    QUERY.create(&availability, &caller.tenant, &body).await
}
