//! How much an import does at once, in one place.

use std::time::Duration;

use jiff::SignedDuration;

/// Longest row, in bytes.
pub const ROW_MAX_BYTES: usize = 256 * 1024;
/// Most cells of a row.
pub const ROW_MAX_CELLS: usize = 4096;
/// Bytes of a file that are read at once for its rows.
pub const READ_BYTES: usize = 128 * 1024;
/// Rows of a chunk of claims: what is written again after an interruption, and one item of keys.
pub const CHUNK_ROWS: usize = 1_000;
/// Rows of a chunk of area hints; many rows fall into one hint.
pub const HINT_CHUNK_ROWS: usize = 20_000;
/// Rows of a chunk of rates; a row may name many zones, each of which is a rate.
pub const RATE_CHUNK_ROWS: usize = 200;
/// Most rates of one import of a rate card. What a lookup reads is a small part of it, but a card of more is
/// most likely a list of buildings with prices, which is imported as one.
pub const RATES_MAX: u64 = 50_000;
/// Most rate cards of one provider: each is read for a price.
pub const RATE_CARDS_OF_PROVIDER_MAX: usize = 8;
/// Chunks that wait to be parsed.
pub const RAW_CHUNKS_AHEAD: usize = 2;
/// Chunks that are parsed at once, each on a thread of its own.
pub const PARSING_CHUNKS: usize = 2;
/// Chunks that are written at once.
pub const WRITING_CHUNKS: usize = 8;
/// Batches of one chunk that are written at once.
pub const WRITING_BATCHES: usize = 16;
/// Batches of one chunk that are read at once, for the comparison with the list before.
pub const READING_BATCHES: usize = 4;
/// The import's own item is written after so many chunks.
pub const SAVE_EVERY_CHUNKS: u32 = 8;
/// Chunks behind the last saved one that an interrupted import may have begun.
pub const CHUNKS_BEYOND_SAVED_MAX: u32 = 64;
/// Chunks whose keys are remembered: a row whose claims all came in one of them is a duplicate.
pub const DUPLICATE_WINDOW_CHUNKS: u32 = 64;
/// Chunks whose keys are read back at once.
pub const READING_KEYS: usize = 8;
/// Streets that are remembered as written to the directory, before it begins anew.
pub const KNOWN_STREETS_MAX: usize = 262_144;
/// A worker that was not heard of for so long is taken for dead.
pub const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// Chunks of one slice: seconds of work for one call of a function.
pub const SLICE_CHUNKS: u32 = 50;
/// An import that waits for the message of its next slice is not taken for dead for so long.
pub const SLICE_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// Pause before a slice is looked at again that another worker took first.
pub const SLICE_CONTENDED: Duration = Duration::from_secs(1);
/// Pause before a list is looked at again that another import is loading.
pub const LIST_BUSY: Duration = Duration::from_secs(60);
/// Pause before the claims of an import that was taken back are removed: whoever reads may go on using the
/// active imports of a moment ago ([`SNAPSHOT_AGE_MAX`](super::active::SNAPSHOT_AGE_MAX)) for as long as a
/// request may take.
pub const SWEEP_AFTER: Duration = Duration::from_secs(60);
/// Chunks that one message sweeps.
pub const SWEEP_CHUNKS: u32 = 400;
/// Most bytes of a list's sidecar.
pub const SIDECAR_MAX_BYTES: u64 = 32 * 1024;
/// Most bytes of a list in one request, where no file is at hand: what gateways and functions pass on.
pub const QUEUED_UPLOAD_MAX_BYTES: u64 = 6 * 1024 * 1024;
/// Most bytes that are read at once of a file that is not on this machine.
pub const FILE_BLOCK_MAX_BYTES: u64 = 8 * 1024 * 1024;
/// Most files of rejected rows of one import.
pub const REJECT_FILES_MAX: usize = 100_000;
/// How often a worker is heard of, even where no chunk is complete.
pub const HEARTBEAT: Duration = Duration::from_secs(10);
/// Tries of a call to a store that is busy or out of reach.
pub const STORE_TRIES: u32 = 7;
/// Wait before the second try; twice as long before each further one.
pub const STORE_RETRY_FIRST: Duration = Duration::from_millis(20);
/// Most imports that one listing reads.
pub const IMPORTS_LISTED_MAX: usize = 10_000;
/// Tries of a change to a list that others change at the same time.
pub const CHANGE_TRIES: u32 = 5;
/// Bytes of a file that are read at once for its digest.
pub const DIGEST_READ_BYTES: usize = 256 * 1024;

// What may have been begun beyond the last saved chunk must be found again when it is swept.
const _: () =
    assert!(SAVE_EVERY_CHUNKS as usize + WRITING_CHUNKS < CHUNKS_BEYOND_SAVED_MAX as usize);
const _: () = assert!(SLICE_CHUNKS <= CHUNKS_BEYOND_SAVED_MAX);
