//! Writers at the same time: each transaction is decided on what the ones before it left.

use futures_util::future::{join, join_all};
use lastmile_store::{Condition, Store, TransactError, TransactWrite, Value};

use super::{Partition, put};

/// Writers that begin together.
const WRITERS: usize = 20;
/// Transactions of each.
const ROUNDS: i64 = 5;
/// Times a write is tried while the store is busy with another.
const TRIES_MAX: usize = 1000;

pub(super) async fn run(store: &dyn Store) {
    one_of_many_wins(store).await;
    no_addition_is_lost(store).await;
    reads_beside_writers_see_whole_items(store).await;
}

async fn one_of_many_wins(store: &dyn Store) {
    let partition = Partition::new(store, "race");
    let claims = (0..WRITERS).map(async |writer| {
        let number = i64::try_from(writer).expect("there are few writers");
        let claim = put(partition.item("prize", number), Condition::NotExists);
        retried(&partition, &claim).await.is_ok().then_some(number)
    });
    let winners: Vec<i64> = join_all(claims).await.into_iter().flatten().collect();
    let prize = partition.get("prize").await.expect("somebody won");
    assert_eq!(
        winners,
        [prize.attributes.number("n").expect("a claim has a number")]
    );
}

async fn no_addition_is_lost(store: &dyn Store) {
    let partition = Partition::new(store, "additions");
    let writers = (0..WRITERS).map(async |_| {
        for _ in 0..ROUNDS {
            retried(&partition, &add_one(&partition))
                .await
                .expect("an addition works");
        }
    });
    join_all(writers).await;
    let sum = i64::try_from(WRITERS).expect("there are few writers") * ROUNDS;
    assert_eq!(partition.get("sum").await, Some(partition.item("sum", sum)));
}

async fn reads_beside_writers_see_whole_items(store: &dyn Store) {
    let partition = Partition::new(store, "whole");
    let write = async {
        for number in 0..ROUNDS * 10 {
            let mut item = partition.item("a", number);
            item.attributes.insert("same", Value::N(number));
            item.index1 = Some(partition.place("a"));
            partition.put([item]).await;
        }
    };
    let read = async {
        let mut newest = 0;
        for _ in 0..ROUNDS * 10 {
            if let Some(item) = partition.get("a").await {
                let number = item.attributes.number("n");
                assert_eq!(
                    number,
                    item.attributes.number("same"),
                    "an item is seen whole"
                );
                assert!(
                    number >= Some(newest),
                    "a strong read does not go back in time"
                );
                newest = number.unwrap_or_default();
            }
        }
    };
    join(write, read).await;
}

fn add_one(partition: &Partition<'_>) -> TransactWrite {
    TransactWrite::Update {
        key: partition.key("sum"),
        set: vec![],
        add: vec![("n", 1)],
        remove: vec![],
        condition: Condition::Always,
    }
}

/// Writes, and again while the store says that the same may succeed later.
async fn retried(partition: &Partition<'_>, write: &TransactWrite) -> Result<(), TransactError> {
    for _ in 0..TRIES_MAX {
        match partition.transact(vec![write.clone()]).await {
            Err(TransactError::Store(error)) if error.is_retryable() => {}
            outcome => return outcome.map(drop),
        }
    }
    unreachable!("the store was busy {TRIES_MAX} times");
}
