//! The test kit's own stores keep the store's contract.

use lastmile_testkit::store::{FaultStore, Faults, MemoryStore, contract};

#[tokio::test]
async fn the_store_in_memory_keeps_the_contract() {
    contract::run(&MemoryStore::default()).await;
}

#[tokio::test]
async fn the_fault_wrapper_without_faults_keeps_the_contract() {
    contract::run(&FaultStore::new(MemoryStore::default(), Faults::OFF, 1)).await;
}
