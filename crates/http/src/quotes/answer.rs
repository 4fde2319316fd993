//! `POST /quotes/v1/icb`: a person gives the price of one cell.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use lastmile_api::ErrorCode;
use lastmile_api::tmf648::case::{self, CasePrice};
use lastmile_api::tmf648::quote::{Quote, of_head};
use lastmile_api::tmf648::{CaseAnswer, CaseAnswerBody};
use lastmile_app::quotes::person::{self, CaseCell, Said};
use lastmile_app::quotes::{QuoteError, Quotes};
use lastmile_model::identity::Caller;

use super::{now, refused};
use crate::authentication::may_price;
use crate::body::JsonBody;
use crate::openapi::responses::Moved;
use crate::refusal::Refusal;
use crate::reply;

/// Give the price of a cell that waits for a person
///
/// `mrc` and `nrc`, or `notServed`. With an operator's key the reply is the quote: the last price that it waited for
/// makes it `approved`. With the provider's own it has no body, because a quote names its competitors.
#[utoipa::path(
    post,
    path = "/quotes/v1/icb",
    operation_id = "answerIndividualCase",
    tag = "icb",
    request_body = CaseAnswerBody,
    responses(
        (status = 200, description = "The quote as it is then.", body = Quote),
        (status = 204, description = "It is written down. Said to a provider's key."),
        Moved,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    let CaseAnswer {
        quote,
        provider,
        location,
        service,
        term,
        price,
    } = case::answer(&body)?;
    may_price(&caller, &provider)?;
    let refuse = |error: QuoteError| refused::quote(&error);
    let quote = quote.ok_or_else(|| refuse(QuoteError::NotFound))?;
    let cell = CaseCell {
        quote,
        provider,
        location,
        service,
        term,
    };
    let said = price.map_or(Ok(Said::NotServed), |price| said(price, now(&quotes)))?;
    let head = person::answer(&quotes, &caller.tenant, &cell, &said).await;
    let head = head.map_err(refuse)?;
    if caller.role.provider().is_some() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(reply::json(StatusCode::OK, &of_head(&head)))
}

fn said(price: CasePrice, now: Timestamp) -> Result<Said, Refusal> {
    let CasePrice {
        mrc,
        nrc,
        install_interval_days,
        valid_until,
        note,
    } = price;
    if valid_until.is_some_and(|until| until <= now) {
        let message =
            "validUntil has passed already: a price that is given once is not changed any more";
        return Err(Refusal::with(ErrorCode::InvalidAttribute, message));
    }
    Ok(Said::Price {
        mrc,
        nrc,
        install_interval_days,
        valid_until,
        note,
    })
}
