//! Who can serve an address: TMF645, and our own lookup.

pub mod check;
pub mod lookup;
pub mod query;

use lastmile_app::availability::Availability;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of TMF645, below its base path.
pub(crate) fn tmf645() -> OpenApiRouter<Availability> {
    OpenApiRouter::new()
        .merge(query::routes())
        .merge(check::routes())
}

/// The endpoint of our own lookup.
pub(crate) fn lookup() -> OpenApiRouter<Availability> {
    OpenApiRouter::new().routes(routes!(lookup::handler))
}
