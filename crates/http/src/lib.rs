//! Bytes into one app call, one outcome into bytes.
//!
//! [`router()`] is the whole surface; every door (a server, a function behind a gateway, a test) hands its
//! requests to the same one. [`serve()`] is the door for sockets.
//!
//! * [`front`] stands before every route: request id, load bound, deadline, panics, access log.
//! * [`authentication`] says who asks, for every route that needs a key.
//! * [`availability`], [`address`], [`imports`]: one endpoint, one file.
//! * [`list`], [`patch`], [`task`]: what the TM Forum's conventions ask of every resource.
//! * [`openapi`]: the documents that describe all of it, made from the code.

pub mod address;
pub mod authentication;
pub mod availability;
pub mod body;
pub mod docs;
pub mod front;
pub mod health;
pub mod imports;
pub mod limits;
pub mod list;
pub mod openapi;
pub mod patch;
pub mod refusal;
pub mod reply;
pub mod server;
pub mod services;
pub mod task;

pub use authentication::{AuthenticationFailed, Authenticator};
pub use server::serve;
pub use services::Services;

use axum::Router;
use axum::middleware::from_fn_with_state;
use lastmile_api::ErrorCode;

use crate::refusal::Refusal;

/// Every route.
pub fn router(services: &Services) -> Router {
    let front = front::Front::new(services);
    let authenticator = services.authenticator.clone();
    let guarded = openapi::guarded_routes(services).route_layer(from_fn_with_state(
        authenticator,
        authentication::require_key,
    ));
    Router::new()
        .merge(guarded)
        .merge(health::routes())
        .merge(docs::routes())
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn_with_state(front, front::pass))
}

async fn no_such_path() -> Refusal {
    Refusal::new(ErrorCode::RouteNotFound)
}

async fn no_such_method() -> Refusal {
    Refusal::new(ErrorCode::MethodNotAllowed)
}
