//! The test kit's own queues keep the queue's contract.

use std::sync::Arc;

use lastmile_store::MeteredQueue;
use lastmile_store::queue::QueueSettings;
use lastmile_testkit::queue::contract::{self, Subject};
use lastmile_testkit::queue::{FaultQueue, MemoryQueue, Passing};
use lastmile_testkit::store::{Faults, ManualClock};

fn in_memory(settings: QueueSettings) -> (MemoryQueue, Passing) {
    let clock = Arc::new(ManualClock::new());
    let queue = MemoryQueue::new(settings, clock.clone());
    (queue, Passing::Turned(clock))
}

#[tokio::test]
async fn the_queue_in_memory_keeps_the_contract() {
    let make = async |settings| {
        let (queue, passing) = in_memory(settings);
        let queue = Box::new(queue);
        Subject { queue, passing }
    };
    contract::run(make, &[]).await;
}

#[tokio::test]
async fn the_fault_wrapper_without_faults_keeps_the_contract() {
    let make = async |settings| {
        let (queue, passing) = in_memory(settings);
        let queue = Box::new(FaultQueue::new(queue, Faults::OFF, 1));
        Subject { queue, passing }
    };
    contract::run(make, &[]).await;
}

#[tokio::test]
async fn the_metered_queue_keeps_the_contract() {
    let make = async |settings| {
        let (queue, passing) = in_memory(settings);
        let queue = Box::new(MeteredQueue::new(Arc::new(queue)));
        Subject { queue, passing }
    };
    contract::run(make, &[]).await;
}
