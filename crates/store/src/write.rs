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
    /// Changes attributes; makes the item if it is not there (and the condition allows).
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

/// Writes that happen together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// At most one per item.
    pub writes: Vec<TransactWrite>,
    /// Makes a repeat of the call harmless.
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
