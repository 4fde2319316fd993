//! Import against the engine itself, bulk-loading the same rows bare; and peak memory.

use std::path::Path;

use redb::{Database, TableDefinition};

use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::scale::Scale;
use crate::stopwatch::Stopwatch;
use crate::{city, product};

const ROWS: u32 = 3_000_000;
/// A tenth of them, for the memory that a shorter file takes.
const FEW_ROWS: u32 = 300_000;
/// Rows in one transaction of the bare engine.
const ROWS_PER_TRANSACTION: usize = 100_000;
/// Rate of an import, as a share of the bare engine's.
const RATE_RATIO_LEAST: f64 = 0.25;
/// Peak memory for ten times the rows, as a multiple: flat, with room for the engine's page cache. That
/// cache is bounded, but the shorter file fills it only at a scale near 1: below, the ratio says how full
/// it is, and no more.
const MEMORY_RATIO_MOST: f64 = 1.5;

const TABLE: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("rows");

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let folder = city::fresh_folder("import")?;
    let few = import(&folder, scale.of(FEW_ROWS))?;
    let rows = scale.of(ROWS);
    let all = import(&folder, rows)?;
    let bare = bare_rate(&folder, rows)?;
    city::remove(&folder)?;
    let rate = f64::from(rows) / all.elapsed.as_secs_f64();
    Ok(vec![
        Figure::alone("import.rate", rate, "rows/s")
            .against(bare, "the engine alone, the same rows")
            .wanted(Goal::RatioAtLeast(RATE_RATIO_LEAST)),
        Figure::alone("import.peak_memory", megabytes(&all), "MB")
            .against(megabytes(&few), "a file of a tenth of the rows")
            .wanted(Goal::RatioAtMost(MEMORY_RATIO_MOST)),
    ])
}

fn import(folder: &Path, rows: u32) -> Result<product::Run, Failure> {
    let list = folder.join("list.csv");
    let data = city::fresh_folder("import-data")?;
    city::write_list(&city::of(rows), "Anchor", &list)?;
    let run = city::import(&data, "Anchor", &list)?;
    city::remove(&data)?;
    let imported = product::last_object(&run)?["imported"].as_u64();
    if imported == Some(u64::from(rows)) {
        return Ok(run);
    }
    Err(Failure::Wrong {
        what: "the imported rows",
        expected: rows.to_string(),
        actual: format!("{imported:?}"),
    })
}

/// Rows a second that the engine takes in large durable transactions: the address as key, the rest of
/// the row as value. Reading the rows is not counted.
fn bare_rate(folder: &Path, rows: u32) -> Result<f64, Failure> {
    let list = folder.join("list.csv");
    city::write_list(&city::of(rows), "Anchor", &list)?;
    let database = Database::create(folder.join("bare.redb"))
        .map_err(|error| Failure::system("the bare engine")(std::io::Error::other(error)))?;
    let mut reader = csv::Reader::from_path(&list)
        .map_err(|error| Failure::system("reading the list")(error.into()))?;
    let mut seconds = 0.0;
    let mut pending = Vec::with_capacity(ROWS_PER_TRANSACTION);
    for record in reader.records() {
        let record = record.map_err(|error| Failure::system("reading the list")(error.into()))?;
        pending.push(bare_row(&record));
        if pending.len() == ROWS_PER_TRANSACTION {
            seconds += load(&database, &pending)?;
            pending.clear();
        }
    }
    seconds += load(&database, &pending)?;
    Ok(f64::from(rows) / seconds)
}

fn bare_row(record: &csv::StringRecord) -> (String, Vec<u8>) {
    let mut fields = record.iter();
    let key = fields.next().unwrap_or_default().to_owned();
    (key, fields.collect::<Vec<_>>().join(",").into_bytes())
}

fn load(database: &Database, rows: &[(String, Vec<u8>)]) -> Result<f64, Failure> {
    let stopwatch = Stopwatch::start();
    let load = || -> Result<(), redb::Error> {
        let transaction = database.begin_write()?;
        {
            let mut table = transaction.open_table(TABLE)?;
            for (key, value) in rows {
                table.insert(key.as_str(), value.as_slice())?;
            }
        }
        transaction.commit()?;
        Ok(())
    };
    load().map_err(|error| Failure::system("the bare engine")(std::io::Error::other(error)))?;
    Ok(stopwatch.elapsed().as_secs_f64())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "kilobytes of memory, far below 2^52"
)]
fn megabytes(run: &product::Run) -> f64 {
    run.peak_memory_kb as f64 / 1024.0
}
