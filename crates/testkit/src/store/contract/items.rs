//! `get`: an item comes back as it was put.

use lastmile_store::{Consistency, Item, PrimaryKey, Store, Value, limits};

use super::Partition;

pub(super) async fn run(store: &dyn Store) {
    every_kind_of_value_comes_back(store).await;
    any_text_is_a_key(store).await;
    the_largest_item_comes_back(store).await;
    an_expired_item_may_still_be_there(store).await;
}

async fn every_kind_of_value_comes_back(store: &dyn Store) {
    let partition = Partition::new(store, "values");
    assert_eq!(partition.get("a").await, None, "nothing was put");
    let mut item = Item::new(partition.key("a"));
    item.index1 = Some(partition.place("one"));
    item.index2 = Some(partition.place("two"));
    item.expires_at = Some(i64::from(u32::MAX));
    let values = [
        ("text", Value::S("Zürich \u{1F3E2} \0 end".to_owned())),
        ("no text", Value::S(String::new())),
        ("bytes", Value::B(vec![0, 255, 128])),
        ("no bytes", Value::B(Vec::new())),
        ("yes", Value::Bool(true)),
        ("no", Value::Bool(false)),
        ("least", Value::N(i64::MIN)),
        ("most", Value::N(i64::MAX)),
        ("zero", Value::N(0)),
    ];
    item.attributes = values.into_iter().collect();
    partition.put([item.clone()]).await;
    assert_eq!(partition.get("a").await, Some(item.clone()));
    let eventual = store.get(&item.key, Consistency::Eventual).await;
    let eventual = eventual.expect("reading works").value;
    assert!(
        eventual.is_none_or(|seen| seen == item),
        "a stale read is whole or absent"
    );

    let bare = Item::new(partition.key("a"));
    partition.put([bare.clone()]).await;
    assert_eq!(
        partition.get("a").await,
        Some(bare),
        "a put replaces the whole item"
    );
    partition.delete("a").await;
    assert_eq!(partition.get("a").await, None);
}

async fn any_text_is_a_key(store: &dyn Store) {
    let partition = Partition::new(store, "keys");
    let longest = "k".repeat(limits::SORT_KEY_MAX_BYTES);
    let texts = [
        "\0",
        "a",
        "a\0",
        "a\0b",
        "a\u{1}",
        "ab",
        "é",
        "\u{10FFFF}",
        "#",
        " ",
        &longest,
    ];
    for (number, text) in (0..).zip(texts) {
        partition.put([partition.item(text, number)]).await;
    }
    for (number, text) in (0..).zip(texts) {
        assert_eq!(
            partition.get(text).await,
            Some(partition.item(text, number)),
            "{text:?}"
        );
    }
    let far = Item::new(PrimaryKey {
        pk: "contract\u{10FFFF}"
            .repeat(limits::PARTITION_KEY_MAX_BYTES / 12)
            .into(),
        sk: "\0".to_owned(),
    });
    partition.put([far.clone()]).await;
    let found = store.get(&far.key, Consistency::Strong).await;
    assert_eq!(found.expect("reading works").value, Some(far));
}

async fn the_largest_item_comes_back(store: &dyn Store) {
    let partition = Partition::new(store, "largest");
    let item = partition.weighing("a", limits::ITEM_MAX_BYTES);
    partition.put([item.clone()]).await;
    assert_eq!(partition.get("a").await, Some(item));
}

async fn an_expired_item_may_still_be_there(store: &dyn Store) {
    let partition = Partition::new(store, "expiry");
    let mut expired = partition.item("past", 1);
    expired.expires_at = Some(1);
    let mut fresh = partition.item("future", 2);
    fresh.expires_at = Some(i64::from(u32::MAX));
    partition.put([expired.clone(), fresh.clone()]).await;
    let seen = partition.get("past").await;
    assert!(
        seen.is_none_or(|seen| seen == expired),
        "an expired item is whole or absent"
    );
    assert_eq!(partition.get("future").await, Some(fresh));
}
