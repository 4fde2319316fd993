//! What is in the file after it was closed and opened again.

use std::sync::Arc;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore, OpenError};
use lastmile_store::{
    BatchWrite, Condition, Consistency, Item, PrimaryKey, Query, Store, TransactWrite, Transaction,
    Value,
};
use lastmile_testkit::store::ManualClock;

fn options() -> EmbeddedOptions {
    EmbeddedOptions::new(Arc::new(ManualClock::new()))
}

fn key(sk: &str) -> PrimaryKey {
    PrimaryKey {
        pk: "p".to_owned(),
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
