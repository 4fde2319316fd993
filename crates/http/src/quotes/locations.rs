//! `GET /quote/{id}/location`: what was answered, location by location.

use std::ops::Range;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt, stream};
use lastmile_api::tmf648::{QuoteLocation, cells};
use lastmile_api::{Document, ErrorCode};
use lastmile_app::Consistency;
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::limits::SLICES_AT_ONCE;
use lastmile_app::quotes::read::{self, SliceAnswers};
use lastmile_model::identity::{Caller, ProviderName, TenantId};
use lastmile_model::quote::request::SLICE_LOCATIONS;
use lastmile_model::quote::{Grid, QuoteId};

use super::{id_of, refused};
use crate::authentication::may_quote;
use crate::limits::LOCATIONS_PAGE_MAX;
use crate::list::ListRequest;
use crate::openapi::parameters::PageParameters;
use crate::openapi::responses::{Cells, List};
use crate::refusal::Refusal;
use crate::reply;

/// List the locations of a quote with their cells
///
/// In the order in which they were asked about, while the quote is being filled, too: a cell without an answer is `waiting`.
/// With `provider`, which may be given more than once, only the cells of those providers.
#[utoipa::path(
    get,
    path = "/quote/{id}/location",
    operation_id = "listQuoteLocation",
    tag = "quote",
    params(
        ("id" = String, Path, description = "Id of the quote."),
        ("provider" = Option<Vec<String>>, Query, description = "Whose cells to give; those of all providers where none is named."),
        PageParameters,
    ),
    responses(
        (status = 200, description = "Said by the list.", body = [QuoteLocation]),
        List<QuoteLocation>,
        Cells,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    Path(id): Path<String>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    may_quote(&caller)?;
    let named = named_providers(&request)?;
    let id = id_of(&id)?;
    let grid = read::grid(&quotes, &caller.tenant, id).await;
    let grid = of_providers(grid.map_err(|error| refused::quote(&error))?, &named)?;
    let total = usize::try_from(grid.locations).unwrap_or(usize::MAX);
    let end = total.min(
        request
            .offset
            .saturating_add(request.page_size(LOCATIONS_PAGE_MAX)),
    );
    let wanted = request.offset.min(end)..end;
    let nearly = Consistency::Eventual;
    let page = read_some(&quotes, &caller.tenant, id, &grid, wanted, nearly).await?;
    Ok(request.answer(page, total, false, LOCATIONS_PAGE_MAX))
}

/// The providers whose cells are asked for; none for all of them.
fn named_providers(request: &ListRequest) -> Result<Vec<&str>, Refusal> {
    let named = request.filters.iter();
    let named = named.map(|(name, value)| match name.as_str() {
        "provider" => Ok(value.as_str()),
        other => {
            let message = format!("{other} is no parameter here: give provider, offset and limit");
            Err(Refusal::with(ErrorCode::InvalidParameter, message))
        }
    });
    named.collect()
}

/// The grid with these providers only, if any are named.
fn of_providers(mut grid: Grid, named: &[&str]) -> Result<Grid, Refusal> {
    let is_asked = |name: &&&str| grid.providers.iter().any(|asked| asked.as_str() == **name);
    if let Some(unknown) = named.iter().find(|name| !is_asked(name)) {
        let message = format!("provider: {unknown} is not asked in this quote");
        return Err(Refusal::with(ErrorCode::InvalidParameter, message));
    }
    if !named.is_empty() {
        let is_named = |provider: &ProviderName| named.contains(&provider.as_str());
        grid.providers.retain(is_named);
    }
    Ok(grid)
}

/// Some locations with their cells, by their positions in the quote.
pub(super) async fn read_some(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
    grid: &Grid,
    wanted: Range<usize>,
    consistency: Consistency,
) -> Result<Vec<Document>, Refusal> {
    let slices = wanted.start / SLICE_LOCATIONS..wanted.end.div_ceil(SLICE_LOCATIONS);
    let slices = slices.filter_map(|slice| u32::try_from(slice).ok());
    let read = slices.map(|number| read::slice_at(quotes, tenant, id, number, consistency));
    let read: Result<Vec<SliceAnswers>, _> = stream::iter(read)
        .buffered(SLICES_AT_ONCE)
        .try_collect()
        .await;
    let read = read.map_err(|error| refused::quote(&error))?;
    let locations = read.iter().flat_map(|answers| of_slice(grid, answers));
    let page = locations.filter(|(position, _)| wanted.contains(position));
    let page = page.map(|(_, location)| reply::document(&location));
    page.collect()
}

/// The locations of a slice with their positions in the quote.
fn of_slice<'a>(
    grid: &'a Grid,
    answers: &'a SliceAnswers,
) -> impl Iterator<Item = (usize, QuoteLocation)> + 'a {
    let places = (answers.first_location()..).zip(&answers.places);
    places.enumerate().map(|(in_slice, (number, asked))| {
        let cells = cells(grid, &answers.providers, in_slice);
        let position = usize::try_from(number).unwrap_or(usize::MAX);
        (position, QuoteLocation::of(number, asked, cells))
    })
}
