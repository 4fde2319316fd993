//! From the address columns of a row to the building it means.

use super::row::{Notes, RejectReason, Warning};
use crate::address::{
    Address, AddressKind, BuildingKey, NormalAddress, Parts, parse, publication28,
};
use crate::geography::Coordinates;

/// Digits of a ZIP code.
const ZIP_DIGITS: usize = 5;
/// Digits of a ZIP+4.
const ZIP9_DIGITS: usize = 9;
/// Fewest digits that are taken for a ZIP code which lost its leading zeros: no ZIP begins with three.
const ZIP_DIGITS_MIN: usize = 3;

/// States and territories whose ZIP codes begin with `0` (New York has two such towns, `AE` is military
/// mail in Europe).
const ZERO_STATES: [&str; 11] = [
    "AE", "CT", "MA", "ME", "NH", "NJ", "NY", "PR", "RI", "VI", "VT",
];

/// A building and the place in standard form.
pub(super) type Place = (BuildingKey, NormalAddress);

/// The place columns of a row that has its address on one line, or its parts apart.
pub(super) struct PlaceCells<'c> {
    /// The whole address or its delivery line; empty where `parts` has the street.
    pub(super) line: &'c str,
    /// Parts; `zip` as it is in the file.
    pub(super) parts: Parts,
    /// Column that is named where the address is missing.
    pub(super) column: &'c str,
}

/// Finds the building that a row means.
pub(super) fn place(cells: PlaceCells<'_>, notes: &mut Notes) -> Result<Place, RejectReason> {
    let PlaceCells {
        line,
        mut parts,
        column,
    } = cells;
    let given_zip = parts.zip.take();
    let bad_zip = take_zip(given_zip.as_deref(), &mut parts, notes);
    let address = if line.is_empty() {
        if parts.street.is_none() && parts.number.is_none() {
            return Err(RejectReason::Missing {
                column: column.to_owned(),
            });
        }
        Address::from_parts(&parts)
    } else {
        of_line(line, parts)
    };
    if address.kind != AddressKind::Street {
        return Err(RejectReason::NotABuilding);
    }
    let normal = NormalAddress::of(&address);
    if normal.number.is_none() || normal.street.is_none() {
        return Err(RejectReason::NotABuilding);
    }
    match (normal.building_key(), bad_zip) {
        (Some(building), None) => Ok((building, normal)),
        (Some(building), Some(given)) => {
            notes.warnings.push(Warning::ZipDropped { given });
            Ok((building, normal))
        }
        (None, Some(given)) => Err(RejectReason::BadZip { given }),
        (None, None) => Err(RejectReason::NoArea),
    }
}

/// Reads the line and lets the row's own columns stand above what the line says of city, state and ZIP.
fn of_line(line: &str, columns: Parts) -> Address {
    let mut address = parse(line);
    let Parts {
        number: _,
        predirectional: _,
        street: _,
        suffix: _,
        postdirectional: _,
        unit_type,
        unit,
        city,
        state,
        zip,
        zip4,
    } = columns;
    let parts = &mut address.parts;
    if zip.is_some() {
        parts.zip4 = zip4;
        parts.zip = zip;
    }
    parts.city = city.or_else(|| parts.city.take());
    parts.state = state.or_else(|| parts.state.take());
    if parts.unit.is_none() && unit.is_some() {
        parts.unit = unit;
        parts.unit_type = unit_type.or_else(|| parts.unit_type.take());
    }
    address
}

/// Puts the ZIP into the parts, repaired where it lost its leading zeros; gives back what is none.
fn take_zip(given: Option<&str>, parts: &mut Parts, notes: &mut Notes) -> Option<String> {
    let given = given?.trim();
    // Spreadsheets write whole numbers as `6410.0`.
    let text = given.strip_suffix(".0").unwrap_or(given);
    let digits: String = text
        .chars()
        .filter(|character| *character != '-' && *character != ' ')
        .collect();
    let figures = digits.bytes().all(|byte| byte.is_ascii_digit());
    let (zip, zip4) = match digits.len() {
        ZIP_DIGITS if figures => (digits, None),
        ZIP9_DIGITS if figures => {
            let (zip, zip4) = digits.split_at(ZIP_DIGITS);
            (zip.to_owned(), Some(zip4.to_owned()))
        }
        ZIP_DIGITS_MIN..ZIP_DIGITS if figures && zero_state(parts.state.as_deref()) => {
            let padded = format!("{digits:0>ZIP_DIGITS$}");
            notes.warnings.push(Warning::ZipPadded {
                given: given.to_owned(),
                read: padded.clone(),
            });
            (padded, None)
        }
        _ => return Some(given.to_owned()),
    };
    if zip.bytes().all(|byte| byte == b'0') {
        return Some(given.to_owned());
    }
    parts.zip = Some(zip);
    if zip4.is_some() {
        parts.zip4 = zip4;
    }
    None
}

fn zero_state(state: Option<&str>) -> bool {
    state
        .map(str::to_uppercase)
        .as_deref()
        .and_then(publication28::state)
        .is_some_and(|state| ZERO_STATES.contains(&state))
}

/// A cell's text, where it has one.
pub(super) fn filled(cell: &str) -> Option<String> {
    (!cell.is_empty()).then(|| cell.to_owned())
}

/// Reads coordinates; half, zero or impossible ones are left out with a warning.
pub(super) fn coordinates(
    latitude: &str,
    longitude: &str,
    notes: &mut Notes,
) -> Option<Coordinates> {
    if latitude.is_empty() && longitude.is_empty() {
        return None;
    }
    let point = match (latitude.parse(), longitude.parse()) {
        (Ok(latitude), Ok(longitude)) => Coordinates::new(latitude, longitude),
        _ => None,
    };
    if point.is_none() {
        notes.warnings.push(Warning::CoordinatesDropped {
            latitude: latitude.to_owned(),
            longitude: longitude.to_owned(),
        });
    }
    point
}
