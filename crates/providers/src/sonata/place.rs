//! Our address in a seller's fields and back, and whether a seller's address is ours.
//!
//! **Never accept an address whose number or street differs**: unknown is an answer, a wrong yes is a
//! defect. The city may differ, because sellers write the postal neighbourhood.

use lastmile_model::Text;
use lastmile_model::address::{Address, NormalAddress, NormalStreet, Parts};
use lastmile_model::carrier::{CarrierReference, Place};
use lastmile_model::geography::Coordinates;
use serde_json::{Map, Value, json};

use super::wire::answers;
use super::wire::lenient::Scalar;

/// What `country` says of every address here.
const COUNTRY: &str = "US";
/// Where the United States and their territories lie, in degrees: south, north. No longitude of theirs
/// is among these, so swapped coordinates show.
const LATITUDES: [f64; 2] = [13.0, 72.0];
/// West, east; Guam lies beyond the date line.
const LONGITUDES: [f64; 2] = [-180.0, -64.0];
const LONGITUDES_OF_GUAM: [f64; 2] = [144.0, 147.0];

/// Our address as a `FieldedAddress`; `None` where it names no building or lacks what the document asks
/// for (street and city).
pub(super) fn fielded(address: &NormalAddress) -> Option<Map<String, Value>> {
    let NormalAddress {
        number,
        street,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    } = address;
    let NormalStreet {
        predirectional,
        name,
        suffix,
        postdirectional,
    } = street.as_ref()?;
    // The document has no field for a direction before the name.
    let name = match predirectional {
        Some(direction) => format!("{direction} {name}"),
        None => name.to_string(),
    };
    let mut fields = Map::new();
    let mut put = |field: &str, value: Option<&str>| {
        if let Some(value) = value {
            fields.insert(field.to_owned(), value.into());
        }
    };
    put("@type", Some("FieldedAddress"));
    put("streetNr", Some(&number.as_ref()?.written()));
    put("streetName", Some(&name));
    put("streetType", suffix.as_deref());
    put("streetSuffix", postdirectional.as_deref());
    put("city", Some(city.as_deref()?));
    put("stateOrProvince", state.as_deref());
    put("postcode", zip.as_deref());
    put("postcodeExtension", zip4.as_deref());
    put("country", Some(COUNTRY));
    if let Some(unit) = unit {
        let sub_unit = json!([{
            "subUnitType": unit_type.as_deref().unwrap_or("UNIT"),
            "subUnitNumber": unit.as_str(),
        }]);
        fields.insert(
            "geographicSubAddress".into(),
            json!({ "subUnit": sub_unit }),
        );
    }
    Some(fields)
}

/// The readings of a seller's address. There are two where it has a direction, because the document has
/// one field for those before the name and those behind it.
fn readings(address: &answers::Address) -> Vec<NormalAddress> {
    if let Some(associated) = &address.associated_geographic_address {
        return readings(associated);
    }
    let mut parts = parts(address);
    let behind = NormalAddress::of(&Address::from_parts(&parts));
    if parts.postdirectional.is_none() {
        return vec![behind];
    }
    parts.predirectional = parts.postdirectional.take();
    vec![behind, NormalAddress::of(&Address::from_parts(&parts))]
}

fn parts(address: &answers::Address) -> Parts {
    let text = |field: &Option<String>| {
        let text = field.as_deref().map(str::trim)?;
        (!text.is_empty()).then(|| Text::new(text))
    };
    let scalar = |field: &Option<Scalar>| {
        let text = field.as_ref()?.text()?;
        (!text.is_empty() && text != "null").then(|| Text::new(text))
    };
    let number = |figure: &Option<Scalar>, suffix: &Option<String>| {
        Some(
            [scalar(figure)?, text(suffix).unwrap_or_default()]
                .concat()
                .into(),
        )
    };
    let first = number(&address.street_nr, &address.street_nr_suffix);
    let last = number(&address.street_nr_last, &address.street_nr_last_suffix);
    let line = [&address.addr_line1, &address.addr_line2];
    let line: Vec<Text> = line.into_iter().filter_map(text).collect();
    let sub_unit = address
        .geographic_sub_address
        .as_ref()
        .and_then(|sub_address| sub_address.sub_unit.0.first());
    Parts {
        number: match (first, last) {
            (Some(first), Some(last)) if first != last => Some(format!("{first}-{last}").into()),
            (first, _) => first,
        },
        predirectional: None,
        street: text(&address.street_name).or((!line.is_empty()).then(|| line.join(" ").into())),
        suffix: text(&address.street_type),
        postdirectional: text(&address.street_suffix),
        unit_type: sub_unit.and_then(|unit| text(&unit.sub_unit_type)),
        unit: sub_unit.and_then(|unit| scalar(&unit.sub_unit_number)),
        city: text(&address.city),
        state: text(&address.state_or_province),
        zip: scalar(&address.postcode),
        zip4: scalar(&address.postcode_extension),
    }
}

/// A seller's address in standard form, to be shown.
pub(super) fn shown(address: &answers::Address) -> Option<NormalAddress> {
    readings(address)
        .into_iter()
        .next()
        .filter(|address| address.street.is_some())
}

/// Whether a seller's address is the asked building: same number, same street, same ground.
pub(super) fn is_same(asked: &NormalAddress, theirs: &answers::Address) -> bool {
    readings(theirs).iter().any(|theirs| agree(asked, theirs))
}

/// Whether it names a street at all; a mere reference does not.
pub(super) fn names_a_street(theirs: &answers::Address) -> bool {
    shown(theirs).is_some()
}

fn agree(asked: &NormalAddress, theirs: &NormalAddress) -> bool {
    let either_missing_or_same = |ours: &Option<Text>, theirs: &Option<Text>| {
        ours.is_none() || theirs.is_none() || ours == theirs
    };
    let ground = match (&asked.zip, &theirs.zip) {
        (Some(ours), Some(theirs)) => ours == theirs,
        (None, _) | (_, None) => asked.city == theirs.city,
    };
    asked.number.is_some()
        && asked.number == theirs.number
        && asked.street.is_some()
        && asked.street == theirs.street
        && either_missing_or_same(&asked.state, &theirs.state)
        && ground
}

/// What is kept of an address that was accepted.
pub(super) fn place_of(address: &answers::Address) -> Place {
    let id = address.id.as_ref().and_then(Scalar::text);
    let coordinates = coordinates(address.x.as_ref(), address.y.as_ref())
        .or_else(|| coordinates(address.latitude.as_ref(), address.longitude.as_ref()));
    Place {
        id: id.and_then(|id| CarrierReference::new(&id).ok()),
        coordinates,
    }
}

/// A point as it is meant: some sellers swap latitude and longitude.
fn coordinates(latitude: Option<&Scalar>, longitude: Option<&Scalar>) -> Option<Coordinates> {
    let figure = |scalar: Option<&Scalar>| scalar?.text()?.parse::<f64>().ok();
    let (first, second) = (figure(latitude)?, figure(longitude)?);
    let is_here = |latitude: f64, longitude: f64| {
        let within = |figure: f64, [low, high]: [f64; 2]| figure >= low && figure <= high;
        within(latitude, LATITUDES)
            && (within(longitude, LONGITUDES) || within(longitude, LONGITUDES_OF_GUAM))
    };
    if is_here(first, second) {
        Coordinates::new(first, second)
    } else if is_here(second, first) {
        Coordinates::new(second, first)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use lastmile_model::address::parse;

    use super::*;

    fn normal(text: &str) -> NormalAddress {
        NormalAddress::of(&parse(text))
    }

    fn theirs(value: &Value) -> answers::Address {
        serde_json::from_str(&value.to_string()).unwrap()
    }

    #[test]
    fn our_own_fields_read_back_as_our_address() {
        for text in [
            "133 N Main St, Port Alden, NH 03611",
            "303 E 26th St Apt 4, Cheyenne, WY 82001-1234",
            "100 1/2 Oak Ave SW, Albuquerque, NM 87102",
            "12-34 40th St, Queens, NY 11101",
            "5 US Hwy 190, Covington, LA 70433",
        ] {
            let asked = normal(text);
            let fields = Value::Object(fielded(&asked).unwrap());
            let read = theirs(&fields);
            assert!(is_same(&asked, &read), "{text}: {fields}");
        }
    }

    #[test]
    fn another_number_or_street_is_never_the_same() {
        let asked = normal("112 Telford Street, Boston, MA 02134");
        let answer = |number: &str, name: &str, kind: &str, zip: &str| {
            theirs(&json!({
                "streetNr": number, "streetName": name, "streetType": kind,
                "city": "BRIGHTON", "stateOrProvince": "MA", "postcode": zip,
            }))
        };
        assert!(is_same(&asked, &answer("112", "TELFORD", "ST", "02134")));
        assert!(is_same(
            &asked,
            &answer("112", "Telford Street", "", "2134")
        ));
        for (number, name, kind, zip) in [
            ("112", "TELFORD STREET EXT", "", "02134"),
            ("112A", "TELFORD", "ST", "02134"),
            ("1066", "TELFORD", "ST", "02134"),
            ("112", "TELFORD", "AVE", "02134"),
            ("112", "TELFORD", "ST", "02135"),
        ] {
            let other = answer(number, name, kind, zip);
            assert!(!is_same(&asked, &other), "{number} {name} {kind} {zip}");
        }
        let elsewhere = theirs(&json!({
            "streetNr": "112", "streetName": "TELFORD", "streetType": "ST",
            "city": "BRIGHTON", "stateOrProvince": "NH", "postcode": "02134",
        }));
        assert!(!is_same(&asked, &elsewhere), "another state");
        assert!(
            !is_same(&asked, &theirs(&json!({"id": "7"}))),
            "a mere reference"
        );
    }

    #[test]
    fn every_representation_of_an_address_is_read() {
        let asked = normal("133 N Main St, Port Alden, NH 03611");
        let fields = json!({
            "streetNr": 133, "streetName": "Main", "streetType": "St", "streetSuffix": "N",
            "city": "Port Alden", "stateOrProvince": "NH", "postcode": 3611,
        });
        assert!(
            is_same(&asked, &theirs(&fields)),
            "numbers, and a direction"
        );
        let formatted = json!({
            "@type": "FormattedAddress", "addrLine1": "133 North Main Street",
            "city": "Port Alden", "stateOrProvince": "NH", "postcode": "03611",
        });
        assert!(is_same(&asked, &theirs(&formatted)));
        let point = json!({
            "@type": "MEFGeographicPoint", "spatialRef": "WGS84", "x": "43.1", "y": "-71.5",
            "associatedGeographicAddress": fields,
        });
        assert!(is_same(&asked, &theirs(&point)));
    }

    #[test]
    fn swapped_coordinates_are_put_right() {
        let place = |x: &str, y: &str| place_of(&theirs(&json!({"x": x, "y": y}))).coordinates;
        let right = Coordinates::new(43.1, -71.5);
        assert_eq!(place("43.1", "-71.5"), right);
        assert_eq!(place("-71.5", "43.1"), right);
        assert_eq!(place("144.8", "13.5"), Coordinates::new(13.5, 144.8));
        assert_eq!(place("0", "0"), None);
        assert_eq!(place("48.2", "16.4"), None, "not in the United States");
        let named = theirs(&json!({"latitude": -71.5, "longitude": 43.1}));
        assert_eq!(place_of(&named).coordinates, right);
    }
}
