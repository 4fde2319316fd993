//! A stand-in for DynamoDB in the bench's own process, with a list in its table.
//!
//! It is for tests: one lock, everything in memory. Nothing is measured of it; functions that are measured
//! need something that answers them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use dynoxide::Database;
use jiff::Timestamp;
use lastmile_app::imports::{ClaimsOf, FileSource, LoadRequest, Unobserved, load};
use lastmile_app::{Context, Random};
use lastmile_backend_aws::{Connection, DynamoStore};
use lastmile_model::identity::{ListId, ListName, ProviderName, TenantId};
use lastmile_store::Clock;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::city;
use crate::failure::Failure;
use crate::functions::TABLE;

/// Whose list it is.
const PROVIDER: &str = "Anchor";
/// Buildings of the list.
const BUILDINGS: u32 = 100;
/// When it was loaded: after the day of the city's lists.
const LOADED_AT_SECONDS: i64 = 1_773_000_000;

/// A running stand-in; it ends with this.
pub(crate) struct StandIn {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// A building of its list, in words.
    pub(crate) served: String,
    _runtime: Runtime,
}

impl StandIn {
    /// Starts it and loads the list.
    pub(crate) fn start() -> Result<Self, Failure> {
        let runtime = Runtime::new().map_err(Failure::system("starting threads"))?;
        let address = runtime.block_on(filled())?;
        Ok(Self {
            address,
            served: city::of(BUILDINGS).building(0).one_line(),
            _runtime: runtime,
        })
    }
}

async fn filled() -> Result<SocketAddr, Failure> {
    let failed = Failure::system("listening on loopback");
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(&failed)?;
    let address = listener.local_addr().map_err(&failed)?;
    let database = Database::memory().map_err(other)?;
    tokio::spawn(dynoxide::server::serve_on(listener, database));

    let connection = Arc::new(Connection::from_settings(settings(address)));
    // A sequence is chance enough for one who writes alone.
    let drawn = AtomicU64::new(0);
    let draw = move || drawn.fetch_add(1, Ordering::Relaxed);
    let store = DynamoStore::new(connection, TABLE.to_owned(), Arc::new(draw));
    store.create_table().await.map_err(other)?;

    let list = city::fresh_folder("stand-in")?.join("list.csv");
    city::write_list(&city::of(BUILDINGS), PROVIDER, &list)?;
    let context = Context::new(
        Arc::new(store),
        Arc::new(Frozen),
        Arc::new(Counted::default()),
    );
    let request = LoadRequest {
        list: ListId {
            provider: ProviderName::new(PROVIDER).map_err(other)?,
            name: ListName::new("main").map_err(other)?,
        },
        tenant: TenantId::default(),
        claims_of: ClaimsOf::Anyone,
        format: None,
        column_map: None,
        as_of: None,
        file_name: "list.csv".to_owned(),
        file_date: None,
    };
    let source = Arc::new(FileSource { path: list });
    let loaded = load(&context, &request, source, Arc::new(Unobserved)).await;
    loaded.map(|_| address).map_err(other)
}

fn settings(address: SocketAddr) -> SdkConfig {
    let credentials = Credentials::new("bench", "bench", None, None, "bench");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url(format!("http://{address}"))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build()
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::system("filling the stand-in for DynamoDB")(std::io::Error::other(error))
}

struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(LOADED_AT_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

#[derive(Default)]
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, figure) in bytes.iter_mut().zip(number.into_iter().rev()) {
            *byte = figure;
        }
    }
}
