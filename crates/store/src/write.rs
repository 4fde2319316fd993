//! Writing.

use crate::condition::Condition;
use crate::item::{Item, PrimaryKey, Value};

/// One write of a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactWrite {
    /// Puts the whole item in place of what is there.
    Put {
        /// The item.
        item: Item,
        /// On what is there.
        condition: Condition,
    },
    /// Changes attributes; makes the item if it is not there (and the condition allows). Index keys,
    /// expiry and the mark of the feed stay as they are: to change those, put the item.
    Update {
        /// Which item.
        key: PrimaryKey,
        /// Attributes to set.
        set: Vec<(&'static str, Value)>,
        /// Numbers to add; a missing attribute counts as 0.
        add: Vec<(&'static str, i64)>,
        /// Attributes to remove.
        remove: Vec<&'static str>,
        /// On what is there.
        condition: Condition,
    },
    /// Removes the item.
    Delete {
        /// Which item.
        key: PrimaryKey,
        /// On what is there.
        condition: Condition,
    },
    /// Writes nothing, but fails the transaction unless the condition holds.
    Check {
        /// Which item.
        key: PrimaryKey,
        /// On what is there.
        condition: Condition,
    },
}

impl TransactWrite {
    /// Which item.
    #[must_use]
    pub const fn key(&self) -> &PrimaryKey {
        match self {
            Self::Put { item, condition: _ } => &item.key,
            Self::Update { key, .. } | Self::Delete { key, .. } | Self::Check { key, .. } => key,
        }
    }

    /// On what is there.
    #[must_use]
    pub const fn condition(&self) -> &Condition {
        match self {
            Self::Put { condition, .. }
            | Self::Update { condition, .. }
            | Self::Delete { condition, .. }
            | Self::Check { condition, .. } => condition,
        }
    }
}

/// Writes that happen together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// At most one per item.
    pub writes: Vec<TransactWrite>,
    /// Makes a repeat of the call harmless. Up to [`crate::limits::TOKEN_MAX_BYTES`] bytes.
    pub token: Option<String>,
}

/// One write of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchWrite {
    /// Puts the whole item.
    Put(Item),
    /// Removes the item.
    Delete(PrimaryKey),
}

impl BatchWrite {
    /// Which item.
    #[must_use]
    pub const fn key(&self) -> &PrimaryKey {
        match self {
            Self::Put(item) => &item.key,
            Self::Delete(key) => key,
        }
    }
}
