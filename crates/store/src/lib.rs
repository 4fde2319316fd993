//! Everything durable, said once: keys, items, conditions, and the [`Store`], [`Queue`] and [`Files`]
//! traits.
//!
//! [`Store`] is a low seam with the limits and the prices of DynamoDB, so that what runs on one machine
//! runs unchanged there. Above it, [`key`] holds every stored key and [`record`] every stored item.

use async_trait::async_trait;

pub mod capacity;
pub mod change;
pub mod clock;
pub mod condition;
pub mod decide;
pub mod error;
pub mod files;
pub mod item;
pub mod key;
pub mod limits;
pub mod message;
pub mod metered;
pub mod metered_queue;
pub mod percent;
pub mod query;
pub mod queue;
pub mod record;
pub mod validate;
pub mod write;

pub use capacity::Capacity;
pub use change::{Change, ChangePage, ChangePosition};
pub use clock::Clock;
pub use condition::Condition;
pub use error::{InvalidRequest, Limit, StoreError, TransactError};
pub use files::{FileFacts, Files, FilesError};
pub use item::{AttributeName, Attributes, IndexKey, Item, PrimaryKey, Value};
pub use metered::{MeteredStore, Spent};
pub use metered_queue::{MeteredQueue, QueueSpent};
pub use query::{Consistency, Cursor, Direction, Index, Page, Query, SortKey};
pub use queue::{Queue, QueueError, QueueName};
pub use write::{BatchWrite, TransactWrite, Transaction};

/// An answer together with what it cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Metered<T> {
    /// The answer.
    pub value: T,
    /// Read and write units, as DynamoDB bills them.
    pub capacity: Capacity,
}

/// One table with generic keys and two overloaded indexes.
///
/// Every implementation passes the contract suite of the test kit. An acknowledged write is durable; a
/// transaction is whole or absent. A strong read sees every write acknowledged before it began. One item
/// is always seen as it was before or after a transaction; a query or a batch that meets a transaction
/// on its way may see some of its items before and others after it, as on DynamoDB.
///
/// Requests are checked by [`validate`] before anything happens. A call that is dropped before it
/// answered may have written or not, like one whose answer was lost.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Reads one item. An item whose `expires_at` has passed may still be given back, as on DynamoDB:
    /// the reader compares the time.
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError>;

    /// Reads up to [`limits::BATCH_GET_MAX`] items; missing ones are left out, the order is not kept.
    /// Each key is billed as a read of its own. No keys: no items, for nothing.
    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError>;

    /// Reads one partition of the table or of an index in sort-key order (bytes of UTF-8), at most one
    /// page. The weights of the page's items are billed as one read. An index holds whole items.
    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError>;

    /// Writes up to [`limits::TRANSACT_MAX`] items, all or none, each under its condition, which is asked
    /// of the item as it is before the transaction. The same token again within
    /// [`limits::TOKEN_KEPT_SECONDS`] of the first success does nothing and succeeds, whatever became
    /// of the items since, and is billed as reads; with other writes it is refused. A transaction that
    /// failed, or without writes, leaves its token unused. No writes: nothing, for nothing.
    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError>;

    /// Writes up to [`limits::BATCH_WRITE_MAX`] items without conditions and not as one: after an
    /// error some may be written, and writing all of them again is right. No writes: nothing, for
    /// nothing.
    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError>;

    /// Up to `limit` changes (at most [`limits::CHANGES_MAX`]) after a position: every write that changed
    /// an item which was marked `streamed` before or after it, removal by expiry included; a write that
    /// left the item as it was is no change. Changes of one item are in the order of its writes. At least
    /// once: a reader that stores its position late reads some again. Changes are kept for at least
    /// [`limits::CHANGES_KEPT_SECONDS`]; a position older than what is kept goes on with the oldest.
    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError>;
}
