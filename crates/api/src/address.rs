//! TMF673's geographic address: how a place is written in TMF645 and TMF673, to and from the model.
//!
//! A place may be given in three ways, tried in this order:
//! 1. **in parts**: `streetNr`, `streetName`, `streetType`, `streetSuffix`, `city`, `stateOrProvince`,
//!    `postcode`, and the unit in the first `geographicSubAddress`;
//! 2. **in one line**: `name` (the parts that are given beside it are put after it);
//! 3. **by reference**: `id`, or the last segment of `href`: the id of a `geographicAddress` or
//!    `geographicSubAddress`, which is a building or unit key.
//!
//! TMF673 has no attribute for a directional *before* the street name; it is the beginning of `streetName`
//! (`E 26TH`). One after it is `streetSuffix`, as the document says.

use lastmile_model::Text;
use lastmile_model::address::key::{Area, BuildingKey, HouseNumber, UnitKey};
use lastmile_model::address::{Address, NormalAddress, Parts, parse};
use lastmile_model::availability::{KnownAddress, KnownUnit, Place};
use lastmile_model::geography::Coordinates;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::document::{AttributeError, Problem};
use crate::version::{GEOGRAPHIC_ADDRESS, GEOGRAPHIC_SUB_ADDRESS, tmf673_href};

/// The country of every address.
pub const COUNTRY: &str = "US";

/// TMF673 `GeographicAddress`; in TMF645 also `RelatedPlaceRefOrValue`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeographicAddress {
    /// Building key (or unit key) of an address that a list knows: `82001:E-26TH-ST:303`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// The whole address on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// TMF645: what the place is to the service, `installation address`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// House number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_nr: Option<String>,
    /// What follows the house number: `1/2`, `A`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_nr_suffix: Option<String>,
    /// Last house number of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_nr_last: Option<String>,
    /// What follows the last house number of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_nr_last_suffix: Option<String>,
    /// Street name, with the directional before it: `E 26TH`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_name: Option<String>,
    /// `ST`, `AVE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_type: Option<String>,
    /// Directional after the street name or type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_suffix: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, abbreviated or in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_or_province: Option<String>,
    /// ZIP code, `82001` or `82001-1234`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postcode: Option<String>,
    /// `US`; other countries have no building that a list knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// A neighbourhood; kept, not used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// Units of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geographic_sub_address: Option<Vec<GeographicSubAddress>>,
    /// Where it is on the ground; helps near-net and area hints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geographic_location: Option<GeographicLocation>,
    /// What `id` refers to.
    #[serde(rename = "@referredType", skip_serializing_if = "Option::is_none")]
    pub referred_type: Option<String>,
    /// `GeographicAddress`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// TMF673 `GeographicSubAddress`: a unit of a building.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeographicSubAddress {
    /// Unit key: `82001:E-26TH-ST:303:4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub href: Option<String>,
    /// Designator and unit: `APT 4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `unit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_address_type: Option<String>,
    /// `APT`, `STE`, `#`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_unit_type: Option<String>,
    /// `4B`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_unit_number: Option<String>,
    /// `GeographicSubAddress`.
    #[serde(rename = "@type", skip_serializing_if = "Option::is_none")]
    pub type_name: Option<String>,
}

/// TMF673 `GeoJsonPoint`: the only geometry that is used; others are kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GeographicLocation {
    /// `GeoJsonPoint`.
    #[serde(rename = "@type")]
    pub type_name: String,
    /// The point, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geo_json: Option<GeoJsonPoint>,
}

/// GeoJSON: one position.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct GeoJsonPoint {
    /// `Point`.
    #[serde(rename = "type")]
    pub geometry: String,
    /// **Longitude first**, then latitude, WGS 84 degrees (RFC 7946).
    pub coordinates: Vec<f64>,
}

const LOCATION_TYPE: &str = "GeoJsonPoint";
const GEOMETRY_POINT: &str = "Point";

impl GeographicAddress {
    /// The place that the document means. `path` is where it stands in the body, for errors.
    ///
    /// # Errors
    /// [`AttributeError`] where the document names no place at all, an id is no building key, or
    /// coordinates are none. An address that is not understood is no error: the answer says so.
    pub fn to_place(&self, path: &str) -> Result<Place, AttributeError> {
        let coordinates = match &self.geographic_location {
            Some(location) => location.coordinates(path)?,
            None => None,
        };
        Ok(Place {
            address: self.to_address(path)?,
            coordinates,
        })
    }

    /// The address that the document means.
    ///
    /// # Errors
    /// As [`GeographicAddress::to_place`].
    pub fn to_address(&self, path: &str) -> Result<Address, AttributeError> {
        if self.street_name.is_some() {
            return Ok(Address::from_parts(&self.parts()));
        }
        if let Some(name) = &self.name {
            let mut line = name.clone();
            let area = [&self.city, &self.state_or_province, &self.postcode];
            for part in area.into_iter().flatten() {
                line.push_str(", ");
                line.push_str(part);
            }
            return Ok(parse(&line));
        }
        match self.reference() {
            Some(id) => address_of(id).ok_or_else(|| {
                let expected = "the id of a geographicAddress, AREA:STREET:NUMBER";
                let given = id.to_owned();
                AttributeError::at(format!("{path}.id"), Problem::NotA { given, expected })
            }),
            None => {
                let hint = "streetName and streetNr, or the whole address as name, or an id";
                Err(AttributeError::at(path, Problem::Missing { hint }))
            }
        }
    }

    /// Whether the document gives an address in any way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.street_name.is_none() && self.name.is_none() && self.reference().is_none()
    }

    fn reference(&self) -> Option<&str> {
        let of_href = |href: &'_ String| href.rfind('/').map_or(0, |at| at + 1);
        self.id
            .as_deref()
            .or_else(|| self.href.as_ref().map(|href| &href[of_href(href)..]))
    }

    /// The parts as written; every attribute that says where the place is must be answered here.
    #[must_use]
    pub fn parts(&self) -> Parts {
        let Self {
            id: _,
            href: _,
            name: _,
            role: _,
            street_nr,
            street_nr_suffix,
            street_nr_last,
            street_nr_last_suffix,
            street_name,
            street_type,
            street_suffix,
            city,
            state_or_province,
            postcode,
            country: _,
            locality: _,
            geographic_sub_address,
            geographic_location: _,
            referred_type: _,
            type_name: _,
        } = self;
        let first = joined(&[street_nr, street_nr_suffix], " ");
        let last = joined(&[street_nr_last, street_nr_last_suffix], " ");
        let unit = geographic_sub_address
            .as_ref()
            .and_then(|units| units.first());
        let (zip, zip4) = match postcode.as_deref().and_then(|code| code.split_once('-')) {
            Some((zip, zip4)) => (given(zip), given(zip4)),
            None => (postcode.as_deref().and_then(given), None),
        };
        Parts {
            number: joined(&[&first, &last], "-").map(Text::from),
            predirectional: None,
            street: street_name.as_deref().and_then(given),
            suffix: street_type.as_deref().and_then(given),
            postdirectional: street_suffix.as_deref().and_then(given),
            unit_type: unit
                .and_then(|unit| unit.sub_unit_type.as_deref())
                .and_then(given),
            unit: unit.and_then(|unit| unit.number()).and_then(given),
            city: city.as_deref().and_then(given),
            state: state_or_province.as_deref().and_then(given),
            zip,
            zip4,
        }
    }

    /// The document of a building that a list knows.
    #[must_use]
    pub fn of_known(known: &KnownAddress) -> Self {
        let KnownAddress {
            building,
            address,
            coordinates,
            units,
            units_cut: _,
        } = known;
        let units: Vec<_> = units.iter().map(GeographicSubAddress::of_known).collect();
        Self {
            id: Some(building.to_string()),
            href: Some(tmf673_href(GEOGRAPHIC_ADDRESS, building)),
            geographic_sub_address: (!units.is_empty()).then_some(units),
            geographic_location: coordinates.map(GeographicLocation::at),
            ..Self::of_normal(address)
        }
    }

    /// The document of an address in standard form, without id, units and location.
    #[must_use]
    pub fn of_normal(address: &NormalAddress) -> Self {
        let NormalAddress {
            number,
            street,
            unit_type: _,
            unit: _,
            city,
            state,
            zip,
            zip4,
        } = address;
        let postcode = zip.as_ref().map(|zip| match zip4 {
            Some(zip4) => format!("{zip}-{zip4}"),
            None => zip.to_string(),
        });
        Self {
            name: Some(address.one_line()),
            street_nr: number.as_ref().map(HouseNumber::written),
            street_name: street.as_ref().map(|street| match &street.predirectional {
                Some(directional) => format!("{directional} {}", street.name),
                None => street.name.to_string(),
            }),
            street_type: text_of(street.as_ref().and_then(|street| street.suffix.as_ref())),
            street_suffix: text_of(
                street
                    .as_ref()
                    .and_then(|street| street.postdirectional.as_ref()),
            ),
            city: text_of(city.as_ref()),
            state_or_province: text_of(state.as_ref()),
            postcode,
            country: Some(COUNTRY.to_owned()),
            type_name: Some("GeographicAddress".to_owned()),
            ..Self::default()
        }
    }

    /// A reference to a building, for a place that was matched to it.
    #[must_use]
    pub fn referring_to(building: &BuildingKey, role: &str, line: Option<String>) -> Self {
        Self {
            id: Some(building.to_string()),
            href: Some(tmf673_href(GEOGRAPHIC_ADDRESS, building)),
            name: line,
            role: Some(role.to_owned()),
            referred_type: Some("GeographicAddress".to_owned()),
            type_name: Some("RelatedPlaceRefOrValue".to_owned()),
            ..Self::default()
        }
    }
}

impl GeographicSubAddress {
    /// The document of a unit that a list names.
    #[must_use]
    pub fn of_known(known: &KnownUnit) -> Self {
        let KnownUnit { key, unit_type } = known;
        let designator = unit_type.as_deref().unwrap_or("UNIT");
        let base = tmf673_href(GEOGRAPHIC_ADDRESS, &key.building);
        Self {
            id: Some(key.to_string()),
            href: Some(format!("{base}/{GEOGRAPHIC_SUB_ADDRESS}/{key}")),
            name: Some(format!("{designator} {}", key.unit)),
            sub_address_type: Some("unit".to_owned()),
            sub_unit_type: text_of(unit_type.as_ref()),
            sub_unit_number: Some(key.unit.to_string()),
            type_name: Some("GeographicSubAddress".to_owned()),
        }
    }

    fn number(&self) -> Option<&str> {
        self.sub_unit_number.as_deref().or(self.name.as_deref())
    }
}

impl GeographicLocation {
    /// The document of a point.
    #[must_use]
    pub fn at(coordinates: Coordinates) -> Self {
        let Coordinates {
            latitude,
            longitude,
        } = coordinates;
        Self {
            type_name: LOCATION_TYPE.to_owned(),
            geo_json: Some(GeoJsonPoint {
                geometry: GEOMETRY_POINT.to_owned(),
                coordinates: vec![longitude, latitude],
            }),
        }
    }

    fn coordinates(&self, path: &str) -> Result<Option<Coordinates>, AttributeError> {
        let Some(point) = self
            .geo_json
            .as_ref()
            .filter(|point| point.geometry == GEOMETRY_POINT)
        else {
            return Ok(None);
        };
        match point.coordinates[..] {
            [longitude, latitude, ..] if longitude.abs() <= 180.0 && latitude.abs() <= 90.0 => {
                Ok(Some(Coordinates {
                    latitude,
                    longitude,
                }))
            }
            _ => Err(AttributeError::at(
                format!("{path}.geographicLocation.geoJson.coordinates"),
                Problem::NotA {
                    given: format!("{:?}", point.coordinates),
                    expected: "a longitude of -180 to 180, then a latitude of -90 to 90",
                },
            )),
        }
    }
}

/// The address that a building or unit key stands for.
fn address_of(id: &str) -> Option<Address> {
    let (building, unit) = match id.match_indices(':').nth(2) {
        Some(_) => {
            let UnitKey { building, unit } = id.parse().ok()?;
            (building, Some(unit))
        }
        None => (id.parse::<BuildingKey>().ok()?, None),
    };
    let (city, state, zip) = match building.street.area {
        Area::Zip(zip) => (None, None, Some(zip)),
        Area::City { state, city } => (Some(city), Some(state), None),
    };
    Some(Address::from_parts(&Parts {
        number: Some(building.number.written().into()),
        street: Some(building.street.street),
        unit,
        city,
        state,
        zip,
        ..Parts::default()
    }))
}

fn given(text: &str) -> Option<Text> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

fn text_of(text: Option<&Text>) -> Option<String> {
    text.map(Text::to_string)
}

fn joined(texts: &[&Option<String>], between: &str) -> Option<String> {
    let given: Vec<_> = texts
        .iter()
        .filter_map(|text| text.as_deref().and_then(given))
        .collect();
    (!given.is_empty()).then(|| given.join(between))
}
