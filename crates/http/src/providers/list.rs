//! `GET /providers/v1/provider`: who is asked how, and how the carriers are doing.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use lastmile_api::providers::Provider;
use lastmile_app::quotes::Quotes;
use lastmile_model::identity::Caller;

use crate::authentication::may_see_providers;
use crate::limits::PAGE_MAX;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;
use crate::reply;

/// List the providers that are set up, by name, and how the carriers among them are doing
///
/// As this process sees them since it was started: whether each is asked at all, calls under way and how many there may be, what
/// questions came to, why they failed, how long calls take. With an operator's key. Any first-level attribute is an exact-match
/// filter (`kind=live`).
#[utoipa::path(
    get,
    path = "/providers/v1/provider",
    operation_id = "listProvider",
    tag = "provider",
    params(ListParameters),
    responses(
        (status = 200, description = "Said by the list.", body = [Provider]),
        List<Provider>,
        Common,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    may_see_providers(&caller)?;
    let providers = quotes.panel.providers();
    let documents = providers.map(|(name, asked)| reply::document(&Provider::of(name, &asked)));
    let documents = documents.collect::<Result<Vec<_>, _>>()?;
    Ok(request.answer_from(documents, false, PAGE_MAX))
}
