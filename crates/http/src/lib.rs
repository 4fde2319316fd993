//! Bytes into one app call, one outcome into bytes.
//!
//! [`router()`] is the whole surface; [`availability_router()`] and its siblings are one service each, for
//! functions of their own. Every door (a server, a function behind a gateway, a test) hands its requests
//! to the same routes. [`serve()`] is the door for sockets.
//!
//! * [`front`] stands before every route: request id, load bound, who asks, deadline, panics, access log.
//! * [`authentication`] says who asks, for every route that needs it.
//! * [`availability`], [`address`], [`imports`], [`quotes`], [`carriers`], [`providers`]: one endpoint, one file.
//! * [`documents`]: the endpoints of every kind of document; [`catalog`] says which kinds are a service.
//! * [`list`], [`patch`], [`task`]: what the TM Forum's conventions ask of every resource.
//! * [`openapi`]: the documents that describe all of it, made from the code.

pub mod address;
pub mod authentication;
pub mod availability;
pub mod body;
pub mod carriers;
pub mod catalog;
pub mod docs;
pub mod documents;
pub mod front;
pub mod health;
pub mod idempotency;
pub mod imports;
pub mod limits;
pub mod list;
pub mod openapi;
pub mod patch;
pub mod providers;
pub mod quotes;
pub mod refusal;
pub mod reply;
pub mod server;
pub mod services;
pub mod task;

pub use authentication::{AuthenticationFailed, Authenticator, Gate};
pub use server::serve;
pub use services::Services;

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler as _;
use lastmile_api::ErrorCode;
use lastmile_app::availability::Availability;
use lastmile_app::imports::ImportDesk;
use lastmile_app::quotes::Quotes;
use lastmile_app::{Clock, Context, Random};

use crate::refusal::Refusal;

/// Every route: what one process serves that is all of Lastmile.
pub fn router(services: &Services) -> Router {
    let Services {
        availability,
        imports,
        quotes,
        gate,
    } = services;
    let context = &availability.context;
    let guarded = openapi::availability_routes(availability)
        .merge(openapi::address_routes(availability))
        .merge(openapi::catalog_routes(context))
        .merge(openapi::imports_routes(context, imports))
        .merge(openapi::quotes_routes(quotes))
        .merge(openapi::providers_routes(quotes));
    let open = open_routes().merge(openapi::carriers_routes(quotes));
    behind(context, guarded, gate, open)
}

/// The routes of the availability service alone: TMF645 and lookups.
pub fn availability_router(availability: &Availability, gate: &Gate) -> Router {
    let routes = openapi::availability_routes(availability);
    behind(&availability.context, routes, gate, Router::new())
}

/// The routes of the address service alone: TMF673.
pub fn address_router(availability: &Availability, gate: &Gate) -> Router {
    let routes = openapi::address_routes(availability);
    behind(&availability.context, routes, gate, Router::new())
}

/// The routes of the catalog service alone: TMF620.
pub fn catalog_router(context: &Context, gate: &Gate) -> Router {
    let routes = openapi::catalog_routes(context);
    behind(context, routes, gate, Router::new())
}

/// The routes of the quote service alone: TMF648, prices that persons give, and what carriers call back about.
pub fn quotes_router(quotes: &Quotes, gate: &Gate) -> Router {
    let routes = openapi::quotes_routes(quotes);
    let open = openapi::carriers_routes(quotes);
    behind(&quotes.availability.context, routes, gate, open)
}

/// The routes of the import service alone.
pub fn imports_router(context: &Context, desk: &Arc<dyn ImportDesk>, gate: &Gate) -> Router {
    let routes = openapi::imports_routes(context, desk);
    behind(context, routes, gate, Router::new())
}

/// The routes that anybody may read: the documents, and whether the process serves.
pub fn documentation_router(clock: Arc<dyn Clock>, random: &dyn Random) -> Router {
    finished(&front::Front::new(clock, random), open_routes())
}

fn open_routes() -> Router {
    Router::new().merge(health::routes()).merge(docs::routes())
}

/// Guarded routes behind the gate, open ones beside it. A method that a path does not have is refused before the gate.
fn behind(context: &Context, guarded: Router, gate: &Gate, open: Router) -> Router {
    let front = front::Front::new(Arc::clone(&context.clock), &*context.random);
    let guarded = guarded
        .route_layer(front.guarded(gate))
        .method_not_allowed_fallback(no_such_method.layer(front.clone()));
    guarded.merge(finished(&front, open))
}

/// What every router has: refusals of unknown paths and methods, and the thin layer before everything.
fn finished(front: &front::Front, open: Router) -> Router {
    open.fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(front.clone())
}

async fn no_such_path() -> Refusal {
    Refusal::new(ErrorCode::RouteNotFound)
}

async fn no_such_method() -> Refusal {
    Refusal::new(ErrorCode::MethodNotAllowed)
}
