//! What the writer removes by itself, and what it leaves.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_store::queue::{MESSAGE_KEPT, NewMessage, QueueDepth};
use lastmile_store::{
    BatchWrite, Change, ChangePosition, Clock, Condition, Consistency, Index, IndexKey, Item,
    PrimaryKey, Query, Queue, QueueName, SortKey, Store, TransactError, TransactWrite, Transaction,
    Value, limits,
};
use lastmile_testkit::store::ManualClock;

/// Looks at a condition so often before it gives up, a millisecond apart.
const LOOKS_MAX: usize = 10_000;

struct Tidy {
    store: Arc<EmbeddedStore>,
    clock: Arc<ManualClock>,
}

fn open(directory: &Path) -> Tidy {
    let clock = Arc::new(ManualClock::new());
    let mut options = EmbeddedOptions::new(clock.clone());
    options.housekeeping_interval = Duration::from_millis(1);
    let store = Arc::new(EmbeddedStore::open(directory, options).unwrap());
    Tidy { store, clock }
}

impl Tidy {
    fn item(&self, sk: &str, lives_seconds: i64) -> Item {
        let mut item = Item::new(PrimaryKey {
            pk: "p".into(),
            sk: sk.to_owned(),
        });
        item.index1 = Some(IndexKey {
            pk: "i".to_owned(),
            sk: sk.to_owned(),
        });
        item.expires_at = Some(self.clock.now().as_second() + lives_seconds);
        item.streamed = true;
        item
    }

    async fn put(&self, item: Item) {
        self.store
            .batch_write(vec![BatchWrite::Put(item)])
            .await
            .unwrap();
    }

    async fn sort_keys(&self, index: Index) -> Vec<String> {
        let pk = if index == Index::Table { "p" } else { "i" };
        let query = Query {
            index,
            sk: SortKey::Any,
            ..Query::partition(pk.to_owned())
        };
        let page = self.store.query(&query).await.unwrap().value;
        page.items.into_iter().map(|item| item.key.sk).collect()
    }

    async fn changes(&self) -> Vec<Change> {
        let position = ChangePosition::default();
        self.store
            .changes(position, limits::CHANGES_MAX)
            .await
            .unwrap()
            .changes
    }
}

async fn eventually(mut looks: impl AsyncFnMut() -> bool) {
    for _ in 0..LOOKS_MAX {
        if looks().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    unreachable!("it did not happen in time");
}

#[tokio::test]
async fn expired_items_are_removed_with_their_entries() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    tidy.put(tidy.item("short", 10)).await;
    tidy.put(tidy.item("long", 1000)).await;
    tidy.put(tidy.item("longer now", 10)).await;
    tidy.put(tidy.item("longer now", 1000)).await;
    tidy.put(tidy.item("for ever now", 10)).await;
    let mut kept = tidy.item("for ever now", 10);
    kept.expires_at = None;
    tidy.put(kept).await;
    tidy.clock.advance_seconds(9);
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(
        tidy.sort_keys(Index::Table).await.len(),
        4,
        "nothing before its time"
    );

    tidy.clock.advance_seconds(1);
    eventually(async || tidy.sort_keys(Index::Table).await.len() == 3).await;
    let left = ["for ever now", "long", "longer now"];
    assert_eq!(tidy.sort_keys(Index::Table).await, left);
    assert_eq!(tidy.sort_keys(Index::One).await, left);
    let last = tidy.changes().await.pop().unwrap();
    assert_eq!(
        (last.key.sk.as_str(), last.new_image),
        ("short", None),
        "the feed tells of it"
    );

    tidy.clock.advance_seconds(1000);
    eventually(async || tidy.sort_keys(Index::Table).await == ["for ever now"]).await;
}

#[tokio::test]
async fn messages_that_nobody_receives_are_removed_when_they_are_old() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    let kept_seconds = i64::try_from(MESSAGE_KEPT.as_secs()).unwrap();
    let queues = QueueName::ALL.map(|name| tidy.store.queue(name));
    for age in ["old", "young"] {
        for queue in &queues {
            let message = NewMessage::new(age.to_owned());
            queue.send(vec![message.clone(), message]).await.unwrap();
        }
        tidy.clock.advance_seconds(kept_seconds / 2);
    }
    for queue in &queues {
        let the_old_are_gone = async || queue.depth().await.unwrap().waiting == 2;
        eventually(the_old_are_gone).await;
        let left = queue.receive(1, Duration::ZERO).await.unwrap();
        assert_eq!(left[0].body, "young");
    }
    // One waits and one is in work: both are gone, and so is what counted them.
    tidy.clock.advance_seconds(kept_seconds / 2);
    for queue in &queues {
        eventually(async || queue.depth().await.unwrap() == QueueDepth::default()).await;
    }
}

#[tokio::test]
async fn more_than_one_step_of_items_expires() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    for batch in 0..100 {
        let items = (0..25).map(|n| tidy.item(&format!("{batch} {n}"), 1));
        tidy.store
            .batch_write(items.map(BatchWrite::Put).collect())
            .await
            .unwrap();
    }
    tidy.clock.advance_seconds(2);
    eventually(async || tidy.sort_keys(Index::Table).await.is_empty()).await;
    assert_eq!(tidy.sort_keys(Index::One).await, [""; 0]);
}

#[tokio::test]
async fn tokens_are_forgotten_after_ten_minutes() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    let set = |number| Transaction {
        writes: vec![TransactWrite::Update {
            key: tidy.item("a", 0).key,
            set: vec![("n", Value::N(number))],
            add: vec![],
            remove: vec![],
            condition: Condition::Always,
        }],
        token: Some("token".to_owned()),
    };
    tidy.store.transact(set(1)).await.unwrap();
    tidy.clock.advance_seconds(limits::TOKEN_KEPT_SECONDS - 1);
    tokio::time::sleep(Duration::from_millis(20)).await;
    let other = tidy.store.transact(set(2)).await;
    assert!(
        matches!(other, Err(TransactError::TokenReused)),
        "{other:?}"
    );
    tidy.clock.advance_seconds(1);
    tidy.store.transact(set(3)).await.unwrap();
    // The record of its first use goes; its second use is remembered.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let other = tidy.store.transact(set(4)).await;
    assert!(
        matches!(other, Err(TransactError::TokenReused)),
        "{other:?}"
    );
    let found = tidy
        .store
        .get(&tidy.item("a", 0).key, Consistency::Strong)
        .await
        .unwrap();
    assert_eq!(found.value.unwrap().attributes.number("n"), Some(3));
}

#[tokio::test]
async fn changes_are_trimmed_after_a_day_and_positions_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    let forever = |sk: &str| {
        let mut item = tidy.item(sk, 0);
        item.expires_at = None;
        item
    };
    tidy.put(forever("a")).await;
    let first = tidy.changes().await.pop().unwrap().position;
    tidy.clock.advance_seconds(limits::CHANGES_KEPT_SECONDS - 1);
    tidy.put(forever("b")).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(tidy.changes().await.len(), 2, "kept for a day");
    tidy.clock.advance_seconds(1);
    eventually(async || tidy.changes().await.len() == 1).await;
    assert_eq!(tidy.changes().await[0].key.sk, "b");
    let rest = tidy
        .store
        .changes(first, limits::CHANGES_MAX)
        .await
        .unwrap();
    assert_eq!(
        rest.changes.len(),
        1,
        "an old position goes on with the oldest that is kept"
    );

    tidy.clock.advance_seconds(limits::CHANGES_KEPT_SECONDS);
    eventually(async || tidy.changes().await.is_empty()).await;
    let Tidy { store, clock: _ } = tidy;
    drop(store);
    let tidy = open(directory.path());
    tidy.put(tidy.item("c", 1000)).await;
    let news = tidy
        .store
        .changes(rest.next, limits::CHANGES_MAX)
        .await
        .unwrap();
    assert_eq!(
        news.changes.len(),
        1,
        "positions rise although all before were trimmed"
    );
}

#[tokio::test]
async fn a_store_killed_while_idle_needs_no_repair() {
    let directory = tempfile::tempdir().unwrap();
    let tidy = open(directory.path());
    tidy.put(tidy.item("a", 1000)).await;
    let copy = directory.path().join("copy");
    eventually(async || {
        std::fs::copy(directory.path().join("store.redb"), &copy).unwrap();
        let repaired = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&repaired);
        let opened = redb::Database::builder()
            .set_repair_callback(move |_| noted.store(true, Ordering::SeqCst))
            .open(&copy);
        opened.is_ok() && !repaired.load(Ordering::SeqCst)
    })
    .await;
}
