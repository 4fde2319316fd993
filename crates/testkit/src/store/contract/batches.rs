//! `batch_get` and `batch_write`.

use std::collections::BTreeSet;

use lastmile_store::{BatchWrite, Capacity, Consistency, PrimaryKey, Store, limits};

use super::Partition;

pub(super) async fn run(store: &dyn Store) {
    let partition = Partition::new(store, "batches");
    let names: Vec<String> = (0..limits::BATCH_WRITE_MAX)
        .map(|n| format!("{n:03}"))
        .collect();
    let items = names
        .iter()
        .zip(0..)
        .map(|(name, number)| partition.item(name, number));
    partition.put(items).await;

    let asked: Vec<PrimaryKey> = (0..limits::BATCH_GET_MAX)
        .map(|n| partition.key(&format!("{n:03}")))
        .collect();
    let found = store.batch_get(&asked, Consistency::Strong).await;
    let found = found.expect("a batch of reads works").value;
    let found: BTreeSet<String> = found.into_iter().map(|item| item.key.sk).collect();
    assert_eq!(
        found,
        names.iter().cloned().collect(),
        "all that are there, and no other"
    );

    let writes = vec![
        BatchWrite::Delete(partition.key("000")),
        BatchWrite::Put(partition.item("001", 99)),
        BatchWrite::Delete(partition.key("never")),
    ];
    store
        .batch_write(writes)
        .await
        .expect("a batch of puts and deletes works");
    assert_eq!(partition.get("000").await, None);
    assert_eq!(partition.get("001").await, Some(partition.item("001", 99)));
    assert_eq!(partition.get("002").await, Some(partition.item("002", 2)));

    let nothing = store
        .batch_write(Vec::new())
        .await
        .expect("an empty batch works");
    assert_eq!(nothing, Capacity::default());
    let nothing = store
        .batch_get(&[], Consistency::Strong)
        .await
        .expect("an empty batch works");
    assert_eq!(
        (nothing.value, nothing.capacity),
        (Vec::new(), Capacity::default())
    );
}
