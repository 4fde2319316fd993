//! `GET /geographicAddress/{id}/geographicSubAddress/{id}`: one unit of a building.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::address::GeographicSubAddress;
use lastmile_app::availability::Availability;

use crate::address::get::known;
use crate::list::Fields;
use crate::openapi::parameters::FieldsParameter;
use crate::openapi::responses::{Common, Missing};
use crate::refusal::Refusal;
use crate::reply::{self, document};

/// Read one unit of a building
#[utoipa::path(
    get,
    path = "/geographicAddress/{geographicAddressId}/geographicSubAddress/{id}",
    operation_id = "retrieveGeographicSubAddress",
    tag = "geographicSubAddress",
    params(
        ("geographicAddressId" = String, Path, description = "Building key."),
        ("id" = String, Path, description = "Unit key."),
        FieldsParameter,
    ),
    responses(
        (status = 200, description = "The unit.", body = GeographicSubAddress),
        Common,
        Missing,
    )
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    Path((building, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Refusal> {
    let known = known(&availability, &building).await?;
    match known.units.iter().find(|unit| unit.key.to_string() == id) {
        Some(unit) => {
            let document = document(&GeographicSubAddress::of_known(unit))?;
            Ok(reply::json(StatusCode::OK, &fields.select(document)))
        }
        None => Err(Refusal::with(
            ErrorCode::NotFound,
            "no list names this unit",
        )),
    }
}
