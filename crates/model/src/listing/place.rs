//! From the address columns of a row to the building it means.

use std::sync::Arc;

use super::row::{Notes, RejectReason, Warning};
use crate::Text;
use crate::address::normal::zip::{StandardZip, standard_zip};
use crate::address::{Address, AddressKind, BuildingKey, NormalAddress, Parts, parse};
use crate::geography::Coordinates;

/// A building and the place in standard form.
pub(crate) type Place = (Arc<BuildingKey>, Arc<NormalAddress>);

/// The place columns of a row that has its address on one line, or its parts apart.
pub(crate) struct PlaceCells<'c> {
    /// The whole address or its delivery line; empty where `parts` has the street.
    pub(crate) line: &'c str,
    /// Parts; `zip` as it is in the file.
    pub(crate) parts: Parts,
    /// Column that is named where the address is missing.
    pub(crate) column: &'c str,
}

/// Finds the building that a row means.
pub(crate) fn place(cells: PlaceCells<'_>, notes: &mut Notes) -> Result<Place, RejectReason> {
    let PlaceCells {
        line,
        mut parts,
        column,
    } = cells;
    let given_zip = parts.zip.take();
    let mut bad_zip = take_zip(given_zip.as_deref(), &mut parts, notes);
    let address = if line.is_empty() {
        if parts.street.is_none() && parts.number.is_none() {
            return Err(RejectReason::Missing {
                column: column.to_owned(),
            });
        }
        Address::from_parts(&parts)
    } else {
        let zip_in_line = parts.zip.is_none();
        let mut address = of_line(line, parts);
        if zip_in_line {
            let given = address.parts.zip.take();
            bad_zip = bad_zip.or(take_zip(given.as_deref(), &mut address.parts, notes));
        }
        address
    };
    if address.kind != AddressKind::Street {
        return Err(RejectReason::NotABuilding);
    }
    let normal = NormalAddress::of(&address);
    if normal.number.is_none() || normal.street.is_none() {
        return Err(RejectReason::NotABuilding);
    }
    match (normal.building_key(), bad_zip) {
        (Some(building), None) => Ok((Arc::new(building), Arc::new(normal))),
        (Some(building), Some(given)) => {
            notes.warnings.push(Warning::ZipDropped { given });
            Ok((Arc::new(building), Arc::new(normal)))
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
    let Some(read) = standard_zip(text, parts.state.as_deref()) else {
        return Some(given.to_owned());
    };
    let StandardZip { zip, zip4, padded } = read;
    if padded {
        notes.warnings.push(Warning::ZipPadded {
            given: given.to_owned(),
            read: zip.to_string(),
        });
    }
    parts.zip = Some(zip);
    if zip4.is_some() {
        parts.zip4 = zip4;
    }
    None
}

/// A cell's text, where it has one.
pub(super) fn filled(cell: &str) -> Option<Text> {
    (!cell.is_empty()).then(|| cell.into())
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
