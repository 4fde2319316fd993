//! `changes`: what became of streamed items, in order.

use lastmile_store::{Change, ChangePosition, Condition, Item, Store, TransactWrite, Value};

use super::{PAGES_MAX, Partition, put};

pub(super) async fn run(store: &dyn Store) {
    let partition = Partition::new(store, "feed");
    let streamed = |sk: &str, number: i64| {
        let mut item = partition.item(sk, number);
        item.streamed = true;
        item
    };
    partition.put([partition.item("silent", 1)]).await;
    partition.put([streamed("a", 1)]).await;
    let writes = vec![
        put(streamed("a", 2), Condition::Exists),
        put(partition.item("silent", 2), Condition::Exists),
    ];
    partition
        .transact(writes)
        .await
        .expect("a transaction works");
    partition.put([streamed("a", 2)]).await;
    let failing = vec![put(streamed("a", 3), Condition::NotExists)];
    partition
        .transact(failing)
        .await
        .expect_err("the item is there");
    partition
        .update("a", vec![], vec![("n", 10)], vec![])
        .await
        .expect("an update works");
    partition.put([partition.item("a", 13)]).await;
    partition
        .put([partition.item("a", 14), streamed("b", 1)])
        .await;
    let remove = TransactWrite::Delete {
        key: partition.key("b"),
        condition: Condition::Exists,
    };
    partition
        .transact(vec![remove])
        .await
        .expect("a transaction works");
    partition.delete("b").await;

    let of_a = [
        Some(streamed("a", 1)),
        Some(streamed("a", 2)),
        Some(streamed("a", 12)),
        Some(partition.item("a", 13)),
    ];
    for limit in [1, 3, 1000] {
        let changes = read_all(&partition, ChangePosition::default(), limit).await;
        let of = |sk: &str| images(&changes, sk);
        assert_eq!(
            of("a"),
            of_a,
            "every change while it was streamed, in order, each once"
        );
        assert_eq!(
            of("b"),
            [Some(streamed("b", 1)), None],
            "removal is a change"
        );
        assert_eq!(
            of("silent"),
            [],
            "an item that is not streamed has no changes"
        );
    }
    a_position_goes_on_where_it_was(&partition).await;
}

async fn a_position_goes_on_where_it_was(partition: &Partition<'_>) {
    let seen = read_all(partition, ChangePosition::default(), 1000).await;
    let last = seen
        .last()
        .map(|change| change.position.clone())
        .expect("there are changes");
    assert_eq!(
        read_all(partition, last.clone(), 1000).await,
        [],
        "nothing came since"
    );
    let page = partition
        .store
        .changes(last.clone(), 1000)
        .await
        .expect("the feed works");
    assert_eq!(page.next, last, "an empty page keeps the position");

    let mut late = partition.item("late", 1);
    late.streamed = true;
    late.attributes.insert("text", Value::S("é".to_owned()));
    partition.put([late.clone()]).await;
    // A position is stored as text and read back.
    let stored = ChangePosition::from_text(last.as_text().to_owned());
    let news = read_all(partition, stored, 1000).await;
    assert_eq!(images(&news, "late"), [Some(late)]);
    assert_eq!(news.len(), 1, "only what came since");
}

/// The changes of the check's partition after a position.
async fn read_all(partition: &Partition<'_>, from: ChangePosition, limit: usize) -> Vec<Change> {
    let mut position = from;
    let mut changes = Vec::new();
    for _ in 0..PAGES_MAX {
        let page = partition
            .store
            .changes(position, limit)
            .await
            .expect("the feed works");
        if page.changes.is_empty() {
            return changes;
        }
        assert!(page.changes.len() <= limit, "no page is over its limit");
        let own = page
            .changes
            .into_iter()
            .filter(|change| change.key.pk == partition.pk);
        changes.extend(own);
        position = page.next;
    }
    unreachable!("a feed of {PAGES_MAX} pages does not end");
}

fn images(changes: &[Change], sk: &str) -> Vec<Option<Item>> {
    let own = changes.iter().filter(|change| change.key.sk == sk);
    own.map(|change| change.new_image.clone()).collect()
}
