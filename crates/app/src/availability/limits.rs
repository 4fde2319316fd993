//! Every limit of availability and address services.

use jiff::SignedDuration;

pub use lastmile_model::address::matching::ALTERNATIVES_MAX;
pub use lastmile_model::availability::task::{CHECK_ITEMS_MAX, QUERY_PLACES_MAX};

/// How long the snapshot of the active lists is used before it is read again: a finished import is seen by
/// every request that begins this much later.
pub const LISTS_SNAPSHOT_TTL: SignedDuration = SignedDuration::from_secs(1);

/// How long a task is kept; then it is gone.
pub const TASK_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most headers that one listing of tasks reads; a total beyond it is reported as "at least".
pub const TASKS_SCANNED_MAX: usize = 10_000;
/// Most tasks in one page of a listing.
pub const TASKS_PAGE_MAX: usize = 100;
/// Most addresses in one page of a listing.
pub const ADDRESSES_PAGE_MAX: usize = 100;
