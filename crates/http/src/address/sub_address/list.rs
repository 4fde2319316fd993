//! `GET /geographicAddress/{id}/geographicSubAddress`: the units of a building.

use axum::extract::{Path, State};
use axum::response::Response;
use lastmile_api::address::GeographicSubAddress;
use lastmile_app::availability::Availability;

use crate::address::get::known;
use crate::limits::PAGE_MAX;
use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List, Missing};
use crate::refusal::Refusal;
use crate::reply::document;

/// List the units of a building
#[utoipa::path(
    get,
    path = "/geographicAddress/{geographicAddressId}/geographicSubAddress",
    operation_id = "listGeographicSubAddress",
    tag = "geographicSubAddress",
    params(("geographicAddressId" = String, Path, description = "Building key."), ListParameters),
    responses(List<GeographicSubAddress>, Common, Missing)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Path(building): Path<String>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    let known = known(&availability, &building).await?;
    let units = known
        .units
        .iter()
        .map(|unit| document(&GeographicSubAddress::of_known(unit)));
    Ok(request.answer_from(units.collect::<Result<Vec<_>, _>>()?, false, PAGE_MAX))
}
