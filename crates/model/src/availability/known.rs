//! Buildings that a list knows, and whether an address is one of them.

use crate::address::matching::Correction;
use crate::address::{BuildingKey, NormalAddress, UnitKey};
use crate::availability::UnknownPlace;
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

/// A unit that at least one active list names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownUnit {
    /// Its key; its text is the id of the sub-address on every surface.
    pub key: UnitKey,
    /// Designator in standard form, where the list has one: `APT`.
    pub unit_type: Option<String>,
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
