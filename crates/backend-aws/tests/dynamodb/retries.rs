//! What fails for now is tried again, within a budget and never twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lastmile_backend_aws::DynamoStore;
use lastmile_store::{
    BatchWrite, Condition, Consistency, Item, PrimaryKey, Store, StoreError, TransactError,
    TransactWrite, Transaction, Value,
};
use serde_json::json;

use super::connector::{Fate, counted};
use super::emulator;

/// A store on an emulator, one kind of whose calls the test decides.
async fn store(
    call: &'static str,
    decide: impl Fn(usize, &serde_json::Value) -> Fate + Send + Sync + 'static,
) -> (DynamoStore, Arc<AtomicUsize>) {
    let (client, count) = counted(call, decide);
    let endpoint = emulator::dynoxide().await;
    (emulator::store_by(&endpoint, client).await, count)
}

fn key() -> PrimaryKey {
    PrimaryKey {
        pk: "p".into(),
        sk: "s".to_owned(),
    }
}

fn addition() -> Transaction {
    let add = TransactWrite::Update {
        key: key(),
        set: vec![],
        add: vec![("n", 1)],
        remove: vec![],
        condition: Condition::Always,
    };
    Transaction {
        writes: vec![add],
        token: None,
    }
}

async fn sum(store: &DynamoStore) -> Option<i64> {
    let read = store.get(&key(), Consistency::Strong).await.unwrap().value;
    read.and_then(|item| item.attributes.number("n"))
}

fn conflict() -> Fate {
    let reasons = json!([{ "Code": "TransactionConflict" }]);
    let code = "TransactionCanceledException";
    Fate::Answered(
        400,
        json!({ "__type": code, "CancellationReasons": reasons }),
    )
}

#[tokio::test]
async fn an_addition_whose_answer_was_lost_is_done_once() {
    let lose_first = |before, _: &_| if before == 0 { Fate::Lost } else { Fate::Sent };
    let (store, calls) = store("TransactWriteItems", lose_first).await;
    let capacity = store.transact(addition()).await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    assert_eq!(sum(&store).await, Some(1));
    assert_eq!(capacity.writes, 0, "the second try found it written");
    store.transact(addition()).await.unwrap();
    assert_eq!(sum(&store).await, Some(2), "another call is another one");
}

#[tokio::test]
async fn a_busy_table_is_asked_again_within_the_budget() {
    for (code, busy_for, works) in [
        ("ThrottlingException", 3, true),
        ("ProvisionedThroughputExceededException", 7, true),
        ("ThrottlingException", 8, false),
    ] {
        let busy = move |before, _: &_| {
            if before < busy_for {
                Fate::refused(code)
            } else {
                Fate::Sent
            }
        };
        let (store, calls) = store("GetItem", busy).await;
        let read = store.get(&key(), Consistency::Strong).await;
        assert_eq!(read.is_ok(), works, "{read:?}");
        if let Err(error) = read {
            assert!(matches!(error, StoreError::Throttled), "{error:?}");
        }
        let expected = if works { busy_for + 1 } else { busy_for };
        assert_eq!(calls.load(Ordering::SeqCst), expected);
    }
}

#[tokio::test]
async fn transactions_that_meet_try_again() {
    let twice = |before, _: &_| if before < 2 { conflict() } else { Fate::Sent };
    let (meeting, calls) = store("TransactWriteItems", twice).await;
    meeting.transact(addition()).await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    assert_eq!(sum(&meeting).await, Some(1));

    let (blocked, calls) = store("TransactWriteItems", |_, _| conflict()).await;
    let outcome = blocked.transact(addition()).await;
    assert!(
        matches!(outcome, Err(TransactError::Store(StoreError::Throttled))),
        "{outcome:?}"
    );
    assert_eq!(calls.load(Ordering::SeqCst), 16);
}

#[tokio::test]
async fn what_will_not_pass_is_not_tried_again() {
    let denied = |_, _: &_| Fate::refused("AccessDeniedException");
    let (store, calls) = store("Query", denied).await;
    let query = lastmile_store::Query::partition("p".to_owned());
    let outcome = store.query(&query).await;
    assert!(
        matches!(outcome, Err(StoreError::Backend(_))),
        "{outcome:?}"
    );
    assert_eq!(calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_a_batch_left_undone_is_asked_again() {
    let mut item = Item::new(key());
    item.attributes.insert("n", Value::N(7));
    let leave = |left: &'static str| {
        move |before, request: &serde_json::Value| {
            if before < 2 {
                Fate::Answered(200, json!({ left: request["RequestItems"] }))
            } else {
                Fate::Sent
            }
        }
    };
    let (writing, calls) = store("BatchWriteItem", leave("UnprocessedItems")).await;
    let put = vec![BatchWrite::Put(item.clone())];
    let capacity = writing.batch_write(put).await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    assert_eq!((sum(&writing).await, capacity.writes), (Some(7), 1));

    let (reading, calls) = store("BatchGetItem", leave("UnprocessedKeys")).await;
    let put = vec![BatchWrite::Put(item.clone())];
    reading.batch_write(put).await.unwrap();
    let read = reading.batch_get(&[key()], Consistency::Strong).await;
    assert_eq!(read.unwrap().value, [item]);
    assert_eq!(calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_batch_that_stays_undone_is_given_up() {
    let undone = |_, request: &serde_json::Value| {
        Fate::Answered(200, json!({ "UnprocessedItems": request["RequestItems"] }))
    };
    let (store, calls) = store("BatchWriteItem", undone).await;
    let outcome = store.batch_write(vec![BatchWrite::Delete(key())]).await;
    assert!(matches!(outcome, Err(StoreError::Throttled)), "{outcome:?}");
    assert_eq!(calls.load(Ordering::SeqCst), 8);
}
