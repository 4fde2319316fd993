//! What must be true of an item for a write to happen.

use crate::item::Value;

/// A typed condition on the item as it is before the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Nothing is asked.
    Always,
    /// The item is there.
    Exists,
    /// The item is not there.
    NotExists,
    /// The item is there and the attribute has this value.
    Equals {
        /// Name of the attribute.
        attribute: &'static str,
        /// The value it must have.
        value: Value,
    },
    /// All of them hold.
    All(Vec<Condition>),
    /// One of them holds.
    Any(Vec<Condition>),
}
