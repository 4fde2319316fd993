//! Money: integer minor units and a currency, never a float.

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units (cents for USD).
    pub minor: i64,
    /// ISO 4217 code, upper case.
    pub currency: Currency,
}

/// A currency that lists are priced in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Currency {
    /// United States dollar, two decimals.
    Usd,
    /// Canadian dollar, two decimals.
    Cad,
}

impl Currency {
    /// ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Cad => "CAD",
        }
    }
}
