//! What every function of ours is made of, and how it starts.

use std::sync::Arc;

use lambda_runtime::Error;
use lastmile_app::availability::Availability;
use lastmile_app::{Context, Random as _};
use lastmile_backend_aws::dynamodb::DynamoStore;
use lastmile_backend_aws::sqs::{SqsClient, SqsQueue};
use lastmile_backend_aws::{Connection, Jitter};
use lastmile_doors::{SystemClock, SystemRandom};
use lastmile_edge::Keys;
use lastmile_store::{Queue, QueueName};
use tracing_subscriber::EnvFilter;

use crate::metered::MeteredStore;
use crate::metrics::{self, Invocation};
use crate::settings::{self, MissingSetting};

/// What is logged unless the environment says otherwise.
const DEFAULT_LOG: &str = "info";

/// The doors of a function, and what it measures. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Its name, in metrics.
    pub function: &'static str,
    /// The doors.
    pub context: Context,
    connection: Arc<Connection>,
    meter: Arc<MeteredStore>,
}

impl Parts {
    /// Reads the settings that every function has. Connects to nothing.
    ///
    /// # Errors
    /// [`MissingSetting`].
    pub fn of(function: &'static str) -> Result<Self, MissingSetting> {
        let connection = Arc::new(Connection::from_environment());
        let table = settings::setting(settings::TABLE)?;
        let store = DynamoStore::new(Arc::clone(&connection), table, jitter());
        let meter = Arc::new(MeteredStore::new(Arc::new(store)));
        let context = Context::new(
            Arc::clone(&meter) as Arc<_>,
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
        );
        Ok(Self {
            function,
            context,
            connection,
            meter,
        })
    }

    /// The services of availability and addresses.
    #[must_use]
    pub fn availability(&self) -> Availability {
        Availability::new(self.context.clone())
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> Keys {
        let Context { store, clock, .. } = &self.context;
        Keys::new(Arc::clone(store), Arc::clone(clock))
    }

    /// A queue, as the settings name it.
    ///
    /// # Errors
    /// [`MissingSetting`].
    pub fn queue(&self, name: QueueName) -> Result<Arc<dyn Queue>, MissingSetting> {
        let urls = settings::queue_urls(name)?;
        let client = Arc::new(SqsClient::new(Arc::clone(&self.connection)));
        Ok(Arc::new(SqsQueue::new(client, urls, jitter())))
    }

    /// Measures one invocation and writes its figures to the log. `count` says of the outcome how many
    /// events it had, and how many of them failed.
    pub async fn measured<T>(
        &self,
        work: impl Future<Output = T>,
        count: impl FnOnce(&T) -> (usize, usize),
    ) -> T {
        let began = self.context.clock.now();
        let outcome = work.await;
        let (events, failures) = count(&outcome);
        let invocation = Invocation {
            began,
            took: self.context.clock.now().duration_since(began),
            events,
            failures,
            capacity: self.meter.take(),
        };
        print(&metrics::line(self.function, &invocation));
        outcome
    }
}

/// CloudWatch finds a metric in a line of the log that is nothing but JSON.
#[expect(
    clippy::print_stdout,
    reason = "standard output is the log of a function"
)]
fn print(line: &serde_json::Value) {
    println!("{line}");
}

fn jitter() -> Arc<dyn Jitter> {
    Arc::new(|| {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    })
}

/// Runs a function until Lambda ends it: one thread, because a function has one processor and most of its
/// time waits for the table.
///
/// # Errors
/// Whatever keeps the function from starting; Lambda shows it and starts another.
pub fn run(function: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    log();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(function)
}

/// Logs are lines of JSON, with the request's id in each. Addresses are personal data: they are logged
/// by nobody.
fn log() {
    let filter =
        EnvFilter::try_from_env(settings::LOG).unwrap_or_else(|_| EnvFilter::new(DEFAULT_LOG));
    let log = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter);
    // A second logger in one process is refused, and the first one is as good.
    let _ = log.try_init();
}
