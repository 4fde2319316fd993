//! The domain's enums as small numbers. A number is never reused; a new variant gets the next one.

use lastmile_model::address::matching::Correction;
use lastmile_model::address::{AddressKind, UnparsedReason};
use lastmile_model::availability::task::{TaskFailure, TaskKind};
use lastmile_model::availability::{
    Confidence, Failure, NearNet, Outcome, Qualification, UnitFit, UnknownPlace,
};
use lastmile_model::carrier::Firmness;

/// An enum that is stored as a number.
pub(super) trait Coded: Copy + 'static {
    /// Every variant.
    const ALL: &'static [Self];

    /// The number of a variant.
    fn code(self) -> u8;

    /// The variant of a number.
    fn of(code: u8) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|variant| variant.code() == code)
    }

    /// The variants of several numbers; `None` where one of them is not known.
    fn all_of(codes: &[u8]) -> Option<Vec<Self>> {
        codes.iter().copied().map(Self::of).collect()
    }
}

impl Coded for AddressKind {
    const ALL: &'static [Self] = &[
        Self::Street,
        Self::PoBox,
        Self::RuralRoute,
        Self::Intersection,
        Self::Place,
        Self::Unknown,
    ];

    fn code(self) -> u8 {
        match self {
            Self::Street => 0,
            Self::PoBox => 1,
            Self::RuralRoute => 2,
            Self::Intersection => 3,
            Self::Place => 4,
            Self::Unknown => 5,
        }
    }
}

impl Coded for UnparsedReason {
    const ALL: &'static [Self] = &[
        Self::Recipient,
        Self::Box,
        Self::CrossStreet,
        Self::Country,
        Self::SecondUnit,
        Self::NotUnderstood,
    ];

    fn code(self) -> u8 {
        match self {
            Self::Recipient => 0,
            Self::Box => 1,
            Self::CrossStreet => 2,
            Self::Country => 3,
            Self::SecondUnit => 4,
            Self::NotUnderstood => 5,
        }
    }
}

impl Coded for Correction {
    const ALL: &'static [Self] = &[Self::Directional, Self::Suffix, Self::Spelling, Self::Area];

    fn code(self) -> u8 {
        match self {
            Self::Directional => 0,
            Self::Suffix => 1,
            Self::Spelling => 2,
            Self::Area => 3,
        }
    }
}

impl Coded for TaskKind {
    const ALL: &'static [Self] = &[Self::Query, Self::Check, Self::Validation];

    fn code(self) -> u8 {
        match self {
            Self::Query => 0,
            Self::Check => 1,
            Self::Validation => 2,
        }
    }
}

impl Coded for TaskFailure {
    const ALL: &'static [Self] = &[Self::StoreFailed, Self::QuestionDamaged];

    fn code(self) -> u8 {
        match self {
            Self::StoreFailed => 0,
            Self::QuestionDamaged => 1,
        }
    }
}

impl Coded for Firmness {
    const ALL: &'static [Self] = &Self::ALL;

    fn code(self) -> u8 {
        match self {
            Self::Budgetary => 0,
            Self::FirmSubjectToFeasibility => 1,
            Self::Firm => 2,
        }
    }
}

impl Coded for Confidence {
    const ALL: &'static [Self] = &[Self::Green, Self::Yellow, Self::Red];

    fn code(self) -> u8 {
        match self {
            Self::Green => 0,
            Self::Yellow => 1,
            Self::Red => 2,
        }
    }
}

impl Coded for Failure {
    const ALL: &'static [Self] = &[Self::StoreFailed, Self::StoreBusy];

    fn code(self) -> u8 {
        match self {
            Self::StoreFailed => 0,
            Self::StoreBusy => 1,
        }
    }
}

impl Coded for NearNet {
    const ALL: &'static [Self] = &[Self::WhenUnserved, Self::Always, Self::Never];

    fn code(self) -> u8 {
        match self {
            Self::WhenUnserved => 0,
            Self::Always => 1,
            Self::Never => 2,
        }
    }
}

impl Coded for Outcome {
    const ALL: &'static [Self] = &[
        Self::Served,
        Self::NotServed,
        Self::AddressUnknown,
        Self::AskPerson,
        Self::Failed,
    ];

    fn code(self) -> u8 {
        match self {
            Self::Served => 0,
            Self::NotServed => 1,
            Self::AddressUnknown => 2,
            Self::AskPerson => 3,
            Self::Failed => 4,
        }
    }
}

impl Coded for UnitFit {
    const ALL: &'static [Self] = &[Self::Same, Self::Building, Self::Other];

    fn code(self) -> u8 {
        match self {
            Self::Same => 0,
            Self::Building => 1,
            Self::Other => 2,
        }
    }
}

impl Coded for Qualification {
    const ALL: &'static [Self] = &[Self::Qualified, Self::Alternate, Self::Unqualified];

    fn code(self) -> u8 {
        match self {
            Self::Qualified => 0,
            Self::Alternate => 1,
            Self::Unqualified => 2,
        }
    }
}

impl Coded for UnknownPlace {
    const ALL: &'static [Self] = &[Self::NotABuilding, Self::StreetUnknown, Self::NumberUnknown];

    fn code(self) -> u8 {
        match self {
            Self::NotABuilding => 0,
            Self::StreetUnknown => 1,
            Self::NumberUnknown => 2,
        }
    }
}
