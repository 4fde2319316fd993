//! Where carriers reach us. No key opens these routes: each carrier has an address that only it knows.

pub mod notification;

use lastmile_app::quotes::Quotes;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<Quotes> {
    OpenApiRouter::new().routes(routes!(notification::handler))
}
