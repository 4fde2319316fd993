//! What becomes of a building at a seller.

use crate::chance::Chance;

/// What a seller says of a building, always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Destiny {
    /// It can be delivered.
    Covered {
        /// And the seller is sure (green).
        sure: bool,
    },
    /// It cannot.
    NotCovered,
    /// The seller does not know the address.
    NotRecognised {
        /// But others that are like it.
        knows_alike: bool,
    },
    /// The seller fails.
    UnknownError {
        /// While it works on it; otherwise at once.
        while_working: bool,
    },
    /// A person of the seller's business desk must look.
    Business,
}

/// How many buildings of a thousand become what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mix {
    /// Can be delivered.
    pub covered: u64,
    /// Cannot.
    pub not_covered: u64,
    /// Address not known.
    pub not_recognised: u64,
    /// Unknown or error.
    pub unknown_error: u64,
    /// A person must look.
    pub business: u64,
}

/// Of a thousand covered buildings the seller is sure of so many.
const SURE_PERMILLE: u64 = 850;

impl Mix {
    /// As measured of 35.1 million queries to nine providers of the United States (IMC 2020).
    pub const MEASURED: Self = Self {
        covered: 780,
        not_covered: 65,
        not_recognised: 27,
        unknown_error: 124,
        business: 3,
    };

    /// Every building can be delivered.
    pub const ALL_COVERED: Self = Self {
        covered: 1,
        not_covered: 0,
        not_recognised: 0,
        unknown_error: 0,
        business: 0,
    };

    /// What becomes of the building that this chance is about.
    #[must_use]
    pub fn destiny(self, mut chance: Chance) -> Destiny {
        let Self {
            covered,
            not_covered,
            not_recognised,
            unknown_error,
            business,
        } = self;
        let total = covered + not_covered + not_recognised + unknown_error + business;
        let mut drawn = chance.below(total.max(1));
        let mut falls = |width: u64| {
            let inside = drawn < width;
            drawn = drawn.wrapping_sub(width);
            inside
        };
        if falls(covered) {
            Destiny::Covered {
                sure: chance.permille(SURE_PERMILLE),
            }
        } else if falls(not_covered) {
            Destiny::NotCovered
        } else if falls(not_recognised) {
            Destiny::NotRecognised {
                knows_alike: chance.permille(500),
            }
        } else if falls(unknown_error) {
            Destiny::UnknownError {
                while_working: chance.permille(500),
            }
        } else {
            Destiny::Business
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_buildings_show_the_measured_mix() {
        const BUILDINGS: u32 = 100_000;
        let chance = Chance::of_seed(7);
        let mut counts = [0_u32; 5];
        for building in 0..BUILDINGS {
            let destiny = Mix::MEASURED.destiny(chance.about(&building.to_string()));
            counts[match destiny {
                Destiny::Covered { .. } => 0,
                Destiny::NotCovered => 1,
                Destiny::NotRecognised { .. } => 2,
                Destiny::UnknownError { .. } => 3,
                Destiny::Business => 4,
            }] += 1;
        }
        for (count, percent) in counts.into_iter().zip([78.0, 6.5, 2.7, 12.4, 0.3]) {
            let share = f64::from(count) * 100.0 / f64::from(BUILDINGS);
            assert!((share - percent).abs() < 0.5, "{share} for {percent}");
        }
    }
}
