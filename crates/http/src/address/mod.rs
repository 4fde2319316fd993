//! Is this address real, and which building is it: TMF673.

pub mod get;
pub mod list;
pub mod sub_address;
pub mod validation;

use lastmile_app::availability::Availability;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints of TMF673, below its base path.
pub(crate) fn tmf673() -> OpenApiRouter<Availability> {
    OpenApiRouter::new()
        .merge(validation::routes())
        .routes(routes!(list::handler))
        .routes(routes!(get::handler))
        .routes(routes!(sub_address::list::handler))
        .routes(routes!(sub_address::get::handler))
}
