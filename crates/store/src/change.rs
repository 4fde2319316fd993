//! The change feed: what outbox items became, in order.

use crate::item::{Item, PrimaryKey};

/// A place in the feed. Only the store that gave it can read it; the default is before the first
/// change that is still kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChangePosition(String);

impl ChangePosition {
    /// A position as a backend writes it.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text to store it as; empty before the first change.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

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
    /// The position to ask from next. Without changes it is the one asked from, or one past what was
    /// read and is no change.
    pub next: ChangePosition,
}
