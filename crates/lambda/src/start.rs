//! What every function of ours is made of, and how it starts.

use std::sync::{Arc, OnceLock};

use lambda_runtime::Error;
use lastmile_app::Context;
use lastmile_backend_aws::dynamodb::DynamoStore;
use lastmile_backend_aws::s3::S3Files;
use lastmile_backend_aws::sqs::{QueueUrls, SqsClient, SqsQueue};
use lastmile_backend_aws::{Connection, Jitter};
use lastmile_doors::{SystemClock, SystemRandom};
use lastmile_store::{Clock, Files, MeteredStore, Queue, QueueName};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::metrics::{self, Invocation};
use crate::settings::{self, MissingSetting};
use crate::spans::Spans;

/// What is logged unless the environment says otherwise.
const DEFAULT_LOG: LevelFilter = LevelFilter::INFO;
/// Where spans go: said before the function's parts are made, once a process, as the logger is.
static SPANS: OnceLock<Spans> = OnceLock::new();

/// What a function is made of, and what it measures. Cheap to clone.
#[derive(Clone)]
pub struct Parts {
    /// Its name, in metrics.
    function: &'static str,
    clock: Arc<dyn Clock>,
    connection: Arc<Connection>,
    /// Of the table, where the function has one.
    meter: Option<Arc<MeteredStore>>,
    spans: Spans,
}

impl Parts {
    /// Reads nothing and connects to nothing.
    #[must_use]
    pub fn of(function: &'static str) -> Self {
        Self {
            function,
            clock: Arc::new(SystemClock),
            connection: Arc::new(Connection::from_variables()),
            meter: None,
            spans: SPANS.get().cloned().unwrap_or_default(),
        }
    }

    /// The doors of one who uses the table that the settings name. What it costs is measured from now on.
    ///
    /// # Errors
    /// [`MissingSetting`].
    pub fn context(&mut self) -> Result<Context, MissingSetting> {
        let table = settings::setting(settings::TABLE)?;
        let store = DynamoStore::new(Arc::clone(&self.connection), table, jitter());
        let meter = Arc::new(MeteredStore::new(Arc::new(store)));
        self.meter = Some(Arc::clone(&meter));
        let clock = Arc::clone(&self.clock);
        Ok(Context::new(meter, clock, Arc::new(SystemRandom)))
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// The files in the bucket that the settings name.
    ///
    /// # Errors
    /// [`MissingSetting`].
    pub fn files(&self) -> Result<Arc<dyn Files>, MissingSetting> {
        let bucket = settings::setting(settings::BUCKET)?;
        let connection = Arc::clone(&self.connection);
        Ok(Arc::new(S3Files::new(connection, bucket, jitter())))
    }

    /// A queue, as the settings name it.
    ///
    /// # Errors
    /// [`MissingSetting`].
    pub fn queue(&self, name: QueueName) -> Result<Arc<dyn Queue>, MissingSetting> {
        let urls = QueueUrls {
            queue: settings::setting(settings::queue_variable(name))?,
            dead: None,
        };
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
        let began = self.clock.now();
        let outcome = work.await;
        let (events, failures) = count(&outcome);
        let invocation = Invocation {
            began,
            took: self.clock.now().duration_since(began),
            events,
            failures,
            capacity: self
                .meter
                .as_ref()
                .map(|meter| meter.take().capacity)
                .unwrap_or_default(),
        };
        print(&metrics::line(self.function, &invocation));
        self.spans.flush().await;
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
    Arc::new(|| SystemRandom.number())
}

/// Runs a function until Lambda ends it: one thread, because a function has one processor and most of its
/// time waits for the table.
///
/// # Errors
/// Whatever keeps the function from starting; Lambda shows it and starts another.
pub fn run(function: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    log()?;
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(function)
}

/// Logs are lines of JSON, with the request's id in each. Addresses are personal data: they are logged
/// by nobody.
fn log() -> Result<(), Error> {
    // Targets and levels only: filters by spans and fields would bring an engine of regular expressions.
    let wanted = std::env::var(settings::LOG).ok();
    let wanted = wanted.and_then(|text| text.parse().ok());
    let filter = wanted.unwrap_or_else(|| Targets::new().with_default(DEFAULT_LOG));
    let log = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_filter(filter);
    let spans = Spans::from_environment()?;
    let layer = spans.layer();
    // What every function of this process is given. A second one is refused like the logger.
    let _ = SPANS.set(spans);
    // A second logger in one process is refused, and the first one is as good.
    let _ = tracing_subscriber::registry()
        .with(log)
        .with(layer)
        .try_init();
    Ok(())
}
