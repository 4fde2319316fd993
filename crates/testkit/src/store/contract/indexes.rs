//! The two indexes: entries follow their items.

use std::collections::BTreeSet;

use lastmile_store::{
    Condition, Direction, Index, Item, Query, SortKey, Store, TransactWrite, Value,
};

use super::{Partition, put};

pub(super) async fn run(store: &dyn Store) {
    entries_follow_their_items(store).await;
    entries_are_sorted_and_selected(store).await;
    equal_entries_are_told_apart(store).await;
}

async fn entries_follow_their_items(store: &dyn Store) {
    let partition = Partition::new(store, "follow");
    let one = partition.index_query(Index::One, SortKey::Any);
    let two = partition.index_query(Index::Two, SortKey::Any);
    let mut item = partition.item("a", 1);
    partition.put([item.clone()]).await;
    assert_eq!(
        partition.sort_keys(&one).await,
        [""; 0],
        "an item without a place is in no index"
    );

    item.index1 = Some(partition.place("x"));
    partition.put([item.clone()]).await;
    assert_eq!(
        partition.page(&one).await.items,
        [item.clone()],
        "an index holds whole items"
    );
    assert_eq!(
        partition.sort_keys(&two).await,
        [""; 0],
        "the indexes are apart"
    );

    item.index1 = Some(partition.place("y"));
    item.index2 = Some(partition.place("z"));
    partition
        .transact(vec![put(item.clone(), Condition::Exists)])
        .await
        .expect("a put works");
    assert_eq!(
        partition.pages(&one).await.concat(),
        [item.clone()],
        "the old entry is gone"
    );
    assert_eq!(partition.page(&two).await.items, [item.clone()]);

    partition
        .update("a", vec![], vec![("n", 1)], vec![])
        .await
        .expect("an update works");
    item.attributes.insert("n", Value::N(2));
    assert_eq!(
        partition.page(&one).await.items,
        [item.clone()],
        "the entry shows the update"
    );

    item.index1 = None;
    partition.put([item.clone()]).await;
    assert_eq!(partition.sort_keys(&one).await, [""; 0]);
    assert_eq!(partition.page(&two).await.items, [item.clone()]);

    let key = item.key.clone();
    let condition = Condition::Always;
    partition
        .transact(vec![TransactWrite::Delete { key, condition }])
        .await
        .expect("it works");
    assert_eq!(
        partition.sort_keys(&two).await,
        [""; 0],
        "removed with its item"
    );
}

async fn entries_are_sorted_and_selected(store: &dyn Store) {
    let partition = Partition::new(store, "index-order");
    let sorted = ["\0", "a", "a\0", "a\0b", "a\u{1}", "ab", "b", "\u{10FFFF}"];
    // Primary keys fall where index keys rise.
    let items: Vec<Item> = (0..)
        .zip(sorted)
        .map(|(number, place)| {
            let mut item = partition.item(&format!("{:02}", 50 - number), number);
            item.index1 = Some(partition.place(place));
            item
        })
        .collect();
    partition.put(items).await;
    let between = |from: &str, to: &str| SortKey::Between(from.to_owned(), to.to_owned());
    let prefix = |text: &str| SortKey::Prefix(text.to_owned());
    let selections: [(SortKey, &[&str]); 7] = [
        (SortKey::Any, &sorted),
        (prefix("a"), &["a", "a\0", "a\0b", "a\u{1}", "ab"]),
        (prefix("a\0"), &["a\0", "a\0b"]),
        (SortKey::Equals("a".to_owned()), &["a"]),
        (SortKey::Equals("a\0".to_owned()), &["a\0"]),
        (between("a\0", "ab"), &["a\0", "a\0b", "a\u{1}", "ab"]),
        (between("c", "d"), &[]),
    ];
    for (selection, expected) in selections {
        for (direction, limit) in [(Direction::Forward, None), (Direction::Backward, Some(2))] {
            let query = Query {
                direction,
                limit,
                ..partition.index_query(Index::One, selection.clone())
            };
            let pages = partition.pages(&query).await.concat();
            let mut places: Vec<String> = pages
                .into_iter()
                .filter_map(|item| item.index1)
                .map(|place| place.sk)
                .collect();
            if direction == Direction::Backward {
                places.reverse();
            }
            assert_eq!(places, expected, "{selection:?} {direction:?}");
        }
    }
}

async fn equal_entries_are_told_apart(store: &dyn Store) {
    let partition = Partition::new(store, "index-equal");
    let names: BTreeSet<String> = (0..7).map(|number| format!("item {number}")).collect();
    let items: Vec<Item> = names
        .iter()
        .map(|name| {
            let mut item = partition.item(name, 0);
            item.index2 = Some(partition.place("same"));
            item
        })
        .collect();
    partition.put(items).await;
    for direction in [Direction::Forward, Direction::Backward] {
        let query = Query {
            direction,
            limit: Some(2),
            ..partition.index_query(Index::Two, SortKey::Equals("same".to_owned()))
        };
        let seen = partition.sort_keys(&query).await;
        assert_eq!(seen.len(), names.len(), "each once, over all pages");
        assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), names);
    }
}
