//! The embedded queue and the queue in memory answer random operations alike.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedQueue, EmbeddedStore};
use lastmile_store::QueueName;
use lastmile_store::queue::QueueSettings;
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::queue::model::{
    Difference, History, Operation, compare, everything, operations,
};
use lastmile_testkit::store::ManualClock;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

const OPERATIONS_PER_CASE: usize = 80;
const SETTINGS: QueueSettings = QueueSettings {
    visibility: Duration::from_secs(4),
    tries_max: 3,
};

fn open(directory: &Path, clock: &Arc<ManualClock>) -> EmbeddedQueue {
    let store = EmbeddedStore::open(directory, EmbeddedOptions::new(clock.clone())).unwrap();
    Arc::new(store).queue_with(QueueName::Imports, SETTINGS)
}

/// Half of the operations, the store closed and opened again, and the other half. What was in work is ready then.
#[tokio::main(flavor = "current_thread")]
async fn answers_alike(operations: &[Operation]) -> Result<(), Difference> {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new());
    let memory = MemoryQueue::new(SETTINGS, clock.clone());
    let (before, after) = operations.split_at(operations.len() / 2);
    let mut history = History::default();
    let embedded = open(directory.path(), &clock);
    compare(&memory, &embedded, &clock, &mut history, before).await?;
    drop(embedded);
    memory.release();
    let embedded = open(directory.path(), &clock);
    compare(&memory, &embedded, &clock, &mut history, after).await?;
    compare(&memory, &embedded, &clock, &mut history, &everything()).await
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_operations_are_answered_alike(operations in operations(OPERATIONS_PER_CASE)) {
        answers_alike(&operations).map_err(|difference| TestCaseError::fail(difference.to_string()))?;
    }
}
