//! `GET /availability/v1/lookup`: one address asked, one answer, nothing stored.
//!
//! The fast path: the answer is written to bytes straight from the model, without a JSON tree between.

#![expect(
    unused_qualifications,
    reason = "the macro that describes an endpoint writes paths out"
)]

use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts as RequestParts;
use axum::response::Response;
use lastmile_api::ErrorCode;
use lastmile_api::lookup::LookupAnswer;
use lastmile_api::names::NearNet;
use lastmile_app::availability::{Availability, LookupOptions, lookup};
use lastmile_model::Text;
use lastmile_model::address::{Address, Parts, parse};
use lastmile_model::availability::Place;
use lastmile_model::geography::Coordinates;
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as NameError, StrDeserializer};
use utoipa::IntoParams;

use crate::limits::ADDRESS_MAX_BYTES;
use crate::list::single_pairs;
use crate::openapi::responses::Common;
use crate::refusal::Refusal;
use crate::reply;

/// What is asked: `address`, or its parts.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LookupParameters {
    /// The whole address on one line; or give it in parts.
    #[param(example = "303 E 26th St Apt 4, Cheyenne, WY 82001")]
    address: Option<String>,
    /// House number and street.
    #[param(value_type = Option<String>)]
    street: Option<Text>,
    /// Unit, with its designator or without.
    #[param(value_type = Option<String>)]
    unit: Option<Text>,
    /// City.
    #[param(value_type = Option<String>)]
    city: Option<Text>,
    /// State, abbreviated or in full.
    #[param(value_type = Option<String>)]
    state: Option<Text>,
    /// ZIP code.
    #[param(value_type = Option<String>)]
    zip: Option<Text>,
    /// Degrees, WGS 84; with `longitude`. Helps near-net and area hints.
    #[param(minimum = -90, maximum = 90)]
    latitude: Option<f64>,
    /// Degrees, WGS 84; with `latitude`.
    #[param(minimum = -180, maximum = 180)]
    longitude: Option<f64>,
    /// When near-net neighbours and area hints are looked for; `when_unserved` if not said.
    #[param(inline)]
    near_net: Option<NearNet>,
}

/// Who can serve an address
///
/// Nothing is stored. The outcome of the place and of every finding is one of `served`, `not_served`,
/// `address_unknown`, `ask_person`, `failed`; where the store fails the reply is 503.
#[utoipa::path(
    get,
    path = "/availability/v1/lookup",
    operation_id = "lookup",
    tag = "lookup",
    params(LookupParameters),
    responses((status = 200, description = "The answer.", body = LookupAnswer), Common)
)]
pub(crate) async fn handler(
    State(availability): State<Availability>,
    parameters: LookupParameters,
) -> Result<Response, Refusal> {
    let options = LookupOptions {
        near_net: parameters.near_net.map(Into::into).unwrap_or_default(),
    };
    let place = parameters.into_place()?;
    let lists = availability
        .lists()
        .await
        .map_err(|error| Refusal::store(&error))?;
    match lookup(&availability.context, &lists, &place, &options).await {
        Ok(answer) => {
            let document = LookupAnswer::of(&place, &answer.value);
            Ok(reply::json_text(StatusCode::OK, document.to_json()))
        }
        Err(error) => Err(Refusal::store(&error)),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for LookupParameters {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut RequestParts, _: &S) -> Result<Self, Refusal> {
        Self::read(parts.uri.query().unwrap_or_default())
    }
}

impl LookupParameters {
    fn read(query: &str) -> Result<Self, Refusal> {
        let mut parameters = Self::default();
        for (name, value) in single_pairs(query)? {
            if value.len() > ADDRESS_MAX_BYTES {
                return Err(bad(format!(
                    "{name} is longer than {ADDRESS_MAX_BYTES} bytes"
                )));
            }
            let text = Some(value.trim()).filter(|text| !text.is_empty());
            match &*name {
                "address" => parameters.address = text.map(str::to_owned),
                "street" => parameters.street = text.map(Text::new),
                "unit" => parameters.unit = text.map(Text::new),
                "city" => parameters.city = text.map(Text::new),
                "state" => parameters.state = text.map(Text::new),
                "zip" => parameters.zip = text.map(Text::new),
                "latitude" => {
                    parameters.latitude = text.map(|text| degrees(&name, text, 90.0)).transpose()?
                }
                "longitude" => {
                    parameters.longitude =
                        text.map(|text| degrees(&name, text, 180.0)).transpose()?
                }
                "near_net" => parameters.near_net = text.map(near_net).transpose()?,
                _ => {
                    return Err(bad(format!(
                        "{name} is no parameter here: give address, or street, unit, city, state and zip"
                    )));
                }
            }
        }
        Ok(parameters)
    }

    fn into_place(self) -> Result<Place, Refusal> {
        let Self {
            address,
            street,
            unit,
            city,
            state,
            zip,
            latitude,
            longitude,
            near_net: _,
        } = self;
        let address = match (address, street) {
            (Some(_), Some(_)) => return Err(bad("give address or street, not both".to_owned())),
            (Some(line), None) => {
                if unit.is_some() || city.is_some() || state.is_some() || zip.is_some() {
                    return Err(bad(
                        "give the whole address, or street, unit, city, state and zip".to_owned(),
                    ));
                }
                parse(&line)
            }
            (None, street) => {
                let parts = Parts {
                    street,
                    unit,
                    city,
                    state,
                    zip,
                    ..Parts::default()
                };
                // Without a street there is no building to be known, but the area's hints.
                if parts == Parts::default() && latitude.is_none() && longitude.is_none() {
                    return Err(bad("address is missing".to_owned()));
                }
                Address::from_parts(&parts)
            }
        };
        let coordinates = match (latitude, longitude) {
            (Some(latitude), Some(longitude)) => Some(Coordinates {
                latitude,
                longitude,
            }),
            (None, None) => None,
            _ => return Err(bad("latitude and longitude come together".to_owned())),
        };
        Ok(Place {
            address,
            coordinates,
        })
    }
}

fn degrees(name: &str, text: &str, most: f64) -> Result<f64, Refusal> {
    let degrees = text
        .parse()
        .ok()
        .filter(|degrees: &f64| degrees.abs() <= most);
    degrees.ok_or_else(|| {
        bad(format!(
            "{name}={text:?} is not a number from -{most} to {most}"
        ))
    })
}

fn near_net(text: &str) -> Result<NearNet, Refusal> {
    let name: StrDeserializer<'_, NameError> = text.into_deserializer();
    NearNet::deserialize(name).map_err(|_| {
        bad(format!(
            "near_net={text:?} is none of when_unserved, always, never"
        ))
    })
}

fn bad(message: String) -> Refusal {
    Refusal::with(ErrorCode::InvalidParameter, message)
}
