//! Money: integer minor units and a currency, never a float.

use std::fmt;

use crate::Spell;

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units (cents for USD).
    pub minor: i64,
    /// ISO 4217 code, upper case.
    pub currency: Currency,
}

impl Money {
    /// The amount as people and JSON write it, without the currency: `49.95`, `-0.05`.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        Decimal(self)
    }
}

/// Displays an amount in the currency's own decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal(Money);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for Decimal {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        let Self(Money { minor, currency }) = *self;
        let unit = match currency {
            Currency::Usd | Currency::Cad => 100,
        };
        let magnitude = minor.unsigned_abs();
        let (whole, rest) = (magnitude / unit, magnitude % unit);
        // Answers hold many amounts, and `write!` is slow with digits.
        let mut digits = itoa::Buffer::new();
        out.write_str(if minor < 0 { "-" } else { "" })?;
        out.write_str(digits.format(whole))?;
        out.write_str(if rest < 10 { ".0" } else { "." })?;
        out.write_str(digits.format(rest))
    }
}

/// A currency that lists are priced in. The first in order is the usual one; amounts of two are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Currency {
    /// United States dollar, two decimals.
    Usd,
    /// Canadian dollar, two decimals.
    Cad,
}

impl Currency {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Usd, Self::Cad];

    /// Reads a code, whatever its case; `None` where it is none of a currency that is kept.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|currency| currency.code().eq_ignore_ascii_case(code))
    }

    /// ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Cad => "CAD",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_two_digits_and_the_sign_comes_first() {
        let shown = |minor| {
            let currency = Currency::Usd;
            Money { minor, currency }.decimal().to_string()
        };
        assert_eq!(shown(4995), "49.95");
        assert_eq!(shown(5), "0.05");
        assert_eq!(shown(-5), "-0.05");
        assert_eq!(shown(120_000), "1200.00");
        assert_eq!(shown(i64::MIN), "-92233720368547758.08");
    }
}
