//! A service behind the API gateway: the same routers as everywhere.

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::middleware::map_request;
use http::Response;
use http_body_util::Full;
use lambda_runtime::Error;
use tower::ServiceExt as _;

use crate::gateway;
use crate::start::Parts;

/// Statuses from here on are the server's fault.
const SERVER_ERROR: u16 = 500;
/// Longest answer that Lambda hands on ("Lambda quotas").
const ANSWER_MAX_BYTES: usize = 6 * 1024 * 1024;

/// Serves a router until Lambda ends the function. Environments that are given several requests at once
/// serve them at once.
///
/// # Errors
/// Whatever the runtime says.
pub async fn serve(parts: Parts, router: Router) -> Result<(), Error> {
    let router = behind_gateway(router);
    let service = tower::service_fn(move |request: lambda_http::Request| {
        let (parts, router) = (parts.clone(), router.clone());
        async move {
            parts
                .measured(answer(router, request), |answered| {
                    (1, usize::from(has_failed(answered)))
                })
                .await
        }
    });
    lambda_http::run_concurrent(service).await
}

/// A router that knows its callers from the gateway.
pub fn behind_gateway(router: Router) -> Router {
    // Around the whole router, so that the thin layer before its routes sees the request's id.
    Router::new()
        .fallback_service(router)
        .layer(map_request(gateway::found))
}

/// The answer of a router ([`behind_gateway`]) to a request that Lambda handed over. It is whole, because
/// Lambda hands it on as a whole.
///
/// # Errors
/// An answer that breaks off, or is longer than Lambda takes.
pub async fn answer(
    router: Router,
    request: lambda_http::Request,
) -> Result<Response<Full<Bytes>>, Error> {
    let request: Request = request.map(Body::new);
    let answered = router.oneshot(request).await;
    let (head, body) = answered.unwrap_or_else(|never| match never {}).into_parts();
    let body = to_bytes(body, ANSWER_MAX_BYTES).await?;
    Ok(Response::from_parts(head, Full::new(body)))
}

fn has_failed<B>(answered: &Result<Response<B>, Error>) -> bool {
    answered
        .as_ref()
        .map_or(true, |response| response.status().as_u16() >= SERVER_ERROR)
}
