//! Rate cards: what a provider takes, by product, bandwidth, access medium, term and zone.
//!
//! 1. [`columns`] reads one row of a card, for each of its zones a [`Rate`].
//! 2. [`zone`] is where a rate holds.
//! 3. [`choice`] is which rate of a card answers a question.

pub mod choice;
pub mod columns;
pub mod zone;

pub use choice::{Choice, Deliverable, RateQuestion, Site, choose};
pub use columns::RateColumns;
pub use zone::Zone;

use jiff::civil::Date;

use crate::carrier::{Product, Term};
use crate::claim::{Kbps, Technology};
use crate::money::Money;

/// Most zones that one row may name; a card has a row more for further ones.
pub const ZONES_OF_ROW_MAX: usize = 250;
/// Longest install interval that is believed, in days.
pub const INSTALL_INTERVAL_MAX_DAYS: u32 = 1_000;

/// One line of a rate card: what one service costs in one zone for one term.
///
/// Zone, product, access medium, bandwidths, term and first day name it: a card has one rate of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Where it holds.
    pub zone: Zone,
    /// What is sold.
    pub product: Product,
    /// How it reaches the building; `None` for whichever way.
    pub access: Option<Technology>,
    /// Towards the customer.
    pub down: Kbps,
    /// From the customer.
    pub up: Kbps,
    /// For how long the customer commits.
    pub term: Term,
    /// What it costs.
    pub charge: Charge,
    /// Whole days from the order to the service, where the card says.
    pub install_interval_days: Option<u32>,
    /// When it holds.
    pub effective: Effective,
}

/// What a rate says of the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charge {
    /// An amount; both are of one currency.
    Priced {
        /// Each month.
        mrc: Money,
        /// Once.
        nrc: Money,
    },
    /// `ICB`: a person prices it, case by case.
    IndividualCase,
}

/// The days on which a rate holds, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// The first one; `None` for as far back as anybody asks.
    pub from: Option<Date>,
    /// The last one; `None` until another list says otherwise.
    pub until: Option<Date>,
}

impl Effective {
    /// Whether a rate holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_of_the_days_are_included() {
        let (first, last) = (date(2026, 1, 1), date(2026, 6, 30));
        let year = Effective {
            from: Some(first),
            until: Some(last),
        };
        for (day, holds) in [
            (date(2025, 12, 31), false),
            (first, true),
            (date(2026, 3, 1), true),
            (last, true),
            (date(2026, 7, 1), false),
        ] {
            assert_eq!(year.holds_on(day), holds, "{day}");
        }
        assert!(Effective::default().holds_on(first));
    }
}
