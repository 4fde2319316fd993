//! One deal, asked of a server and waited for.

use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::QUOTES;
use super::deal::Deal;
use super::sellers::{Asked, Sellers};
use crate::failure::Failure;
use crate::product::Server;
use crate::stopwatch::Stopwatch;
use crate::{client, lookup, process};

/// How often it is looked how far a quote is.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Longest time that a quote may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// What a deal took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// From the request to the last answer.
    pub(crate) wall: Duration,
    /// Of the server's processor.
    pub(crate) cpu: Duration,
    /// The most memory that the server had, in kilobytes.
    pub(crate) peak_memory_kb: u64,
    /// Of the carriers.
    pub(crate) asked: Asked,
}

/// Asks a new server with new data.
pub(crate) fn deal(deal: Deal, latency: Duration) -> Result<Taken, Failure> {
    let sellers = Sellers::start(deal.suppliers_by_api, latency)?;
    let data = deal.data("quote")?;
    let settings = deal.write_settings(&data, sellers.address)?;
    let key = lookup::key(&data)?;
    let server = Server::quoting(&data, &settings)?;
    let before = cpu_time(&server)?;
    let clock = Stopwatch::start();
    let request = client::post(QUOTES, &key, &deal.request());
    let taken_in: Value = parsed(&client::ask_for(server.address, &request, "201")?)?;
    let href = taken_in["href"].as_str().unwrap_or_default().to_owned();
    let settled = loop {
        let quote = parsed(&client::ask(server.address, &client::get(&href, &key))?)?;
        if quote["state"] != "inProgress" {
            break quote;
        }
        if clock.elapsed() > PATIENCE {
            return Err(wrong("a quote that is settled in time", &quote));
        }
        thread::sleep(LOOK_EVERY);
    };
    let wall = clock.elapsed();
    must_be_filled(deal, &settled)?;
    Ok(Taken {
        wall,
        cpu: cpu_time(&server)?.saturating_sub(before),
        peak_memory_kb: process::peak_memory_kb(server.id()),
        asked: sellers.asked(),
    })
}

/// A grid that is fast and empty is worth nothing.
fn must_be_filled(deal: Deal, quote: &Value) -> Result<(), Failure> {
    let progress = &quote["progress"];
    let cells = progress["cells"].as_u64() == Some(u64::from(deal.cells()));
    let waiting = progress["waiting"].as_u64() == Some(0);
    let failed = progress["failed"].as_u64() == Some(0);
    let expired = progress["expired"].as_u64() == Some(0);
    let priced = progress["priced"].as_u64() == Some(u64::from(deal.cells()));
    if cells && waiting && failed && expired && priced {
        return Ok(());
    }
    Err(wrong("every cell with a price", progress))
}

fn wrong(expected: &str, actual: &Value) -> Failure {
    Failure::Wrong {
        what: "the quote",
        expected: expected.to_owned(),
        actual: actual.to_string(),
    }
}

fn parsed(body: &str) -> Result<Value, Failure> {
    serde_json::from_str(body).map_err(|_| Failure::Wrong {
        what: "an answer about a quote",
        expected: "JSON".to_owned(),
        actual: body.to_owned(),
    })
}

fn cpu_time(server: &Server) -> Result<Duration, Failure> {
    process::cpu_time(server.id()).map_err(Failure::system("reading a server's CPU time"))
}
