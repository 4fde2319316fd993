//! A whole service in memory, with time and chance that repeat themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lastmile_app::availability::{Availability, worker};
use lastmile_app::imports::ImportDesk;
use lastmile_app::{Context, Random};
use lastmile_edge::{ENTROPY_BYTES, NewKey};
use lastmile_http::{AuthenticationFailed, Authenticator, Services};
use lastmile_model::identity::{Caller, KeyName, ProviderName, Role, TenantId};
use lastmile_store::Clock;
use lastmile_testkit::front_door::{Door, Keys, OWN_PROVIDER, World};
use lastmile_testkit::store::{Fault, FaultStore, Faults, ManualClock, MemoryStore};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt;

/// Longer than a list of active imports or a key is believed.
const PASSING_SECONDS: i64 = 10;

/// More calls of the store than any case makes.
const CALLS_THAT_FAIL: usize = 100_000;

/// The router itself.
struct Routed {
    router: Router,
    _background: Background,
}

/// A server on a socket of the loopback interface.
struct Served {
    client: Client<HttpConnector, Full<Bytes>>,
    origin: String,
    _background: Background,
}

/// What stands behind a service and a test can turn.
struct Shared {
    clock: Arc<ManualClock>,
    store: Arc<FaultStore<MemoryStore>>,
}

/// What lives as long as the door.
struct Background {
    _spool: TempDir,
    _stop: Vec<oneshot::Sender<()>>,
}

#[async_trait]
impl Door for Routed {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let request = request.map(Body::from);
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        whole(response).await
    }
}

#[async_trait]
impl Door for Served {
    async fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        let mut request = request.map(Full::new);
        let uri = format!("{}{}", self.origin, request.uri());
        *request.uri_mut() = uri.parse().expect("an address");
        whole(self.client.request(request).await.expect("an answer")).await
    }
}

async fn whole<B>(response: Response<B>) -> Response<Bytes>
where
    B: http_body::Body,
    B::Error: std::fmt::Debug,
{
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Response::from_parts(parts, body)
}

/// Chance that repeats itself: the numbers of a counter, mixed.
struct Counted(AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let number = self.0.fetch_add(1, Ordering::Relaxed);
            *byte = number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0];
        }
    }
}

/// The edge's keys, as the binary puts them before the router.
struct EdgeKeys(lastmile_edge::Keys);

#[async_trait]
impl Authenticator for EdgeKeys {
    async fn caller(&self, key: &str) -> Result<Option<Arc<Caller>>, AuthenticationFailed> {
        let caller = self.0.authenticate(key).await;
        caller.map_err(|error| AuthenticationFailed(Box::new(error)))
    }
}

/// A world whose door is the router.
pub(crate) async fn router_world() -> World {
    let (services, shared, keys, background) = services().await;
    let router = lastmile_http::router(&services);
    let door = Routed {
        router,
        _background: background,
    };
    world(Box::new(door), keys, shared)
}

/// A world whose door is a server.
pub(crate) async fn server_world() -> World {
    let (services, shared, keys, mut background) = services().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel();
    background._stop.push(stop);
    tokio::spawn(lastmile_http::serve(
        listener,
        lastmile_http::router(&services),
        async {
            let _stopped = stopped.await;
        },
    ));
    let door = Served {
        client: Client::builder(TokioExecutor::new()).build_http(),
        origin,
        _background: background,
    };
    world(Box::new(door), keys, shared)
}

fn world(door: Box<dyn Door>, keys: Keys, shared: Shared) -> World {
    let Shared { clock, store } = shared;
    let documents = lastmile_http::openapi::documents();
    let documents = documents
        .iter()
        .map(|named| serde_json::from_str(&named.text).expect("JSON"));
    World {
        door,
        keys,
        documents: documents.collect(),
        pass_time: Box::new(move || clock.advance_seconds(PASSING_SECONDS)),
        break_store: Box::new(move || store.order([Some(Fault::Before); CALLS_THAT_FAIL])),
    }
}

async fn services() -> (Services, Shared, Keys, Background) {
    let clock = Arc::new(ManualClock::with_nanosecond(123_456_789));
    let inner = MemoryStore::new(Arc::clone(&clock) as Arc<dyn Clock>);
    let store = Arc::new(FaultStore::new(inner, Faults::OFF, 1));
    let random = Arc::new(Counted(AtomicU64::new(1)));
    let context = Context::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>, random);
    let edge = lastmile_edge::Keys::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>);
    let keys = keys(&edge, &*context.random).await;
    let availability = Availability::new(context.clone());
    let (stop, stopped) = oneshot::channel();
    tokio::spawn(worker::run(availability.clone(), async {
        let _stopped = stopped.await;
    }));
    let spool = TempDir::new().expect("a folder");
    let services = Services {
        availability,
        imports: ImportDesk::open(context, spool.path()).expect("a spool"),
        authenticator: Arc::new(EdgeKeys(edge)),
    };
    let background = Background {
        _spool: spool,
        _stop: vec![stop],
    };
    (services, Shared { clock, store }, keys, background)
}

async fn keys(edge: &lastmile_edge::Keys, random: &dyn Random) -> Keys {
    let create = async |name: &str, tenant: &str, role: Role| {
        let mut entropy = [0; ENTROPY_BYTES];
        random.fill(&mut entropy);
        let new = NewKey {
            name: KeyName::new(name).expect("a name"),
            caller: Caller {
                tenant: TenantId::new(tenant).expect("a name"),
                role,
            },
        };
        edge.create(new, &entropy).await.expect("a key")
    };
    let provider = ProviderName::new(OWN_PROVIDER).expect("a name");
    let revoked = create("revoked", "default", Role::Operator).await;
    edge.revoke(revoked.key.id).await.expect("revoked");
    Keys {
        operator: create("operator", "default", Role::Operator)
            .await
            .text
            .reveal()
            .to_owned(),
        agent: create("agent", "default", Role::Agent)
            .await
            .text
            .reveal()
            .to_owned(),
        provider: create("provider", "default", Role::Provider(provider))
            .await
            .text
            .reveal()
            .to_owned(),
        stranger: create("stranger", "another", Role::Operator)
            .await
            .text
            .reveal()
            .to_owned(),
        revoked: revoked.text.reveal().to_owned(),
    }
}
