//! One ordinary request of an agent: 100 locations, three terms, 20 providers, each of which buys half of them
//! from 25 suppliers.

use std::time::Duration;

use lastmile_prices::Amount;
use lastmile_prices::table::MB_MS;

use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::quoting::deal::Deal;
use crate::quoting::metered::{self, Used};
use crate::quoting::run;
use crate::scale::Scale;

const LOCATIONS: u32 = 100;
/// Locations at least, however small the scale: one slice.
const LOCATIONS_LEAST: u32 = 20;
/// Half of the carriers' answers come within this.
const LATENCY: Duration = Duration::from_millis(300);
/// Time from the request to the last answer, as a multiple of what the carriers allow.
const WALL_RATIO_MOST: f64 = 1.2;
/// Memory at which a Lambda function has one whole processor. With less of it the same work takes longer by as much
/// as a millisecond costs less.
const WHOLE_PROCESSOR_MB: u128 = 1_769;
const MICROS_IN_MILLI: u128 = 1_000;
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
    let mut figures = vec![
        Figure::alone("quoteception.quotes", quotes, "quotes"),
        Figure::alone("quoteception.wall", slow.wall.as_secs_f64(), "s")
            .against(
                slow.asked.shortest.as_secs_f64(),
                "what caps and latencies allow",
            )
            .wanted(Goal::RatioAtMost(WALL_RATIO_MOST)),
        Figure::alone("quoteception.calls", calls, "calls by API")
            .against(f64::from(deal.calls_unshared_by_api()), "nothing shared"),
        Figure::alone("quoteception.calls_of_all", calls, "calls by API")
            .against(f64::from(deal.calls_unshared()), "a call for each answer"),
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
        Figure::alone(
            "quoteception.messages",
            used.queue.messages as f64,
            "messages",
        )
        .against(f64::from(deal.calls_unshared()), "a message for each call"),
        Figure::alone(
            "quoteception.progress_read",
            used.progress.read_units(),
            "read units",
        )
        .wanted(Goal::AtMost(PROGRESS_UNITS_MOST)),
    ];
    figures.extend(prices(used, quick.cpu));
    Ok(figures)
}

/// What AWS asks for the deal, without logs and data out.
fn prices(used: Used, cpu: Duration) -> [Figure; 3] {
    [
        Figure::alone(
            "quoteception.sqs_requests",
            used.sqs_requests() as f64,
            "requests",
        ),
        Figure::alone("quoteception.aws_requests", used.price().dollars(), "$"),
        Figure::alone(
            "quoteception.aws_processor",
            processor_price(cpu).dollars(),
            "$",
        ),
    ]
}

/// What the processor's time costs as time of Lambda functions. What functions wait for, carriers above all, is not
/// in it: how many messages wait in one function together is known on AWS only.
fn processor_price(cpu: Duration) -> Amount {
    let megabyte_us = cpu.as_micros() * WHOLE_PROCESSOR_MB;
    MB_MS.of(megabyte_us.div_ceil(MICROS_IN_MILLI))
}

fn megabytes(kilobytes: u64) -> f64 {
    kilobytes as f64 / 1e3
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
