//! United States addresses: text into parts, parts into keys, keys into matches.
//!
//! 1. [`parse()`] splits free text into [`Parts`] as they were written. It never fails: what it does
//!    not understand stays in [`Address::unparsed`] with a reason.
//! 2. [`NormalAddress::of`] brings the parts to the standard spelling of USPS Publication 28 and
//!    yields the [`BuildingKey`] and the [`UnitKey`].
//! 3. [`matching`] compares what was asked with the streets that a ZIP really has.

mod gazetteer;
pub mod key;
pub mod matching;
pub mod normal;
pub mod parse;
pub mod publication28;

pub use key::{Area, BuildingKey, HouseNumber, StreetKey, UnitKey};
pub use normal::{NormalAddress, NormalStreet};
pub use parse::parse;

use crate::Text;

/// What kind of delivery point or place an address text names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// A house number on a street: `303 E 26TH ST`.
    Street,
    /// A post-office box: `PO BOX 318`. Nothing can be installed at one.
    PoBox,
    /// A rural or highway-contract route box: `RR 2 BOX 18`, `HC 2333 BOX 85`.
    RuralRoute,
    /// Two streets that cross: `MAIN ST & 5TH AVE`.
    Intersection,
    /// A street, landmark or place without a house number.
    Place,
    /// Nothing was understood.
    Unknown,
}

impl AddressKind {
    /// The name used on every surface: `street`, `po_box`, `rural_route`, `intersection`, `place`, `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::PoBox => "po_box",
            Self::RuralRoute => "rural_route",
            Self::Intersection => "intersection",
            Self::Place => "place",
            Self::Unknown => "unknown",
        }
    }
}

/// The parts of an address **as they were written**, without surrounding punctuation.
///
/// `Some` is never an empty string. `street` holds the name only, without directionals and suffix;
/// for a highway it holds the whole name (`US HWY 190`, `COUNTY ROAD UV`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parts {
    /// House number with its fraction, range or grid letters: `303`, `12-34`, `100 1/2`, `N165 W2123`.
    pub number: Option<Text>,
    /// Directional before the street name: `E`, `North`.
    pub predirectional: Option<Text>,
    /// Street name.
    pub street: Option<Text>,
    /// Street suffix: `St`, `Avenue`.
    pub suffix: Option<Text>,
    /// Directional after the street name or suffix.
    pub postdirectional: Option<Text>,
    /// Unit designator: `Apt`, `STE`, `#`.
    pub unit_type: Option<Text>,
    /// Unit identifier: `4B`.
    pub unit: Option<Text>,
    /// City, or what stands in its place.
    pub city: Option<Text>,
    /// State, territory or military region, abbreviated or in full.
    pub state: Option<Text>,
    /// Five-digit ZIP code.
    pub zip: Option<Text>,
    /// The four digits after the ZIP code.
    pub zip4: Option<Text>,
}

/// Why a piece of the text is in none of the [`Parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnparsedReason {
    /// Text before the house number: a person's, company's or building's name.
    Recipient,
    /// A box or route that stands beside a street address.
    Box,
    /// The second street of an intersection.
    CrossStreet,
    /// A country name.
    Country,
    /// A second unit where one was already read.
    SecondUnit,
    /// Nothing that the parser knows.
    NotUnderstood,
}

impl UnparsedReason {
    /// The name used on every surface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Box => "box",
            Self::CrossStreet => "cross_street",
            Self::Country => "country",
            Self::SecondUnit => "second_unit",
            Self::NotUnderstood => "not_understood",
        }
    }
}

/// A piece of the text that is in none of the parts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unparsed {
    /// The text as written.
    pub text: String,
    /// Why it was set aside.
    pub reason: UnparsedReason,
}

/// An address text with everything that was read out of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// What the text names.
    pub kind: AddressKind,
    /// The parts as written.
    pub parts: Parts,
    /// What is in none of the parts, in the order of the text.
    pub unparsed: Vec<Unparsed>,
}

impl Address {
    /// Takes parts that a client or a list already has apart.
    ///
    /// Each part is trimmed; a part that holds more than its name says (a unit or a directional in
    /// `street`) is taken apart as free text would be.
    #[must_use]
    pub fn from_parts(parts: &Parts) -> Self {
        parse::from_parts(parts)
    }
}
