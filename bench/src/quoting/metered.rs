//! One deal in the bench's own process, with everything counted that AWS would bill.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::{Panel, QuoteDesk, Quotes};
use lastmile_app::work::limits::at_once;
use lastmile_app::work::{Queues, Workshop, relay, worker};
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_http::Gate;
use lastmile_model::identity::{Caller, Role, TenantId};
use lastmile_prices::Amount;
use lastmile_prices::table::{API_CALL, READ_HALF, SQS, WAF_REQUEST, WRITE};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings;
use lastmile_store::{Capacity, MeteredQueue, MeteredStore, QueueName, QueueSpent};
use serde_json::Value;
use tower::ServiceExt as _;

use super::QUOTES;
use super::deal::Deal;
use super::sellers::Sellers;
use crate::failure::Failure;

const LOOK_EVERY: Duration = Duration::from_millis(20);
const LOOKS_MAX: u32 = 30_000;
/// Longest answer that is read.
const ANSWER_MAX_BYTES: usize = 16 * 1024 * 1024;

/// What a deal used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// From the request to the last answer, reading how far it is left out.
    pub(crate) capacity: Capacity,
    /// Reading once how far it is.
    pub(crate) progress: Capacity,
    /// What the queue was asked.
    pub(crate) queue: QueueSpent,
}

impl Used {
    /// Requests to SQS. Lambda deletes the messages of a batch in one request, which here are deleted one by one.
    pub(crate) const fn sqs_requests(self) -> u64 {
        let QueueSpent {
            sends,
            messages: _,
            receives,
            deletes: _,
            hidings,
        } = self.queue;
        sends + receives + receives + hidings
    }

    /// What AWS asks for the table and the queue, and for the call that takes the quote in. Transactions that were
    /// refused, because two answers met, and made anew are in it once.
    pub(crate) fn price(self) -> Amount {
        let Capacity {
            read_halves,
            writes,
        } = self.capacity;
        [
            READ_HALF.of(read_halves.into()),
            WRITE.of(writes.into()),
            SQS.of(self.sqs_requests().into()),
            API_CALL.of(1),
            WAF_REQUEST.of(1),
        ]
        .into_iter()
        .sum()
    }
}

/// Does a deal whose carriers answer at once.
pub(crate) fn deal(deal: Deal) -> Result<Used, Failure> {
    let sellers = Sellers::start(deal.suppliers_by_api, Duration::ZERO)?;
    let data = deal.data("quote-metered")?;
    let settings = deal.write_settings(&data, sellers.address)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::system("starting threads"))?;
    runtime.block_on(counted(deal, &data, &settings))
}

async fn counted(deal: Deal, data: &Path, settings: &Path) -> Result<Used, Failure> {
    let clock = Arc::new(SystemClock);
    let options = EmbeddedOptions::new(clock.clone());
    let store = Arc::new(EmbeddedStore::open(data, options).map_err(other)?);
    let meter = Arc::new(MeteredStore::new(Arc::clone(&store) as Arc<_>));
    let context = Context::new(meter.clone(), clock, Arc::new(SystemRandom));
    let quotes = Quotes {
        availability: Availability::new(context),
        panel: Arc::new(panel(settings)?),
    };
    let queue = Arc::new(MeteredQueue::new(Arc::new(store.queue(QueueName::Quotes))));
    let queues = Queues {
        imports: Arc::new(store.queue(QueueName::Imports)),
        quotes: queue.clone(),
        tasks: Arc::new(store.queue(QueueName::Tasks)),
    };
    let workshop = Workshop::default().quotes(QuoteDesk::new(quotes.clone(), queue.clone()));
    let worker = tokio::spawn(worker::run(
        workshop,
        queue.clone(),
        QueueName::Quotes.settings(),
        at_once(QueueName::Quotes),
        std::future::pending(),
    ));
    let seating = relay::Seating::SoleProcess;
    let relay = relay::run(
        quotes.availability.clone(),
        queues,
        seating,
        std::future::pending(),
    );
    let relay = tokio::spawn(relay);
    let router = lastmile_http::quotes_router(&quotes, &Gate::Gateway);

    // What relay and worker do before there is a quote is not the quote's.
    tokio::time::sleep(LOOK_EVERY).await;
    meter.take();
    let taken_in = asked(&router, Method::POST, QUOTES, deal.request()).await?;
    let href = taken_in["href"].as_str().unwrap_or_default().to_owned();
    let mut capacity = Capacity::default();
    for _ in 0..LOOKS_MAX {
        tokio::time::sleep(LOOK_EVERY).await;
        capacity += meter.take().capacity;
        let quote = asked(&router, Method::GET, &href, String::new()).await?;
        let progress = meter.take().capacity;
        if quote["state"] != "inProgress" {
            relay.abort();
            worker.abort();
            return Ok(Used {
                capacity,
                progress,
                queue: queue.take(),
            });
        }
    }
    Err(Failure::Wrong {
        what: "the quote",
        expected: "its end".to_owned(),
        actual: "none in time".to_owned(),
    })
}

fn panel(settings: &Path) -> Result<Panel, Failure> {
    let text = fs::read_to_string(settings).map_err(Failure::system("reading a providers file"))?;
    let settings = settings::read(&text).map_err(other)?;
    let doors = Doors::new(SystemClock, SystemTimer, SystemRandom);
    let exchange = HttpsExchange::new().map_err(Failure::system("reaching carriers"))?;
    Ok(Panel::of_settings(settings, &exchange, &doors))
}

/// Asks as an operator whom a gateway has let in.
async fn asked(
    router: &Router,
    method: Method,
    path: &str,
    body: String,
) -> Result<Value, Failure> {
    let caller = Caller {
        tenant: TenantId::default(),
        role: Role::Operator,
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .extension(Arc::new(caller))
        .body(Body::from(body))
        .expect("a method, a path and a body are a request");
    let answered = router.clone().oneshot(request).await;
    let response = answered.unwrap_or_else(|never| match never {});
    let status = response.status();
    let body = to_bytes(response.into_body(), ANSWER_MAX_BYTES).await;
    let body = body
        .map_err(std::io::Error::other)
        .map_err(Failure::system("an answer"))?;
    match serde_json::from_slice(&body) {
        Ok(value) if status.is_success() => Ok(value),
        _ => Err(Failure::Wrong {
            what: "an answer about a quote",
            expected: "success, in JSON".to_owned(),
            actual: format!("{status} {}", String::from_utf8_lossy(&body)),
        }),
    }
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::system("quoting")(std::io::Error::other(error))
}
