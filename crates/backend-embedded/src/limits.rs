//! How much the embedded store takes at once.

use std::time::Duration;

/// Most writes that wait for the writer or are in its hands; further callers wait their turn.
pub(crate) const QUEUED_REQUESTS_MAX: usize = 4096;
/// Most writes that are committed as one group.
pub(crate) const GROUP_REQUESTS_MAX: usize = 2048;
/// A group takes no further write once it holds this many bytes of items.
pub(crate) const GROUP_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Most records that one step of housekeeping removes from each table, so that writers do not wait.
pub(crate) const HOUSEKEEPING_STEP_MAX: usize = 1000;
/// Under steady load, groups between two steps of housekeeping.
pub(crate) const GROUPS_PER_HOUSEKEEPING: u32 = 1000;
/// Without load, time between two steps of housekeeping.
pub(crate) const HOUSEKEEPING_INTERVAL: Duration = Duration::from_secs(10);
/// Hidden messages that one receive makes ready at most, once their time is over.
pub(crate) const READIED_MAX: usize = 100;
/// Messages that one receive passes over at most because they are dead or too old.
pub(crate) const RECEIVE_PASSED_MAX: usize = 100;
/// Dead letters that one commit sends anew at most.
pub(crate) const REDRIVE_STEP_MAX: usize = 100;
/// The longest that a waiting receive does not look at the time: its clock may be set.
pub(crate) const QUEUE_LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// Memory for pages of the file, in bytes.
pub(crate) const CACHE_BYTES: usize = 1024 * 1024 * 1024;
