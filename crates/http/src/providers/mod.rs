//! Providers as this process has them set up. What it sees of them is its own, and nowhere written down: where
//! functions ask carriers, no one process could say it.

pub mod list;

use lastmile_app::quotes::Quotes;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The endpoints.
pub(crate) fn routes() -> OpenApiRouter<Quotes> {
    OpenApiRouter::new().routes(routes!(list::handler))
}
