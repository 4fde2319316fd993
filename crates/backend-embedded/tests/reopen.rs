//! What is in the file after it was closed and opened again.

use std::sync::Arc;
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore, OpenError};
use lastmile_store::queue::{NewMessage, QueueDepth};
use lastmile_store::{
    BatchWrite, Condition, Consistency, Item, PrimaryKey, Query, Queue, QueueName, Store,
    TransactWrite, Transaction, Value,
};
use lastmile_testkit::store::ManualClock;

fn options() -> EmbeddedOptions {
    EmbeddedOptions::new(Arc::new(ManualClock::new()))
}

fn key(sk: &str) -> PrimaryKey {
    PrimaryKey {
        pk: "p".into(),
        sk: sk.to_owned(),
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let directory = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(directory.path(), options()).unwrap();
    let mut item = Item::new(key("b"));
    item.attributes.insert("n", Value::N(7));
    let put = TransactWrite::Put {
        item: item.clone(),
        condition: Condition::NotExists,
    };
    let transaction = Transaction {
        writes: vec![put],
        token: Some("once".to_owned()),
    };
    store.transact(transaction.clone()).await.unwrap();
    store
        .batch_write(vec![BatchWrite::Put(Item::new(key("a")))])
        .await
        .unwrap();
    store.close();

    let store = EmbeddedStore::open(directory.path(), options()).unwrap();
    let found = store.get(&item.key, Consistency::Strong).await.unwrap();
    assert_eq!(found.value.as_ref(), Some(&item));
    let page = store
        .query(&Query::partition("p".to_owned()))
        .await
        .unwrap();
    assert_eq!(page.value.items, [Item::new(key("a")), item]);
    // The token is remembered, or the condition would fail.
    store.transact(transaction).await.unwrap();
}

#[tokio::test]
async fn a_directory_in_use_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let _store = EmbeddedStore::open(directory.path(), options()).unwrap();
    let second = EmbeddedStore::open(directory.path(), options())
        .err()
        .unwrap();
    assert!(matches!(second, OpenError::InUse { .. }), "{second:?}");
}

/// The crash test found it: a process that was killed while it made the file left one that no later start
/// could open.
#[tokio::test]
async fn regression_a_file_that_was_not_finished_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("store.redb.new"), [0; 4096]).unwrap();
    let store = EmbeddedStore::open(directory.path(), options()).unwrap();
    store
        .batch_write(vec![BatchWrite::Put(Item::new(key("a")))])
        .await
        .unwrap();
    assert!(!directory.path().join("store.redb.new").exists());
}

/// As a file that was made before there were queues.
#[tokio::test]
async fn a_file_without_queues_gets_them() {
    let directory = tempfile::tempdir().unwrap();
    let store = EmbeddedStore::open(directory.path(), options()).unwrap();
    store
        .batch_write(vec![BatchWrite::Put(Item::new(key("a")))])
        .await
        .unwrap();
    store.close();

    let store = Arc::new(EmbeddedStore::open(directory.path(), options()).unwrap());
    let queue = store.queue(QueueName::Tasks);
    assert_eq!(queue.depth().await.unwrap(), QueueDepth::default());
    assert_eq!(queue.dead_letters(10).await.unwrap(), []);
    assert_eq!(queue.receive(10, Duration::ZERO).await.unwrap(), []);
    assert_eq!(queue.redrive(10).await.unwrap(), 0);
    let message = NewMessage::new("work".to_owned());
    queue.send(vec![message]).await.unwrap();
    let first = queue.receive(10, Duration::ZERO).await.unwrap();
    assert_eq!(first.len(), 1);
    drop((queue, store));

    let store = Arc::new(EmbeddedStore::open(directory.path(), options()).unwrap());
    let other = store.queue(QueueName::Imports);
    assert_eq!(other.depth().await.unwrap(), QueueDepth::default());
    // Whoever had it is gone: it need not wait, and the count of its tries outlives the process.
    let queue = store.queue(QueueName::Tasks);
    let again = queue.receive(10, Duration::ZERO).await.unwrap();
    assert_eq!((again[0].body.as_str(), again[0].tries), ("work", 2));
}
