//! What every store must do: each sentence of the documentation of [`Store`], asked of a real one.
//!
//! The checks keep to partitions of their own that begin with `contract`, so that one store, and one
//! table, serves them all. They stop at the first difference with a message that says what was expected.

use lastmile_store::{
    BatchWrite, Capacity, Condition, Consistency, Cursor, Index, IndexKey, Item, Page, PrimaryKey,
    Query, SortKey, Store, StoreError, TransactError, TransactWrite, Transaction, Value,
};

mod batches;
mod capacities;
mod concurrent;
mod feed;
mod indexes;
mod items;
mod queries;
mod refusals;
mod transactions;

/// Most pages that a check reads of one query, so that a cursor that does not move is found.
const PAGES_MAX: usize = 1000;

/// Runs all checks on a store that holds nothing in the contract's partitions.
pub async fn run(store: &dyn Store) {
    items::run(store).await;
    batches::run(store).await;
    transactions::run(store).await;
    queries::run(store).await;
    indexes::run(store).await;
    capacities::run(store).await;
    refusals::run(store).await;
    feed::run(store).await;
    concurrent::run(store).await;
}

/// One check's own partition of a store.
struct Partition<'s> {
    store: &'s dyn Store,
    pk: String,
}

impl<'s> Partition<'s> {
    fn new(store: &'s dyn Store, name: &str) -> Self {
        Self {
            store,
            pk: format!("contract#{name}"),
        }
    }

    fn key(&self, sk: &str) -> PrimaryKey {
        PrimaryKey {
            pk: self.pk.clone().into(),
            sk: sk.to_owned(),
        }
    }

    /// An item with one number.
    fn item(&self, sk: &str, number: i64) -> Item {
        let mut item = Item::new(self.key(sk));
        item.attributes.insert("n", Value::N(number));
        item
    }

    /// An item with a blob that makes it weigh so many bytes.
    fn weighing(&self, sk: &str, bytes: usize) -> Item {
        let mut item = Item::new(self.key(sk));
        let blob = bytes - item.weight() - "b".len();
        item.attributes.insert("b", Value::B(vec![7; blob]));
        item
    }

    /// A place in an index partition of the check's own.
    fn place(&self, sk: &str) -> IndexKey {
        IndexKey {
            pk: format!("{}#index", self.pk),
            sk: sk.to_owned(),
        }
    }

    async fn get(&self, sk: &str) -> Option<Item> {
        let read = self.store.get(&self.key(sk), Consistency::Strong).await;
        read.expect("reading an item works").value
    }

    async fn put(&self, items: impl IntoIterator<Item = Item>) -> Capacity {
        let writes = items.into_iter().map(BatchWrite::Put).collect();
        self.store
            .batch_write(writes)
            .await
            .expect("writing items works")
    }

    async fn delete(&self, sk: &str) -> Capacity {
        let writes = vec![BatchWrite::Delete(self.key(sk))];
        self.store
            .batch_write(writes)
            .await
            .expect("removing an item works")
    }

    async fn transact(&self, writes: Vec<TransactWrite>) -> Result<Capacity, TransactError> {
        let token = None;
        self.store.transact(Transaction { writes, token }).await
    }

    async fn update(
        &self,
        sk: &str,
        set: Vec<(&'static str, Value)>,
        add: Vec<(&'static str, i64)>,
        remove: Vec<&'static str>,
    ) -> Result<Capacity, TransactError> {
        let update = TransactWrite::Update {
            key: self.key(sk),
            set,
            add,
            remove,
            condition: Condition::Always,
        };
        self.transact(vec![update]).await
    }

    /// A strong query of the partition.
    fn query(&self, sk: SortKey) -> Query {
        Query {
            sk,
            consistency: Consistency::Strong,
            ..Query::partition(self.pk.clone())
        }
    }

    /// A query of the check's index partition.
    fn index_query(&self, index: Index, sk: SortKey) -> Query {
        Query {
            index,
            sk,
            ..Query::partition(self.place("").pk)
        }
    }

    async fn page(&self, query: &Query) -> Page {
        self.store.query(query).await.expect("a query works").value
    }

    /// The pages of a query, read to the end.
    async fn pages(&self, query: &Query) -> Vec<Vec<Item>> {
        let mut query = query.clone();
        let mut pages = Vec::new();
        for _ in 0..PAGES_MAX {
            let Page { items, next } = self.page(&query).await;
            pages.push(items);
            match next {
                None => return pages,
                Some(cursor) => query.after = Some(cursor),
            }
        }
        unreachable!("a query of {PAGES_MAX} pages does not end: {query:?}");
    }

    /// The sort keys that a query gives, over all its pages.
    async fn sort_keys(&self, query: &Query) -> Vec<String> {
        let pages = self.pages(query).await;
        pages
            .into_iter()
            .flatten()
            .map(|item| item.key.sk)
            .collect()
    }
}

fn put(item: Item, condition: Condition) -> TransactWrite {
    TransactWrite::Put { item, condition }
}

fn equals(attribute: &'static str, value: Value) -> Condition {
    Condition::Equals { attribute, value }
}

fn after(item: &Item, index_sk: Option<&str>) -> Option<Cursor> {
    Some(Cursor {
        key: item.key.clone(),
        index_sk: index_sk.map(str::to_owned),
    })
}

/// The positions of the writes whose conditions failed.
fn failed(outcome: Result<Capacity, TransactError>) -> Vec<usize> {
    match outcome {
        Err(TransactError::ConditionFailed { failed }) => failed,
        other => unreachable!("conditions should have failed, but the answer was {other:?}"),
    }
}

/// The store error of a transaction that was refused.
fn refused(outcome: Result<Capacity, TransactError>) -> StoreError {
    match outcome {
        Err(TransactError::Store(error)) => error,
        other => unreachable!("the transaction should be refused, but the answer was {other:?}"),
    }
}
