//! Request units, the money of a serverless table.

use std::iter::Sum;
use std::ops::{Add, AddAssign};

/// Units that operations consumed, as DynamoDB bills them on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Half read units: an eventually consistent read of up to 4 KB costs one of these, a consistent
    /// one two, a transactional one four.
    pub read_halves: u64,
    /// Write units: one per started kilobyte of each item (twice that in a transaction), and again for
    /// each index entry that is written.
    pub writes: u64,
}

impl Capacity {
    /// Read units.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a figure for people; 2^53 half units cost more than the planet has"
    )]
    pub const fn read_units(self) -> f64 {
        self.read_halves as f64 / 2.0
    }
}

impl Add for Capacity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            read_halves: self.read_halves + other.read_halves,
            writes: self.writes + other.writes,
        }
    }
}

impl AddAssign for Capacity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Capacity {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}
