//! `GET /quote`: the tenant's quotes.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::tmf648::quote::{Quote, of_head};
use lastmile_app::quotes::limits::QUOTES_PAGE_MAX;
use lastmile_app::quotes::{Quotes, read};
use lastmile_model::identity::Caller;
use lastmile_model::quote::QuoteHead;

use crate::authentication::may_quote;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;

/// List quotes, newest first
///
/// Without their progress. Any first-level attribute is an exact-match filter (`state=approved`).
#[utoipa::path(
    get,
    path = "/quote",
    operation_id = "listQuote",
    tag = "quote",
    params(ListParameters),
    responses(List<Quote>, Common)
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let size = request.page_size(QUOTES_PAGE_MAX);
    let admits = |head: &QuoteHead| request.filters.is_empty() || request.admits(&of_head(head));
    let listed = read::list(&quotes, &caller.tenant, request.offset, size, &admits).await;
    let listed = listed.map_err(|error| Refusal::store(&error))?;
    let page = listed.page.iter().map(of_head).collect();
    Ok(request.answer(page, listed.total, listed.cut, QUOTES_PAGE_MAX))
}
