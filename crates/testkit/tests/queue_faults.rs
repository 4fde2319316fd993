//! What the fault wrapper does to calls of a queue.

use std::sync::Arc;
use std::time::Duration;

use lastmile_store::queue::{NewMessage, Queue, QueueDepth, QueueError, QueueSettings};
use lastmile_testkit::queue::{FaultQueue, MemoryQueue};
use lastmile_testkit::store::{Fault, Faults, ManualClock};

fn faulty() -> FaultQueue<MemoryQueue> {
    let settings = QueueSettings {
        visibility: Duration::from_secs(60),
        tries_max: 3,
    };
    let inner = MemoryQueue::new(settings, Arc::new(ManualClock::new()));
    FaultQueue::new(inner, Faults::OFF, 1)
}

fn message(body: &str) -> Vec<NewMessage> {
    vec![NewMessage::new(body.to_owned())]
}

#[tokio::test]
async fn a_send_whose_answer_is_lost_was_sent() {
    let queue = faulty();
    queue.order([
        Some(Fault::Before),
        Some(Fault::After),
        Some(Fault::Throttled),
        None,
    ]);
    let lost = queue.send(message("before")).await;
    assert!(matches!(lost, Err(QueueError::Backend(_))), "{lost:?}");
    let lost = queue.send(message("after")).await;
    assert!(matches!(lost, Err(QueueError::Backend(_))), "{lost:?}");
    let busy = queue.send(message("throttled")).await;
    assert!(matches!(busy, Err(QueueError::Throttled)), "{busy:?}");
    queue.send(message("fine")).await.unwrap();

    let received = queue.inner().receive(10, Duration::ZERO).await.unwrap();
    let bodies: Vec<_> = received.iter().map(|one| one.body.as_str()).collect();
    assert_eq!(bodies, ["after", "fine"]);
}

#[tokio::test]
async fn what_a_lost_receive_took_is_in_work() {
    let queue = faulty();
    queue.send(message("a")).await.unwrap();
    queue.order([Some(Fault::After)]);
    let lost = queue.receive(10, Duration::ZERO).await;
    assert!(matches!(lost, Err(QueueError::Backend(_))), "{lost:?}");
    let depth = QueueDepth {
        in_work: 1,
        ..QueueDepth::default()
    };
    assert_eq!(queue.depth().await.unwrap(), depth);
}
