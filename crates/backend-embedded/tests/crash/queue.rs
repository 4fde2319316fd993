//! Every acknowledged send comes until its delete was asked for, what was deleted does not come again,
//! and no batch is half there.
//!
//! The process sends batches, and receives and deletes at the same time. It says which batches were sent,
//! which messages it is about to delete, and which were deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_store::QueueName;
use lastmile_store::queue::{
    NewMessage, QUEUE_BATCH_MAX, Queue, QueueDepth, QueueSettings, WAIT_MAX,
};
use lastmile_testkit::chance::mixed;
use lastmile_testkit::killed::{self, LIFE_MAX, acknowledge};
use lastmile_testkit::store::ManualClock;

/// Kills; the environment may ask for another number.
const ROUNDS: u64 = 60;
/// Rounds that go on with one store, before a new one begins.
const ROUNDS_PER_STORE: u64 = 20;
const SENDERS: u64 = 3;
const WORKERS: usize = 2;
const GROUPS: u64 = 4;
const KILLED: &str = "queue::the_process_that_is_killed";
const SETTINGS: QueueSettings = QueueSettings {
    visibility: Duration::from_secs(30),
    tries_max: 100,
};
/// Longer than any message is hidden.
const PAST_ALL_SECONDS: i64 = 60;

#[test]
fn acknowledged_messages_survive_kills_and_no_batch_is_half_there() {
    let rounds = killed::rounds(ROUNDS);
    let mut sent_in_all = 0;
    for first in (0..rounds).step_by(usize::try_from(ROUNDS_PER_STORE).unwrap()) {
        let directory = tempfile::tempdir().unwrap();
        for round in first..rounds.min(first + ROUNDS_PER_STORE) {
            let said = killed::run(KILLED, directory.path(), round, LIFE_MAX);
            let said = Said::of(&said);
            sent_in_all += said.sent.len();
            killed::while_none_starts(|| check(directory.path(), &said));
        }
    }
    // Or the kills came too early to show anything.
    let expected = usize::try_from(rounds).unwrap();
    assert!(
        sent_in_all > expected,
        "{sent_in_all} batches in {rounds} rounds"
    );
}

/// What the process said.
struct Said<'a> {
    /// Batches.
    sent: BTreeSet<&'a str>,
    /// Messages whose delete may have happened.
    begun: BTreeSet<&'a str>,
    /// Messages whose delete was acknowledged.
    deleted: BTreeSet<&'a str>,
}

impl<'a> Said<'a> {
    fn of(lines: &'a [String]) -> Self {
        let with = |head| {
            let named = lines.iter().filter_map(move |line| line.strip_prefix(head));
            named.collect()
        };
        Self {
            sent: with("sent "),
            begun: with("begun "),
            deleted: with("deleted "),
        }
    }
}

/// Takes out everything that is left, and compares.
#[tokio::main(flavor = "current_thread")]
async fn check(directory: &Path, said: &Said<'_>) {
    let (clock, queue) = open(directory);
    clock.advance_seconds(PAST_ALL_SECONDS);
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    loop {
        let received = queue
            .receive(QUEUE_BATCH_MAX, Duration::ZERO)
            .await
            .unwrap();
        if received.is_empty() {
            break;
        }
        for one in &received {
            *left.entry(one.body.clone()).or_default() += 1;
        }
        let receipts: Vec<_> = received.into_iter().map(|one| one.receipt).collect();
        queue.delete(&receipts).await.unwrap();
    }
    let depth = queue.depth().await.unwrap();
    assert_eq!(depth, QueueDepth::default(), "the counts follow");
    assert!(left.values().all(|count| *count == 1), "each came once");
    for body in &said.deleted {
        assert!(!left.contains_key(*body), "{body} was deleted");
    }
    let batch_of = |body: &str| body.split_once('/').unwrap().0.to_owned();
    let batches: BTreeSet<String> = left.keys().map(|body| batch_of(body)).collect();
    let acknowledged = said.sent.iter().map(|batch| (*batch).to_owned());
    for batch in batches.into_iter().chain(acknowledged) {
        for part in 0..QUEUE_BATCH_MAX {
            let body = format!("{batch}/{part}");
            let there = left.contains_key(&body) || said.begun.contains(body.as_str());
            assert!(there, "{body} is lost");
        }
    }
}

#[test]
#[ignore = "runs until it is killed: the crash test starts it"]
fn the_process_that_is_killed() {
    let (directory, round) = killed::orders();
    work_until_killed(&directory, round);
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn work_until_killed(directory: &Path, round: u64) {
    let (_, queue) = open(directory);
    let queue: Arc<dyn Queue> = Arc::new(queue);
    let mut tasks = Vec::new();
    for sender in 0..SENDERS {
        tasks.push(tokio::spawn(send(queue.clone(), round, sender)));
    }
    for _ in 0..WORKERS {
        tasks.push(tokio::spawn(receive(queue.clone())));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

async fn send(queue: Arc<dyn Queue>, round: u64, sender: u64) {
    for number in 0_u64.. {
        let batch = format!("{round} {sender} {number}");
        let chance = mixed(round * 1_000_003 + sender * 10_007 + number);
        let messages = (0..QUEUE_BATCH_MAX).map(|part| NewMessage {
            group: Some(format!("group{}", chance % GROUPS)),
            // Some are never received before the kill.
            delay: Duration::from_secs((chance >> 8) % 2),
            ..NewMessage::new(format!("{batch}/{part}"))
        });
        queue.send(messages.collect()).await.unwrap();
        acknowledge(&format!("sent {batch}"));
    }
}

async fn receive(queue: Arc<dyn Queue>) {
    for number in 0_u64.. {
        let received = queue.receive(QUEUE_BATCH_MAX, WAIT_MAX).await.unwrap();
        // Some are hidden when the kill comes.
        if number % 3 == 2 {
            continue;
        }
        for one in &received {
            acknowledge(&format!("begun {}", one.body));
        }
        let receipts: Vec<_> = received.iter().map(|one| one.receipt.clone()).collect();
        queue.delete(&receipts).await.unwrap();
        for one in &received {
            acknowledge(&format!("deleted {}", one.body));
        }
    }
}

fn open(directory: &Path) -> (Arc<ManualClock>, impl Queue + use<>) {
    let clock = Arc::new(ManualClock::new());
    let mut options = EmbeddedOptions::new(clock.clone());
    options.cache_bytes = 16 * 1024 * 1024;
    let store = EmbeddedStore::open(directory, options).expect("the store opens after a kill");
    let queue = Arc::new(store).queue_with(QueueName::Imports, SETTINGS);
    (clock, queue)
}
