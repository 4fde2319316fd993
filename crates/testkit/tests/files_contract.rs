//! The files in memory keep the contract of files.

use lastmile_testkit::files::{MemoryFiles, contract};

#[tokio::test]
async fn the_files_in_memory_keep_the_contract() {
    contract::run(&MemoryFiles::default(), "run/").await;
}
