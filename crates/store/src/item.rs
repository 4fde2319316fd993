//! Items: keys, attributes, and what they weigh.

use std::collections::BTreeMap;

/// Name of an attribute. Short, because every item pays for it: DynamoDB weighs names.
pub type AttributeName = &'static str;

/// Attributes by name. (Backends give names back as they were stored, hence the owned text.)
pub type Attributes = BTreeMap<String, Value>;

/// A stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text.
    S(String),
    /// Whole number.
    N(i64),
    /// Bytes.
    B(Vec<u8>),
    /// Truth.
    Bool(bool),
}

/// The primary key of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrimaryKey {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

/// The key of an item in one of the two overloaded indexes. An item without one is not in the index.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IndexKey {
    /// Partition key.
    pub pk: String,
    /// Sort key; entries with equal keys are told apart by their primary key.
    pub sk: String,
}

/// A stored item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it is.
    pub key: PrimaryKey,
    /// Where it is in the first index.
    pub index1: Option<IndexKey>,
    /// Where it is in the second index.
    pub index2: Option<IndexKey>,
    /// When it may be removed, in seconds since 1970.
    pub expires_at: Option<i64>,
    /// Whether its changes are in the change feed (outbox items).
    pub streamed: bool,
    /// Everything else.
    pub attributes: Attributes,
}

impl Item {
    /// An item in no index, without expiry, not streamed, without attributes.
    #[must_use]
    pub const fn new(key: PrimaryKey) -> Self {
        Self {
            key,
            index1: None,
            index2: None,
            expires_at: None,
            streamed: false,
            attributes: Attributes::new(),
        }
    }
}
