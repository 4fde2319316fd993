//! `PATCH /quote/{id}`: a quote is accepted, rejected or cancelled.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::document::{AttributeError, Problem};
use lastmile_api::tmf648::quote::{Quote, of_head};
use lastmile_api::{Document, ErrorCode};
use lastmile_app::quotes::moves::{self, Move};
use lastmile_app::quotes::{Quotes, read};
use lastmile_model::identity::Caller;
use serde_json::Value;

use super::{id_of, refused};
use crate::authentication::may_quote;
use crate::body::PatchBody;
use crate::openapi::parameters::PatchDocument;
use crate::openapi::responses::Moved;
use crate::patch;
use crate::refusal::Refusal;
use crate::reply;

/// The only attribute that a client may change.
const STATE: &str = "state";

/// Accept, reject or cancel a quote
///
/// `{"state": "accepted"}` and `{"state": "rejected"}` for an approved quote whose prices hold, `{"state": "cancelled"}` for one
/// that is still open. Everything else is the server's. The state that it is in already changes nothing.
#[utoipa::path(
    patch,
    path = "/quote/{id}",
    operation_id = "patchQuote",
    tag = "quote",
    params(("id" = String, Path, description = "Id of the quote.")),
    request_body(content(
        (PatchDocument = "application/merge-patch+json"),
        (PatchDocument = "application/json"),
        (PatchDocument = "application/json-patch+json"),
    )),
    responses((status = 200, description = "As it is after the move.", body = Quote), Moved)
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    body: PatchBody,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let id = id_of(&id)?;
    let before = read::progress(&quotes, &caller.tenant, id).await;
    let before = before.map_err(|error| refused::quote(&error))?.value.head;
    let shown = of_head(&before);
    let after = patch::apply(&shown, &body, &[])?;
    let head = match wanted(&shown, &after)? {
        Some(wanted) => moves::make(&quotes, &caller.tenant, id, wanted)
            .await
            .map_err(|error| refused::quote(&error))?,
        None => before,
    };
    Ok(reply::json(StatusCode::OK, &of_head(&head)))
}

/// The move that leads from one document to the other; `None` where nothing changes.
fn wanted(before: &Document, after: &Document) -> Result<Option<Move>, Refusal> {
    let mut names = before.keys().chain(after.keys());
    let changed = names.find(|name| *name != STATE && before.get(*name) != after.get(*name));
    if let Some(name) = changed {
        let message = format!("{name}: of a quote only its state can be changed");
        return Err(Refusal::with(ErrorCode::AttributeReadOnly, message));
    }
    let state = after.get(STATE);
    if state == before.get(STATE) {
        return Ok(None);
    }
    match state.and_then(Value::as_str) {
        Some("accepted") => Ok(Some(Move::Accept)),
        Some("rejected") => Ok(Some(Move::Reject)),
        Some("cancelled") => Ok(Some(Move::Cancel)),
        _ => {
            let problem = Problem::NotOneOf {
                given: state.map(ToString::to_string).unwrap_or_default(),
                allowed: "accepted, rejected, cancelled",
            };
            Err(AttributeError::at(STATE, problem).into())
        }
    }
}
