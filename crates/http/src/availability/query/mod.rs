//! What is available at these places: TMF645 `queryServiceQualification`.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod patch;

use lastmile_api::tmf645::query as wire;
use lastmile_app::availability::Availability;
use lastmile_model::availability::task::TaskKind;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::task::TaskResource;

/// How it is written and read.
pub(crate) const QUERY: TaskResource = TaskResource {
    kind: TaskKind::Query,
    items_at: "searchCriteria.service.place",
    asked: wire::asked,
    of_task: wire::of_task,
    of_header: wire::of_header,
    after_patch: wire::after_patch,
    not_listed: wire::NOT_LISTED,
    read_only: &[wire::SERVER_OWNED, wire::ASKED_ONCE],
};

/// Its endpoints.
pub(crate) fn routes() -> OpenApiRouter<Availability> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::handler, patch::handler, delete::handler))
}
