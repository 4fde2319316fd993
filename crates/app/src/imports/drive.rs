//! Rows through the stages of an import: read, parsed, written, a bounded number of chunks at each.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::sync::Arc;

use futures_util::stream::{self, FuturesOrdered, Stream, StreamExt as _};
use lastmile_model::listing::life::Import;
use lastmile_model::listing::{Counts, Format};
use lastmile_store::{StoreError, record};
use tokio::sync::mpsc;

use super::examine;
use super::limits::{
    CHUNK_ROWS, DUPLICATE_WINDOW_CHUNKS, HEARTBEAT, HINT_CHUNK_ROWS, KNOWN_STREETS_MAX,
    PARSING_CHUNKS, RAW_CHUNKS_AHEAD, SAVE_EVERY_CHUNKS, WRITING_CHUNKS,
};
use super::load::{LoadError, LoadRequest};
use super::parsed::{ParsedChunk, Reading, parse};
use super::rows::RawChunk;
use super::source::{Observer, Phase, Progress, RowSource};
use super::worker::Worker;
use super::write::{ChunkToWrite, write_chunk};
use crate::Context;

/// Loads the rows that the import does not have yet. When it returns well, every row is written and the
/// import's item is saved.
pub(super) async fn drive(
    context: &Context,
    request: &LoadRequest,
    reading: &Arc<Reading>,
    worker: &mut Worker,
    source: Arc<dyn RowSource>,
    observer: &Arc<dyn Observer>,
) -> Result<(), LoadError> {
    let bytes_total = source.length_bytes();
    let expected = worker.import.file.digest;
    let mut parsed = Box::pin(parsed_chunks(
        request.clone(),
        Arc::clone(reading),
        source,
        expected,
    ));
    let mut past = Past::default();
    let mut waiting: Option<ParsedChunk> = None;
    let mut writing = FuturesOrdered::new();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    let mut at_end = false;
    loop {
        let cancelled = observer.is_cancelled();
        if writing.is_empty() && (cancelled || (at_end && waiting.is_none())) {
            break;
        }
        if !cancelled
            && let Some(chunk) = waiting
                .take_if(|chunk| writing.is_empty() || !past.touches_latest(chunk, writing.len()))
        {
            writing.push_back(written(context, reading, past.judge(chunk)));
            continue;
        }
        let may_read = !at_end && !cancelled && waiting.is_none() && writing.len() < WRITING_CHUNKS;
        tokio::select! {
            biased;
            Some(done) = writing.next(), if !writing.is_empty() => {
                let done: Written = done?;
                let chunks = add(&mut worker.import, done);
                observer.progressed(&progress(worker, bytes_total));
                if chunks.is_multiple_of(SAVE_EVERY_CHUNKS) {
                    worker.save(context).await?;
                }
            }
            next = parsed.next(), if may_read => match next {
                None => at_end = true,
                Some(chunk) => {
                    let chunk = told(chunk?, observer.as_ref());
                    if chunk.number < worker.import.progress.chunks {
                        // Written before the interruption; only what is remembered of it counts.
                        past.judge(chunk);
                    } else {
                        waiting = Some(chunk);
                    }
                }
            },
            _ = heartbeat.tick() => worker.save(context).await?,
        }
    }
    if observer.is_cancelled() {
        return Err(LoadError::Cancelled {
            import: worker.import.id.clone(),
        });
    }
    worker.save(context).await
}

/// A chunk that is in the store.
#[derive(Clone, Copy)]
struct Written {
    number: u32,
    bytes: u64,
    counts: Counts,
    newest_row: Option<jiff::Timestamp>,
}

async fn written(
    context: &Context,
    reading: &Reading,
    chunk: ChunkToWrite,
) -> Result<Written, StoreError> {
    let number = chunk.chunk.number;
    let bytes = chunk.chunk.bytes;
    let newest_row = chunk.chunk.newest_row;
    Ok(Written {
        number,
        bytes,
        newest_row,
        counts: write_chunk(context, reading, chunk).await?,
    })
}

/// Adds a chunk to what the import has; gives back how many chunks that are.
fn add(import: &mut Import, written: Written) -> u32 {
    let Written {
        number,
        bytes,
        counts,
        newest_row,
    } = written;
    import.counts += counts;
    import.newest_row = import.newest_row.max(newest_row);
    import.progress.chunks = number + 1;
    import.progress.bytes = bytes;
    import.progress.chunks
}

fn progress(worker: &Worker, bytes_total: Option<u64>) -> Progress {
    Progress {
        phase: Phase::Loading,
        bytes: worker.import.progress.bytes,
        bytes_total,
        counts: worker.import.counts,
    }
}

fn told(mut chunk: ParsedChunk, observer: &dyn Observer) -> ParsedChunk {
    for warning in chunk.warnings.drain(..) {
        observer.warned(&warning);
    }
    for reject in chunk.rejects.drain(..) {
        observer.rejected(&reject);
    }
    chunk
}

/// The chunks of a file, read on one thread and parsed on others, in order. Ends with an error where the
/// file turns out not to be the one that was examined.
fn parsed_chunks(
    request: LoadRequest,
    reading: Arc<Reading>,
    source: Arc<dyn RowSource>,
    expected: [u8; 32],
) -> impl Stream<Item = Result<ParsedChunk, LoadError>> {
    let (sender, receiver) = mpsc::channel(RAW_CHUNKS_AHEAD);
    let rows = match reading.layout.format() {
        Format::FccBdc => HINT_CHUNK_ROWS,
        Format::Offers | Format::LitSpeeds | Format::LitBandwidth | Format::Mapped => CHUNK_ROWS,
    };
    // Ends by itself when the receiver is dropped.
    tokio::task::spawn_blocking(move || {
        read_chunks(&request, source.as_ref(), rows, expected, &sender);
    });
    stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|chunk| (chunk, receiver))
    })
    .map(move |raw| {
        let reading = Arc::clone(&reading);
        async move {
            let raw = raw?;
            tokio::task::spawn_blocking(move || parse(&reading, &raw))
                .await
                .map_err(|error| LoadError::Source(io::Error::other(error)))
        }
    })
    .buffered(PARSING_CHUNKS)
}

fn read_chunks(
    request: &LoadRequest,
    source: &dyn RowSource,
    rows: usize,
    expected: [u8; 32],
    sender: &mpsc::Sender<Result<RawChunk, LoadError>>,
) {
    let mut reader = match examine::open(request, source) {
        Ok((reader, _)) => reader,
        Err(error) => {
            // Nobody listens any more: the import was dropped.
            drop(sender.blocking_send(Err(error)));
            return;
        }
    };
    while let Some(chunk) = reader.chunk(rows).map_err(LoadError::Source).transpose() {
        let failed = chunk.is_err();
        if sender.blocking_send(chunk).is_err() || failed {
            return;
        }
    }
    if reader.digest() != expected {
        drop(sender.blocking_send(Err(LoadError::FileChanged)));
    }
}

/// What is remembered of the chunks before: bounded, whatever the length of the file.
#[derive(Default)]
struct Past {
    /// The latest chunk that has a claim's key, by the key's hash.
    latest: HashMap<u64, u32>,
    /// The hashes of the chunks in the window, oldest first.
    window: VecDeque<(u32, Vec<u64>)>,
    streets: HashSet<u64>,
}

impl Past {
    /// Whether a chunk must wait for the `writing` latest ones: it writes a key of theirs, and the last
    /// row is to win; or it widens hints that they may be writing.
    fn touches_latest(&self, chunk: &ParsedChunk, writing: usize) -> bool {
        let oldest = chunk
            .number
            .saturating_sub(u32::try_from(writing).unwrap_or(u32::MAX));
        let written_now = |hash: &u64| self.latest.get(hash).is_some_and(|at| *at >= oldest);
        !chunk.hints.is_empty() || chunk.claims.iter().any(|claim| written_now(&claim.hash))
    }

    /// Says which rows came before and which streets are new, and remembers the chunk.
    fn judge(&mut self, chunk: ParsedChunk) -> ChunkToWrite {
        let duplicates = chunk
            .rows
            .iter()
            .map(|row| {
                let mut slots = chunk.slots[row.slots.clone()].iter();
                row.repeats || slots.all(|slot| self.latest.contains_key(&chunk.claims[*slot].hash))
            })
            .collect();
        let directory = self.new_streets(&chunk);
        self.remember(&chunk);
        ChunkToWrite {
            chunk,
            duplicates,
            directory,
        }
    }

    fn new_streets(&mut self, chunk: &ParsedChunk) -> Vec<lastmile_store::Item> {
        if self.streets.len() + chunk.streets.len() > KNOWN_STREETS_MAX {
            self.streets.clear();
        }
        let mut items = Vec::new();
        for parsed in &chunk.streets {
            if self.streets.insert(parsed.hash) {
                let city = parsed.state_and_city.as_ref();
                let city = city.map(|(state, city)| (state.as_str(), city.as_str()));
                items.extend(record::directory::to_items(&parsed.street, city));
            }
        }
        items
    }

    fn remember(&mut self, chunk: &ParsedChunk) {
        let hashes: Vec<u64> = chunk.claims.iter().map(|claim| claim.hash).collect();
        for hash in &hashes {
            self.latest.insert(*hash, chunk.number);
        }
        self.window.push_back((chunk.number, hashes));
        let oldest = chunk.number.saturating_sub(DUPLICATE_WINDOW_CHUNKS);
        while let Some((number, hashes)) = self.window.pop_front_if(|(number, _)| *number < oldest)
        {
            for hash in hashes {
                if self.latest.get(&hash) == Some(&number) {
                    self.latest.remove(&hash);
                }
            }
        }
    }
}
