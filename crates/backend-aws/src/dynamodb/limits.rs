//! What a call may take, and how often it is tried.

use std::time::Duration;

use crate::retry::Budget;

/// Longest that one try of a call may take.
pub(super) const TRY_MAX: Duration = Duration::from_secs(5);
/// Tries while the table is asked too much or not reached: about three seconds of waiting at most.
pub(super) const BUSY: Budget = Budget {
    tries_max: 8,
    wait_first: Duration::from_millis(25),
    wait_max: Duration::from_secs(1),
};
/// Tries of a transaction that meets others on its items: they are over within milliseconds.
pub(super) const CONFLICT: Budget = Budget {
    tries_max: 16,
    wait_first: Duration::from_millis(5),
    wait_max: Duration::from_millis(200),
};
/// Most records of the stream that one call reads at once; DynamoDB's own limit.
pub(super) const RECORDS_MAX: i32 = 1000;
/// Most reads of the stream in one call of `changes`, however few of the records are changes.
pub(super) const RECORD_READS_MAX: usize = 50;
/// Most pages of a stream's description: a hundred shards each.
pub(super) const SHARD_PAGES_MAX: usize = 100;
/// Times a new table is looked at until it is there.
pub(super) const TABLE_LOOKS_MAX: usize = 120;
/// Wait between two looks at a new table.
pub(super) const TABLE_LOOK_INTERVAL: Duration = Duration::from_millis(500);
