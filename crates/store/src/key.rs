//! Every stored key, said once.
//!
//! No other file builds a key. Prefixes are never reused for something else.

use lastmile_model::address::{HouseNumber, StreetKey};
use lastmile_model::identity::{ApiKey, KeyId};

use crate::item::{IndexKey, PrimaryKey};

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
    /// An API key. One item per key; layout `APIKEY#<id>` / `KEY`.
    ApiKey {
        /// Which one.
        id: KeyId,
    },
}

/// The partition of the first index under which all API keys are listed, at most some thousands, by
/// tenant and creation: `APIKEYS` / `<tenant>#<created, microseconds since 1970, 20 digits>#<id>`.
pub const API_KEYS_PARTITION: &str = "APIKEYS";

/// Where an API key stands in [`API_KEYS_PARTITION`].
#[must_use]
pub fn api_key_listing(key: &ApiKey) -> IndexKey {
    IndexKey {
        pk: API_KEYS_PARTITION.to_owned(),
        sk: format!(
            "{}#{:020}#{}",
            key.caller.tenant,
            key.created_at.as_microsecond(),
            key.id
        ),
    }
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
            Self::ApiKey { id } => PrimaryKey {
                pk: format!("APIKEY#{id}"),
                sk: "KEY".to_owned(),
            },
        }
    }
}
