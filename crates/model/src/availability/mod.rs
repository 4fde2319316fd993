//! Who can serve this place: from claims to an answer with its reason.
//!
//! 1. [`assess()`] turns one stored claim into a [`Finding`]: outcome, confidence, reason.
//! 2. [`near`] looks for the nearest lit neighbour of each provider where the building has none.
//! 3. [`sentence()`] says a finding's reason in one line for people.
//! 4. [`criteria`] asks whether a finding is the service that a check asks for.
//! 5. [`task`] is the life of a stored question.

pub mod assess;
pub mod criteria;
pub mod known;
pub mod near;
pub mod sentence;
pub mod task;

pub use assess::assess;
pub use criteria::{CheckVerdict, Criteria, Qualification};
pub use known::{KnownAddress, KnownUnit, Validation, ValidationVerdict};
pub use sentence::sentence;

use std::sync::Arc;

use jiff::civil::Date;

use crate::address::matching::Correction;
use crate::address::{Address, BuildingKey};
use crate::claim::{AreaHint, Claim, Kbps, Technology};
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
        /// How many known buildings further along the same street, 1 for the next one; `None` on another street.
        houses: Option<u32>,
        /// The building that is on the list.
        neighbour: Arc<BuildingKey>,
    },
    /// The provider reports service somewhere in this H3 cell.
    AreaHint,
}

/// How the unit that a claim names fits the unit that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnitFit {
    /// The claim names the asked unit.
    Same,
    /// The claim is about the whole building, or no unit is asked.
    Building,
    /// The claim names another unit than the asked one: believed, not known (green becomes yellow).
    Other,
}

impl UnitFit {
    /// `same`, `building`, `other`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Building => "building",
            Self::Other => "other",
        }
    }
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
    /// Whether the claim is about the asked unit.
    pub unit_fit: UnitFit,
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
    Hint(AreaHint),
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

    /// How it gets there.
    #[must_use]
    pub const fn technology(&self) -> Technology {
        match self {
            Self::Claim(claim) => claim.technology,
            Self::Hint(hint) => hint.technology,
        }
    }

    /// Highest download bandwidth, where said.
    #[must_use]
    pub const fn down(&self) -> Option<Kbps> {
        match self {
            Self::Claim(claim) => claim.down,
            Self::Hint(hint) => hint.down,
        }
    }

    /// Highest upload bandwidth, where said.
    #[must_use]
    pub const fn up(&self) -> Option<Kbps> {
        match self {
            Self::Claim(claim) => claim.up,
            Self::Hint(hint) => hint.up,
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
    /// The building, where it is known.
    #[must_use]
    pub const fn building(&self) -> Option<&BuildingKey> {
        match self {
            Self::Exact(building) | Self::Corrected { building, .. } => Some(building),
            Self::Alternatives(_) | Self::None(_) => None,
        }
    }

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
    /// Whether there are more findings than an answer may hold; those given are the best.
    pub findings_cut: bool,
}

impl Answer {
    /// The answer for a place that is not known, and near which nothing is.
    #[must_use]
    pub const fn unknown(why: UnknownPlace) -> Self {
        Self {
            matched: PlaceMatch::None(why),
            findings: Vec::new(),
            findings_cut: false,
        }
    }

    /// Keeps `most` findings, the best, and remembers whether any went.
    pub fn keep_best(&mut self, most: usize) {
        self.findings_cut |= self.findings.len() > most;
        self.findings.truncate(most);
    }

    /// Whether a provider serves the place.
    #[must_use]
    pub fn is_served(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.outcome == Outcome::Served)
    }

    /// The outcome of the place as a whole: the best of its findings; without one, `AddressUnknown` where
    /// the building is not known and `NotServed` where it is.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let any = |wanted: Outcome| {
            self.findings
                .iter()
                .any(|finding| finding.outcome == wanted)
        };
        if any(Outcome::Served) {
            Outcome::Served
        } else if any(Outcome::AskPerson) {
            Outcome::AskPerson
        } else {
            match self.matched {
                PlaceMatch::Exact(_) | PlaceMatch::Corrected { .. } => Outcome::NotServed,
                PlaceMatch::Alternatives(_) | PlaceMatch::None(_) => Outcome::AddressUnknown,
            }
        }
    }
}

/// Why a place got no answer. The question may be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// What is stored could not be read.
    StoreFailed,
    /// The store was too busy.
    StoreBusy,
}

impl Failure {
    /// `store_failed`, `store_busy`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StoreFailed => "store_failed",
            Self::StoreBusy => "store_busy",
        }
    }
}

/// What became of the question about one of many places; one failing place fails no other.
#[derive(Clone, Debug, PartialEq)]
pub enum PlaceAnswer {
    /// It was answered.
    Answered(Answer),
    /// It was not (outcome `failed`).
    Failed(Failure),
}

impl PlaceAnswer {
    /// The outcome of the place as a whole.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Answered(answer) => answer.outcome(),
            Self::Failed(_) => Outcome::Failed,
        }
    }
}

/// When near-net neighbours and area hints are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NearNet {
    /// Where no claim serves the building.
    #[default]
    WhenUnserved,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[cfg(test)]
mod tests;
