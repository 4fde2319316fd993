//! What carriers call back with, as it is described; it is read by the room that talks to carriers.

use serde::Serialize;
use utoipa::ToSchema;

/// A notification of MEF LSO Sonata. Other attributes are passed over.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    /// The carrier's id of the event.
    pub event_id: Option<String>,
    /// When it happened.
    #[schema(format = DateTime)]
    pub event_time: Option<String>,
    /// `poqCreateEvent`, `poqStateChangeEvent`, `poqItemStateChangeEvent`, `quoteStateChangeEvent` or
    /// `quoteItemStateChangeEvent`.
    #[schema(example = "quoteStateChangeEvent")]
    pub event_type: String,
    /// What it happened to.
    pub event: NotificationSubject,
}

/// What a carrier was doing.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotificationSubject {
    /// The carrier's id of the qualification or quote.
    pub id: String,
}
