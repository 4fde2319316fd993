//! Rows through the stages of an import: read, parsed, written, a bounded number of chunks at each.

use std::io;
use std::sync::Arc;

use futures_util::stream::{self, FuturesOrdered, Stream, StreamExt as _};
use lastmile_model::listing::life::{Import, ImportProgress, TextPosition};
use lastmile_model::listing::{Counts, Format, Holds};
use lastmile_store::StoreError;
use tokio::sync::mpsc;

use super::examine;
use super::limits::{
    CHUNK_ROWS, HEARTBEAT, HINT_CHUNK_ROWS, PARSING_CHUNKS, RATE_CHUNK_ROWS, RATES_MAX,
    RAW_CHUNKS_AHEAD, SAVE_EVERY_CHUNKS, WRITING_CHUNKS,
};
use super::load::{LoadError, LoadRequest};
use super::parsed::{ParsedChunk, Reading, parse};
use super::past::Past;
use super::rows::{ChunkStart, RawChunk};
use super::source::{Observer, Phase, Progress, RowSource};
use super::worker::Worker;
use super::write::{ChunkToWrite, write_chunk};
use crate::Context;

/// The chunks of a file that a worker loads, from the first one that the import does not have.
#[derive(Default)]
pub(super) struct Stretch {
    /// Where reading begins; at the first row where nothing is said.
    pub(super) start: Option<ChunkStart>,
    /// The chunk before which it ends. Such a stretch is whole or absent: nothing of it is saved before
    /// all of it is written. Without an end it is saved as it goes.
    pub(super) end: Option<u32>,
    /// What is remembered of the chunks before `start`.
    pub(super) past: Past,
}

/// How far a worker came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Driven {
    /// The last row of the file is written.
    ToTheLastRow,
    /// The end of the stretch came first, or the observer's cancellation. What was begun is written.
    NotToTheLastRow,
}

impl Driven {
    const fn that_came(to_the_last_row: bool) -> Self {
        if to_the_last_row {
            Self::ToTheLastRow
        } else {
            Self::NotToTheLastRow
        }
    }
}

/// Loads chunks of rows into the store; then the import has them, and what was not saved as it went is to
/// be saved.
pub(super) async fn drive(
    context: &Context,
    request: &LoadRequest,
    reading: &Arc<Reading>,
    worker: &mut Worker,
    source: Arc<dyn RowSource>,
    stretch: Stretch,
    observer: &Arc<dyn Observer>,
) -> Result<Driven, LoadError> {
    let Stretch {
        start,
        end,
        mut past,
    } = stretch;
    let bytes_total = source.length_bytes();
    let digest = worker.import.file.digest;
    let part = Part { start, end, digest };
    let chunks = parsed_chunks(request.clone(), Arc::clone(reading), source, part);
    let mut parsed = Box::pin(chunks);
    let mut room = Room::of(&worker.import);
    let mut not_added = Vec::new();
    let mut waiting: Option<ParsedChunk> = None;
    let mut writing = FuturesOrdered::new();
    let mut heartbeat = tokio::time::interval(HEARTBEAT);
    heartbeat.reset();
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
            let chunk = past.judge(told(chunk, observer.as_ref()));
            room.take(chunk.chunk.items.len())?;
            writing.push_back(written(context, reading, chunk));
            continue;
        }
        let may_read = !at_end && !cancelled && waiting.is_none() && writing.len() < WRITING_CHUNKS;
        tokio::select! {
            biased;
            Some(done) = writing.next(), if !writing.is_empty() => {
                let done: Written = done?;
                if end.is_some() {
                    not_added.push(done);
                    continue;
                }
                let chunks = add(&mut worker.import, done);
                observer.progressed(&progress(worker, bytes_total));
                if chunks.is_multiple_of(SAVE_EVERY_CHUNKS) {
                    worker.save(context).await?;
                }
            }
            next = parsed.next(), if may_read => match next {
                None => at_end = true,
                Some(chunk) => {
                    let chunk = chunk?;
                    if chunk.number < worker.import.progress.chunks {
                        // Written before the interruption; only what is remembered of it counts.
                        past.judge(told(chunk, observer.as_ref()));
                    } else {
                        waiting = Some(chunk);
                    }
                }
            },
            _ = heartbeat.tick() => worker.save(context).await?,
        }
    }
    for done in not_added {
        add(&mut worker.import, done);
    }
    let ended_before = end.is_some_and(|end| worker.import.progress.chunks >= end);
    let to_the_last = at_end && waiting.is_none() && !ended_before;
    Ok(Driven::that_came(to_the_last))
}

/// How much an import may write: a rate card is bounded, a list of buildings is not.
struct Room {
    taken: u64,
    most: u64,
}

impl Room {
    const fn of(import: &Import) -> Self {
        Self {
            taken: import.counts.claims,
            most: match import.format.holds() {
                Holds::Buildings => u64::MAX,
                Holds::Rates => RATES_MAX,
            },
        }
    }

    fn take(&mut self, items: usize) -> Result<(), LoadError> {
        self.taken += items as u64;
        if self.taken > self.most {
            return Err(LoadError::TooManyRates { allowed: self.most });
        }
        Ok(())
    }
}

/// A chunk that is in the store.
#[derive(Clone, Copy)]
struct Written {
    number: u32,
    bytes: u64,
    end: Option<TextPosition>,
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
    let end = chunk.chunk.end;
    let newest_row = chunk.chunk.newest_row;
    Ok(Written {
        number,
        bytes,
        end,
        newest_row,
        counts: write_chunk(context, reading, chunk).await?,
    })
}

/// Adds a chunk to what the import has; gives back how many chunks that are.
fn add(import: &mut Import, written: Written) -> u32 {
    let Written {
        number,
        bytes,
        end,
        counts,
        newest_row,
    } = written;
    import.counts += counts;
    import.newest_row = import.newest_row.max(newest_row);
    import.progress = ImportProgress {
        chunks: number + 1,
        bytes,
        next: end,
    };
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

/// Which part of a file is read.
#[derive(Clone, Copy)]
struct Part {
    start: Option<ChunkStart>,
    end: Option<u32>,
    /// Of the whole file, as it was examined.
    digest: [u8; 32],
}

/// The chunks of a part of a file, read on one thread and parsed on others, in order. Ends with an error
/// where the whole file was read and turns out not to be the one that was examined.
fn parsed_chunks(
    request: LoadRequest,
    reading: Arc<Reading>,
    source: Arc<dyn RowSource>,
    part: Part,
) -> impl Stream<Item = Result<ParsedChunk, LoadError>> {
    let (sender, receiver) = mpsc::channel(RAW_CHUNKS_AHEAD);
    let rows = match reading.layout.format() {
        Format::FccBdc => HINT_CHUNK_ROWS,
        Format::Rates => RATE_CHUNK_ROWS,
        Format::Offers | Format::LitSpeeds | Format::LitBandwidth | Format::Mapped => CHUNK_ROWS,
    };
    // Ends by itself when the receiver is dropped.
    tokio::task::spawn_blocking(move || {
        if let Err(error) = read_chunks(&request, source.as_ref(), rows, part, &sender) {
            // Where nobody listens any more the import was dropped.
            drop(sender.blocking_send(Err(error)));
        }
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
    part: Part,
    sender: &mpsc::Sender<Result<RawChunk, LoadError>>,
) -> Result<(), LoadError> {
    let Part { start, end, digest } = part;
    let (mut reader, _) = examine::open(request, source)?;
    if let Some(start) = start {
        reader.go_to(source, start)?;
    }
    while let Some(chunk) = reader.chunk(rows)? {
        let is_last = end == Some(chunk.number + 1);
        if sender.blocking_send(Ok(chunk)).is_err() || is_last {
            return Ok(());
        }
    }
    if start.is_none() && reader.digest() != digest {
        return Err(LoadError::FileChanged);
    }
    Ok(())
}
