//! What is left of a slice's work, as its import says.

use std::cmp::Ordering;

use jiff::Timestamp;
use lastmile_model::listing::ImportState;
use lastmile_model::listing::life::{Import, List};
use lastmile_store::message::Slice;

/// What a worker finds that has the message of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The slice is to be loaded.
    Next,
    /// It is loaded, and the message of the one after it may not have been sent.
    Loaded,
    /// A worker has the import, until this time unless it is heard of.
    InWork(Timestamp),
    /// Readers see the import; what it took the place of may not have been swept.
    Shown,
    /// There is nothing left to do.
    Over,
}

impl Standing {
    pub(super) fn of(list: &List, import: &Import, slice: &Slice, now: Timestamp) -> Self {
        match import.state {
            ImportState::Active => return Self::Shown,
            // An interrupted one goes on, if its place was not taken: nobody else does that.
            ImportState::Loading | ImportState::Interrupted => {}
            ImportState::Superseded | ImportState::Undone | ImportState::Failed => {
                return Self::Over;
            }
        }
        if list.loading != Some(import.id.number) {
            return Self::Over;
        }
        let held = import.lease.filter(|lease| lease.until > now);
        let in_work = held.filter(|lease| lease.owner != slice.owner);
        match (import.progress.chunks.cmp(&slice.first_chunk), in_work) {
            (Ordering::Equal, None) => Self::Next,
            (Ordering::Equal, Some(lease)) => Self::InWork(lease.until),
            (Ordering::Greater, None) => Self::Loaded,
            // Whoever works on a later slice has its message.
            (Ordering::Greater, Some(_)) | (Ordering::Less, _) => Self::Over,
        }
    }
}
