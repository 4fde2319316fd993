//! `GET /quote/{id}`: how far a quote is.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::tmf648::quote::{Quote, of_progress};
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::read::{self, QuoteProgress};
use lastmile_model::identity::Caller;
use utoipa::IntoParams;

use super::{id_of, refused};
use crate::authentication::may_quote;
use crate::list::{Fields, pairs};
use crate::openapi::parameters::FieldsParameter;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;
use crate::reply;

/// Whether what the client sent besides is wanted, too.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `is_whole` reads")]
struct WholeParameter {
    /// `true`: also the attributes that were sent and that the server does not use. They are kept apart, and cost a read of
    /// their own; whoever watches a quote leaves them out.
    whole: Option<bool>,
}

/// Read how far a quote is
///
/// One cheap read, whatever the size of the quote: watch it as often as once a second.
#[utoipa::path(
    get,
    path = "/quote/{id}",
    operation_id = "retrieveQuote",
    tag = "quote",
    params(("id" = String, Path, description = "Id of the quote."), FieldsParameter, WholeParameter),
    responses((status = 200, description = "The quote.", body = Quote), Common, Missing)
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    fields: Fields,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let id = id_of(&id)?;
    let is_whole = is_whole(query.as_deref().unwrap_or_default())?;
    let progress = read::progress(&quotes, &caller.tenant, id).await;
    let progress = progress.map_err(|error| refused::quote(&error))?;
    let QuoteProgress { head, providers } = progress.value;
    let kept = if is_whole {
        let kept = read::document(&quotes, &caller.tenant, id).await;
        Some(kept.map_err(|error| refused::quote(&error))?)
    } else {
        None
    };
    let shown = of_progress(&head, &providers, kept.as_deref());
    let shown = shown.map_err(|error| Refusal::damaged(&error))?;
    Ok(reply::json(StatusCode::OK, &fields.select(shown)))
}

fn is_whole(query: &str) -> Result<bool, Refusal> {
    let mut is_whole = false;
    for (name, value) in pairs(query)? {
        if name == "whole" {
            is_whole = value.parse().map_err(|_| {
                let message = format!("whole={value:?} is neither true nor false");
                Refusal::with(ErrorCode::InvalidParameter, message)
            })?;
        }
    }
    Ok(is_whole)
}
