//! What calls cost, by numbers worked out by hand.

use lastmile_store::{
    Capacity, Condition, Consistency, Index, PrimaryKey, SortKey, Store, TransactWrite,
};

use super::{Partition, put};

pub(super) async fn run(store: &dyn Store) {
    reads_are_billed(store).await;
    queries_are_billed(store).await;
    writes_are_billed(store).await;
    transactions_are_billed(store).await;
}

const fn reads(read_halves: u64) -> Capacity {
    Capacity {
        read_halves,
        writes: 0,
    }
}

const fn writes(writes: u64) -> Capacity {
    Capacity {
        read_halves: 0,
        writes,
    }
}

async fn reads_are_billed(store: &dyn Store) {
    let partition = Partition::new(store, "reads");
    partition
        .put([partition.weighing("a", 4096), partition.weighing("b", 4097)])
        .await;
    let cost = async |sk: &str, consistency| {
        let read = store.get(&partition.key(sk), consistency).await;
        read.expect("reading works").capacity
    };
    assert_eq!(cost("a", Consistency::Strong).await, reads(2));
    assert_eq!(cost("b", Consistency::Strong).await, reads(4));
    assert_eq!(
        cost("missing", Consistency::Strong).await,
        reads(2),
        "nothing costs a unit"
    );
    assert_eq!(cost("missing", Consistency::Eventual).await, reads(1));
    let keys: [PrimaryKey; 3] = ["a", "b", "missing"].map(|sk| partition.key(sk));
    let batch = store
        .batch_get(&keys, Consistency::Strong)
        .await
        .expect("reading works");
    assert_eq!(
        batch.capacity,
        reads(2 + 4 + 2),
        "each key is rounded up on its own"
    );
}

async fn queries_are_billed(store: &dyn Store) {
    let partition = Partition::new(store, "queries");
    let mut items = ["a", "b", "c", "d"].map(|sk| partition.weighing(sk, 1000));
    for item in &mut items {
        item.index1 = Some(partition.place("x"));
        item.attributes.remove("b");
    }
    let bare: usize = items[0].weight();
    assert_eq!(bare, 2 + 16 + 2 + 1 + 3 + 22 + 3 + 1);
    partition.put(items).await;
    partition
        .put(["e", "f", "g", "h"].map(|sk| partition.weighing(sk, 1000)))
        .await;
    let cost = async |query| store.query(&query).await.expect("a query works").capacity;
    let any = partition.query(SortKey::Any);
    assert_eq!(
        cost(any.clone()).await,
        reads(4),
        "4 x 50 + 4 x 1000 bytes are two units"
    );
    let four = partition.query(SortKey::Between("e".to_owned(), "h".to_owned()));
    assert_eq!(cost(four).await, reads(2), "4 x 1000 bytes are one unit");
    let nothing = partition.query(SortKey::Prefix("z".to_owned()));
    assert_eq!(cost(nothing).await, reads(2));
    let limited = lastmile_store::Query {
        limit: Some(5),
        consistency: Consistency::Eventual,
        ..any
    };
    assert_eq!(cost(limited).await, reads(1), "4 x 50 + 1000 bytes");
    let index = partition.index_query(Index::One, SortKey::Any);
    assert_eq!(cost(index).await, reads(1));
}

async fn writes_are_billed(store: &dyn Store) {
    let partition = Partition::new(store, "writes");
    let large = partition.weighing("a", 1025);
    assert_eq!(partition.put([large]).await, writes(2));
    let small = partition.weighing("a", 500);
    assert_eq!(
        partition.put([small.clone()]).await,
        writes(2),
        "the larger of before and after"
    );
    assert_eq!(partition.put([small]).await, writes(1));
    let mut indexed = partition.weighing("a", 900);
    indexed.index1 = Some(partition.place("x"));
    assert_eq!(
        partition.put([indexed.clone()]).await,
        writes(2),
        "an entry is put"
    );
    assert_eq!(
        partition.put([indexed.clone()]).await,
        writes(1),
        "the entry stays as it is"
    );
    indexed.index1 = Some(partition.place("y"));
    assert_eq!(
        partition.put([indexed.clone()]).await,
        writes(3),
        "one removed, one put"
    );
    indexed.index2 = Some(partition.place("z"));
    assert_eq!(
        partition.put([indexed]).await,
        writes(3),
        "one changed, one put"
    );
    assert_eq!(
        partition.delete("a").await,
        writes(3),
        "two entries are removed"
    );
    assert_eq!(
        partition.delete("a").await,
        writes(1),
        "removing nothing costs a unit"
    );
    let batch = [partition.weighing("b", 1024), partition.weighing("c", 2000)];
    assert_eq!(partition.put(batch).await, writes(1 + 2));
}

async fn transactions_are_billed(store: &dyn Store) {
    let partition = Partition::new(store, "transactions");
    let mut item = partition.weighing("a", 1000);
    item.index1 = Some(partition.place("x"));
    let cost = async |write| partition.transact(vec![write]).await.expect("it works");
    assert_eq!(
        cost(put(item.clone(), Condition::Always)).await,
        writes(2 * 2 + 2),
        "over 1024 bytes with its place in the index: two units, twice, and the entry once"
    );
    let check = |sk| TransactWrite::Check {
        key: partition.key(sk),
        condition: Condition::Always,
    };
    assert_eq!(cost(check("a")).await, writes(4));
    assert_eq!(cost(check("missing")).await, writes(2));
    let key = item.key.clone();
    let condition = Condition::Always;
    assert_eq!(
        cost(TransactWrite::Delete { key, condition }).await,
        writes(2 * 2 + 2)
    );
    let update = partition
        .update("new", vec![], vec![("n", 1)], vec![])
        .await;
    assert_eq!(update.expect("an update works"), writes(2));
}
