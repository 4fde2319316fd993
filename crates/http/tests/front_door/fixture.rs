//! A whole service in memory, behind the router and behind a server.

use std::sync::Arc;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use lastmile_app::availability::Availability;
use lastmile_app::imports::{ImportDesk, LocalDesk, QueuedDesk};
use lastmile_app::quotes::{QuoteDesk, Quotes};
use lastmile_app::work::Workshop;
use lastmile_http::{AuthenticationFailed, Authenticator, Gate, Services};
use lastmile_model::identity::Caller;
use lastmile_testkit::crew::{Crew, memory_queues};
use lastmile_testkit::files::MemoryFiles;
use lastmile_testkit::front_door::{self, Backstage, Door, World};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tower::ServiceExt;

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

/// What lives as long as the door.
struct Background {
    _spool: Option<TempDir>,
    _crew: Crew,
    _stop: Option<oneshot::Sender<()>>,
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

/// The edge's keys, as the binary puts them before the router.
struct EdgeKeys(Arc<lastmile_edge::Keys>);

#[async_trait]
impl Authenticator for EdgeKeys {
    fn known(&self, key: &str) -> Option<Arc<Caller>> {
        self.0.known(key)
    }

    async fn caller(&self, key: &str) -> Result<Option<Arc<Caller>>, AuthenticationFailed> {
        let caller = self.0.authenticate(key).await;
        caller.map_err(|error| AuthenticationFailed(Box::new(error)))
    }
}

/// A world whose door is the router.
pub(crate) async fn router_world() -> World {
    let (backstage, services, background) = services().await;
    let router = lastmile_http::router(&services);
    let door = Routed {
        router,
        _background: background,
    };
    world(Box::new(door), backstage)
}

/// A world whose door is a server.
pub(crate) async fn server_world() -> World {
    let (backstage, services, mut background) = services().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let (stop, stopped) = oneshot::channel::<()>();
    background._stop = Some(stop);
    tokio::spawn(lastmile_http::serve(
        listener,
        lastmile_http::router(&services),
        async {
            let _dropped = stopped.await;
        },
    ));
    let door = Served {
        client: Client::builder(TokioExecutor::new()).build_http(),
        origin,
        _background: background,
    };
    world(Box::new(door), backstage)
}

fn world(door: Box<dyn Door>, backstage: Backstage) -> World {
    let documents = lastmile_http::openapi::documents();
    let documents = documents
        .iter()
        .map(|named| serde_json::from_str(&named.text).expect("JSON"));
    World {
        door,
        gate: front_door::Gate::Router,
        deviations: &[],
        collected: Backstage::collected(),
        documents: documents.collect(),
        pass_time: backstage.pass_time(),
        break_store: backstage.break_store(),
        keys: backstage.keys,
    }
}

async fn services() -> (Backstage, Services, Background) {
    let backstage = Backstage::new().await;
    let context = backstage.context.clone();
    let availability = Availability::new(context.clone());
    let spool = TempDir::new().expect("a folder");
    let quotes = quotes(&availability);
    let crew = Crew::start_with_quotes(&quotes);
    let desk = LocalDesk::open(context, spool.path()).expect("a spool");
    let background = Background {
        _spool: Some(spool),
        _crew: crew,
        _stop: None,
    };
    let services = services_of(&backstage, quotes, Arc::new(desk));
    (backstage, services, background)
}

/// A world whose door is the router, and whose lists are loaded by messages.
pub(crate) async fn queued_world() -> World {
    let backstage = Backstage::new().await;
    let availability = Availability::new(backstage.context.clone());
    let quotes = quotes(&availability);
    let queues = memory_queues(&availability.context.clock);
    let files = Arc::new(MemoryFiles::default());
    let desk = QueuedDesk::new(
        availability.context.clone(),
        files,
        Arc::clone(&queues.imports),
    );
    let workshop = Workshop::default()
        .tasks(availability)
        .imports(desk.clone())
        .quotes(QuoteDesk::new(quotes.clone(), Arc::clone(&queues.quotes)));
    let crew = Crew::start_at(queues, &quotes.availability, &workshop);
    let services = services_of(&backstage, quotes, Arc::new(desk));
    let door = Routed {
        router: lastmile_http::router(&services),
        _background: Background {
            _spool: None,
            _crew: crew,
            _stop: None,
        },
    };
    world(Box::new(door), backstage)
}

/// Quotes whose providers are answered from their lists, but for the carriers of the suite.
fn quotes(availability: &Availability) -> Quotes {
    Quotes {
        availability: availability.clone(),
        panel: Arc::new(front_door::panel()),
    }
}

fn services_of(backstage: &Backstage, quotes: Quotes, imports: Arc<dyn ImportDesk>) -> Services {
    Services {
        availability: quotes.availability.clone(),
        imports,
        quotes,
        gate: Gate::Keys(Arc::new(EdgeKeys(Arc::clone(&backstage.edge)))),
    }
}
