//! Everything durable, said once: keys, items, conditions, and the [`Store`] trait.
//!
//! The trait is a low seam with the limits and the prices of DynamoDB, so that what runs on one machine
//! runs unchanged there. Above it, [`key`] holds every stored key and [`record`] every stored item.

use async_trait::async_trait;

pub mod capacity;
pub mod change;
pub mod clock;
pub mod condition;
pub mod error;
pub mod item;
pub mod key;
pub mod limits;
pub mod query;
pub mod record;
pub mod write;

pub use capacity::Capacity;
pub use change::{Change, ChangePage, ChangePosition};
pub use clock::Clock;
pub use condition::Condition;
pub use error::{StoreError, TransactError};
pub use item::{AttributeName, Attributes, IndexKey, Item, PrimaryKey, Value};
pub use query::{Consistency, Cursor, Direction, Index, Page, Query, SortKey};
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
/// Every implementation passes the contract suite of the test kit. An acknowledged write is durable;
/// a transaction is whole or absent; reads see only whole transactions.
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
    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError>;

    /// Reads one partition of the table or of an index in sort-key order, at most one page.
    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError>;

    /// Writes up to [`limits::TRANSACT_MAX`] items, all or none, each under its condition. The same
    /// token again within ten minutes does nothing and succeeds.
    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError>;

    /// Writes up to [`limits::BATCH_WRITE_MAX`] items without conditions and not as one: after an
    /// error some may be written, and writing all of them again is right.
    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError>;

    /// The changes of items marked `streamed`, in order, after a position. At least once: a reader that
    /// stores its position late reads some again. Changes are kept for at least 24 hours.
    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError>;
}
