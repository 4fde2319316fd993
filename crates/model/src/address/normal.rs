//! Parts into the standard spelling of USPS Publication 28.

use super::{Address, BuildingKey, HouseNumber, UnitKey};

/// A street in standard form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormalStreet {
    /// `N`, `NE`, … before the name.
    pub predirectional: Option<String>,
    /// Upper-case name, punctuation folded, ordinals as figures (`26TH`).
    pub name: String,
    /// Standard suffix abbreviation (`ST`, `AVE`).
    pub suffix: Option<String>,
    /// `N`, `NE`, … after the name.
    pub postdirectional: Option<String>,
}

/// An address in standard form. Parts that were missing are `None`; nothing is invented.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NormalAddress {
    /// House number.
    pub number: Option<HouseNumber>,
    /// Street.
    pub street: Option<NormalStreet>,
    /// Standard unit designator (`APT`, `STE`, `#`).
    pub unit_type: Option<String>,
    /// Unit, upper case, without designator and leading zeros.
    pub unit: Option<String>,
    /// City, upper case, punctuation folded (`SAINT LOUIS`, not `ST. LOUIS`).
    pub city: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// Five digits.
    pub zip: Option<String>,
    /// Four digits.
    pub zip4: Option<String>,
}

impl NormalAddress {
    /// Brings a parsed address to the standard form.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        let _ = address;
        Self::default()
    }

    /// The key of the building: needs a number, a street, and a ZIP or a city with its state.
    #[must_use]
    pub fn building_key(&self) -> Option<BuildingKey> {
        None
    }

    /// The key of the unit, where the address names one.
    #[must_use]
    pub fn unit_key(&self) -> Option<UnitKey> {
        None
    }

    /// The delivery line, `303 E 26TH ST APT 4`.
    #[must_use]
    pub fn delivery_line(&self) -> String {
        String::new()
    }

    /// The whole address on one line, `303 E 26TH ST APT 4, CHEYENNE, WY 82001`.
    #[must_use]
    pub fn one_line(&self) -> String {
        String::new()
    }
}
