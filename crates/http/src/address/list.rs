//! `GET /geographicAddress`: the buildings of a street.

use axum::extract::State;
use axum::response::Response;
use lastmile_api::address::GeographicAddress;
use lastmile_api::{Document, ErrorCode};
use lastmile_app::address::{self, ListError};
use lastmile_app::availability::Availability;
use lastmile_app::availability::limits::ADDRESSES_PAGE_MAX;

use crate::list::ListRequest;
use crate::openapi::parameters::ListParameters;
use crate::openapi::responses::{Common, List};
use crate::refusal::Refusal;
use crate::reply::document;

/// Attributes of an address that name a street, or a house on it.
const STREET_FILTERS: [&str; 9] = [
    "streetNr",
    "streetNrSuffix",
    "streetName",
    "streetType",
    "streetSuffix",
    "city",
    "stateOrProvince",
    "postcode",
    "country",
];

/// List the buildings of a street
///
/// The filter must name a street, `streetName`, and where it is: `postcode`, or `city` and `stateOrProvince`. Any
/// spelling of the street that means the same will do. Where no list has a street that is written so, those are listed
/// that the given parts fit: of `streetName=Cedar`, `CEDAR ST` and `N CEDAR AVE`. With `streetNr`, those buildings alone.
#[utoipa::path(
    get,
    path = "/geographicAddress",
    operation_id = "listGeographicAddress",
    tag = "geographicAddress",
    params(
        ListParameters,
        ("streetName" = Option<String>, Query, description = "Street.", example = "E 26TH"),
        ("streetType" = Option<String>, Query, description = "Suffix.", example = "ST"),
        ("streetNr" = Option<String>, Query, description = "House number.", example = "303"),
        ("postcode" = Option<String>, Query, description = "ZIP code.", example = "82001"),
        ("city" = Option<String>, Query, description = "City, where there is no ZIP code."),
        ("stateOrProvince" = Option<String>, Query, description = "State of the city."),
    ),
    responses(List<GeographicAddress>, Common)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    request: ListRequest,
) -> Result<Response, Refusal> {
    let Some(filter) = street_filter(&request)? else {
        return Ok(request.answer(Vec::new(), 0, false, ADDRESSES_PAGE_MAX));
    };
    let lists = availability
        .lists()
        .await
        .map_err(|error| Refusal::store(&error))?;
    let limit = request.page_size(ADDRESSES_PAGE_MAX);
    let asked = filter.parts();
    match address::list(&availability.context, &lists, &asked, request.offset, limit).await {
        Ok(listed) => {
            let listed = listed.value;
            let known = listed.addresses.iter();
            let documents = known.map(|known| document(&GeographicAddress::of_known(known)));
            let documents = documents.collect::<Result<Vec<_>, _>>()?;
            Ok(request.answer(documents, listed.total, listed.cut, ADDRESSES_PAGE_MAX))
        }
        Err(error @ (ListError::NoStreet | ListError::NoArea)) => Err(Refusal::with(
            ErrorCode::InvalidParameter,
            error.to_string(),
        )),
        Err(ListError::Store(error)) => Err(Refusal::store(&error)),
    }
}

/// The street that the filters name; `None` where one of them matches nothing.
fn street_filter(request: &ListRequest) -> Result<Option<GeographicAddress>, Refusal> {
    let mut filter = Document::new();
    for (name, value) in &request.filters {
        if !STREET_FILTERS.contains(&name.as_str()) || filter.contains_key(name) {
            return Ok(None);
        }
        filter.insert(name.clone(), value.as_str().into());
    }
    let filter: GeographicAddress = lastmile_api::document::typed(&filter)?;
    let is_domestic = filter
        .country
        .as_deref()
        .is_none_or(|country| country == "US");
    if filter.street_name.is_none() {
        let message = ListError::NoStreet.to_string();
        return Err(Refusal::with(ErrorCode::InvalidParameter, message));
    }
    Ok(is_domestic.then_some(filter))
}
