//! Who can serve this place: from claims to an answer with its reason.

use jiff::civil::Date;

use crate::address::matching::Correction;
use crate::address::{Address, BuildingKey};
use crate::claim::Claim;
use crate::geography::Coordinates;
use crate::identity::{ImportNumber, ListId, ProviderName};

/// A list older than this is believed less.
pub const STALE_AFTER_DAYS: i32 = 180;

/// What can be said about one provider's service at the asked place; kept apart everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It can be delivered.
    Served,
    /// It cannot.
    NotServed,
    /// The place is not known.
    AddressUnknown,
    /// A person must look (ICB, near-net, area hint).
    AskPerson,
    /// The question could not be answered; the only outcome worth a retry.
    Failed,
}

impl Outcome {
    /// `served`, `not_served`, `address_unknown`, `ask_person`, `failed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Served => "served",
            Self::NotServed => "not_served",
            Self::AddressUnknown => "address_unknown",
            Self::AskPerson => "ask_person",
            Self::Failed => "failed",
        }
    }
}

/// MEF's serviceability confidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confidence {
    /// High: the building is on the provider's current list.
    Green,
    /// Believed.
    Yellow,
    /// Cannot.
    Red,
}

impl Confidence {
    /// `green`, `yellow`, `red`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Red => "red",
        }
    }
}

/// Where a statement comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The list.
    pub list: ListId,
    /// Which import of it.
    pub import: ImportNumber,
    /// The day it was true.
    pub as_of: Date,
}

/// Why the outcome and the confidence are what they are.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The building is on the list.
    OnNet,
    /// The list says `N` for it.
    ListSaysNo,
    /// The list says `ICB`.
    IndividualCase,
    /// The list has the building as stubbed or fiber-only.
    ListSaysNearNet,
    /// The building is on the list but must not be sold.
    Restricted,
    /// A building nearby is on the list.
    NearNet {
        /// How far, in metres, where both places have coordinates.
        distance_m: Option<u32>,
        /// The building that is on the list.
        neighbour: BuildingKey,
    },
    /// The provider reports service somewhere in this H3 cell.
    AreaHint,
}

/// One provider's service at the asked place.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The statement that it rests on (for a hint: see `hint`).
    pub basis: Basis,
    /// What follows from it.
    pub outcome: Outcome,
    /// How sure.
    pub confidence: Confidence,
    /// Why.
    pub reason: Reason,
    /// Whether the list is older than [`STALE_AFTER_DAYS`]; lowers green to yellow.
    pub stale: bool,
    /// Which list said so, and when.
    pub source: Source,
}

/// What a finding rests on.
#[derive(Clone, Debug, PartialEq)]
pub enum Basis {
    /// A statement about a building.
    Claim(Box<Claim>),
    /// A statement about an area.
    Hint(crate::claim::AreaHint),
}

impl Basis {
    /// Who said it.
    #[must_use]
    pub const fn provider(&self) -> &ProviderName {
        match self {
            Self::Claim(claim) => &claim.provider,
            Self::Hint(hint) => &hint.provider,
        }
    }
}

/// The place that is asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The address, as parsed.
    pub address: Address,
    /// Where the asker knows them.
    pub coordinates: Option<Coordinates>,
}

/// Which building the asked address is.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceMatch {
    /// The very building.
    Exact(BuildingKey),
    /// The building, after these corrections.
    Corrected {
        /// The building.
        building: BuildingKey,
        /// What was changed.
        corrections: Vec<Correction>,
    },
    /// Not known; these are like it, best first. None of them is the answer.
    Alternatives(Vec<BuildingKey>),
    /// Not known, and nothing is like it.
    None(UnknownPlace),
}

impl PlaceMatch {
    /// `exact`, `corrected`, `alternative`, `none`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Exact(_) => "exact",
            Self::Corrected { .. } => "corrected",
            Self::Alternatives(_) => "alternative",
            Self::None(_) => "none",
        }
    }
}

/// Why a place is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownPlace {
    /// It has no house number, street, or ZIP and city; or is a box, a route, an intersection.
    NotABuilding,
    /// No list has a street like it there.
    StreetUnknown,
    /// The street is known, the number is not.
    NumberUnknown,
}

/// The answer for one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Which building it is.
    pub matched: PlaceMatch,
    /// One per claim, best first; may be near-net or area hints where the building has none.
    pub findings: Vec<Finding>,
}
