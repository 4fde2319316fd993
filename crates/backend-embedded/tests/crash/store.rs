//! Every acknowledged write is there, and no transaction is half there.
//!
//! The process moves money between accounts; each transfer is one transaction of two balances and an
//! entry in a ledger.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_store::{
    BatchWrite, ChangePosition, Condition, Index, IndexKey, Item, PrimaryKey, Query, Store,
    TransactWrite, Transaction, Value, limits,
};
use lastmile_testkit::chance::mixed;
use lastmile_testkit::killed::{self, LIFE_MAX, acknowledge};
use lastmile_testkit::store::ManualClock;

/// Kills; the environment may ask for another number.
const ROUNDS: u64 = 250;
/// Rounds that go on with one store, before a new one begins.
const ROUNDS_PER_STORE: u64 = 25;
const ACCOUNTS: u64 = 8;
const TELLERS: u64 = 4;
const FIRST_BALANCE: i64 = 1000;
const KILLED: &str = "store::the_process_that_is_killed";

#[test]
fn acknowledged_writes_survive_kills_and_no_transaction_is_half_there() {
    let rounds = killed::rounds(ROUNDS);
    let mut acknowledged_in_all = 0;
    for first in (0..rounds).step_by(usize::try_from(ROUNDS_PER_STORE).unwrap()) {
        let directory = tempfile::tempdir().unwrap();
        let mut acknowledged = Vec::new();
        for round in first..rounds.min(first + ROUNDS_PER_STORE) {
            acknowledged.extend(killed::run(KILLED, directory.path(), round, LIFE_MAX));
            killed::while_none_starts(|| check(directory.path(), &acknowledged));
        }
        acknowledged_in_all += acknowledged.len();
    }
    // Or the kills came too early to show anything.
    let expected = usize::try_from(rounds).unwrap();
    assert!(
        acknowledged_in_all > expected,
        "{acknowledged_in_all} writes in {rounds} rounds"
    );
}

/// Opens the store as it was left, and compares.
#[tokio::main(flavor = "current_thread")]
async fn check(directory: &Path, acknowledged: &[String]) {
    let store = open(directory);
    let ledger = all(&store, &Query::partition("ledger".to_owned())).await;
    let mut balances: BTreeMap<String, i64> = BTreeMap::new();
    for entry in &ledger {
        let amount = entry.attributes.number("amount").unwrap();
        *balances
            .entry(entry.attributes.text("from").unwrap().to_owned())
            .or_default() -= amount;
        *balances
            .entry(entry.attributes.text("to").unwrap().to_owned())
            .or_default() += amount;
    }
    for account in all(&store, &Query::partition("accounts".to_owned())).await {
        let moved = balances.remove(&account.key.sk).unwrap_or_default();
        let balance = account.attributes.number("balance");
        assert_eq!(balance, Some(FIRST_BALANCE + moved), "{}", account.key.sk);
    }
    assert_eq!(
        balances,
        BTreeMap::new(),
        "every entry's accounts are there"
    );

    let index = Query {
        index: Index::One,
        ..Query::partition("by amount".to_owned())
    };
    assert_eq!(
        all(&store, &index).await.len(),
        ledger.len(),
        "the index follows the ledger"
    );
    let mut changes = 0;
    let mut position = ChangePosition::default();
    loop {
        let page = store.changes(position, limits::CHANGES_MAX).await.unwrap();
        changes += page.changes.len();
        position = page.next;
        if page.changes.is_empty() {
            break;
        }
    }
    assert_eq!(changes, ledger.len(), "the feed follows the ledger");

    let batches = all(&store, &Query::partition("batches".to_owned())).await;
    let mut written: BTreeMap<&str, usize> = ledger
        .iter()
        .map(|entry| (entry.key.sk.as_str(), 1))
        .collect();
    for item in &batches {
        let (name, _) = item.key.sk.split_once('/').unwrap();
        *written.entry(name).or_default() += 1;
    }
    for name in acknowledged {
        let expected = if name.starts_with("batch") {
            limits::BATCH_WRITE_MAX
        } else {
            1
        };
        assert_eq!(
            written.get(name.as_str()),
            Some(&expected),
            "{name} was acknowledged"
        );
    }
}

#[test]
#[ignore = "runs until it is killed: the crash test starts it"]
fn the_process_that_is_killed() {
    let (directory, round) = killed::orders();
    write_until_killed(&directory, round);
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn write_until_killed(directory: &Path, round: u64) {
    let store = Arc::new(open(directory));
    for account in 0..ACCOUNTS {
        let mut item = Item::new(account_key(account));
        item.attributes.insert("balance", Value::N(FIRST_BALANCE));
        let condition = Condition::NotExists;
        // Every round but a store's first finds it.
        let _there = store
            .transact(transaction(vec![TransactWrite::Put { item, condition }]))
            .await;
    }
    let tellers = (0..TELLERS).map(|teller| tokio::spawn(transfer(store.clone(), round, teller)));
    let tellers: Vec<_> = tellers.collect();
    for number in 0_u64.. {
        let name = format!("batch {round} {number}");
        let items = (0..limits::BATCH_WRITE_MAX)
            .map(|part| Item::new(key("batches", &format!("{name}/{part}"))));
        store
            .batch_write(items.map(BatchWrite::Put).collect())
            .await
            .unwrap();
        acknowledge(&name);
    }
    for teller in tellers {
        teller.await.unwrap();
    }
}

async fn transfer(store: Arc<EmbeddedStore>, round: u64, teller: u64) {
    for number in 0_u64.. {
        let name = format!("transfer {round} {teller} {number}");
        let chance = mixed(round * 1_000_003 + teller * 10_007 + number);
        let from = chance % ACCOUNTS;
        let to = (from + 1 + (chance >> 8) % (ACCOUNTS - 1)) % ACCOUNTS;
        let amount = i64::try_from((chance >> 16) % 100).unwrap();
        let mut entry = Item::new(key("ledger", &name));
        entry.index1 = Some(IndexKey {
            pk: "by amount".to_owned(),
            sk: format!("{amount:03}"),
        });
        entry.streamed = true;
        entry
            .attributes
            .insert("from", Value::S(account_key(from).sk));
        entry.attributes.insert("to", Value::S(account_key(to).sk));
        entry.attributes.insert("amount", Value::N(amount));
        let condition = Condition::NotExists;
        let writes = vec![
            add(from, -amount),
            TransactWrite::Put {
                item: entry,
                condition,
            },
            add(to, amount),
        ];
        store.transact(transaction(writes)).await.unwrap();
        acknowledge(&name);
    }
}

fn add(account: u64, amount: i64) -> TransactWrite {
    TransactWrite::Update {
        key: account_key(account),
        set: vec![],
        add: vec![("balance", amount)],
        remove: vec![],
        condition: Condition::Exists,
    }
}

const fn transaction(writes: Vec<TransactWrite>) -> Transaction {
    Transaction {
        writes,
        token: None,
    }
}

fn account_key(account: u64) -> PrimaryKey {
    key("accounts", &format!("account {account}"))
}

fn key(pk: &str, sk: &str) -> PrimaryKey {
    PrimaryKey {
        pk: pk.into(),
        sk: sk.to_owned(),
    }
}

fn open(directory: &Path) -> EmbeddedStore {
    let mut options = EmbeddedOptions::new(Arc::new(ManualClock::new()));
    options.cache_bytes = 16 * 1024 * 1024;
    EmbeddedStore::open(directory, options).expect("the store opens after a kill")
}

async fn all(store: &EmbeddedStore, query: &Query) -> Vec<Item> {
    let mut query = query.clone();
    let mut items = Vec::new();
    loop {
        let page = store.query(&query).await.unwrap().value;
        items.extend(page.items);
        query.after = page.next;
        if query.after.is_none() {
            return items;
        }
    }
}
