//! Money of the price list: whole picodollars, never a float.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul};

/// Decimals of a dollar that are kept.
const DECIMALS: usize = 12;
/// Picodollars in a dollar.
const DOLLAR: u128 = 10_u128.pow(DECIMALS as u32);
/// Figures that are shown of an amount of less than a dollar.
const FIGURES: u32 = 4;
/// Decimals that are shown of any amount.
const DECIMALS_LEAST: usize = 2;

/// An amount of US dollars. A read unit costs an eighth of a millionth, so cents do not do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(u128);

impl Amount {
    /// Millionths of a millionth of a dollar.
    #[must_use]
    pub const fn of_picodollars(picodollars: u128) -> Self {
        Self(picodollars)
    }

    /// Thousandths of a dollar.
    #[must_use]
    pub const fn of_millidollars(millidollars: u128) -> Self {
        Self(millidollars * DOLLAR / 1_000)
    }

    /// The amount, in millionths of a millionth of a dollar.
    #[must_use]
    pub const fn picodollars(self) -> u128 {
        self.0
    }

    /// This many times the amount for `per`, rounded up: nothing used is for nothing.
    #[must_use]
    pub const fn for_each(self, count: u128, per: u128) -> Self {
        Self((self.0 * count).div_ceil(per))
    }

    /// As a figure for people.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a figure for people; 2^53 picodollars are more than nine thousand dollars"
    )]
    pub fn dollars(self) -> f64 {
        self.0 as f64 / DOLLAR as f64
    }

    /// Every decimal: `0.000000062500`.
    #[must_use]
    pub fn exact(self) -> String {
        let Self(amount) = self;
        format!("{}.{:0DECIMALS$}", amount / DOLLAR, amount % DOLLAR)
    }
}

/// Dollars with the figures that matter: `$12.35`, `$0.0000005214`.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(amount) = *self;
        let mut decimals = DECIMALS_LEAST;
        let enough = |decimals: usize| {
            let unit = 10_u128.pow((DECIMALS - decimals) as u32);
            amount / unit >= 10_u128.pow(FIGURES - 1)
        };
        let is_small = amount > 0 && amount < DOLLAR;
        while is_small && decimals < DECIMALS && !enough(decimals) {
            decimals += 1;
        }
        let unit = 10_u128.pow((DECIMALS - decimals) as u32);
        let rounded = (amount + unit / 2) / unit;
        let whole = 10_u128.pow(decimals as u32);
        write!(f, "${}.{:0decimals$}", rounded / whole, rounded % whole)
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<u64> for Amount {
    type Output = Self;

    fn mul(self, times: u64) -> Self {
        Self(self.0 * u128::from(times))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_with_the_figures_that_matter() {
        let shown = |picodollars| Amount::of_picodollars(picodollars).to_string();
        assert_eq!(shown(0), "$0.00");
        assert_eq!(shown(62_500), "$0.00000006250");
        assert_eq!(shown(12_345_678_000_000), "$12.35");
        assert_eq!(shown(999_999), "$0.0000010000");
        assert_eq!(shown(7), "$0.000000000007");
        assert_eq!(Amount::of_millidollars(1_234).to_string(), "$1.23");
        assert_eq!(Amount::of_millidollars(999).to_string(), "$0.9990");
    }

    #[test]
    fn an_exact_amount_has_every_decimal() {
        assert_eq!(Amount::of_picodollars(62_500).exact(), "0.000000062500");
        assert_eq!(Amount::of_millidollars(12_500).exact(), "12.500000000000");
    }

    #[test]
    fn a_part_of_the_smallest_unit_counts_as_one() {
        let price = Amount::of_picodollars(10);
        assert_eq!(price.for_each(1, 3).picodollars(), 4);
        assert_eq!(price.for_each(3, 3).picodollars(), 10);
        assert_eq!(price.for_each(0, 3), Amount::default());
    }
}
