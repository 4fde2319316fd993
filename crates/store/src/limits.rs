//! DynamoDB's limits, enforced by every backend ("Service, account, and table quotas").

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
/// Most bytes in one transaction: the items it writes, as they are afterwards.
pub const TRANSACT_MAX_BYTES: usize = 4 * 1024 * 1024;
/// Longest token of a transaction, in bytes.
pub const TOKEN_MAX_BYTES: usize = 36;
/// How long a transaction's token is remembered, in seconds.
pub const TOKEN_KEPT_SECONDS: i64 = 10 * 60;
/// How long a change stays in the feed at least, in seconds.
pub const CHANGES_KEPT_SECONDS: i64 = 24 * 60 * 60;
/// Most changes given back at once.
pub const CHANGES_MAX: usize = 1000;
/// Most bytes read by one query page. The item that would go past it begins the next page.
pub const QUERY_PAGE_MAX_BYTES: usize = 1024 * 1024;
/// A read unit pays for this many bytes.
pub const READ_UNIT_BYTES: usize = 4 * 1024;
/// A write unit pays for this many bytes.
pub const WRITE_UNIT_BYTES: usize = 1024;
/// Most bytes of items or results in one chunk of a task: below [`ITEM_MAX_BYTES`] with keys and names.
pub const TASK_CHUNK_MAX_BYTES: usize = 300 * 1024;
