//! DynamoDB's limits, enforced by every backend.

/// Largest item, names and values, in bytes.
pub const ITEM_MAX_BYTES: usize = 400 * 1024;
/// Largest partition key, in bytes.
pub const PARTITION_KEY_MAX_BYTES: usize = 2048;
/// Largest sort key, in bytes.
pub const SORT_KEY_MAX_BYTES: usize = 1024;
/// Most keys in one `batch_get`.
pub const BATCH_GET_MAX: usize = 100;
/// Most items in one `batch_write`.
pub const BATCH_WRITE_MAX: usize = 25;
/// Most items in one transaction.
pub const TRANSACT_MAX: usize = 100;
/// Most bytes in one transaction.
pub const TRANSACT_MAX_BYTES: usize = 4 * 1024 * 1024;
/// Most bytes read by one query page (and given back by one `batch_get`: 16 times this).
pub const QUERY_PAGE_MAX_BYTES: usize = 1024 * 1024;
/// A read unit pays for this many bytes.
pub const READ_UNIT_BYTES: usize = 4 * 1024;
/// A write unit pays for this many bytes.
pub const WRITE_UNIT_BYTES: usize = 1024;
