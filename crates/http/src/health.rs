//! `GET /healthz`: whether the process serves.

use axum::Router;
use axum::routing::get;

/// Where it is served; without a key.
pub const HEALTH_PATH: &str = "/healthz";

/// The route.
pub(crate) fn routes() -> Router {
    Router::new().route(HEALTH_PATH, get(serving))
}

/// The process takes requests. Says nothing of the store: a store that fails is no reason to start the process anew.
async fn serving() -> &'static str {
    "serving\n"
}
