//! The queue on SQS keeps the queue's contract, as far as an emulator can tell.

use std::cell::Cell;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sdk_sqs::config::{Credentials, Region};
use lastmile_backend_aws::Connection;
use lastmile_backend_aws::sqs::{QueueUrls, SqsClient, SqsQueue, setup};
use lastmile_store::queue::{NewMessage, Queue, QueueError, QueueName};
use lastmile_testkit::queue::Passing;
use lastmile_testkit::queue::contract::{self, Deviation, Subject};

/// Names the endpoint of an emulator.
const EMULATOR_VARIABLE: &str = "LASTMILE_EMULATOR";

/// In what the emulator (ministack 1.5.33) is not SQS:
const DEVIATIONS: [Deviation; 2] = [
    // It passes group ids on, but gives messages out in the order in which they came.
    Deviation::NoFairness,
    // It knows no `MessageNotInflight`: a message that is visible again is hidden with its last receipt.
    Deviation::VisibleIsHidden,
];

/// A client of the emulator, or nothing where there is none.
#[expect(clippy::print_stdout, reason = "what is not tested is said")]
async fn emulator(test: &str) -> Option<Arc<SqsClient>> {
    let Ok(endpoint) = std::env::var(EMULATOR_VARIABLE) else {
        println!("{test} is skipped: {EMULATOR_VARIABLE} names no emulator's endpoint");
        return None;
    };
    let settings = aws_config::from_env()
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await;
    let connection = Arc::new(Connection::from_settings(settings));
    Some(Arc::new(SqsClient::new(connection)))
}

/// Queues of this run, so that one emulator serves many.
fn stack(test: &str) -> String {
    format!("{test}-{}", process::id())
}

fn queue(client: &Arc<SqsClient>, urls: QueueUrls) -> SqsQueue {
    // A sequence is chance enough where few callers wait.
    let next = AtomicU64::new(0);
    let draw = move || next.fetch_add(7_919, Ordering::Relaxed);
    SqsQueue::new(Arc::clone(client), urls, Arc::new(draw))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_on_sqs_keeps_the_contract() {
    let Some(client) = emulator("the contract of the queue on SQS").await else {
        return;
    };
    let made = Cell::new(0);
    let make = async |settings| {
        let number = made.replace(made.get() + 1);
        let name = format!("{}-{number}", stack("contract"));
        let urls = setup::find_or_create(&client, &name, settings).await;
        let urls = urls.expect("an emulator makes queues");
        Subject {
            queue: Box::new(queue(&client, urls)),
            passing: Passing::Real,
        }
    };
    contract::run(make, &DEVIATIONS).await;
}

#[tokio::test]
async fn queues_that_are_there_are_found() {
    let Some(client) = emulator("the making of queues on SQS").await else {
        return;
    };
    let name = setup::name(&stack("setup"), QueueName::Tasks);
    let settings = QueueName::Tasks.settings();
    let first = setup::find_or_create(&client, &name, settings).await;
    let first = first.expect("an emulator makes queues");
    assert!(first.queue.ends_with(&name), "{first:?}");
    assert_ne!(Some(&first.queue), first.dead.as_ref());
    let again = setup::find_or_create(&client, &name, settings).await;
    assert_eq!(again.expect("they are there"), first);

    let queue = queue(&client, first);
    let sent = queue.send(vec![NewMessage::new("work".to_owned())]).await;
    sent.expect("sending works");
    let received = queue.receive(1, Duration::from_secs(1)).await;
    assert_eq!(received.expect("receiving works")[0].body, "work");
}

#[tokio::test]
async fn a_queue_that_is_not_there_is_a_failure_and_no_empty_queue() {
    let Some(client) = emulator("a queue that is not there").await else {
        return;
    };
    let urls = QueueUrls {
        queue: "http://127.0.0.1/000000000000/nowhere".to_owned(),
        dead: Some("http://127.0.0.1/000000000000/nowhere-dead".to_owned()),
    };
    let queue = queue(&client, urls);
    let received = queue.receive(1, Duration::ZERO).await;
    assert!(
        matches!(received, Err(QueueError::Backend(_))),
        "{received:?}"
    );
}
