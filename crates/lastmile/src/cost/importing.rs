//! Imports and their undoing, of a sample of rows.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use lastmile_app::Context;
use lastmile_app::imports::{self, Summary};
use lastmile_model::listing::ImportId;
use thiserror::Error;

use super::measure::{Measured, Operation, ROWS_PRICED};
use super::rig::{Distance, Rig};
use super::sample::{IMPORTED_ROWS, Sample};
use super::units::{Function, Stage, Units};
use crate::ending::Failure;

/// Rows of a slice: one message, one start of the import worker.
const SLICE_ROWS: u64 = 50_000;
/// Messages that are sent to a queue in one request.
const MESSAGES_PER_SEND: u64 = 10;
/// The days of the three lists, a week apart.
const FIRST_DAY: Date = date(2026, 2, 10);

/// The sample's list was not imported whole: a defect of the sample.
#[derive(Debug, Error)]
#[error("the sample's import read {read} rows of {expected}")]
struct RowsMissing {
    read: u64,
    expected: u32,
}

/// Imports three lists in turn and takes the last one back.
///
/// The first import finds nothing; the third finds a list to compare with and one to remove, as every later
/// one does; the undo removes what was undone.
pub(crate) async fn measure(sample: &Sample) -> Result<Vec<Measured>, Failure> {
    let rig = Rig {
        sample,
        distance: Distance::Far,
    };
    let days = [0, 7, 14].map(|days| FIRST_DAY.saturating_add(days.days()));
    let mut stages = Vec::new();
    let mut last = None;
    for day in days {
        let (summary, stage) = load(&rig, day).await?;
        stages.push(stage);
        last = Some(summary.id);
    }
    let mut stages = stages.into_iter();
    let (first, third) = (stages.next(), stages.next_back());
    let mut measured = Vec::new();
    for (operation, stage) in [
        (Operation::FirstImport, first),
        (Operation::NextImport, third),
    ] {
        let units = stage.map(scaled_import).unwrap_or_default();
        measured.push(Measured { operation, units });
    }
    if let Some(id) = last {
        let undone = rig.work(Function::ImportWorker, async |environment| {
            take_back(&environment.context, &id).await
        });
        let ((), stage) = undone.await?;
        measured.push(Measured {
            operation: Operation::Undo,
            units: Units::of_call(scaled(stage, 1)),
        });
    }
    Ok(measured)
}

async fn load(rig: &Rig<'_>, day: Date) -> Result<(Summary, Stage), Failure> {
    let plan = rig.sample.list_of(day)?;
    let loading = rig.work(Function::ImportWorker, async |environment| {
        rig.sample.load(&environment.context, &plan).await
    });
    let (loaded, stage) = loading.await?;
    let read = loaded.summary.counts.rows;
    if read != u64::from(IMPORTED_ROWS) {
        let expected = IMPORTED_ROWS;
        return Err(RowsMissing { read, expected }.into());
    }
    Ok((loaded.summary, stage))
}

async fn take_back(context: &Context, id: &ImportId) -> Result<(), Failure> {
    imports::undo(context, id).await?;
    imports::sweep(context).await?;
    Ok(())
}

/// The list is put into S3 once, read once to be examined and once in slices; a message for each slice is
/// sent with others, received and deleted.
fn scaled_import(stage: Stage) -> Units {
    let slices = ROWS_PRICED.div_ceil(SLICE_ROWS);
    Units {
        stages: vec![scaled(stage, slices)],
        api_calls: 1,
        sqs_requests: slices.div_ceil(MESSAGES_PER_SEND) + slices + slices,
        s3_puts: 1,
        s3_gets: 1 + slices,
    }
}

/// What was measured on the sample's rows, for [`ROWS_PRICED`]: the fixed part of an import grows with it, so
/// the figure is rather too large.
fn scaled(mut stage: Stage, invocations: u64) -> Stage {
    let times = ROWS_PRICED / u64::from(IMPORTED_ROWS);
    let factor = u32::try_from(times).unwrap_or(u32::MAX);
    let spent = &mut stage.spent;
    spent.capacity.read_halves *= times;
    spent.capacity.writes *= times;
    spent.round_trips *= times;
    for calls in [
        &mut spent.calls.get,
        &mut spent.calls.batch_get,
        &mut spent.calls.query,
        &mut spent.calls.transact,
        &mut spent.calls.batch_write,
        &mut spent.calls.changes,
    ] {
        *calls *= times;
    }
    stage.processor *= factor;
    stage.invocations = invocations;
    stage
}
