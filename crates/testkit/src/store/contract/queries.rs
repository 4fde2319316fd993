//! `query` on the table: order, prefixes, ranges, pages.

use lastmile_store::{Direction, Item, Query, SortKey, Store, limits};

use super::{Partition, after};

/// Sort keys in their order, with neighbours that a careless prefix or escape confuses.
const SORTED: [&str; 12] = [
    "\0",
    "1",
    "10",
    "100",
    "2",
    "a",
    "a\0",
    "a\0z",
    "a\u{1}",
    "aa",
    "a\u{10FFFF}",
    "b",
];

pub(super) async fn run(store: &dyn Store) {
    let partition = Partition::new(store, "order");
    let numbered = SORTED.into_iter().rev().zip(0..);
    let items: Vec<Item> = numbered
        .map(|(sk, number)| partition.item(sk, number))
        .collect();
    partition.put(items).await;
    // Neighbours that are no part of the partition.
    for near in ["order\0", "order\u{10FFFF}", "orde", "order#"] {
        let near = Partition::new(store, near);
        near.put([near.item("a", 0)]).await;
    }
    sort_keys_rise_and_fall(&partition).await;
    selections_are_exact(&partition).await;
    pages_join_without_gap(&partition).await;
    a_cursor_outlives_its_item(store).await;
    a_page_ends_at_a_megabyte(store).await;
}

async fn sort_keys_rise_and_fall(partition: &Partition<'_>) {
    let forward = partition.query(SortKey::Any);
    assert_eq!(partition.sort_keys(&forward).await, SORTED);
    let backward = Query {
        direction: Direction::Backward,
        ..forward
    };
    let falling: Vec<&str> = SORTED.into_iter().rev().collect();
    assert_eq!(partition.sort_keys(&backward).await, falling);
    let nobody = Query::partition("contract#nobody".to_owned());
    let page = partition.page(&nobody).await;
    assert_eq!(
        (page.items, page.next),
        (vec![], None),
        "an empty partition has an empty page"
    );
}

async fn selections_are_exact(partition: &Partition<'_>) {
    let between = |from: &str, to: &str| SortKey::Between(from.to_owned(), to.to_owned());
    let prefix = |text: &str| SortKey::Prefix(text.to_owned());
    let selections: [(SortKey, &[&str]); 12] = [
        (prefix(""), &SORTED),
        (prefix("1"), &["1", "10", "100"]),
        (prefix("10"), &["10", "100"]),
        (
            prefix("a"),
            &["a", "a\0", "a\0z", "a\u{1}", "aa", "a\u{10FFFF}"],
        ),
        (prefix("a\0"), &["a\0", "a\0z"]),
        (prefix("\u{10FFFF}"), &[]),
        (SortKey::Equals("a".to_owned()), &["a"]),
        (SortKey::Equals("aaa".to_owned()), &[]),
        (between("10", "2"), &["10", "100", "2"]),
        (between("a", "a"), &["a"]),
        (between("a\0", "aa"), &["a\0", "a\0z", "a\u{1}", "aa"]),
        (between("3", "4"), &[]),
    ];
    for (selection, expected) in selections {
        let forward = partition.query(selection.clone());
        assert_eq!(
            partition.sort_keys(&forward).await,
            expected,
            "{selection:?}"
        );
        let backward = Query {
            direction: Direction::Backward,
            limit: Some(2),
            ..forward
        };
        let falling: Vec<&str> = expected.iter().copied().rev().collect();
        assert_eq!(
            partition.sort_keys(&backward).await,
            falling,
            "{selection:?} backward"
        );
    }
}

async fn pages_join_without_gap(partition: &Partition<'_>) {
    for direction in [Direction::Forward, Direction::Backward] {
        let whole = Query {
            direction,
            ..partition.query(SortKey::Any)
        };
        let expected = partition.sort_keys(&whole).await;
        for limit in 1..=SORTED.len() + 1 {
            let query = Query {
                limit: Some(limit),
                ..whole.clone()
            };
            let pages = partition.pages(&query).await;
            assert!(
                pages.iter().all(|page| page.len() <= limit),
                "no page is over its limit"
            );
            let joined: Vec<String> = pages
                .into_iter()
                .flatten()
                .map(|item| item.key.sk)
                .collect();
            assert_eq!(joined, expected, "{direction:?} in pages of {limit}");
        }
    }
}

async fn a_cursor_outlives_its_item(store: &dyn Store) {
    let partition = Partition::new(store, "cursor");
    let items = ["a", "b", "c"].map(|sk| partition.item(sk, 0));
    partition.put(items.clone()).await;
    partition.delete("b").await;
    let query = Query {
        after: after(&items[1], None),
        ..partition.query(SortKey::Any)
    };
    assert_eq!(partition.sort_keys(&query).await, ["c"]);
    let query = Query {
        direction: Direction::Backward,
        ..query
    };
    assert_eq!(partition.sort_keys(&query).await, ["a"]);
}

async fn a_page_ends_at_a_megabyte(store: &dyn Store) {
    let partition = Partition::new(store, "megabyte");
    let bytes = 300 * 1024;
    let names = ["a", "b", "c", "d", "e"];
    partition
        .put(names.map(|sk| partition.weighing(sk, bytes)))
        .await;
    for direction in [Direction::Forward, Direction::Backward] {
        let query = Query {
            direction,
            ..partition.query(SortKey::Any)
        };
        let pages = partition.pages(&query).await;
        let most = limits::QUERY_PAGE_MAX_BYTES.div_ceil(bytes);
        assert!(
            pages.iter().all(|page| page.len() <= most),
            "no page is past a megabyte"
        );
        assert!(pages[0].len() >= most - 1, "a page is filled");
        let mut joined: Vec<String> = pages
            .into_iter()
            .flatten()
            .map(|item| item.key.sk)
            .collect();
        if direction == Direction::Backward {
            joined.reverse();
        }
        assert_eq!(joined, names);
    }
}
