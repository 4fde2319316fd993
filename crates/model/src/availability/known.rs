//! Buildings that a list knows, and whether an address is one of them.

use std::collections::BTreeMap;

use crate::Text;
use crate::address::matching::Correction;
use crate::address::{BuildingKey, NormalAddress, UnitKey};
use crate::availability::UnknownPlace;
use crate::availability::near::Neighbour;
use crate::geography::Coordinates;

/// A building that at least one active list has.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownAddress {
    /// Its key; its text is the id of the address on every surface.
    pub building: BuildingKey,
    /// The building's address in standard form, without a unit.
    pub address: NormalAddress,
    /// Where a list has them.
    pub coordinates: Option<Coordinates>,
    /// The units that lists name, in the order of their keys.
    pub units: Vec<KnownUnit>,
    /// Whether the building has more units than are given here.
    pub units_cut: bool,
}

/// Most units given of one building.
pub const UNITS_MAX: usize = 500;

impl KnownAddress {
    /// What the claims of one building say of where it is: the fullest of their addresses, the first
    /// coordinates, every unit. `None` without a claim.
    #[must_use]
    pub fn of(building: &BuildingKey, claims: &[Neighbour]) -> Option<Self> {
        let fullness = |place: &NormalAddress| {
            let parts = [&place.city, &place.state, &place.zip];
            parts.into_iter().flatten().count()
        };
        let places = claims.iter().map(|listed| &listed.claim.place);
        let fullest = places.clone().rev().max_by_key(|place| fullness(place))?;
        let mut units: BTreeMap<&str, Option<&str>> = BTreeMap::new();
        for place in places {
            if let Some(unit) = &place.unit {
                let unit_type = units.entry(unit).or_default();
                *unit_type = unit_type.or(place.unit_type.as_deref());
            }
        }
        let units_cut = units.len() > UNITS_MAX;
        let known_unit = |(unit, unit_type): (&str, Option<&str>)| KnownUnit {
            key: UnitKey {
                building: building.clone(),
                unit: unit.into(),
            },
            unit_type: unit_type.map(Text::new),
        };
        Some(Self {
            building: BuildingKey::clone(building),
            address: NormalAddress {
                unit_type: None,
                unit: None,
                zip4: None,
                ..NormalAddress::clone(fullest)
            },
            coordinates: claims.iter().find_map(|listed| listed.claim.coordinates),
            units: units.into_iter().take(UNITS_MAX).map(known_unit).collect(),
            units_cut,
        })
    }
}

/// A unit that at least one active list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUnit {
    /// Its key; its text is the id of the sub-address on every surface.
    pub key: UnitKey,
    /// Designator in standard form, where the list has one: `APT`.
    pub unit_type: Option<Text>,
}

/// Whether a submitted address is real.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// The verdict.
    pub verdict: ValidationVerdict,
    /// Addresses like the submitted one, best first, at most
    /// [`ALTERNATIVES_MAX`](crate::address::matching::ALTERNATIVES_MAX); empty unless they were asked for.
    pub alternatives: Vec<KnownAddress>,
}

/// The verdict on a submitted address.
#[derive(Clone, Debug, PartialEq)]
pub enum ValidationVerdict {
    /// It is this building (`success`); with a unit, a list names that unit, or the building has none.
    Valid(Box<KnownAddress>),
    /// It is this building, but not as submitted (`partial`).
    Partial {
        /// The building.
        known: Box<KnownAddress>,
        /// What had to be changed; empty where only the unit is not known.
        corrections: Vec<Correction>,
        /// The submitted unit is not among the units that lists name.
        unit_unknown: bool,
    },
    /// It is no building that a list knows (`fail`).
    Unknown(UnknownPlace),
}

impl ValidationVerdict {
    /// TMF673's `validationResult`: `success`, `partial`, `fail`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Valid(_) => "success",
            Self::Partial { .. } => "partial",
            Self::Unknown(_) => "fail",
        }
    }
}
