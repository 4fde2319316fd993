//! The embedded store and the store in memory answer random operations alike.
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that fails"
)]

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_testkit::store::model::{Difference, Operation, compare, everything, scripts};
use lastmile_testkit::store::{ManualClock, MemoryStore};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

/// Never, within a test: the store in memory keeps what has expired.
const NO_HOUSEKEEPING: Duration = Duration::from_secs(1_000_000);
const OPERATIONS_PER_CASE: usize = 60;

fn open(directory: &Path, clock: &Arc<ManualClock>) -> EmbeddedStore {
    let mut options = EmbeddedOptions::new(clock.clone());
    options.housekeeping_interval = NO_HOUSEKEEPING;
    EmbeddedStore::open(directory, options).unwrap()
}

/// Half of the operations, the store closed and opened again, and the other half.
#[tokio::main(flavor = "current_thread")]
async fn answers_alike(operations: &[Operation]) -> Result<(), Difference> {
    let directory = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::new());
    let memory = MemoryStore::new(clock.clone());
    let (before, after) = operations.split_at(operations.len() / 2);
    let embedded = open(directory.path(), &clock);
    compare(&memory, &[("embedded", &embedded)], &clock, before).await?;
    embedded.close();
    let embedded = open(directory.path(), &clock);
    compare(&memory, &[("embedded", &embedded)], &clock, after).await?;
    compare(&memory, &[("embedded", &embedded)], &clock, &everything()).await
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_operations_are_answered_alike(script in scripts(OPERATIONS_PER_CASE)) {
        answers_alike(&script.0).map_err(|difference| TestCaseError::fail(difference.to_string()))?;
    }
}
