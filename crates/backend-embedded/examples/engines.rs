//! Compares storage engines bare, on the store's own load: rows of a provider's list in the order of its
//! file, written in durable groups, then read by building and by key.
//!
//! `cargo run --release -p lastmile-backend-embedded --features compare-engines --example engines [ROWS]`
//!
//! CPU is that of the whole process while rows are loaded (engines work in the background) and of the
//! reading thread afterwards. Rates by the clock on the wall are only comparable within one run.
#![expect(clippy::print_stdout, reason = "the table is what the example is for")]

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable};
use redb::{ReadableDatabase, TableDefinition};
use rustix::time::{ClockId, clock_gettime};

/// Rows that are loaded unless the command line says otherwise.
const ROWS: u64 = 3_000_000;
/// Providers that have something to say of a building; each one's rows come after the other's.
const CLAIMS_PER_BUILDING: u64 = 3;
const BUILDINGS_PER_STREET: u64 = 40;
/// Few writers, many writers, and many that hold so many rows and sort them before they write.
const LOADS: [Load; 3] = [
    Load {
        held: 1600,
        group: 1600,
    },
    Load {
        held: 25_000,
        group: 25_000,
    },
    Load {
        held: 250_000,
        group: 25_000,
    },
];
const READS: u64 = 200_000;
const VALUE_BYTES: usize = 100;
/// Memory that each engine may use for pages or blocks.
const CACHE_BYTES: u32 = 1 << 30;

/// How rows are loaded.
struct Load {
    /// Rows that are taken from the file and sorted at once.
    held: u64,
    /// Rows of a durable group.
    group: usize,
}

/// A key and a value.
type Row = (Vec<u8>, Vec<u8>);
type Outcome<T> = Result<T, Box<dyn Error>>;

trait Engine {
    /// Writes rows so that they are durable; reads what each key held before, as the store must.
    fn write(&self, rows: &[Row]) -> Outcome<()>;
    /// Counts the records that begin with a prefix, after reading them.
    fn count(&self, prefix: &[u8]) -> Outcome<usize>;
    /// Whether there is a record.
    fn has(&self, key: &[u8]) -> Outcome<bool>;
}

const TABLE: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");

struct Redb(redb::Database);

impl Engine for Redb {
    fn write(&self, rows: &[Row]) -> Outcome<()> {
        let transaction = self.0.begin_write()?;
        let mut table = transaction.open_table(TABLE)?;
        for (key, value) in rows {
            table.insert(key.as_slice(), value.as_slice())?;
        }
        drop(table);
        Ok(transaction.commit()?)
    }

    fn count(&self, prefix: &[u8]) -> Outcome<usize> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let end = [prefix, &[u8::MAX]].concat();
        let mut count = 0;
        for record in table.range::<&[u8]>(prefix..end.as_slice())? {
            let (_key, value) = record?;
            count += usize::from(!value.value().is_empty());
        }
        Ok(count)
    }

    fn has(&self, key: &[u8]) -> Outcome<bool> {
        Ok(self.0.begin_read()?.open_table(TABLE)?.get(key)?.is_some())
    }
}

struct Fjall {
    database: Database,
    rows: Keyspace,
}

impl Engine for Fjall {
    fn write(&self, rows: &[Row]) -> Outcome<()> {
        let mut batch = self.database.batch().durability(Some(PersistMode::SyncAll));
        for (key, value) in rows {
            let _before = self.rows.get(key)?;
            batch.insert(&self.rows, key.as_slice(), value.as_slice());
        }
        Ok(batch.commit()?)
    }

    fn count(&self, prefix: &[u8]) -> Outcome<usize> {
        let mut count = 0;
        for record in self.database.snapshot().prefix(&self.rows, prefix) {
            let (_key, value) = record.into_inner()?;
            count += usize::from(!value.is_empty());
        }
        Ok(count)
    }

    fn has(&self, key: &[u8]) -> Outcome<bool> {
        Ok(self.database.snapshot().get(&self.rows, key)?.is_some())
    }
}

fn open(name: &str, directory: &Path) -> Outcome<Box<dyn Engine>> {
    if name == "redb" {
        let cache_bytes = usize::try_from(CACHE_BYTES)?;
        let database = redb::Builder::new()
            .set_cache_size(cache_bytes)
            .create(directory.join("f"))?;
        return Ok(Box::new(Redb(database)));
    }
    let database = Database::builder(directory)
        .cache_size(u64::from(CACHE_BYTES))
        .open()?;
    let rows = database.keyspace("rows", KeyspaceCreateOptions::default)?;
    Ok(Box::new(Fjall { database, rows }))
}

fn main() -> Outcome<()> {
    let rows = std::env::args()
        .nth(1)
        .map_or(Ok(ROWS), |text| text.parse())?;
    println!("engine     held   group  rows/s  CPU us/row  CPU us/query of 3  CPU us/get");
    for name in ["redb", "fjall"] {
        for load in LOADS {
            let directory = tempfile::tempdir()?;
            let engine = open(name, directory.path())?;
            let (rate, cpu_us) = write(engine.as_ref(), rows, &load)?;
            let (query_us, get_us) = read(engine.as_ref(), rows)?;
            let Load { held, group } = load;
            println!(
                "{name:<6} {held:>8} {group:>7}  {rate:>6.0}  {cpu_us:>10.2}  {query_us:>17.2}  {get_us:>10.2}"
            );
        }
    }
    Ok(())
}

/// Rows per second, and CPU microseconds per row.
#[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
fn write(engine: &dyn Engine, rows: u64, load: &Load) -> Outcome<(f64, f64)> {
    let buildings = rows / CLAIMS_PER_BUILDING;
    // The factor is a prime, so that each list names every building once, in no order.
    let row = |n: u64| {
        let (building, claim) = (n * 1_000_003 % buildings, n / buildings);
        (key(building, claim), value(building, claim))
    };
    let (began, cpu) = (Instant::now(), cpu_time(ClockId::ProcessCPUTime));
    let mut first = 0;
    while first < rows {
        let last = rows.min(first + load.held);
        let mut held: Vec<Row> = (first..last).map(row).collect();
        held.sort_unstable();
        for group in held.chunks(load.group) {
            engine.write(group)?;
        }
        first = last;
    }
    let cpu = cpu_time(ClockId::ProcessCPUTime).saturating_sub(cpu);
    Ok((
        1e6 / per_event_us(began.elapsed(), rows),
        per_event_us(cpu, rows),
    ))
}

/// CPU microseconds per query of a building, and per get of a row.
fn read(engine: &dyn Engine, rows: u64) -> Outcome<(f64, f64)> {
    let buildings = rows / CLAIMS_PER_BUILDING;
    let began = cpu_time(ClockId::ThreadCPUTime);
    let mut found = 0;
    for n in 0..READS {
        found += engine.count(&prefix(mixed(n) % buildings))?;
    }
    let queries = cpu_time(ClockId::ThreadCPUTime).saturating_sub(began);
    assert_eq!(
        found as u64,
        READS * CLAIMS_PER_BUILDING,
        "every building has all its claims"
    );
    let began = cpu_time(ClockId::ThreadCPUTime);
    for n in 0..READS {
        let there = engine.has(&key(mixed(n) % buildings, n % CLAIMS_PER_BUILDING))?;
        assert!(there, "every row is there");
    }
    let gets = cpu_time(ClockId::ThreadCPUTime).saturating_sub(began);
    Ok((per_event_us(queries, READS), per_event_us(gets, READS)))
}

fn cpu_time(clock: ClockId) -> Duration {
    Duration::try_from(clock_gettime(clock)).expect("CPU time is not negative")
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn per_event_us(time: Duration, events: u64) -> f64 {
    time.as_secs_f64() * 1e6 / events as f64
}

fn prefix(building: u64) -> Vec<u8> {
    let street = mixed(building / BUILDINGS_PER_STREET);
    let number = building % BUILDINGS_PER_STREET * 2 + 100;
    let zip = street % 100_000;
    format!("S#{zip:05}#STREET{:08x} AVE\0{number:08}#", street >> 32).into_bytes()
}

fn key(building: u64, claim: u64) -> Vec<u8> {
    [prefix(building), format!("U#{claim:04}#fiber").into_bytes()].concat()
}

/// Half of it text that compresses, half that does not.
fn value(building: u64, claim: u64) -> Vec<u8> {
    let mut value = vec![b'A'; VALUE_BYTES];
    let mut chance = mixed(building * CLAIMS_PER_BUILDING + claim);
    for byte in &mut value[VALUE_BYTES / 2..] {
        chance = mixed(chance);
        *byte = chance.to_le_bytes()[0];
    }
    value
}

/// A number as good as random (one step of SplitMix64).
const fn mixed(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
