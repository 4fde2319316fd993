//! The server: every API on one port, and those who work behind it: the relay, and a worker at each queue.

use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::imports::{self, LocalDesk};
use lastmile_app::quotes::{Panel, QuoteDesk, Quotes};
use lastmile_app::work::limits::at_once;
use lastmile_app::work::{Queues, Workshop, relay, worker};
use lastmile_edge::Keys;
use lastmile_http::limits::DRAIN_TIMEOUT;
use lastmile_http::{AuthenticationFailed, Authenticator, Gate, Services};
use lastmile_model::identity::{Caller, KeyName, Role, TenantId};
use lastmile_store::QueueName;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::command::keys;
use crate::data_folder;
use crate::ending::Failure;
use crate::home::Opened;
use crate::runtime::Stop;
use crate::server_note;
use crate::spans::Spans;

/// Where a server listens unless it is told otherwise.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:8080";
/// What is logged unless `LASTMILE_LOG` says otherwise.
const DEFAULT_LOG: LevelFilter = LevelFilter::INFO;
/// Name of the key with which the command line talks to the server.
const LOCAL_KEY_NAME: &str = "local command line";
/// Where lists that arrive over HTTP are kept while they load, within the data folder.
const SPOOL_FOLDER: &str = "spool";

/// The server cannot listen where it should.
#[derive(Debug, Error)]
#[error(
    "cannot listen on {address}; give another address, for example --listen 127.0.0.1:0 for a free port"
)]
pub(crate) struct ListenError {
    address: SocketAddr,
    #[source]
    source: io::Error,
}

/// A server that listens and does not answer yet.
pub(crate) struct Server {
    services: Services,
    desk: LocalDesk,
    queues: Queues,
    seating: relay::Seating,
    listener: TcpListener,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// The operator's key of this machine.
    pub(crate) key: String,
    _note: server_note::Left,
}

impl Server {
    /// Cleans up what a process before left behind, makes the machine's own key, and listens.
    pub(crate) async fn start(
        opened: Opened,
        data: &Path,
        listen: SocketAddr,
        panel: Panel,
    ) -> Result<Self, Failure> {
        data_folder::make(data)?;
        let context = opened.context.clone();
        for import in imports::recover(&context, opened.recovery()).await? {
            tracing::warn!(import.id = %import, "import.interrupted");
        }
        let keys = Arc::new(Keys::new(
            Arc::clone(&context.store),
            Arc::clone(&context.clock),
        ));
        let key = local_key(&context, &keys, data).await?;
        let listening = TcpListener::bind(listen).await;
        let listener = listening.map_err(|source| ListenError {
            address: listen,
            source,
        })?;
        let address = listener.local_addr()?;
        let note = server_note::leave(data, address)?;
        let desk = LocalDesk::open(context.clone(), &data.join(SPOOL_FOLDER))?;
        let availability = Availability::new(context);
        let quotes = Quotes {
            availability: availability.clone(),
            panel: Arc::new(panel),
        };
        let services = Services {
            quotes,
            availability,
            imports: Arc::new(desk.clone()),
            gate: Gate::Keys(Arc::new(KeyDoor(keys))),
        };
        Ok(Self {
            services,
            desk,
            queues: opened.queues().await?,
            seating: opened.seating(),
            listener,
            address,
            key,
            _note: note,
        })
    }

    /// Answers until it is asked to stop; then ends what is under way.
    pub(crate) async fn run(self, stop: &Stop) -> Result<(), Failure> {
        let Self {
            services,
            desk,
            queues,
            seating,
            listener,
            address: _,
            key: _,
            _note,
        } = self;
        let router = lastmile_http::router(&services);
        let crew = crew(&services.quotes, &queues, seating, stop);
        desk.sweep_all_soon();
        let stopping = stop.clone();
        let asked = async move { stopping.asked().await };
        lastmile_http::serve(listener, router, asked).await?;
        desk.stop().await;
        // Who panicked has said so in the log; the store is whole either way.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, join_all(crew)).await;
        Ok(())
    }
}

/// Those who work behind the services, until the process is asked to stop.
pub(crate) fn crew(
    quotes: &Quotes,
    queues: &Queues,
    seating: relay::Seating,
    stop: &Stop,
) -> Vec<JoinHandle<()>> {
    let at_home = || {
        let stop = stop.clone();
        async move { stop.asked().await }
    };
    // Lists are loaded by the process that receives them. The queue of imports may belong to functions beside
    // it, and is left to them.
    let workshop = Workshop::default()
        .tasks(quotes.availability.clone())
        .quotes(QuoteDesk::new(quotes.clone(), Arc::clone(&queues.quotes)));
    let mut crew: Vec<_> = [QueueName::Tasks, QueueName::Quotes]
        .into_iter()
        .map(|name| {
            let (queue, settings) = (Arc::clone(queues.named(name)), name.settings());
            let at_once = at_once(name);
            tokio::spawn(worker::run(
                workshop.clone(),
                queue,
                settings,
                at_once,
                at_home(),
            ))
        })
        .collect();
    let availability = quotes.availability.clone();
    let relayed = relay::run(availability, queues.clone(), seating, at_home());
    crew.push(tokio::spawn(relayed));
    crew
}

/// The edge's keys, as the HTTP room asks for them.
struct KeyDoor(Arc<Keys>);

#[async_trait]
impl Authenticator for KeyDoor {
    fn known(&self, key: &str) -> Option<Arc<Caller>> {
        self.0.known(key)
    }

    async fn caller(&self, key: &str) -> Result<Option<Arc<Caller>>, AuthenticationFailed> {
        let found = self.0.authenticate(key).await;
        found.map_err(|error| AuthenticationFailed(Box::new(error)))
    }
}

/// Logs go to standard error: `LASTMILE_LOG` says what, `LASTMILE_LOG_FORMAT=json` how.
pub(crate) fn log_to_stderr(default: LevelFilter, spans: &Spans) {
    // Targets and levels only: filters by spans and fields would bring an engine of regular expressions.
    let wanted = std::env::var("LASTMILE_LOG").ok();
    let wanted = wanted.and_then(|text| text.parse().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(default));
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr);
    let json = std::env::var("LASTMILE_LOG_FORMAT").is_ok_and(|format| format == "json");
    let log = if json {
        log.json().boxed()
    } else {
        log.boxed()
    };
    // A second logger in one process is refused, and the first one is as good.
    let _ = tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .with(spans.layer())
        .try_init();
}

/// What a server logs; the spans that it sends meanwhile are sent while they are kept.
pub(crate) fn log() -> Result<Spans, Failure> {
    let spans = Spans::from_environment()?;
    log_to_stderr(DEFAULT_LOG, &spans);
    Ok(spans)
}

/// The machine's own key: kept beside the data, made when it is missing or no longer good.
async fn local_key(context: &Context, keys: &Keys, data: &Path) -> Result<String, Failure> {
    if let Some(key) = server_note::read_key(data)
        && keys.authenticate(&key).await?.is_some()
    {
        return Ok(key);
    }
    let name = KeyName::new(LOCAL_KEY_NAME)?;
    let caller = Caller {
        tenant: TenantId::default(),
        role: Role::Operator,
    };
    let (_, text) = keys::make(context, keys, name, caller).await?;
    server_note::keep_key(data, &text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::home::Home;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        home: Home,
    }

    /// Where the store is elsewhere, nobody has made the folder before.
    #[tokio::test]
    async fn regression_a_server_makes_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = folder.path().join("store");
        let line = ["lastmile", "--data", store.to_str().expect("a text")];
        let opened = Line::parse_from(line).home.open().expect("a store");
        let (data, listen) = (folder.path().join("a/b"), "127.0.0.1:0");
        let listen = listen.parse().expect("an address");
        let server = Server::start(opened, &data, listen, Panel::default()).await;
        assert_eq!(server.err().map(|failure| failure.to_string()), None);
        assert!(data.is_dir());
    }
}
