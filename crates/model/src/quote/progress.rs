//! Cells counted by what became of them.

use std::ops::{Add, AddAssign, Sub};

use jiff::Timestamp;

/// What became of one cell: a location, a provider, a service and a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellOutcome {
    /// There is a price.
    Priced,
    /// A person has to give the price.
    IcbPending,
    /// The provider cannot deliver it there.
    NotServed,
    /// The provider does not know the address.
    AddressUnknown,
    /// There was no answer, although it was asked for again.
    Failed,
    /// There was no answer by the deadline.
    Expired,
}

impl CellOutcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Priced,
        Self::IcbPending,
        Self::NotServed,
        Self::AddressUnknown,
        Self::Failed,
        Self::Expired,
    ];

    /// `priced`, `icb_pending`, `not_served`, `address_unknown`, `failed`, `expired`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Priced => "priced",
            Self::IcbPending => "icb_pending",
            Self::NotServed => "not_served",
            Self::AddressUnknown => "address_unknown",
            Self::Failed => "failed",
            Self::Expired => "expired",
        }
    }
}

/// How many cells came to what. Those that are in none of the counts wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CellCounts {
    /// With a price.
    pub priced: u64,
    /// That a person has to price.
    pub icb_pending: u64,
    /// That cannot be delivered.
    pub not_served: u64,
    /// Whose address is not known.
    pub address_unknown: u64,
    /// Without an answer.
    pub failed: u64,
    /// Without an answer by the deadline.
    pub expired: u64,
}

impl CellCounts {
    /// Counts one more.
    pub const fn count(&mut self, outcome: CellOutcome) {
        let counter = match outcome {
            CellOutcome::Priced => &mut self.priced,
            CellOutcome::IcbPending => &mut self.icb_pending,
            CellOutcome::NotServed => &mut self.not_served,
            CellOutcome::AddressUnknown => &mut self.address_unknown,
            CellOutcome::Failed => &mut self.failed,
            CellOutcome::Expired => &mut self.expired,
        };
        *counter += 1;
    }

    /// All that were counted.
    #[must_use]
    pub const fn total(self) -> u64 {
        let Self {
            priced,
            icb_pending,
            not_served,
            address_unknown,
            failed,
            expired,
        } = self;
        priced + icb_pending + not_served + address_unknown + failed + expired
    }

    fn with(self, other: Self, combine: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            priced: combine(self.priced, other.priced),
            icb_pending: combine(self.icb_pending, other.icb_pending),
            not_served: combine(self.not_served, other.not_served),
            address_unknown: combine(self.address_unknown, other.address_unknown),
            failed: combine(self.failed, other.failed),
            expired: combine(self.expired, other.expired),
        }
    }
}

impl Add for CellCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        self.with(other, |one, more| one + more)
    }
}

impl AddAssign for CellCounts {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for CellCounts {
    type Output = Self;

    /// What is left of the counts where `other` of them have become something else.
    fn sub(self, other: Self) -> Self {
        self.with(other, u64::saturating_sub)
    }
}

/// How far one provider's part of a quote is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProviderProgress {
    /// Slices that have lines which wait for a program's answer.
    pub slices_left: u32,
    /// What became of its cells.
    pub counts: CellCounts,
    /// The first moment at which one of its prices ends; `None` where it has none.
    pub valid_until: Option<Timestamp>,
    /// Rises with every change.
    pub revision: u32,
}

impl ProviderProgress {
    /// At the start.
    #[must_use]
    pub const fn new(slices: u32) -> Self {
        Self {
            slices_left: slices,
            counts: CellCounts {
                priced: 0,
                icb_pending: 0,
                not_served: 0,
                address_unknown: 0,
                failed: 0,
                expired: 0,
            },
            valid_until: None,
            revision: 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_own_count_and_name() {
        let mut counts = CellCounts::default();
        let mut names = std::collections::BTreeSet::new();
        for (number, outcome) in CellOutcome::ALL.into_iter().enumerate() {
            for _ in 0..=number {
                counts.count(outcome);
            }
            assert!(names.insert(outcome.as_str()));
        }
        let expected = CellCounts {
            priced: 1,
            icb_pending: 2,
            not_served: 3,
            address_unknown: 4,
            failed: 5,
            expired: 6,
        };
        assert_eq!(counts, expected);
        assert_eq!(counts.total(), 21);
        assert_eq!((counts + counts) - counts, counts);
    }
}
