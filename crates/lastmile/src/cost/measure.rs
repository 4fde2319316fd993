//! Every operation of the price list, done on the sample city and counted.

use std::time::Duration;

use lastmile_model::availability::task::TaskId;
use serde_json::Value;
use thiserror::Error;

use super::quoting::{self, AnsweredBy};
use super::rig::{Distance, Rig};
use super::sample::Sample;
use super::units::{Function, Stage, Units};
use super::{deferred, importing, requests};
use crate::ending::Failure;

/// Rows that an import of the price list has.
pub(crate) const ROWS_PRICED: u64 = 1_000_000;
/// Places of a batch.
const BATCH_PLACES: u32 = 1_000;
/// Requests to the queue of tasks for one message: sent, received, deleted.
const SQS_REQUESTS_PER_MESSAGE: u64 = 3;
/// How often an operation is done at most for its processor's time.
const TIMED_MOST: u32 = 20;
/// Processor time after which it is known well enough.
const TIMED_ENOUGH: Duration = Duration::from_millis(200);

/// What has a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// A building that is served.
    Lookup,
    /// A street with a spelling error.
    LookupMisspelt,
    /// A building that nobody serves.
    LookupUnserved,
    /// One place as a TMF645 query, which is kept.
    Query,
    /// A thousand places, answered in the reply.
    Batch,
    /// A thousand places, answered later.
    BatchDeferred,
    /// Those thousand answers read again.
    TaskRead,
    /// One service at one place.
    Check,
    /// One address.
    Validation,
    /// A hundred locations, answered from rate cards.
    Quote,
    /// The same, asked of carriers by API.
    QuoteByApi,
    /// How far that quote is.
    QuoteProgress,
    /// A list where there was none.
    FirstImport,
    /// A list in place of another.
    NextImport,
    /// Back to the list before.
    Undo,
}

impl Operation {
    /// The whole list, in its order.
    pub(crate) const ALL: [Self; 15] = [
        Self::Lookup,
        Self::LookupMisspelt,
        Self::LookupUnserved,
        Self::Query,
        Self::Batch,
        Self::BatchDeferred,
        Self::TaskRead,
        Self::Check,
        Self::Validation,
        Self::Quote,
        Self::QuoteByApi,
        Self::QuoteProgress,
        Self::FirstImport,
        Self::NextImport,
        Self::Undo,
    ];

    /// Its name in JSON.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Lookup => "lookup",
            Self::LookupMisspelt => "lookup_misspelt",
            Self::LookupUnserved => "lookup_unserved",
            Self::Query => "query",
            Self::Batch => "batch_1000",
            Self::BatchDeferred => "batch_1000_deferred",
            Self::TaskRead => "task_read",
            Self::Check => "check",
            Self::Validation => "validation",
            Self::Quote => "quote_100x3x5",
            Self::QuoteByApi => "quote_100x3x5_by_api",
            Self::QuoteProgress => "quote_progress",
            Self::FirstImport => "import_first",
            Self::NextImport => "import_next",
            Self::Undo => "undo",
        }
    }

    /// What it is, for people.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Lookup => "lookup, served building",
            Self::LookupMisspelt => "lookup, misspelt street",
            Self::LookupUnserved => "lookup, unserved building",
            Self::Query => "TMF645 query, 1 place, at once",
            Self::Batch => "TMF645 query, 1,000 places, at once",
            Self::BatchDeferred => "TMF645 query, 1,000 places, deferred and read",
            Self::TaskRead => "task of 1,000 places, read again",
            Self::Check => "TMF645 check, 1 item",
            Self::Validation => "TMF673 validation",
            Self::Quote => "quote, 100 locations x 3 terms x 5 providers, by rate cards, and read",
            Self::QuoteByApi => {
                "quote, 100 locations x 3 terms x 5 providers, by carriers' APIs, and read"
            }
            Self::QuoteProgress => "progress of a quote of 5 providers, read again",
            Self::FirstImport => "import of 1,000,000 rows, a new list",
            Self::NextImport => "import of 1,000,000 rows, in place of a list",
            Self::Undo => "undo of an import of 1,000,000 rows",
        }
    }

    /// Whether its price is for [`ROWS_PRICED`] rows.
    pub(crate) const fn is_by_rows(self) -> bool {
        match self {
            Self::FirstImport | Self::NextImport | Self::Undo => true,
            Self::Lookup
            | Self::LookupMisspelt
            | Self::LookupUnserved
            | Self::Query
            | Self::Batch
            | Self::BatchDeferred
            | Self::TaskRead
            | Self::Check
            | Self::Validation
            | Self::Quote
            | Self::QuoteByApi
            | Self::QuoteProgress => false,
        }
    }
}

impl Operation {
    /// In which city it is done.
    const fn is_quoted(self) -> bool {
        match self {
            Self::Quote | Self::QuoteByApi | Self::QuoteProgress => true,
            Self::Lookup
            | Self::LookupMisspelt
            | Self::LookupUnserved
            | Self::Query
            | Self::Batch
            | Self::BatchDeferred
            | Self::TaskRead
            | Self::Check
            | Self::Validation
            | Self::FirstImport
            | Self::NextImport
            | Self::Undo => false,
        }
    }
}

/// An operation and what it used.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) operation: Operation,
    pub(crate) units: Units,
}

/// A task was taken in without saying what it is called: a defect of the sample.
#[derive(Debug, Error)]
#[error("the stored task has no {what}")]
struct NoTask {
    what: &'static str,
}

/// Makes the sample city and does everything.
pub(crate) async fn measure() -> Result<Vec<Measured>, Failure> {
    let sample = Sample::make().await?;
    let quoted = Sample::make_quoted().await?;
    let mut measured = Vec::new();
    for operation in Operation::ALL {
        if operation.is_by_rows() {
            continue;
        }
        let units = match operation {
            Operation::TaskRead | Operation::QuoteProgress => {
                Units::of_call(last_stage(&measured)?)
            }
            _ if operation.is_quoted() => counted_and_timed(&quoted, operation).await?,
            _ => counted_and_timed(&sample, operation).await?,
        };
        measured.push(Measured { operation, units });
    }
    measured.append(&mut importing::measure(&sample).await?);
    Ok(measured)
}

/// What was read at the end of the operation before.
fn last_stage(measured: &[Measured]) -> Result<Stage, Failure> {
    let last = measured.last().and_then(|last| last.units.stages.last());
    let what = "answer that was read";
    Ok(last.cloned().ok_or(NoTask { what })?)
}

/// Counts at a distance and takes the processor's time at hand, where nothing is waited for.
async fn counted_and_timed(sample: &Sample, operation: Operation) -> Result<Units, Failure> {
    let far = Rig {
        sample,
        distance: Distance::Far,
    };
    let mut counted = done(&far, operation).await?;
    let near = Rig {
        sample,
        distance: Distance::Near,
    };
    let mut times = vec![Duration::ZERO; counted.stages.len()];
    let mut timed = 0;
    while timed < TIMED_MOST && times.iter().sum::<Duration>() < TIMED_ENOUGH {
        let again = done(&near, operation).await?;
        for (time, stage) in times.iter_mut().zip(again.stages) {
            *time += stage.processor;
        }
        timed += 1;
    }
    for (stage, time) in counted.stages.iter_mut().zip(times) {
        stage.processor = time / timed;
    }
    Ok(counted)
}

async fn done(rig: &Rig<'_>, operation: Operation) -> Result<Units, Failure> {
    let addresses = &rig.sample.addresses;
    let (function, request) = match operation {
        Operation::Lookup => (Function::Availability, requests::lookup(&addresses.served)?),
        Operation::LookupMisspelt => (
            Function::Availability,
            requests::lookup(&addresses.misspelt)?,
        ),
        Operation::LookupUnserved => (
            Function::Availability,
            requests::lookup(&addresses.unserved)?,
        ),
        Operation::Query => {
            let one = std::slice::from_ref(&addresses.served);
            (Function::Availability, requests::query(one, true)?)
        }
        Operation::Batch => {
            let many = rig.sample.many(BATCH_PLACES);
            (Function::Availability, requests::query(&many, true)?)
        }
        Operation::Check => (Function::Availability, requests::check(&addresses.served)?),
        Operation::Validation => (Function::Address, requests::validation(&addresses.served)?),
        Operation::BatchDeferred => return answered_later(rig).await,
        Operation::Quote => return quoting::quoted(rig, AnsweredBy::RateCards).await,
        Operation::QuoteByApi => return quoting::quoted(rig, AnsweredBy::Carriers).await,
        Operation::TaskRead
        | Operation::QuoteProgress
        | Operation::FirstImport
        | Operation::NextImport
        | Operation::Undo => {
            return Ok(Units::default());
        }
    };
    let (_, stage) = rig.ask(function, request).await?;
    Ok(Units::of_call(stage))
}

/// Taken in, relayed from the table's stream to the queue, answered, read.
async fn answered_later(rig: &Rig<'_>) -> Result<Units, Failure> {
    let many = rig.sample.many(BATCH_PLACES);
    let taken_in = requests::query(&many, false)?;
    let (body, taken_in) = rig.ask(Function::Availability, taken_in).await?;
    let href = named(&body, "href")?;
    let id: TaskId = named(&body, "id")?.parse()?;
    let ((), answered) = rig
        .work(Function::TaskWorker, async |environment| {
            deferred::answer(environment, id).await
        })
        .await?;
    let (_, read) = rig
        .ask(Function::Availability, requests::stored(&href)?)
        .await?;
    Ok(Units {
        stages: vec![taken_in, relayed(), answered, read],
        api_calls: 2,
        sqs_requests: SQS_REQUESTS_PER_MESSAGE,
        ..Units::default()
    })
}

/// The relay reads nothing itself: the stream's record is in its event. It waits for the queue once.
fn relayed() -> Stage {
    let mut relay = Stage::idle(Function::Relay);
    relay.invocations = 1;
    relay.spent.round_trips = 1;
    relay
}

pub(super) fn named(body: &[u8], what: &'static str) -> Result<String, Failure> {
    let task: Value = serde_json::from_slice(body)?;
    let found = task.get(what).and_then(Value::as_str);
    Ok(found.ok_or(NoTask { what })?.to_owned())
}
