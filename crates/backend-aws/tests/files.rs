//! Files in S3 keep the contract of files, as far as an emulator can tell.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_s3::config::{Builder, Credentials, Region};
use bytes::Bytes;
use lastmile_backend_aws::{Connection, S3Files};
use lastmile_store::{Files as _, FilesError};
use lastmile_testkit::files::contract;

/// Names the endpoint of an emulator.
const EMULATOR_VARIABLE: &str = "LASTMILE_EMULATOR";

/// Files of an emulator, in a bucket of this run; or nothing where there is none.
#[expect(clippy::print_stdout, reason = "what is not tested is said")]
async fn emulated(test: &str) -> Option<S3Files> {
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
    let bucket = format!("lastmile-{}", process::id());
    let client = Builder::from(&settings).force_path_style(true).build();
    let client = aws_sdk_s3::Client::from_conf(client);
    // Where another test of this run has made it, it is there.
    let _there = client.create_bucket().bucket(&bucket).send().await;
    Some(files(Arc::new(Connection::from_settings(settings)), bucket))
}

fn files(connection: Arc<Connection>, bucket: String) -> S3Files {
    // A sequence is chance enough where few callers wait.
    let next = AtomicU64::new(0);
    let draw = move || next.fetch_add(7_919, Ordering::Relaxed);
    S3Files::new(connection, bucket, Arc::new(draw))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_files_in_s3_keep_the_contract() {
    let Some(files) = emulated("the contract of files in S3").await else {
        return;
    };
    contract::run(&files, "contract/").await;
}

#[tokio::test]
async fn a_bucket_that_is_not_there_is_a_failure() {
    if emulated("a bucket that is not there").await.is_none() {
        return;
    }
    let endpoint = std::env::var(EMULATOR_VARIABLE).expect("it is there");
    let settings = aws_config::from_env()
        .endpoint_url(endpoint)
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "test", None, None, "test"))
        .load()
        .await;
    let connection = Arc::new(Connection::from_settings(settings));
    let files = files(connection, "lastmile-nowhere".to_owned());
    let put = files.put("a", Bytes::from_static(b"x")).await;
    assert!(matches!(put, Err(FilesError::Backend(_))), "{put:?}");
    let names = files.names("a", 10).await;
    assert!(matches!(names, Err(FilesError::Backend(_))), "{names:?}");
}
