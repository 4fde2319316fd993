//! `GET /geographicAddress/{id}`: a building that a list knows.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::address::GeographicAddress;
use lastmile_app::address::{self, AddressId};
use lastmile_app::availability::Availability;
use lastmile_model::availability::KnownAddress;

use crate::list::Fields;
use crate::openapi::parameters::FieldsParameter;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;
use crate::reply::{self, document};

/// Read a building that a list knows
#[utoipa::path(
    get,
    path = "/geographicAddress/{id}",
    operation_id = "retrieveGeographicAddress",
    tag = "geographicAddress",
    params(("id" = String, Path, description = "Building key.", example = "82001:E-26TH-ST:303"), FieldsParameter),
    responses(
        (status = 200, description = "The building with its units.", body = GeographicAddress),
        Common,
        Missing,
    )
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let known = known(&availability, &id).await?;
    let document = document(&GeographicAddress::of_known(&known))?;
    Ok(reply::json(StatusCode::OK, &fields.select(document)))
}

/// The building behind an id; the id of a unit, and one that is none, are not found.
pub(super) async fn known(availability: &Availability, id: &str) -> Result<KnownAddress, Refusal> {
    let not_found = || Refusal::with(ErrorCode::NotFound, "no list knows this address");
    let id = match AddressId::parse(id) {
        Ok(id @ AddressId::Building(_)) => id,
        Ok(AddressId::Unit(_)) | Err(_) => return Err(not_found()),
    };
    let lists = availability
        .lists()
        .await
        .map_err(|error| Refusal::store(&error))?;
    match address::get(&availability.context, &lists, &id).await {
        Ok(known) => known.value.ok_or_else(not_found),
        Err(error) => Err(Refusal::store(&error)),
    }
}
