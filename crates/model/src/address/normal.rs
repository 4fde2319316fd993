//! Parts into the standard spelling of USPS Publication 28.
//!
//! Two rules stand above it: spellings of one building meet, and different buildings never do.
//! Where a spelling may be either, it is left as written, and [`super::matching`] decides with the
//! streets that exist before its eyes.

mod fold;
mod highway;
mod names;
pub(super) mod numerals;
mod street;
mod unit;
pub(crate) mod zip;

pub use street::NormalStreet;
use zip::{ZIP4_DIGITS, standard_zip};

use std::fmt;

use crate::{Spell, Text};

use super::{
    Address, AddressKind, Area, BuildingKey, HouseNumber, StreetKey, UnitKey, UnparsedReason,
};

/// An address in standard form. Parts that were missing are `None`; nothing is invented.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct NormalAddress {
    /// House number; only where the address names a building on a street.
    pub number: Option<HouseNumber>,
    /// Street.
    pub street: Option<NormalStreet>,
    /// Standard unit designator (`APT`, `STE`, `#`).
    pub unit_type: Option<Text>,
    /// Unit, upper case, without leading zeros: `4B`. Its designator is part of it only where it makes
    /// a difference: `FL 2`, `BLDG 4`, `REAR`, but not for apartment, suite, room, unit and `#`. A wider
    /// unit is part of it: `BLDG 4 UNIT 12` for apartment 12 of building 4.
    pub unit: Option<Text>,
    /// City, upper case, punctuation folded (`SAINT LOUIS`, not `ST. LOUIS`).
    pub city: Option<Text>,
    /// Two-letter state.
    pub state: Option<Text>,
    /// Five digits; leading zeros that the address lost are put back where its state has such ZIPs.
    pub zip: Option<Text>,
    /// Four digits.
    pub zip4: Option<Text>,
}

impl NormalAddress {
    /// Brings a parsed address to the standard form.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        let parts = &address.parts;
        let number = match address.kind {
            AddressKind::Street => parts.number.as_deref().and_then(HouseNumber::parse),
            // The number of a box or route is not a house number.
            AddressKind::PoBox
            | AddressKind::RuralRoute
            | AddressKind::Intersection
            | AddressKind::Place
            | AddressKind::Unknown => None,
        };
        let street = [
            &parts.predirectional,
            &parts.street,
            &parts.suffix,
            &parts.postdirectional,
        ];
        let street = street.into_iter().filter_map(|part| part.as_deref());
        let mut unit = unit::standard_unit(
            parts.unit_type.as_deref(),
            parts.unit.as_deref(),
            number.as_ref().map(HouseNumber::text),
        );
        for piece in &address.unparsed {
            if piece.reason == UnparsedReason::SecondUnit {
                unit = unit.within(&piece.text);
            }
        }
        let city = parts
            .city
            .as_deref()
            .map(|city| names::standard_city(&fold::folded(city)));
        let zip = parts
            .zip
            .as_deref()
            .and_then(|zip| standard_zip(zip, parts.state.as_deref()));
        let state = parts.state.as_deref().and_then(fold::state);
        let street = NormalStreet::of_pieces(street);
        Self {
            street: match state {
                Some(state) => street.map(|street| street.within_state(state)),
                None => street,
            },
            number,
            unit_type: unit.unit_type,
            unit: unit.unit,
            city: city.filter(|city| !city.is_empty()),
            state: state.map(Text::new_static),
            zip: zip.as_ref().map(|zip| zip.zip.clone()),
            zip4: parts
                .zip4
                .as_deref()
                .and_then(|zip4| digits(zip4, ZIP4_DIGITS))
                .or_else(|| zip.and_then(|zip| zip.zip4)),
        }
    }

    /// The ground the street's name is unique on: the ZIP, else the city with its state.
    #[must_use]
    pub fn area(&self) -> Option<Area> {
        match (&self.zip, &self.state, &self.city) {
            (Some(zip), _, _) => Some(Area::Zip(zip.clone())),
            (None, Some(state), Some(city)) => Some(Area::City {
                state: state.clone(),
                city: city.clone(),
            }),
            (None, _, _) => None,
        }
    }

    /// The key of the building: needs a number, a street, and a ZIP or a city with its state.
    #[must_use]
    pub fn building_key(&self) -> Option<BuildingKey> {
        Some(BuildingKey {
            street: StreetKey {
                area: self.area()?,
                street: self.street.as_ref()?.spelled(),
            },
            number: self.number.clone()?,
        })
    }

    /// The key of the unit, where the address names one.
    #[must_use]
    pub fn unit_key(&self) -> Option<UnitKey> {
        Some(UnitKey {
            building: self.building_key()?,
            unit: self.unit.clone()?,
        })
    }

    /// The delivery line, `303 E 26TH ST APT 4`.
    #[must_use]
    pub fn delivery_line(&self) -> String {
        let number = self.number.as_ref().map(HouseNumber::written);
        let street = self.street.as_ref().map(|street| street.spelled().into());
        let words = [number, street, self.unit_words()];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The whole address on one line, `303 E 26TH ST APT 4, CHEYENNE, WY 82001`.
    #[must_use]
    pub fn one_line(&self) -> String {
        OneLine(self).to_string()
    }

    /// `APT 4`, `FL 2`, `REAR`; a unit without a designator is written with `#`, as section 213.2 says.
    fn unit_words(&self) -> Option<String> {
        let unit = self.unit.as_deref()?;
        Some(match self.unit_type.as_deref() {
            Some(kind) if unit == kind || unit.starts_with(&format!("{kind} ")) => unit.to_owned(),
            Some(kind) => format!("{kind} {unit}"),
            None => format!("# {unit}"),
        })
    }
}

/// Displays [`NormalAddress::one_line`] without making a text of it.
#[derive(Clone, Copy, Debug)]
pub struct OneLine<'a>(pub &'a NormalAddress);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for OneLine<'_> {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let Self(address) = self;
        let mut between = "";
        if let Some(number) = &address.number {
            for part in number.text().split('_') {
                out.write_str(between)?;
                out.write_str(part)?;
                between = " ";
            }
        }
        if let Some(street) = &address.street {
            out.write_str(between)?;
            street.spell(out)?;
            between = " ";
        }
        if let Some(unit) = address.unit_words() {
            out.write_str(between)?;
            out.write_str(&unit)?;
            between = " ";
        }
        let mut line = |text: &str, before: &str| {
            let separator = if between.is_empty() { "" } else { before };
            between = ", ";
            out.write_str(separator)?;
            out.write_str(text)
        };
        if let Some(city) = address.city.as_deref().filter(|city| !city.is_empty()) {
            line(city, ", ")?;
        }
        if let Some(state) = &address.state {
            line(state, ", ")?;
        }
        if let Some(zip) = &address.zip {
            line(zip, if address.state.is_some() { " " } else { ", " })?;
        }
        match (&address.zip, &address.zip4) {
            (Some(_), Some(zip4)) => write!(out, "-{zip4}"),
            _ => Ok(()),
        }
    }
}

fn digits(written: &str, count: usize) -> Option<Text> {
    let written = written.trim();
    (written.len() == count && written.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| written.into())
}
