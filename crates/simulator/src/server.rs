//! The sellers behind a socket: waits as long as their answers take, and sends what they call back about.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::put;
use axum::{Json, http};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use lastmile_model::door::Clock;
use tokio::net::TcpListener;

use crate::behaviour::Behaviour;
use crate::market::Market;
use crate::seller::Callback;

/// Longest request that is read, in bytes.
const REQUEST_MAX_BYTES: usize = 4 * 1024 * 1024;
/// How often it is looked whether there is something to call back about.
const CALLBACKS_EVERY: Duration = Duration::from_millis(20);
/// How long the receiver of a callback may take.
const CALLBACK_TIMEOUT: Duration = Duration::from_secs(5);

/// What the handlers share.
#[derive(Clone)]
struct Shop {
    market: Arc<Market>,
    clock: Arc<dyn Clock>,
}

/// Serves a market until `shutdown` is ready. `PUT /control/{number}` tells a seller how to behave.
///
/// # Errors
/// Where the listener breaks.
pub async fn serve(
    listener: TcpListener,
    market: Arc<Market>,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let shop = Shop { market, clock };
    let calls = tokio::spawn(call_back(shop.clone()));
    let router = Router::new()
        .route("/control/{number}", put(control))
        .fallback(answer)
        .with_state(shop);
    let served = axum::serve(listener, router)
        .with_graceful_shutdown(shutdown)
        .await;
    calls.abort();
    served
}

async fn answer(State(shop): State<Shop>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_MAX_BYTES).await else {
        return http::StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = http::Request::from_parts(head, body);
    let answered = shop.market.answer(&request, shop.clock.now());
    if answered.takes > Duration::ZERO {
        tokio::time::sleep(answered.takes).await;
    }
    answered.response.map(Body::from)
}

async fn control(
    State(shop): State<Shop>,
    Path(number): Path<u32>,
    Json(behaviour): Json<Behaviour>,
) -> http::StatusCode {
    if shop.market.behave(number, behaviour) {
        http::StatusCode::NO_CONTENT
    } else {
        http::StatusCode::NOT_FOUND
    }
}

/// Sends what is due, for as long as it is let.
async fn call_back(shop: Shop) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    loop {
        tokio::time::sleep(CALLBACKS_EVERY).await;
        let now: Timestamp = shop.clock.now();
        for callback in shop.market.callbacks_until(now) {
            let Callback { at: _, url, body } = callback;
            let request = http::Request::post(url)
                .header(CONTENT_TYPE, "application/json;charset=utf-8")
                .body(Full::new(Bytes::from(body.to_string())));
            let Ok(request) = request else {
                continue;
            };
            // Nobody hears of a callback that does not arrive; the buyer looks by itself.
            let sent = client.request(request);
            let _unheard = tokio::time::timeout(CALLBACK_TIMEOUT, sent).await;
        }
    }
}
