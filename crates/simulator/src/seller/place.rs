//! Addresses as a seller knows them.

use lastmile_model::Text;
use lastmile_model::address::{Address, NormalAddress, Parts};
use serde_json::{Map, Value, json};

use super::check::Check;
use super::{Seller, State};
use crate::chance::Chance;
use crate::destiny::Destiny;

/// A place that has an id.
#[derive(Clone)]
pub(super) struct KnownPlace {
    /// The building's key.
    pub(super) building: String,
    /// Its address, as sent back.
    pub(super) fields: Map<String, Value>,
}

/// What every `@type` of an address must have.
const FIELDED: &[&str] = &["streetName", "city", "country"];
const FORMATTED: &[&str] = &["addrLine1", "city", "country"];

/// Degrees of the middle of the made-up country, and how far it reaches from there, in ten-thousandths.
const LATITUDE: f64 = 43.2;
const LONGITUDE: f64 = -71.5;
const REACH: u64 = 4_000;

impl Seller {
    /// Finds the place that a request names, by id or by address; notes what is wrong with it.
    pub(super) fn place(
        &self,
        state: &State,
        check: &mut Check,
        place: &Value,
        path: &str,
    ) -> Option<KnownPlace> {
        match check.text(place, path, "@type")? {
            "GeographicAddressRef" => {
                let id = check.text(place, path, "id")?;
                let known = state.places.get(id).cloned();
                if known.is_none() {
                    let path = format!("{path}/id");
                    check.note("referenceNotFound", path, "no place has this id");
                }
                known
            }
            _ => self.address(check, place, path),
        }
    }

    /// Reads an address; notes what is wrong with it.
    pub(super) fn address(
        &self,
        check: &mut Check,
        place: &Value,
        path: &str,
    ) -> Option<KnownPlace> {
        let needed = match check.text(place, path, "@type")? {
            "FieldedAddress" => FIELDED,
            "FormattedAddress" => FORMATTED,
            _ => {
                let path = format!("{path}/@type");
                check.note("invalidValue", path, "only addresses are understood");
                return None;
            }
        };
        let before = check.problems.len();
        for name in needed {
            check.text(place, path, name);
        }
        if check.problems.len() > before {
            return None;
        }
        let building = building(place);
        if building.is_none() {
            let path = format!("{path}/streetNr");
            check.note("missingProperty", path, "it names no building");
        }
        let mut fields = place.as_object()?.clone();
        fields.remove("role");
        Some(KnownPlace {
            building: building?,
            fields,
        })
    }

    /// The chance of everything about a building.
    pub(super) fn building_chance(&self, building: &str) -> Chance {
        self.chance.about(building)
    }

    /// What becomes of a building here.
    #[must_use]
    pub fn destiny(&self, building: &str) -> Destiny {
        let chance = self.building_chance(building).about("destiny");
        self.figures.mix.destiny(chance)
    }

    /// The address as the seller has it: with an id, and where it is.
    pub(super) fn known(&self, place: &KnownPlace) -> (String, Value) {
        let mut chance = self.building_chance(&place.building).about("place");
        let id = format!("{:016x}", chance.draw());
        let mut around = |middle: f64| {
            let ten_thousandths = f64::from(u32::try_from(chance.below(2 * REACH)).unwrap_or(0));
            let offset = ten_thousandths / 10_000.0 - 0.4;
            ((middle + offset) * 10_000.0).round() / 10_000.0
        };
        let mut fields = place.fields.clone();
        fields.insert("id".to_owned(), json!(id));
        fields.insert("allowsNewSite".to_owned(), json!(true));
        fields.insert("hasPublicSite".to_owned(), json!(false));
        fields.insert("latitude".to_owned(), json!(around(LATITUDE)));
        fields.insert("longitude".to_owned(), json!(around(LONGITUDE)));
        (id, Value::Object(fields))
    }
}

/// The next house: same street, another number.
pub(super) fn neighbour(place: &KnownPlace) -> Value {
    let mut fields = place.fields.clone();
    let number = fields.get("streetNr").and_then(Value::as_str);
    let digits: String = number
        .unwrap_or_default()
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    let next = digits.parse::<u64>().unwrap_or(0) + 2;
    fields.insert("streetNr".to_owned(), json!(next.to_string()));
    fields.insert("id".to_owned(), json!(format!("neighbour-{next}")));
    Value::Object(fields)
}

/// The key of the building that an address names.
fn building(place: &Value) -> Option<String> {
    let text = |name: &str| place.get(name).and_then(Value::as_str).map(Text::new);
    let number = text("streetNr").map(|number| {
        let suffix = text("streetNrSuffix").unwrap_or_default();
        [number, suffix].concat().into()
    });
    let parts = Parts {
        number,
        predirectional: None,
        street: text("streetName").or_else(|| text("addrLine1")),
        suffix: text("streetType"),
        postdirectional: text("streetSuffix"),
        unit_type: None,
        unit: None,
        city: text("city"),
        state: text("stateOrProvince"),
        zip: text("postcode"),
        zip4: None,
    };
    let address = NormalAddress::of(&Address::from_parts(&parts));
    Some(address.building_key()?.to_string())
}
