//! Where the tests find a DynamoDB.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider, SharedHttpClient};
use dynoxide::Database;
use lastmile_backend_aws::{Connection, DynamoStore};
use tokio::net::TcpListener;

/// Names the endpoint of an emulator of AWS that is running, for example `http://127.0.0.1:4566`.
pub(crate) const EMULATOR_VARIABLE: &str = "LASTMILE_EMULATOR";

/// Starts an emulator in this process, on a free port of the loopback interface. It ends with the runtime.
pub(crate) async fn dynoxide() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let database = Database::memory().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, database));
    endpoint
}

/// The emulator that was started outside.
pub(crate) fn outside() -> Option<String> {
    std::env::var(EMULATOR_VARIABLE).ok()
}

/// A store with a new table of its own.
pub(crate) async fn store(endpoint: &str) -> DynamoStore {
    made(new_store(settings(endpoint, None))).await
}

/// A store with a new table of its own, which is reached so.
pub(crate) async fn store_by(endpoint: &str, client: SharedHttpClient) -> DynamoStore {
    made(unmade_store(endpoint, client)).await
}

/// A store whose table is not made.
pub(crate) fn unmade_store(endpoint: &str, client: SharedHttpClient) -> DynamoStore {
    new_store(settings(endpoint, Some(client)))
}

fn new_store(settings: SdkConfig) -> DynamoStore {
    let table = format!("lastmile-{:016x}", fastrand::u64(..));
    let connection = Arc::new(Connection::from_settings(settings));
    // Waits are short, and no two tokens are the same.
    let drawn = AtomicU64::new(0);
    let draw = move || drawn.fetch_add(1, Ordering::Relaxed);
    DynamoStore::new(connection, table, Arc::new(draw))
}

async fn made(store: DynamoStore) -> DynamoStore {
    store.create_table().await.unwrap();
    store
}

/// Emulators take any credentials.
fn settings(endpoint: &str, client: Option<SharedHttpClient>) -> SdkConfig {
    let credentials = Credentials::new("test", "test", None, None, "test");
    let mut settings = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url(endpoint)
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    settings.set_http_client(client);
    settings.build()
}
