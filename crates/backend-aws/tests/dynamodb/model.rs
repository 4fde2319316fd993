//! The store in memory, the embedded store and DynamoDB answer random operations alike.

use std::sync::Arc;
use std::time::Duration;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_testkit::store::model::{Difference, Operation, compare, everything, scripts};
use lastmile_testkit::store::{ManualClock, MemoryStore};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use super::emulator;

/// Never, within a test: the store in memory keeps what has expired.
const NO_HOUSEKEEPING: Duration = Duration::from_secs(1_000_000);
const OPERATIONS_PER_CASE: usize = 60;

#[tokio::main(flavor = "current_thread")]
async fn answers_alike(operations: &[Operation]) -> Result<(), Difference> {
    let clock = Arc::new(ManualClock::new());
    let memory = MemoryStore::new(clock.clone());
    let directory = tempfile::tempdir().unwrap();
    let mut options = EmbeddedOptions::new(clock.clone());
    options.housekeeping_interval = NO_HOUSEKEEPING;
    let embedded = EmbeddedStore::open(directory.path(), options).unwrap();
    // Tokens are known to a whole emulator, so that each case has its own.
    let endpoint = emulator::dynoxide().await;
    let dynamodb = emulator::store(&endpoint).await;
    let tested = [("embedded", &embedded as _), ("DynamoDB", &dynamodb as _)];
    compare(&memory, &tested, &clock, operations).await?;
    compare(&memory, &tested, &clock, &everything()).await
}

/// An emulator forgets tokens by the machine's clock, not by ours: there time stands still.
fn without_time(operations: Vec<Operation>) -> Vec<Operation> {
    let passes = |operation: &Operation| matches!(operation, Operation::Advance { .. });
    operations
        .into_iter()
        .filter(|operation| !passes(operation))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 16,
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_operations_are_answered_alike(script in scripts(OPERATIONS_PER_CASE)) {
        let operations = without_time(script.0);
        answers_alike(&operations).map_err(|difference| TestCaseError::fail(difference.to_string()))?;
    }
}
