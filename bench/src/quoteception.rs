//! One ordinary request of an agent: 100 locations, three terms, 20 providers, each of which buys half of them
//! from 25 suppliers.

use std::time::Duration;

use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::quoting::deal::Deal;
use crate::quoting::{metered, run};
use crate::scale::Scale;

const LOCATIONS: u32 = 100;
/// Locations at least, however small the scale: one slice.
const LOCATIONS_LEAST: u32 = 20;
/// Half of the carriers' answers come within this.
const LATENCY: Duration = Duration::from_millis(300);
/// Time from the request to the last answer, as a multiple of what the carriers allow.
const WALL_RATIO_MOST: f64 = 1.2;
/// Reading how far it is.
const PROGRESS_UNITS_MOST: f64 = 1.0;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let deal = Deal {
        locations: scale.at_least(LOCATIONS, LOCATIONS_LEAST),
        providers: 20,
        buys: true,
        suppliers_on_platform: 10,
        suppliers_by_api: 15,
    };
    let quotes = f64::from(deal.quotes());
    let slow = run::deal(deal, LATENCY)?;
    let quick = run::deal(deal, Duration::ZERO)?;
    let used = metered::deal(deal)?;
    let calls = slow.asked.quotes as f64;
    Ok(vec![
        Figure::alone("quoteception.quotes", quotes, "quotes"),
        Figure::alone("quoteception.wall", slow.wall.as_secs_f64(), "s")
            .against(
                slow.asked.shortest.as_secs_f64(),
                "what caps and latencies allow",
            )
            .wanted(Goal::RatioAtMost(WALL_RATIO_MOST)),
        Figure::alone("quoteception.calls", calls, "calls by API")
            .against(f64::from(deal.calls_unshared_by_api()), "nothing shared"),
        Figure::alone("quoteception.calls_asked_once", calls, "calls by API")
            .against(f64::from(deal.questions_by_api()), "different questions"),
        Figure::alone(
            "quoteception.peak_memory",
            megabytes(slow.peak_memory_kb),
            "MB",
        ),
        Figure::alone(
            "quoteception.at_once",
            quotes / quick.wall.as_secs_f64(),
            "quotes/s",
        ),
        Figure::alone("quoteception.cpu", micros(quick.cpu) / quotes, "us/quote"),
        Figure::alone(
            "quoteception.writes",
            used.capacity.writes as f64,
            "write units",
        )
        .against(f64::from(deal.cells()), "a unit for each cell"),
        Figure::alone(
            "quoteception.reads",
            used.capacity.read_units(),
            "read units",
        ),
        Figure::alone("quoteception.messages", used.messages as f64, "messages")
            .against(f64::from(deal.calls_unshared()), "a message for each call"),
        Figure::alone(
            "quoteception.progress_read",
            used.progress.read_units(),
            "read units",
        )
        .wanted(Goal::AtMost(PROGRESS_UNITS_MOST)),
    ])
}

fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1e3
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
