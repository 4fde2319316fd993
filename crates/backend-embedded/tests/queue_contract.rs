//! The embedded queue keeps the queue's contract.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedQueue, EmbeddedStore};
use lastmile_store::QueueName;
use lastmile_store::queue::QueueSettings;
use lastmile_testkit::queue::contract::{self, Subject};
use lastmile_testkit::queue::{FaultQueue, Passing};
use lastmile_testkit::store::{Faults, ManualClock};

/// A queue of a store of its own.
fn open(folder: &Path, settings: QueueSettings) -> (EmbeddedQueue, Passing) {
    let clock = Arc::new(ManualClock::new());
    let mut options = EmbeddedOptions::new(clock.clone());
    options.cache_bytes = 1024 * 1024;
    let store = EmbeddedStore::open(folder, options).expect("a new store opens");
    let queue = Arc::new(store).queue_with(QueueName::Tasks, settings);
    (queue, Passing::Turned(clock))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_queue_keeps_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    let made = Cell::new(0);
    let make = async |settings| {
        let number = made.replace(made.get() + 1);
        let (queue, passing) = open(&directory.path().join(number.to_string()), settings);
        let queue = Box::new(queue);
        Subject { queue, passing }
    };
    contract::run(make, &[]).await;
}

#[tokio::test]
async fn it_does_so_behind_the_fault_wrapper_without_faults() {
    let directory = tempfile::tempdir().unwrap();
    let made = Cell::new(0);
    let make = async |settings| {
        let number = made.replace(made.get() + 1);
        let (queue, passing) = open(&directory.path().join(number.to_string()), settings);
        let queue = Box::new(FaultQueue::new(queue, Faults::OFF, 1));
        Subject { queue, passing }
    };
    contract::run(make, &[]).await;
}
