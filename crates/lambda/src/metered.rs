//! A store that adds up what it costs, so that each invocation's price is in its metrics.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction,
};

/// Another store, metered.
pub struct MeteredStore {
    inner: Arc<dyn Store>,
    read_halves: AtomicU64,
    writes: AtomicU64,
}

impl MeteredStore {
    /// Nothing is spent yet.
    #[must_use]
    pub const fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            read_halves: AtomicU64::new(0),
            writes: AtomicU64::new(0),
        }
    }

    /// What was spent since this was last asked. Where an environment serves several invocations at once,
    /// each is told what all of them spent since the one before.
    pub fn take(&self) -> Capacity {
        Capacity {
            read_halves: self.read_halves.swap(0, Ordering::Relaxed),
            writes: self.writes.swap(0, Ordering::Relaxed),
        }
    }

    fn spend(&self, capacity: Capacity) {
        let Capacity {
            read_halves,
            writes,
        } = capacity;
        self.read_halves.fetch_add(read_halves, Ordering::Relaxed);
        self.writes.fetch_add(writes, Ordering::Relaxed);
    }

    fn metered<T>(&self, read: Metered<T>) -> Metered<T> {
        self.spend(read.capacity);
        read
    }
}

#[async_trait]
impl Store for MeteredStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let read = self.inner.get(key, consistency).await?;
        Ok(self.metered(read))
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        let read = self.inner.batch_get(keys, consistency).await?;
        Ok(self.metered(read))
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        let read = self.inner.query(query).await?;
        Ok(self.metered(read))
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        let capacity = self.inner.transact(transaction).await?;
        self.spend(capacity);
        Ok(capacity)
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        let capacity = self.inner.batch_write(writes).await?;
        self.spend(capacity);
        Ok(capacity)
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.inner.changes(after, limit).await
    }
}

#[cfg(test)]
mod tests {
    use lastmile_testkit::store::{MemoryStore, contract};

    use super::*;

    #[tokio::test]
    async fn it_is_a_store_like_the_one_within() {
        contract::run(&MeteredStore::new(Arc::new(MemoryStore::default()))).await;
    }

    #[tokio::test]
    async fn it_tells_what_was_spent_once() {
        let store = MeteredStore::new(Arc::new(MemoryStore::default()));
        let key = PrimaryKey {
            pk: "p".to_owned(),
            sk: "s".to_owned(),
        };
        let put = BatchWrite::Put(Item::new(key.clone()));
        store.batch_write(vec![put]).await.expect("written");
        store.get(&key, Consistency::Strong).await.expect("read");
        let spent = Capacity {
            read_halves: 2,
            writes: 1,
        };
        assert_eq!(store.take(), spent);
        assert_eq!(store.take(), Capacity::default());
    }
}
