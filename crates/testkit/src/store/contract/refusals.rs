//! Requests that break a limit or make no sense: refused, and nothing is written.

use lastmile_store::{
    BatchWrite, ChangePosition, Condition, Consistency, Index, InvalidRequest, Item, Limit, Query,
    SortKey, Store, StoreError, TransactWrite, Transaction, Value, item, limits,
};

use super::{Partition, after, put, refused};

pub(super) async fn run(store: &dyn Store) {
    keys_have_limits(store).await;
    items_have_limits(store).await;
    batches_have_limits(store).await;
    transactions_have_limits(store).await;
    updates_have_limits(store).await;
    the_first_broken_rule_is_named(store).await;
    queries_must_make_sense(store).await;
    the_feed_has_limits(store).await;
}

fn is_over<T: std::fmt::Debug>(outcome: &Result<T, StoreError>, expected: Limit) {
    let over = matches!(outcome, Err(StoreError::OverLimit { limit, .. }) if *limit == expected);
    assert!(
        over,
        "should be over {expected:?}, but the answer was {outcome:?}"
    );
}

fn is_invalid<T: std::fmt::Debug>(outcome: &Result<T, StoreError>, expected: InvalidRequest) {
    let invalid = matches!(outcome, Err(StoreError::Invalid(reason)) if *reason == expected);
    assert!(
        invalid,
        "should be refused for {expected:?}, but the answer was {outcome:?}"
    );
}

async fn keys_have_limits(store: &dyn Store) {
    let partition = Partition::new(store, "key-limits");
    let long_pk = "p".repeat(limits::PARTITION_KEY_MAX_BYTES + 1);
    let long_sk = "s".repeat(limits::SORT_KEY_MAX_BYTES + 1);
    for (part, limit) in [
        ("", Limit::PartitionKeyBytes),
        (&long_pk, Limit::PartitionKeyBytes),
    ] {
        let mut key = partition.key("a");
        key.pk = part.into();
        is_over(&store.get(&key, Consistency::Strong).await, limit);
        is_over(
            &store
                .batch_write(vec![BatchWrite::Put(Item::new(key))])
                .await,
            limit,
        );
    }
    for (part, limit) in [("", Limit::SortKeyBytes), (&long_sk, Limit::SortKeyBytes)] {
        let key = partition.key(part);
        is_over(
            &store
                .batch_get(std::slice::from_ref(&key), Consistency::Strong)
                .await,
            limit,
        );
        is_over(
            &store
                .batch_write(vec![BatchWrite::Delete(key.clone())])
                .await,
            limit,
        );
        let check = TransactWrite::Check {
            key,
            condition: Condition::Always,
        };
        is_over(
            &Err::<(), _>(refused(partition.transact(vec![check]).await)),
            limit,
        );
        let mut indexed = partition.item("a", 1);
        indexed.index2 = Some(partition.place(part));
        is_over(
            &store.batch_write(vec![BatchWrite::Put(indexed)]).await,
            limit,
        );
    }
    assert_eq!(
        partition.get("a").await,
        None,
        "what is refused is not written"
    );
}

async fn items_have_limits(store: &dyn Store) {
    let partition = Partition::new(store, "item-limits");
    let large = partition.weighing("a", limits::ITEM_MAX_BYTES + 1);
    let small = partition.item("b", 1);
    let writes = vec![
        BatchWrite::Put(small.clone()),
        BatchWrite::Put(large.clone()),
    ];
    is_over(&store.batch_write(writes).await, Limit::ItemBytes);
    let writes = vec![put(small, Condition::Always), put(large, Condition::Always)];
    is_over(
        &Err::<(), _>(refused(partition.transact(writes).await)),
        Limit::ItemBytes,
    );
    for name in item::RESERVED_NAMES.into_iter().chain([""]) {
        let mut named = partition.item("a", 1);
        named.attributes.insert(name, Value::N(1));
        let outcome = store.batch_write(vec![BatchWrite::Put(named)]).await;
        is_invalid(&outcome, InvalidRequest::AttributeName);
    }
    let page = partition.page(&partition.query(SortKey::Any)).await;
    assert_eq!(
        page.items,
        [],
        "what is refused is not written, nor what came with it"
    );
}

async fn batches_have_limits(store: &dyn Store) {
    let partition = Partition::new(store, "batch-limits");
    let keys: Vec<_> = (0..=limits::BATCH_GET_MAX)
        .map(|n| partition.key(&n.to_string()))
        .collect();
    is_over(
        &store.batch_get(&keys, Consistency::Strong).await,
        Limit::BatchGet,
    );
    let puts = keys.iter().take(limits::BATCH_WRITE_MAX + 1);
    let puts = puts
        .map(|key| BatchWrite::Put(Item::new(key.clone())))
        .collect();
    is_over(&store.batch_write(puts).await, Limit::BatchWrite);
    let twice = [partition.key("a"), partition.key("a")];
    let outcome = store.batch_get(&twice, Consistency::Strong).await;
    is_invalid(&outcome, InvalidRequest::DuplicateItem);
    let [first, second] = twice;
    let writes = vec![
        BatchWrite::Put(Item::new(first)),
        BatchWrite::Delete(second),
    ];
    is_invalid(
        &store.batch_write(writes).await,
        InvalidRequest::DuplicateItem,
    );
    let page = partition.page(&partition.query(SortKey::Any)).await;
    assert_eq!(page.items, [], "what is refused is not written");
}

async fn transactions_have_limits(store: &dyn Store) {
    let partition = Partition::new(store, "transact-limits");
    let error = async |writes| Err::<(), _>(refused(partition.transact(writes).await));
    let puts = |count: usize, bytes| {
        let items = (0..count).map(|n| partition.weighing(&format!("{n:03}"), bytes));
        items
            .map(|item| put(item, Condition::Always))
            .collect::<Vec<_>>()
    };
    is_over(
        &error(puts(limits::TRANSACT_MAX + 1, 100)).await,
        Limit::Transact,
    );
    is_over(
        &error(puts(11, limits::ITEM_MAX_BYTES)).await,
        Limit::TransactBytes,
    );
    let twice = vec![
        put(partition.item("a", 1), Condition::Always),
        TransactWrite::Check {
            key: partition.key("a"),
            condition: Condition::Always,
        },
    ];
    is_invalid(&error(twice).await, InvalidRequest::DuplicateItem);
    for token in [String::new(), "t".repeat(limits::TOKEN_MAX_BYTES + 1)] {
        let transaction = Transaction {
            writes: puts(1, 100),
            token: Some(token),
        };
        let outcome = Err::<(), _>(refused(store.transact(transaction).await));
        is_over(&outcome, Limit::TokenBytes);
    }
    let page = partition.page(&partition.query(SortKey::Any)).await;
    assert_eq!(page.items, [], "what is refused is not written");
}

async fn updates_have_limits(store: &dyn Store) {
    let partition = Partition::new(store, "update-limits");
    let mut item = partition.weighing("a", limits::ITEM_MAX_BYTES - 100);
    item.attributes.insert("n", Value::N(i64::MAX));
    item.attributes.insert("s", Value::S("1".to_owned()));
    partition.put([item.clone()]).await;
    let error = async |set: Vec<(&'static str, Value)>, add: Vec<(&'static str, i64)>, remove| {
        Err::<(), _>(refused(partition.update("a", set, add, remove).await))
    };
    let grown = vec![("more", Value::B(vec![0; 200]))];
    is_over(&error(grown, vec![], vec![]).await, Limit::ItemBytes);
    is_invalid(
        &error(vec![], vec![("s", 1)], vec![]).await,
        InvalidRequest::NotANumber,
    );
    is_invalid(
        &error(vec![], vec![("n", 1)], vec![]).await,
        InvalidRequest::NumberOverflow,
    );
    let twice = error(vec![("x", Value::N(1))], vec![], vec!["x"]).await;
    is_invalid(&twice, InvalidRequest::DuplicateAttribute);
    let empty = error(vec![], vec![], vec![]).await;
    is_invalid(&empty, InvalidRequest::EmptyUpdate);
    let reserved = error(vec![(item::PK, Value::S("p".to_owned()))], vec![], vec![]).await;
    is_invalid(&reserved, InvalidRequest::AttributeName);
    assert_eq!(
        partition.get("a").await,
        Some(item),
        "what is refused changes nothing"
    );
}

/// Of several writes that break a rule, the first one's rule is named.
async fn the_first_broken_rule_is_named(store: &dyn Store) {
    let partition = Partition::new(store, "first-rule");
    let mut item = partition.weighing("large", limits::ITEM_MAX_BYTES - 100);
    item.attributes.insert("n", Value::N(i64::MAX));
    partition.put([item]).await;
    let mut text = partition.item("text", 1);
    text.attributes.insert("s", Value::S("1".to_owned()));
    partition.put([text]).await;
    let update = |sk, set, add| TransactWrite::Update {
        key: partition.key(sk),
        set,
        add,
        remove: vec![],
        condition: Condition::Always,
    };
    let grows = update("large", vec![("more", Value::B(vec![0; 200]))], vec![]);
    let is_full = update("large", vec![], vec![("n", 1)]);
    let is_text = update("text", vec![], vec![("s", 1)]);
    let error = async |writes| Err::<(), _>(refused(partition.transact(writes).await));
    is_over(
        &error(vec![grows.clone(), is_text.clone()]).await,
        Limit::ItemBytes,
    );
    is_invalid(
        &error(vec![is_text.clone(), grows]).await,
        InvalidRequest::NotANumber,
    );
    is_invalid(
        &error(vec![is_full.clone(), is_text.clone()]).await,
        InvalidRequest::NumberOverflow,
    );
    is_invalid(
        &error(vec![is_text, is_full]).await,
        InvalidRequest::NotANumber,
    );
}

async fn queries_must_make_sense(store: &dyn Store) {
    let partition = Partition::new(store, "query-limits");
    let item = partition.item("a", 1);
    let any = partition.query(SortKey::Any);
    let none = Query {
        limit: Some(0),
        ..any.clone()
    };
    is_over(&store.query(&none).await, Limit::QueryLimit);
    let reversed = SortKey::Between("b".to_owned(), "a".to_owned());
    is_invalid(
        &store.query(&partition.query(reversed)).await,
        InvalidRequest::ReversedRange,
    );
    let empty = partition.query(SortKey::Equals(String::new()));
    is_over(&store.query(&empty).await, Limit::SortKeyBytes);
    let strong = Query {
        consistency: Consistency::Strong,
        ..partition.index_query(Index::Two, SortKey::Any)
    };
    is_invalid(&store.query(&strong).await, InvalidRequest::StrongIndexRead);
    let foreign = [
        Query {
            after: after(&Partition::new(store, "elsewhere").item("a", 1), None),
            ..any.clone()
        },
        Query {
            after: after(&item, Some("x")),
            ..any.clone()
        },
        Query {
            after: after(&item, None),
            sk: SortKey::Prefix("b".to_owned()),
            ..any
        },
        Query {
            after: after(&item, None),
            ..partition.index_query(Index::One, SortKey::Any)
        },
    ];
    for query in foreign {
        is_invalid(&store.query(&query).await, InvalidRequest::ForeignCursor);
    }
}

async fn the_feed_has_limits(store: &dyn Store) {
    for limit in [0, limits::CHANGES_MAX + 1] {
        is_over(
            &store.changes(ChangePosition::default(), limit).await,
            Limit::Changes,
        );
    }
    let foreign = ChangePosition::from_text("not a position of any store".to_owned());
    is_invalid(
        &store.changes(foreign, 1).await,
        InvalidRequest::ForeignPosition,
    );
}
