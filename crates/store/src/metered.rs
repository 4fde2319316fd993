//! A store that adds up what is asked of it and what that costs.

use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction,
};

/// What was spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Units of the calls that succeeded.
    pub capacity: Capacity,
    /// How often the store was called, failures included.
    pub calls: Calls,
    /// How many of the calls waited for one another: calls that are under way together count as one. So
    /// many times the distance to the store is waited for.
    pub round_trips: u64,
}

/// Calls by their kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Calls {
    /// [`Store::get`].
    pub get: u64,
    /// [`Store::batch_get`].
    pub batch_get: u64,
    /// [`Store::query`].
    pub query: u64,
    /// [`Store::transact`].
    pub transact: u64,
    /// [`Store::batch_write`].
    pub batch_write: u64,
    /// [`Store::changes`].
    pub changes: u64,
}

impl Calls {
    /// All of them.
    #[must_use]
    pub const fn total(self) -> u64 {
        let Self {
            get,
            batch_get,
            query,
            transact,
            batch_write,
            changes,
        } = self;
        get + batch_get + query + transact + batch_write + changes
    }
}

impl AddAssign for Spent {
    fn add_assign(&mut self, other: Self) {
        let Self {
            capacity,
            calls,
            round_trips,
        } = other;
        self.capacity += capacity;
        self.calls += calls;
        self.round_trips += round_trips;
    }
}

impl AddAssign for Calls {
    fn add_assign(&mut self, other: Self) {
        let Self {
            get,
            batch_get,
            query,
            transact,
            batch_write,
            changes,
        } = other;
        self.get += get;
        self.batch_get += batch_get;
        self.query += query;
        self.transact += transact;
        self.batch_write += batch_write;
        self.changes += changes;
    }
}

/// Another store, metered.
pub struct MeteredStore {
    inner: Arc<dyn Store>,
    read_halves: AtomicU64,
    writes: AtomicU64,
    calls: CallCounters,
    /// The longest chain of calls, each begun after the one before it ended.
    round_trips: AtomicU64,
}

#[derive(Default)]
struct CallCounters {
    get: AtomicU64,
    batch_get: AtomicU64,
    query: AtomicU64,
    transact: AtomicU64,
    batch_write: AtomicU64,
    changes: AtomicU64,
}

impl MeteredStore {
    /// Nothing is spent yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Store>) -> Self {
        Self {
            inner,
            read_halves: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            calls: CallCounters::default(),
            round_trips: AtomicU64::new(0),
        }
    }

    /// What was spent since this was last asked. Where a process serves several requests at once, each is
    /// told what all of them spent since the one before.
    pub fn take(&self) -> Spent {
        let taken = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        let CallCounters {
            get,
            batch_get,
            query,
            transact,
            batch_write,
            changes,
        } = &self.calls;
        Spent {
            capacity: Capacity {
                read_halves: taken(&self.read_halves),
                writes: taken(&self.writes),
            },
            calls: Calls {
                get: taken(get),
                batch_get: taken(batch_get),
                query: taken(query),
                transact: taken(transact),
                batch_write: taken(batch_write),
                changes: taken(changes),
            },
            round_trips: taken(&self.round_trips),
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

    /// Counts a call, and how many went before it.
    async fn called<T>(&self, counter: &AtomicU64, call: impl Future<Output = T> + Send) -> T {
        counter.fetch_add(1, Ordering::Relaxed);
        let place_in_chain = self.round_trips.load(Ordering::Relaxed) + 1;
        let answer = call.await;
        self.round_trips
            .fetch_max(place_in_chain, Ordering::Relaxed);
        answer
    }
}

#[async_trait]
impl Store for MeteredStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        let read = self.inner.get(key, consistency);
        let read = self.called(&self.calls.get, read).await?;
        Ok(self.metered(read))
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        let read = self.inner.batch_get(keys, consistency);
        let read = self.called(&self.calls.batch_get, read).await?;
        Ok(self.metered(read))
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        let read = self.inner.query(query);
        let read = self.called(&self.calls.query, read).await?;
        Ok(self.metered(read))
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        let write = self.inner.transact(transaction);
        let capacity = self.called(&self.calls.transact, write).await?;
        self.spend(capacity);
        Ok(capacity)
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        let write = self.inner.batch_write(writes);
        let capacity = self.called(&self.calls.batch_write, write).await?;
        self.spend(capacity);
        Ok(capacity)
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        let read = self.inner.changes(after, limit);
        self.called(&self.calls.changes, read).await
    }
}
