//! A stream whose shard was closed and split. Emulators keep one shard for ever, so the test answers the
//! calls itself.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use lastmile_backend_aws::DynamoStore;
use lastmile_store::{ChangePosition, PrimaryKey, Store};
use serde_json::{Value, json};

use super::connector::{Fate, client};
use super::emulator;

/// Shards, their parents, and the sequence numbers of their records. The oldest shard is closed.
const SHARDS: [(&str, Option<&str>, &[u32]); 3] = [
    ("shard-1", Some("shard-0"), &[11, 12, 13]),
    ("shard-2", Some("shard-1"), &[21, 22]),
    ("shard-3", Some("shard-1"), &[31]),
];
/// Records before this one are no longer kept.
const OLDEST: u32 = 12;
/// A record of an item that is no outbox item.
const SILENT: u32 = 22;

fn answer(call: &str, request: &Value) -> Value {
    match call {
        "DescribeTable" => json!({ "Table": { "LatestStreamArn": "arn:aws:dynamodb:stream" } }),
        "DescribeStream" => json!({ "StreamDescription": { "Shards": described() } }),
        "GetShardIterator" => iterator(request),
        "GetRecords" => records(request["ShardIterator"].as_str().unwrap()),
        _ => unreachable!("{call} is no call of a stream"),
    }
}

fn described() -> Vec<Value> {
    let shard = |(id, parent, _): &(&str, Option<&str>, &[u32])| json!({ "ShardId": id, "ParentShardId": parent });
    // Children may be listed before their parents.
    SHARDS.iter().rev().map(shard).collect()
}

/// An iterator is `shard/number`: it gives the records after that number.
fn iterator(request: &Value) -> Value {
    let shard = request["ShardId"].as_str().unwrap();
    let number = match request["ShardIteratorType"].as_str().unwrap() {
        "TRIM_HORIZON" => "0",
        "AFTER_SEQUENCE_NUMBER" => request["SequenceNumber"].as_str().unwrap(),
        other => unreachable!("{other} is not used"),
    };
    json!({ "ShardIterator": format!("{shard}/{number}") })
}

fn records(iterator: &str) -> Value {
    let (id, after) = iterator.split_once('/').unwrap();
    let after: u32 = after.parse().unwrap();
    let (_, _, numbers) = SHARDS.into_iter().find(|shard| shard.0 == id).unwrap();
    let next = numbers
        .iter()
        .copied()
        .find(|number| *number > after && *number >= OLDEST);
    // One record at a time.
    let (records, reached) = match next {
        Some(number) => (vec![record(number)], number),
        None => (Vec::new(), after),
    };
    let closed = id == "shard-1" && next.is_none();
    let next = (!closed).then(|| format!("{id}/{reached}"));
    json!({ "Records": records, "NextShardIterator": next })
}

fn record(number: u32) -> Value {
    let key = json!({ "pk": { "S": "p" }, "sk": { "S": number.to_string() } });
    let mut image = key.clone();
    if number != SILENT {
        image["st"] = json!({ "BOOL": true });
    }
    json!({ "dynamodb": {
        "Keys": key, "NewImage": image, "SequenceNumber": number.to_string(),
    } })
}

/// Whether a record lies before what is kept: then DynamoDB says so instead of giving an iterator.
fn is_trimmed(call: &str, request: &Value) -> bool {
    let number = request["SequenceNumber"].as_str();
    call == "GetShardIterator"
        && number.is_some_and(|number| number.parse::<u32>().unwrap() + 1 < OLDEST)
}

fn store() -> DynamoStore {
    emulator::unmade_store(
        "http://127.0.0.1:1",
        client(|call, request| {
            if is_trimmed(call, request) {
                return Fate::refused("TrimmedDataAccessException");
            }
            Fate::Answered(200, answer(call, request))
        }),
    )
}

/// The sort keys and the positions of all changes after a position.
async fn read(
    store: &DynamoStore,
    from: &ChangePosition,
    limit: usize,
) -> Vec<(String, ChangePosition)> {
    let mut position = from.clone();
    let mut seen = Vec::new();
    loop {
        let page = store.changes(position, limit).await.unwrap();
        if page.changes.is_empty() {
            return seen;
        }
        assert!(page.changes.len() <= limit);
        for change in page.changes {
            let PrimaryKey { pk: _, sk } = change.key;
            assert!(change.new_image.is_some_and(|item| item.streamed));
            seen.push((sk, change.position));
        }
        position = page.next;
    }
}

fn names(seen: &[(String, ChangePosition)]) -> Vec<&str> {
    seen.iter().map(|(sk, _)| sk.as_str()).collect()
}

#[tokio::test]
async fn a_shard_is_read_to_its_end_before_its_children() {
    for limit in [1, 2, 1000] {
        let seen = read(&store(), &ChangePosition::default(), limit).await;
        assert_eq!(names(&seen)[..2], ["12", "13"], "the parent's are first");
        let children: BTreeSet<&str> = names(&seen)[2..].iter().copied().collect();
        assert_eq!(children, BTreeSet::from(["21", "31"]), "each once");
        assert_eq!(seen.len(), 4);
    }
}

#[tokio::test]
async fn another_process_goes_on_from_any_position() {
    let all = read(&store(), &ChangePosition::default(), 1000).await;
    for (done, (_, position)) in all.iter().enumerate() {
        let rest = read(&store(), position, 1).await;
        let seen: BTreeSet<&str> = names(&rest).into_iter().collect();
        let left: BTreeSet<&str> = names(&all[done + 1..]).into_iter().collect();
        assert_eq!(seen, left, "after {}", position.as_text());
        assert_eq!(rest.len(), left.len(), "each once");
    }
}

#[tokio::test]
async fn a_trimmed_position_goes_on_with_the_oldest() {
    for text in ["shard-1=3", "shard-0=7", "gone=1;shard-1="] {
        let position = ChangePosition::from_text(text.to_owned());
        let seen = read(&store(), &position, 1000).await;
        assert_eq!(seen.len(), 4, "{text}");
    }
}

#[tokio::test]
async fn an_iterator_that_was_kept_too_long_is_replaced() {
    let expired = Arc::new(AtomicBool::new(false));
    let expires = Arc::clone(&expired);
    let store = emulator::unmade_store(
        "http://127.0.0.1:1",
        client(move |call, request| {
            if call == "GetRecords" && expires.swap(false, Ordering::SeqCst) {
                return Fate::refused("ExpiredIteratorException");
            }
            Fate::Answered(200, answer(call, request))
        }),
    );
    let page = store.changes(ChangePosition::default(), 1).await.unwrap();
    expired.store(true, Ordering::SeqCst);
    let rest = read(&store, &page.next, 1000).await;
    assert_eq!(rest.len(), 3);
    assert!(!expired.load(Ordering::SeqCst), "it did expire");
}
