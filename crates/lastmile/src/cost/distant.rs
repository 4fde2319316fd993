//! A store that is as far away as one on a network, so that what is asked one after another can be told from
//! what is asked together.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction,
};

/// Another store, and the time that each call of it takes more.
pub(crate) struct Distant {
    pub(crate) inner: Arc<dyn Store>,
    pub(crate) round_trip: Duration,
}

impl Distant {
    async fn travel(&self) {
        if !self.round_trip.is_zero() {
            tokio::time::sleep(self.round_trip).await;
        }
    }
}

#[async_trait]
impl Store for Distant {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        self.travel().await;
        self.inner.get(key, consistency).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.travel().await;
        self.inner.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.travel().await;
        self.inner.query(query).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.travel().await;
        self.inner.transact(transaction).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.travel().await;
        self.inner.batch_write(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.travel().await;
        self.inner.changes(after, limit).await
    }
}
