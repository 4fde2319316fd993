//! Quotes: TMF648 with what we add below it, and the prices that persons have to give.
//!
//! What carriers answer is read slice by slice: a page of locations reads the slices that it touches, the export
//! one after another. A quote itself is one read, however large it is.

pub mod answer;
pub mod cases;
pub mod create;
pub mod export;
pub mod get;
mod instant;
pub mod list;
pub mod locations;
pub mod patch;
pub mod recommendation;
mod refused;
pub mod upload;

use jiff::Timestamp;
use lastmile_api::ErrorCode;
use lastmile_app::quotes::Quotes;
use lastmile_model::quote::QuoteId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::refusal::Refusal;

/// The endpoints of TMF648 and those that we add below it.
pub(crate) fn tmf648() -> OpenApiRouter<Quotes> {
    OpenApiRouter::new()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(upload::handler))
        .routes(routes!(get::handler, patch::handler))
        .routes(routes!(locations::handler))
        .routes(routes!(export::handler))
        .routes(routes!(recommendation::handler))
}

/// The endpoints of prices that persons have to give.
pub(crate) fn icb() -> OpenApiRouter<Quotes> {
    OpenApiRouter::new().routes(routes!(cases::handler, answer::handler))
}

/// The id in a path; a text that is none names no quote.
fn id_of(text: &str) -> Result<QuoteId, Refusal> {
    text.parse()
        .map_err(|_| Refusal::with(ErrorCode::NotFound, "there is no such quote"))
}

fn now(quotes: &Quotes) -> Timestamp {
    quotes.availability.context.clock.now()
}
