//! Every stored key, said once.
//!
//! No other file builds a key. Prefixes are never reused for something else.

use lastmile_model::address::{HouseNumber, StreetKey};

use crate::item::PrimaryKey;

/// A key of the table: what it holds, how many there are, how it is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key<'a> {
    /// All claims of a building: the prefix of its claims in its street's partition.
    Building {
        /// Partition.
        street: &'a StreetKey,
        /// Prefix of the sort key.
        number: &'a HouseNumber,
    },
}

impl Key<'_> {
    /// The primary key.
    #[must_use]
    pub fn primary(&self) -> PrimaryKey {
        match self {
            Self::Building { street, number } => PrimaryKey {
                pk: street.street.clone(),
                sk: number.sort_text(),
            },
        }
    }
}
