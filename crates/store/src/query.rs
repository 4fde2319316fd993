//! Reading a partition.

use lastmile_model::Text;

use crate::item::{Item, PrimaryKey};

/// How fresh a read must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// A stale answer is harmless; half the price.
    Eventual,
    /// Sees every write acknowledged before. Not on an index.
    Strong,
}

/// Which ordering is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// The table itself.
    Table,
    /// The first overloaded index.
    One,
    /// The second overloaded index.
    Two,
}

/// Which sort keys are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// All of the partition.
    Any,
    /// This one.
    Equals(String),
    /// Those that begin so; all of them if it is empty.
    Prefix(String),
    /// Those from the first to the last, both included.
    Between(String, String),
}

impl SortKey {
    /// Whether it is among them.
    #[must_use]
    pub fn selects(&self, sk: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Equals(text) => sk == text,
            Self::Prefix(prefix) => sk.starts_with(prefix.as_str()),
            Self::Between(from, to) => from.as_str() <= sk && sk <= to.as_str(),
        }
    }
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Rising sort keys.
    Forward,
    /// Falling sort keys.
    Backward,
}

/// Where the next page begins: the key of the last item read, in the index that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// The item's own key.
    pub key: PrimaryKey,
    /// Its sort key in the index, where one was read.
    pub index_sk: Option<String>,
}

/// One page of one partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Table or index.
    pub index: Index,
    /// Partition.
    pub pk: Text,
    /// Sort keys.
    pub sk: SortKey,
    /// Direction.
    pub direction: Direction,
    /// Most items to read; a page ends earlier at 1 MB.
    pub limit: Option<usize>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// Freshness; an index takes `Eventual` only.
    pub consistency: Consistency,
}

impl Query {
    /// All of a partition of the table, forward, eventually consistent.
    #[must_use]
    pub fn partition(pk: impl Into<Text>) -> Self {
        Self {
            index: Index::Table,
            pk: pk.into(),
            sk: SortKey::Any,
            direction: Direction::Forward,
            limit: None,
            after: None,
            consistency: Consistency::Eventual,
        }
    }
}

/// Items in order, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// `None` at the end of what was asked. A page that ends at its limit has one even when nothing
    /// follows, as on DynamoDB: then the next page is empty.
    pub next: Option<Cursor>,
}
