//! Random operations, asked of stores that must answer alike.

use std::fmt::{self, Debug};

use lastmile_store::{
    BatchWrite, Capacity, ChangePosition, Condition, Consistency, Direction, Index, IndexKey, Item,
    Metered, Page, PrimaryKey, Query, SortKey, Store, TransactWrite, Transaction, Value, limits,
};
use proptest::prelude::*;
use proptest::{collection, option, sample};
use thiserror::Error;

use super::clock::ManualClock;

/// One thing to ask.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Reads an item.
    Get(PrimaryKey),
    /// Reads items.
    BatchGet(Vec<PrimaryKey>),
    /// Reads a query, page by page to its end.
    Query(Query),
    /// Writes a transaction.
    Transact(Transaction),
    /// Writes the transaction before this one again, if there was one.
    TransactAgain,
    /// Writes a batch.
    BatchWrite(Vec<BatchWrite>),
    /// Reads the change feed, so many changes at once.
    Changes(usize),
    /// Lets time pass.
    Advance {
        /// How much.
        seconds: i64,
    },
}

/// Operations, one after the other. One that made a difference is shown with all that came before it, one a line.
#[derive(Clone)]
pub struct Script(pub Vec<Operation>);

impl Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, operation) in self.0.iter().enumerate() {
            write!(f, "\n{position}: {operation:?}")?;
        }
        Ok(())
    }
}

/// A store to compare, and what it is called.
pub type Named<'s> = (&'static str, &'s dyn Store);

/// A store answered differently.
#[derive(Debug, Error)]
#[error(
    "operation {position} {operation} should have been answered\n{expected}\nand was by {store}\n{actual}"
)]
pub struct Difference {
    /// Which store.
    pub store: &'static str,
    /// Which of the operations.
    pub position: usize,
    /// What was asked.
    pub operation: String,
    /// What the expected store answered.
    pub expected: String,
    /// What this store answered.
    pub actual: String,
}

/// Asks all stores the same, one operation after the other. All look at this clock.
///
/// # Errors
/// The first operation that one of them answered differently.
pub async fn compare(
    expected: &dyn Store,
    tested: &[Named<'_>],
    clock: &ManualClock,
    operations: &[Operation],
) -> Result<(), Difference> {
    let mut last_transaction = None;
    for (position, operation) in operations.iter().enumerate() {
        match operation {
            Operation::Transact(transaction) => last_transaction = Some(transaction),
            Operation::Advance { seconds } => clock.advance_seconds(*seconds),
            _ => {}
        }
        let right = answer(expected, operation, last_transaction).await;
        for (name, store) in tested {
            let actual = answer(*store, operation, last_transaction).await;
            if right != actual {
                return Err(Difference {
                    store: name,
                    position,
                    operation: format!("{operation:?}"),
                    expected: format!("{right:?}"),
                    actual: format!("{actual:?}"),
                });
            }
        }
    }
    Ok(())
}

/// All that the stores of [`scripts`] can hold: its partitions and index partitions, and the feed.
#[must_use]
pub fn everything() -> Vec<Operation> {
    let indexes = [Index::Table, Index::One, Index::Two];
    let whole = |index| {
        PARTITIONS.map(|pk| {
            Operation::Query(Query {
                index,
                ..Query::partition(pk.to_owned())
            })
        })
    };
    let mut all: Vec<Operation> = indexes.into_iter().flat_map(whole).collect();
    all.push(Operation::Changes(limits::CHANGES_MAX));
    all
}

/// An answer, errors as text; what the contract leaves open is left out.
#[derive(Debug, PartialEq)]
enum Answer {
    Item(Result<Metered<Option<Item>>, String>),
    Items(Result<Metered<Vec<Item>>, String>),
    Pages(Vec<Result<Metered<Page>, String>>),
    Written(Result<Capacity, String>),
    /// Nothing was written, because the token came before. What the reads cost is open: the items as
    /// they were written may be billed, or as they are.
    WrittenBefore,
    Changes(Vec<(PrimaryKey, Option<Item>)>),
    Refused(String),
    Nothing,
}

async fn answer(
    store: &dyn Store,
    operation: &Operation,
    last_transaction: Option<&Transaction>,
) -> Answer {
    match operation {
        Operation::Get(key) => Answer::Item(told(store.get(key, Consistency::Strong).await)),
        Operation::BatchGet(keys) => {
            let mut read = store.batch_get(keys, Consistency::Eventual).await;
            if let Ok(found) = &mut read {
                found.value.sort_by(|a, b| a.key.cmp(&b.key));
            }
            Answer::Items(told(read))
        }
        Operation::Query(query) => Answer::Pages(pages(store, query.clone()).await),
        Operation::Transact(transaction) => transact(store, transaction).await,
        Operation::TransactAgain => match last_transaction {
            Some(transaction) => transact(store, transaction).await,
            None => Answer::Nothing,
        },
        Operation::BatchWrite(writes) => {
            Answer::Written(told(store.batch_write(writes.clone()).await))
        }
        Operation::Changes(limit) => changes(store, *limit).await,
        Operation::Advance { seconds: _ } => Answer::Nothing,
    }
}

fn told<T, E: Debug>(outcome: Result<T, E>) -> Result<T, String> {
    outcome.map_err(|error| format!("{error:?}"))
}

async fn transact(store: &dyn Store, transaction: &Transaction) -> Answer {
    match store.transact(transaction.clone()).await {
        Ok(capacity) if capacity.read_halves > 0 && capacity.writes == 0 => Answer::WrittenBefore,
        outcome => Answer::Written(told(outcome)),
    }
}

async fn pages(store: &dyn Store, mut query: Query) -> Vec<Result<Metered<Page>, String>> {
    let mut seen = Vec::new();
    loop {
        let page = told(store.query(&query).await);
        query.after = page.as_ref().ok().and_then(|page| page.value.next.clone());
        seen.push(page);
        if query.after.is_none() {
            return seen;
        }
    }
}

/// Positions are a store's own.
async fn changes(store: &dyn Store, limit: usize) -> Answer {
    let mut seen = Vec::new();
    let mut position = ChangePosition::default();
    loop {
        let page = match store.changes(position, limit).await {
            Ok(page) if page.changes.is_empty() => return Answer::Changes(seen),
            Ok(page) => page,
            Err(error) => return Answer::Refused(format!("{error:?}")),
        };
        let read = page.changes.into_iter();
        seen.extend(read.map(|change| (change.key, change.new_image)));
        position = page.next;
    }
}

/// Equally long, so that entries with equal index keys sort alike everywhere.
const PARTITIONS: [&str; 2] = ["p", "q"];
const SORT_KEYS: [&str; 7] = ["a", "a\0", "a\0b", "ab", "b", "ba", "é"];
const NAMES: [&str; 3] = ["n", "s", "x"];

/// Operations on few keys, so that they meet.
pub fn scripts(count: usize) -> impl Strategy<Value = Script> {
    collection::vec(operation(), count).prop_map(Script)
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        2 => key().prop_map(Operation::Get),
        1 => collection::vec(key(), 0..5).prop_map(Operation::BatchGet),
        4 => query().prop_map(Operation::Query),
        6 => transaction().prop_map(Operation::Transact),
        1 => Just(Operation::TransactAgain),
        6 => collection::vec(batch_write(), 0..6).prop_map(Operation::BatchWrite),
        1 => (0_usize..5).prop_map(Operation::Changes),
        1 => (0_i64..400).prop_map(|seconds| Operation::Advance { seconds }),
    ]
}

fn pk() -> impl Strategy<Value = String> {
    sample::select(PARTITIONS.as_slice()).prop_map(str::to_owned)
}

/// Now and then empty, which is refused.
fn sk() -> impl Strategy<Value = String> {
    prop_oneof![
        60 => sample::select(SORT_KEYS.as_slice()).prop_map(str::to_owned),
        1 => Just(String::new()),
    ]
}

fn key() -> impl Strategy<Value = PrimaryKey> {
    (pk(), sk()).prop_map(|(pk, sk)| PrimaryKey { pk: pk.into(), sk })
}

fn index_key() -> impl Strategy<Value = Option<IndexKey>> {
    option::of((pk(), sk()).prop_map(|(pk, sk)| IndexKey { pk, sk }))
}

fn name() -> impl Strategy<Value = &'static str> {
    sample::select(NAMES.as_slice())
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => (-2_i64..3).prop_map(Value::N),
        1 => Just(Value::N(i64::MAX)),
        4 => "[ab]{0,2}".prop_map(Value::S),
        2 => any::<bool>().prop_map(Value::Bool),
        4 => (0_usize..5000).prop_map(|length| Value::B(vec![1; length])),
        1 => (300_000_usize..420_000).prop_map(|length| Value::B(vec![2; length])),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    let attributes = collection::vec((name(), value()), 0..3);
    (
        key(),
        index_key(),
        index_key(),
        option::of(0_i64..10),
        any::<bool>(),
        attributes,
    )
        .prop_map(
            |(key, index1, index2, expires_at, streamed, attributes)| Item {
                key,
                index1,
                index2,
                expires_at,
                streamed,
                attributes: attributes.into_iter().collect(),
            },
        )
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = prop_oneof![
        6 => Just(Condition::Always),
        2 => Just(Condition::Exists),
        2 => Just(Condition::NotExists),
        2 => (name(), value()).prop_map(|(attribute, value)| Condition::Equals { attribute, value }),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let several = collection::vec(inner, 0..3);
        prop_oneof![
            several.clone().prop_map(Condition::All),
            several.prop_map(Condition::Any),
        ]
    })
}

fn transact_write() -> impl Strategy<Value = TransactWrite> {
    let set = collection::vec((name(), value()), 0..2);
    let add = collection::vec((name(), -2_i64..3), 0..2);
    let remove = collection::vec(name(), 0..2);
    let update = (key(), set, add, remove, condition());
    prop_oneof![
        (item(), condition()).prop_map(|(item, condition)| TransactWrite::Put { item, condition }),
        update.prop_map(|(key, set, add, remove, condition)| TransactWrite::Update {
            key,
            set,
            add,
            remove,
            condition
        }),
        (key(), condition()).prop_map(|(key, condition)| TransactWrite::Delete { key, condition }),
        (key(), condition()).prop_map(|(key, condition)| TransactWrite::Check { key, condition }),
    ]
}

fn transaction() -> impl Strategy<Value = Transaction> {
    let token = option::of(sample::select(["t1", "t2"].as_slice()).prop_map(str::to_owned));
    (collection::vec(transact_write(), 0..5), token)
        .prop_map(|(writes, token)| Transaction { writes, token })
}

fn batch_write() -> impl Strategy<Value = BatchWrite> {
    prop_oneof![
        3 => item().prop_map(BatchWrite::Put),
        1 => key().prop_map(BatchWrite::Delete),
    ]
}

fn query() -> impl Strategy<Value = Query> {
    let index = sample::select([Index::Table, Index::One, Index::Two].as_slice());
    let direction = sample::select([Direction::Forward, Direction::Backward].as_slice());
    let sort_key = prop_oneof![
        Just(SortKey::Any),
        sk().prop_map(SortKey::Equals),
        sk().prop_map(SortKey::Prefix),
        (sk(), sk()).prop_map(|(from, to)| SortKey::Between(from, to)),
    ];
    (index, pk(), sort_key, direction, option::of(0_usize..4)).prop_map(
        |(index, pk, sk, direction, limit)| Query {
            index,
            sk,
            direction,
            limit,
            ..Query::partition(pk)
        },
    )
}
