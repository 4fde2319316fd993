//! `GET /quotes/v1/icb`: prices that persons have to give.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt, stream};
use lastmile_api::tmf648::case::OpenCell;
use lastmile_api::tmf648::{IndividualCase, cells};
use lastmile_api::{Document, ErrorCode};
use lastmile_app::listed::Listed;
use lastmile_app::quotes::Quotes;
use lastmile_app::quotes::limits::{CASES_PAGE_MAX, SLICES_AT_ONCE};
use lastmile_app::quotes::person::{self, OpenCase};
use lastmile_model::identity::{Caller, ProviderName};
use utoipa::IntoParams;

use crate::authentication::cases_of;
use crate::list::ListRequest;
use crate::openapi::parameters::PageParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;
use crate::reply;

/// Whose cases.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "says to the generator what `provider_of` reads")]
struct ProviderParameter {
    /// One provider; all of them if not said. A provider's key sees its own.
    #[param(example = "Acme Fiber")]
    provider: Option<String>,
}

/// List the prices that persons have to give, oldest first
///
/// A case is what waits of one provider at up to 20 locations of a quote; a page holds 20 cases. It goes when its last cell is answered.
#[utoipa::path(
    get,
    path = "/quotes/v1/icb",
    operation_id = "listIndividualCase",
    tag = "icb",
    params(ProviderParameter, PageParameters),
    responses(
        (status = 200, description = "Said by the list.", body = [IndividualCase]),
        List<IndividualCase>,
        Common,
    )
)]
pub(crate) async fn handler(
    State(quotes): State<Quotes>,
    Extension(caller): Extension<Arc<Caller>>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    let asked = provider_of(&request)?;
    let provider = cases_of(&caller, asked.as_ref())?;
    let size = request.page_size(CASES_PAGE_MAX);
    let listed = person::cases(&quotes, &caller.tenant, provider, request.offset, size).await;
    let Listed { page, total, cut } = listed.map_err(|error| Refusal::store(&error))?;
    let page = page.into_iter().map(|case| person::case(&quotes, case));
    let opened: Result<Vec<Option<OpenCase>>, _> = stream::iter(page)
        .buffered(SLICES_AT_ONCE)
        .try_collect()
        .await;
    let opened = opened.map_err(|error| Refusal::store(&error))?;
    let page = opened.iter().flatten().map(shown);
    let page = page.collect::<Result<Vec<_>, _>>()?;
    Ok(request.answer(page, total, cut, CASES_PAGE_MAX))
}

fn provider_of(request: &ListRequest) -> Result<Option<ProviderName>, Refusal> {
    let bad = |message: String| Refusal::with(ErrorCode::InvalidParameter, message);
    match &request.filters[..] {
        [] => Ok(None),
        [(name, value)] if name == "provider" => {
            let provider = ProviderName::new(value);
            provider.map(Some).map_err(|error| bad(error.to_string()))
        }
        _ => Err(bad("give one provider, offset and limit".to_owned())),
    }
}

fn shown(case: &OpenCase) -> Result<Document, Refusal> {
    let OpenCase {
        case,
        grid,
        answers,
    } = case;
    let places = (answers.first_location()..).zip(&answers.places);
    let open = places
        .enumerate()
        .flat_map(|(in_slice, (location, asked))| {
            let cells = cells(grid, &answers.providers, in_slice);
            let own = cells.filter(|cell| *cell.provider == case.provider);
            own.filter_map(move |cell| OpenCell::of(grid, location, &asked.written, &cell))
        });
    let open = open.collect();
    reply::document(&IndividualCase::of(case.id, &case.provider, open))
}
