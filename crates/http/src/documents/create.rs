//! `POST /{kind}`: takes a document in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::resource::{self, Described};
use lastmile_app::documents;
use lastmile_model::document::DocumentKind;
use lastmile_model::identity::Caller;
use utoipa::openapi::path::Operation;

use super::tag::tagged;
use super::{Documents, header_parameter, operation, refused};
use crate::authentication::may_write_documents;
use crate::body::JsonBody;
use crate::idempotency::{HEADER_SAYS, RequestKey};
use crate::openapi::bodies;
use crate::openapi::responses::{self, COMMON, JSON};
use crate::refusal::Refusal;
use crate::reply;

/// Refusals of its own.
const OWN: &[ErrorCode] = &[ErrorCode::IdempotencyKeyReused, ErrorCode::ReferenceUnknown];

/// How it is described.
pub(super) fn described(kind: DocumentKind, described: &Described) -> Operation {
    let says = "What is referred to must be there. With an `Idempotency-Key` the same request again, within 24 hours, gives the {} that the first one made.";
    let created = responses::resource("It is there.", &described.shown)
        .header("Location", responses::text("The `href` of the document."))
        .header("ETag", responses::text(super::tag::ETAG_SAYS));
    operation(kind, "create", "Create a {}", says)
        .parameter(header_parameter("Idempotency-Key", HEADER_SAYS))
        .request_body(Some(bodies::json(&described.create)))
        .responses(responses::all(responses::refusals(
            [COMMON, JSON, OWN].concat(),
        )))
        .response("201", created)
        .build()
}

pub(super) async fn handler(
    State(Documents { context, kind }): State<Documents>,
    Extension(caller): Extension<Arc<Caller>>,
    RequestKey(key): RequestKey,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    may_write_documents(&caller)?;
    let draft = resource::of_body(kind, &body)?;
    let created = documents::create(&context, &caller, kind, draft, key.as_ref()).await;
    let document = created.map_err(|error| refused::create(&error))?;
    let shown = resource::shown(&document).map_err(|error| Refusal::damaged(&error))?;
    let response = reply::located(StatusCode::CREATED, &shown);
    Ok(tagged(response, &document))
}
