//! A store that writes down what is asked of it.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Index, Item, Metered, Page,
    PrimaryKey, Query, SortKey, Store, StoreError, TransactError, Transaction,
};

/// One call.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// `query`, `get`, `transact`, …
    pub(crate) operation: &'static str,
    /// The keys, as they are stored.
    pub(crate) keys: String,
    /// `table`, `1` or `2`.
    pub(crate) index: &'static str,
    /// What it cost.
    pub(crate) capacity: Capacity,
}

/// Passes calls on and writes them down.
pub(crate) struct Observed {
    inner: Arc<dyn Store>,
    calls: Mutex<Vec<Call>>,
}

impl Observed {
    pub(crate) fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            calls: Mutex::default(),
        }
    }

    /// The calls since the last time.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, operation: &'static str, keys: String, index: &'static str, capacity: Capacity) {
        let call = Call {
            operation,
            keys,
            index,
            capacity,
        };
        self.calls
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(call);
    }
}

fn shown(key: &PrimaryKey) -> String {
    format!("`{}` / `{}`", key.pk, key.sk)
}

#[async_trait]
impl Store for Observed {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let found = self.inner.get(key, consistency).await?;
        self.note("get", shown(key), "table", found.capacity);
        Ok(found)
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        let found = self.inner.batch_get(keys, consistency).await?;
        self.note(
            "batch get",
            format!("{} keys", keys.len()),
            "table",
            found.capacity,
        );
        Ok(found)
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        let found = self.inner.query(query).await?;
        let index = match query.index {
            Index::Table => "table",
            Index::One => "1",
            Index::Two => "2",
        };
        let sort = match &query.sk {
            SortKey::Any => "all".to_owned(),
            SortKey::Equals(sk) => format!("`{sk}`"),
            SortKey::Prefix(prefix) => format!("begins with `{prefix}`"),
            SortKey::Between(from, to) => {
                format!("`{from}` to `{}`", to.replace(char::MAX, "…"))
            }
        }
        .replace(char::MAX, "…");
        self.note(
            "query",
            format!("`{}` / {sort}", query.pk),
            index,
            found.capacity,
        );
        Ok(found)
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        let keys: Vec<String> = transaction
            .writes
            .iter()
            .map(|write| shown(write.key()))
            .collect();
        let capacity = self.inner.transact(transaction).await?;
        self.note("transaction", keys.join(", "), "table", capacity);
        Ok(capacity)
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        let keys: Vec<String> = writes.iter().map(|write| shown(write.key())).collect();
        let capacity = self.inner.batch_write(writes).await?;
        self.note("batch write", keys.join(", "), "table", capacity);
        Ok(capacity)
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.inner.changes(after, limit).await
    }
}
