//! `transact`: conditions, updates, all or none, tokens.

use lastmile_store::{
    Capacity, Condition, Item, Store, TransactError, TransactWrite, Transaction, Value, limits,
};

use super::{Partition, equals, failed, put};

pub(super) async fn run(store: &dyn Store) {
    conditions_are_asked_of_the_item_before(store).await;
    all_or_none_is_written(store).await;
    an_update_changes_what_it_names(store).await;
    an_update_makes_a_missing_item(store).await;
    a_token_makes_a_repeat_harmless(store).await;
    a_transaction_that_did_nothing_leaves_its_token_unused(store).await;
    the_largest_transaction_works(store).await;
}

async fn conditions_are_asked_of_the_item_before(store: &dyn Store) {
    let partition = Partition::new(store, "conditions");
    let absent = || partition.item("absent", 0);
    let has = |number| equals("n", Value::N(number));
    let holds_when_absent = [
        (Condition::Always, true),
        (Condition::NotExists, true),
        (Condition::Exists, false),
        (has(0), false),
        (Condition::All(vec![]), true),
        (Condition::Any(vec![]), false),
        (
            Condition::Any(vec![Condition::Exists, Condition::NotExists]),
            true,
        ),
        (
            Condition::All(vec![Condition::Exists, Condition::NotExists]),
            false,
        ),
    ];
    for (condition, holds) in holds_when_absent {
        partition.delete("absent").await;
        let outcome = partition
            .transact(vec![put(absent(), condition.clone())])
            .await;
        assert_eq!(outcome.is_ok(), holds, "{condition:?} of an absent item");
        assert_eq!(
            partition.get("absent").await.is_some(),
            holds,
            "{condition:?}"
        );
    }
    let present = partition.item("present", 5);
    let holds_when_present = [
        (Condition::Always, true),
        (Condition::NotExists, false),
        (Condition::Exists, true),
        (has(5), true),
        (has(6), false),
        (equals("n", Value::S("5".to_owned())), false),
        (equals("missing", Value::N(5)), false),
        (Condition::All(vec![Condition::Exists, has(5)]), true),
        (Condition::All(vec![Condition::Exists, has(6)]), false),
        (Condition::Any(vec![Condition::NotExists, has(5)]), true),
        (
            Condition::Any(vec![Condition::NotExists, Condition::All(vec![has(5)])]),
            true,
        ),
    ];
    for (condition, holds) in holds_when_present {
        partition.put([present.clone()]).await;
        let key = present.key.clone();
        let remove = TransactWrite::Delete {
            key,
            condition: condition.clone(),
        };
        let outcome = partition.transact(vec![remove]).await;
        assert_eq!(outcome.is_ok(), holds, "{condition:?} of a present item");
        assert_eq!(
            partition.get("present").await.is_none(),
            holds,
            "{condition:?}"
        );
    }
}

async fn all_or_none_is_written(store: &dyn Store) {
    let partition = Partition::new(store, "atomic");
    partition
        .put([partition.item("checked", 1), partition.item("removed", 2)])
        .await;
    let writes = |checked: i64| {
        vec![
            put(partition.item("new", 3), Condition::NotExists),
            TransactWrite::Check {
                key: partition.key("checked"),
                condition: equals("n", Value::N(checked)),
            },
            TransactWrite::Delete {
                key: partition.key("removed"),
                condition: Condition::Exists,
            },
            TransactWrite::Check {
                key: partition.key("nobody"),
                condition: equals("n", Value::N(checked)),
            },
        ]
    };
    assert_eq!(
        failed(partition.transact(writes(9)).await),
        [1, 3],
        "all failures are named"
    );
    assert_eq!(failed(partition.transact(writes(1)).await), [3]);
    assert_eq!(partition.get("new").await, None, "nothing was written");
    assert_eq!(
        partition.get("removed").await,
        Some(partition.item("removed", 2))
    );

    let mut writes = writes(1);
    writes.pop();
    partition
        .transact(writes)
        .await
        .expect("now all conditions hold");
    assert_eq!(partition.get("new").await, Some(partition.item("new", 3)));
    assert_eq!(partition.get("removed").await, None);
    assert_eq!(
        partition.get("checked").await,
        Some(partition.item("checked", 1))
    );

    let nothing = partition.transact(Vec::new()).await;
    assert_eq!(
        nothing.expect("an empty transaction works"),
        Capacity::default()
    );
}

async fn an_update_changes_what_it_names(store: &dyn Store) {
    let partition = Partition::new(store, "update");
    let mut item = partition.item("a", 40);
    item.index1 = Some(partition.place("stays"));
    item.expires_at = Some(i64::from(u32::MAX));
    item.attributes.insert("gone", Value::Bool(true));
    item.attributes.insert("kept", Value::S("x".to_owned()));
    partition.put([item.clone()]).await;
    let set = vec![("text", Value::S("new".to_owned()))];
    let add = vec![("n", 2), ("fresh", -7)];
    partition
        .update("a", set, add, vec!["gone", "never there"])
        .await
        .expect("an update works");
    item.attributes.insert("text", Value::S("new".to_owned()));
    item.attributes.insert("n", Value::N(42));
    item.attributes.insert("fresh", Value::N(-7));
    item.attributes.remove("gone");
    assert_eq!(partition.get("a").await, Some(item));
}

async fn an_update_makes_a_missing_item(store: &dyn Store) {
    let partition = Partition::new(store, "upsert");
    partition
        .update("a", vec![], vec![("n", 3)], vec![])
        .await
        .expect("an update works");
    assert_eq!(partition.get("a").await, Some(partition.item("a", 3)));
    partition
        .update("bare", vec![], vec![], vec!["n"])
        .await
        .expect("an update works");
    assert_eq!(
        partition.get("bare").await,
        Some(Item::new(partition.key("bare")))
    );
    let guarded = TransactWrite::Update {
        key: partition.key("guarded"),
        set: vec![("n", Value::N(1))],
        add: vec![],
        remove: vec![],
        condition: Condition::Exists,
    };
    assert_eq!(failed(partition.transact(vec![guarded]).await), [0]);
    assert_eq!(partition.get("guarded").await, None);
}

async fn a_token_makes_a_repeat_harmless(store: &dyn Store) {
    let partition = Partition::new(store, "tokens");
    let add = |amount| TransactWrite::Update {
        key: partition.key("sum"),
        set: vec![],
        add: vec![("n", amount)],
        remove: vec![],
        condition: Condition::Always,
    };
    let tokened = |amount, token: &str| Transaction {
        writes: vec![add(amount)],
        token: Some(token.to_owned()),
    };
    let first = store.transact(tokened(5, "contract-tokens-1")).await;
    assert_eq!(first.expect("a transaction works").read_halves, 0);
    partition.put([partition.item("beside", 0)]).await;
    let again = store.transact(tokened(5, "contract-tokens-1")).await;
    let again = again.expect("a repeat succeeds");
    assert_eq!(
        (again.read_halves, again.writes),
        (4, 0),
        "a repeat is billed as a read"
    );
    assert_eq!(
        partition.get("sum").await,
        Some(partition.item("sum", 5)),
        "added once"
    );
    let other = store.transact(tokened(6, "contract-tokens-1")).await;
    assert!(
        matches!(other, Err(TransactError::TokenReused)),
        "{other:?}"
    );
    store
        .transact(tokened(5, "contract-tokens-2"))
        .await
        .expect("another token works");
    assert_eq!(partition.get("sum").await, Some(partition.item("sum", 10)));
    partition.delete("sum").await;
    let again = store.transact(tokened(5, "contract-tokens-1")).await;
    again.expect("a repeat succeeds whatever became of the item");
    assert_eq!(partition.get("sum").await, None, "and does nothing");
}

async fn a_transaction_that_did_nothing_leaves_its_token_unused(store: &dyn Store) {
    let partition = Partition::new(store, "failed-token");
    let nothing = Transaction {
        writes: Vec::new(),
        token: Some("contract-failed-token".to_owned()),
    };
    let nothing = store.transact(nothing).await;
    assert_eq!(
        nothing.expect("an empty transaction works"),
        Capacity::default()
    );
    let with_token = |condition| Transaction {
        writes: vec![put(partition.item("a", 1), condition)],
        token: Some("contract-failed-token".to_owned()),
    };
    assert_eq!(
        failed(store.transact(with_token(Condition::Exists)).await),
        [0]
    );
    store
        .transact(with_token(Condition::NotExists))
        .await
        .expect("the token is still free");
    assert_eq!(partition.get("a").await, Some(partition.item("a", 1)));
}

async fn the_largest_transaction_works(store: &dyn Store) {
    let partition = Partition::new(store, "many");
    let bytes = limits::TRANSACT_MAX_BYTES / limits::TRANSACT_MAX;
    let items = (0..limits::TRANSACT_MAX).map(|n| partition.weighing(&format!("{n:03}"), bytes));
    let writes = items.map(|item| put(item, Condition::NotExists)).collect();
    partition
        .transact(writes)
        .await
        .expect("100 items and 4 MB are allowed");
    let pages = partition
        .pages(&partition.query(lastmile_store::SortKey::Any))
        .await;
    assert_eq!(
        pages.iter().map(Vec::len).sum::<usize>(),
        limits::TRANSACT_MAX
    );
}
