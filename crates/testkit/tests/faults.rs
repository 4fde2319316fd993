//! What the fault wrapper does to calls.

use lastmile_store::{
    BatchWrite, Condition, Consistency, Item, PrimaryKey, Store, StoreError, TransactError,
    TransactWrite, Transaction,
};
use lastmile_testkit::store::{Fault, FaultStore, Faults, MemoryStore};

fn item(sk: &str) -> Item {
    Item::new(PrimaryKey {
        pk: "p".into(),
        sk: sk.to_owned(),
    })
}

fn put(sk: &str) -> Transaction {
    let condition = Condition::NotExists;
    Transaction {
        writes: vec![TransactWrite::Put {
            item: item(sk),
            condition,
        }],
        token: None,
    }
}

#[tokio::test]
async fn ordered_faults_come_in_their_order() {
    let store = FaultStore::new(MemoryStore::default(), Faults::OFF, 1);
    let after = Some(Fault::After);
    store.order([
        Some(Fault::Before),
        after,
        Some(Fault::Throttled),
        None,
        after,
    ]);
    let lost = store.transact(put("before")).await;
    assert!(
        matches!(lost, Err(TransactError::Store(StoreError::Backend(_)))),
        "{lost:?}"
    );
    let lost = store.transact(put("after")).await;
    assert!(
        matches!(lost, Err(TransactError::Store(StoreError::Backend(_)))),
        "{lost:?}"
    );
    let busy = store.transact(put("throttled")).await;
    assert!(
        matches!(busy, Err(TransactError::Store(StoreError::Throttled))),
        "{busy:?}"
    );
    store.transact(put("fine")).await.unwrap();
    // A refusal is not lost: the caller learns of it.
    let refused = store.transact(put("fine")).await;
    assert!(
        matches!(refused, Err(TransactError::ConditionFailed { .. })),
        "{refused:?}"
    );
    assert_eq!(store.inner().items(), [item("after"), item("fine")]);
    store
        .batch_write(vec![BatchWrite::Put(item("later"))])
        .await
        .unwrap();
    assert_eq!(store.inner().items().len(), 3);
}

#[tokio::test]
async fn a_seed_gives_the_same_faults_again_and_about_as_many_as_asked() {
    let faults = Faults {
        before_permille: 100,
        after_permille: 200,
        throttled_permille: 300,
    };
    let mut outcomes = Vec::new();
    for seed in [7, 7, 8] {
        let store = FaultStore::new(MemoryStore::default(), faults, seed);
        let mut seen = Vec::new();
        for _ in 0..2000 {
            let read = store.get(&item("a").key, Consistency::Strong).await;
            seen.push(match read {
                Ok(_) => "ok",
                Err(StoreError::Throttled) => "busy",
                Err(_) => "lost",
            });
        }
        let count = |what| seen.iter().filter(|outcome| **outcome == what).count();
        assert!((700..900).contains(&count("ok")), "{}", count("ok"));
        assert!((500..700).contains(&count("busy")), "{}", count("busy"));
        outcomes.push(seen);
    }
    assert_eq!(outcomes[0], outcomes[1]);
    assert_ne!(outcomes[0], outcomes[2]);
}
