//! Quotes: a small head with the counts of its providers, and slice by slice what was asked and answered.

mod cell;
mod errand;
mod head;
mod progress;
mod slice;
mod supplies;
mod wait;

pub use errand::{StoredErrand, errand_item, read_errand_item};
pub use head::{document_item, head_item, read_document, read_head};
pub use progress::{progress_item, read_progress_item};
pub use slice::{
    Places, SliceOf, StoredCase, case_item, places_item, read_case, read_places, read_slice_item,
    slice_item,
};
pub use supplies::{read_supplies, supplies_item};
pub use wait::{Waited, read_wait, wait_item};

use jiff::{SignedDuration, Timestamp};
use lastmile_model::quote::QuoteId;

/// How long a quote is kept after it was asked for: longer than any price in it holds.
pub const QUOTE_KEPT: SignedDuration = SignedDuration::from_hours(400 * 24);

/// From when on the items of a quote are gone, in seconds since 1970.
fn expires_at(id: QuoteId) -> i64 {
    let expires = id.created().saturating_add(QUOTE_KEPT);
    expires.unwrap_or(Timestamp::MAX).as_second()
}

fn time(microseconds: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(microseconds).ok()
}
