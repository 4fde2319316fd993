//! The change feed: what outbox items became, in order.

use crate::item::{Item, PrimaryKey};

/// A place in the feed; `0` is before the first change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChangePosition(pub u64);

/// One change of a streamed item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is in the feed.
    pub position: ChangePosition,
    /// Which item.
    pub key: PrimaryKey,
    /// The item after the change; `None` if it was removed.
    pub new_image: Option<Item>,
}

/// Changes in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangePage {
    /// The changes.
    pub changes: Vec<Change>,
    /// The position to ask from next.
    pub next: ChangePosition,
}
