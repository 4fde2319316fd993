//! What the meter says of the calls that pass through it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use lastmile_store::metered::Calls;
use lastmile_store::queue::NewMessage;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Condition, Consistency, Item, Metered,
    MeteredQueue, MeteredStore, Page, PrimaryKey, Query, Queue as _, QueueName, QueueSpent, Spent,
    Store, StoreError, TransactError, TransactWrite, Transaction,
};
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::store::{ManualClock, MemoryStore, contract};

fn key(sk: &str) -> PrimaryKey {
    PrimaryKey {
        pk: "p".into(),
        sk: sk.to_owned(),
    }
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::default())
}

#[tokio::test]
async fn the_metered_store_keeps_the_contract() {
    contract::run(&MeteredStore::new(memory())).await;
}

#[tokio::test]
async fn it_tells_what_was_spent_once() {
    let store = MeteredStore::new(memory());
    let put = BatchWrite::Put(Item::new(key("s")));
    store.batch_write(vec![put]).await.expect("written");
    store
        .get(&key("s"), Consistency::Strong)
        .await
        .expect("read");
    let spent = Spent {
        capacity: Capacity {
            read_halves: 2,
            writes: 1,
        },
        calls: Calls {
            get: 1,
            batch_write: 1,
            ..Calls::default()
        },
        round_trips: 2,
    };
    assert_eq!(store.take(), spent);
    assert_eq!(store.take(), Spent::default());
}

#[tokio::test]
async fn a_refused_call_is_a_call_and_costs_no_units() {
    let store = MeteredStore::new(memory());
    let refused = Transaction {
        writes: vec![TransactWrite::Put {
            item: Item::new(key("s")),
            condition: Condition::Exists,
        }],
        token: None,
    };
    let refused = store.transact(refused).await;
    assert!(matches!(
        refused,
        Err(TransactError::ConditionFailed { .. })
    ));
    let Spent {
        capacity,
        calls,
        round_trips,
    } = store.take();
    assert_eq!(capacity, Capacity::default());
    assert_eq!((calls.transact, calls.total(), round_trips), (1, 1, 1));
}

#[tokio::test]
async fn calls_that_are_under_way_together_are_one_round_trip() {
    let store = MeteredStore::new(Arc::new(Slow(MemoryStore::default())));
    let (first, second) = (key("1"), key("2"));
    let together = [&first, &second].map(|key| store.get(key, Consistency::Eventual));
    join_all(together).await;
    store
        .get(&first, Consistency::Eventual)
        .await
        .expect("read");
    let Spent {
        calls, round_trips, ..
    } = store.take();
    assert_eq!((calls.get, round_trips), (3, 2));
}

#[tokio::test]
async fn a_request_to_a_queue_is_one_of_however_many_messages() {
    let settings = QueueName::Quotes.settings();
    let queue = MemoryQueue::new(settings, Arc::new(ManualClock::new()));
    let queue = MeteredQueue::new(Arc::new(queue));
    let message = NewMessage::new("x".to_owned());
    queue.send(vec![message; 3]).await.expect("sent");
    queue.send(Vec::new()).await.expect("nothing to send");
    let received = queue.receive(10, Duration::ZERO).await.expect("received");
    let nothing = queue.receive(10, Duration::ZERO).await.expect("received");
    assert_eq!((received.len(), nothing.len()), (3, 0));
    let receipts: Vec<_> = received.into_iter().map(|one| one.receipt).collect();
    let hidden = queue.change_visibility(&receipts[0], Duration::from_secs(60));
    hidden.await.expect("hidden");
    queue.delete(&receipts[1..]).await.expect("deleted");
    let spent = queue.take();
    let expected = QueueSpent {
        sends: 1,
        messages: 3,
        receives: 1,
        deletes: 1,
        hidings: 1,
    };
    assert_eq!((spent, spent.requests()), (expected, 4));
    assert_eq!(queue.take(), QueueSpent::default());
}

/// Gives way once before a `get`, as a store that is a network away does.
struct Slow(MemoryStore);

#[async_trait]
impl Store for Slow {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        tokio::task::yield_now().await;
        self.0.get(key, consistency).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        self.0.batch_get(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        self.0.query(query).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        self.0.transact(transaction).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        self.0.batch_write(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        self.0.changes(after, limit).await
    }
}
