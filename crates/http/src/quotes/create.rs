//! `POST /quote`: takes a quote in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::tmf648::quote::{Quote, of_head};
use lastmile_api::tmf648::request::{AskedQuote, QuoteCreate, asked};
use lastmile_app::idempotency::Once;
use lastmile_app::quotes::limits::DEADLINE_USUAL;
use lastmile_app::quotes::{self, Quotes};
use lastmile_model::identity::Caller;
use lastmile_model::quote::QuoteRequest;

use super::{instant, now, refused};
use crate::authentication::may_quote;
use crate::body::JsonBody;
use crate::idempotency::RequestKey;
use crate::openapi::responses::Asked;
use crate::refusal::Refusal;
use crate::reply;

/// The operation that idempotency keys belong to.
const OPERATION: &str = "quote";

/// Ask for prices at many places
///
/// Every location, provider, service and term is a cell of the quote, and each is answered once. Say where by our own
/// `location`, or by one `quoteItem` for each place. The quote is filled in the background: read it until its
/// `state` is no longer `inProgress`. `pending` waits for prices that persons give. With `instantSyncQuote` the answer
/// has the locations with their cells, too, where they are answered within 20 seconds. With an `Idempotency-Key` the same request again, within 24 hours, gives the
/// quote that the first one made.
#[utoipa::path(
    post,
    path = "/quote",
    operation_id = "createQuote",
    tag = "quote",
    params(("Idempotency-Key" = Option<String>, Header,
        description = "A text of the client's own (up to 128 visible characters). The same request again under it has no second effect; another one is refused (422).")),
    request_body = QuoteCreate,
    responses(
        (status = 200, description = "It was wanted at once, and is filled; `location` has what `{href}/location` lists.", body = Quote,
            headers(("Location" = String, description = "The `href` of the quote."))),
        (status = 201, description = "The quote.", body = Quote,
            headers(("Location" = String, description = "The `href` of the quote."))),
        Asked,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    RequestKey(key): RequestKey,
    JsonBody(body): JsonBody,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let asked = asked(&body)?;
    let sent = String::from_utf8_lossy(&body);
    let sent = [&*sent];
    let once = key.as_ref();
    let once = once.map(|key| Once::new(&caller.tenant, OPERATION, key, &sent));
    take_in(&quotes, &caller, asked, once).await
}

/// Fills in what the client left to the server, and takes the quote in.
pub(super) async fn take_in(
    quotes: &Quotes,
    caller: &Caller,
    asked: AskedQuote,
    once: Option<Once<'_>>,
) -> Result<Response, Refusal> {
    let AskedQuote {
        document,
        locations,
        mut providers,
        services,
        terms,
        firmness,
        deadline,
        is_instant,
    } = asked;
    if providers.is_empty() {
        let all = quotes.providers().await;
        providers = all
            .map_err(|error| Refusal::store(&error))?
            .into_iter()
            .collect();
    }
    let now = now(quotes);
    let usual = now.saturating_add(DEADLINE_USUAL).unwrap_or(now);
    let request = QuoteRequest {
        document,
        locations,
        providers,
        services,
        terms,
        firmness,
        deadline: deadline.unwrap_or(usual),
    };
    if is_instant {
        instant::must_be_small(&request)?;
    }
    let created = quotes::create(quotes, &caller.tenant, request, once).await;
    let head = created.map_err(|error| refused::create(&error))?;
    let filled = if is_instant {
        instant::filled(quotes, &head).await
    } else {
        None
    };
    Ok(match filled {
        Some(filled) => reply::located(StatusCode::OK, &filled),
        None => reply::located(StatusCode::CREATED, &of_head(&head)),
    })
}
