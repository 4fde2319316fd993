//! Where the emulator outside (ministack 1.5) is not DynamoDB, by the smallest detour around it.
//!
//! - It weighs the text of a request against the 4 MB of a transaction, in which bytes are a third longer
//!   and names and braces count. DynamoDB weighs the items. A transaction that only the emulator finds too
//!   heavy is written in two parts here, so its being whole is tested on `dynoxide` alone.
//! - It bills `GetItem` and `Query` a unit whatever they read, and `BatchGetItem` nothing. What reads cost
//!   is worked out from what came back here; that DynamoDB's own figure is read rightly is tested on `dynoxide` alone.

use std::iter;

use async_trait::async_trait;
use lastmile_backend_aws::DynamoStore;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, TransactWrite, Transaction, limits,
};

/// What the items of a transaction may weigh there, as far as the contract's checks go.
const TRANSACT_MAX_BYTES: usize = limits::TRANSACT_MAX_BYTES * 3 / 4 - 100 * 1024;

/// The store on the emulator outside.
pub(crate) struct Outside(pub(crate) DynamoStore);

fn weight(writes: &[TransactWrite]) -> usize {
    let weights = writes.iter().map(|write| match write {
        TransactWrite::Put { item, condition: _ } => item.weight(),
        TransactWrite::Update { .. }
        | TransactWrite::Delete { .. }
        | TransactWrite::Check { .. } => 0,
    });
    weights.sum()
}

#[async_trait]
impl Store for Outside {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let mut read = self.0.get(key, consistency).await?;
        let bytes = read.value.as_ref().map_or(0, Item::weight);
        read.capacity = Capacity::of_read(bytes, consistency);
        Ok(read)
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        let mut read = self.0.batch_get(keys, consistency).await?;
        let found = read.value.iter().map(Item::weight);
        let missing = iter::repeat_n(0, keys.len() - read.value.len());
        let bytes = found.chain(missing);
        read.capacity = bytes
            .map(|bytes| Capacity::of_read(bytes, consistency))
            .sum();
        Ok(read)
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        let mut read = self.0.query(query).await?;
        let bytes = read.value.items.iter().map(Item::weight).sum();
        read.capacity = Capacity::of_read(bytes, query.consistency);
        Ok(read)
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        let weight = weight(&transaction.writes);
        if weight <= TRANSACT_MAX_BYTES || weight > limits::TRANSACT_MAX_BYTES {
            return self.0.transact(transaction).await;
        }
        let Transaction { mut writes, token } = transaction;
        let rest = Transaction {
            writes: writes.split_off(writes.len() / 2),
            token: None,
        };
        let first = self.0.transact(Transaction { writes, token }).await?;
        Ok(first + self.0.transact(rest).await?)
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.0.batch_write(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.0.changes(after, limit).await
    }
}
