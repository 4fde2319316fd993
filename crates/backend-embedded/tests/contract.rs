//! The embedded store keeps the store's contract.

use std::sync::Arc;

use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_testkit::store::{FaultStore, Faults, ManualClock, contract};

fn open(directory: &tempfile::TempDir) -> EmbeddedStore {
    let options = EmbeddedOptions::new(Arc::new(ManualClock::new()));
    EmbeddedStore::open(directory.path(), options).expect("a new store opens")
}

#[tokio::test]
async fn the_embedded_store_keeps_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    contract::run(&open(&directory)).await;
}

#[tokio::test]
async fn it_does_so_behind_the_fault_wrapper_without_faults() {
    let directory = tempfile::tempdir().unwrap();
    contract::run(&FaultStore::new(open(&directory), Faults::OFF, 1)).await;
}
