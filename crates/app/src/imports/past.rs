//! What is remembered of the chunks before: bounded, whatever the length of the file.

use std::collections::{HashMap, HashSet, VecDeque};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lastmile_model::listing::Generation;
use lastmile_store::{Consistency, Item, Query, StoreError, key, record};

use super::limits::{DUPLICATE_WINDOW_CHUNKS, KNOWN_STREETS_MAX, READING_KEYS};
use super::parsed::{ParsedChunk, hash_of};
use super::retry::retrying;
use super::write::ChunkToWrite;
use crate::Context;

/// Which claims, rates and streets came before.
#[derive(Default)]
pub(super) struct Past {
    /// The latest chunk that has an item's key, by the key's hash.
    latest: HashMap<u64, u32>,
    /// The hashes of the chunks in the window, oldest first.
    window: VecDeque<(u32, Vec<u64>)>,
    streets: HashSet<u64>,
}

impl Past {
    /// What a worker remembers that has read every chunk before this one, but for the streets: from the
    /// keys that each chunk noted. Streets are written to the directory again.
    pub(super) async fn stored(
        context: &Context,
        of: Generation,
        before_chunk: u32,
    ) -> Result<Self, StoreError> {
        let oldest = before_chunk.saturating_sub(DUPLICATE_WINDOW_CHUNKS + 1);
        let mut chunks = stream::iter(oldest..before_chunk)
            .map(|chunk| async move {
                let hashes = stored_hashes(context, of, chunk).await?;
                Ok::<_, StoreError>((chunk, hashes))
            })
            .buffered(READING_KEYS);
        let mut past = Self::default();
        while let Some((chunk, hashes)) = chunks.try_next().await? {
            past.remember(chunk, hashes);
        }
        Ok(past)
    }

    /// Whether a chunk must wait for the `writing` latest ones: it writes a key of theirs, and the last
    /// row is to win; or it widens hints that they may be writing.
    pub(super) fn touches_latest(&self, chunk: &ParsedChunk, writing: usize) -> bool {
        let oldest = chunk
            .number
            .saturating_sub(u32::try_from(writing).unwrap_or(u32::MAX));
        let written_now = |hash: &u64| self.latest.get(hash).is_some_and(|at| *at >= oldest);
        !chunk.hints.is_empty() || chunk.items.iter().any(|parsed| written_now(&parsed.hash))
    }

    /// Says which rows came before and which streets are new, and remembers the chunk.
    pub(super) fn judge(&mut self, chunk: ParsedChunk) -> ChunkToWrite {
        let duplicates = chunk
            .rows
            .iter()
            .map(|row| {
                let mut slots = chunk.slots[row.slots.clone()].iter();
                row.repeats || slots.all(|slot| self.latest.contains_key(&chunk.items[*slot].hash))
            })
            .collect();
        let directory = self.new_streets(&chunk);
        let hashes = chunk.items.iter().map(|parsed| parsed.hash).collect();
        self.remember(chunk.number, hashes);
        ChunkToWrite {
            chunk,
            duplicates,
            directory,
        }
    }

    fn new_streets(&mut self, chunk: &ParsedChunk) -> Vec<Item> {
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

    fn remember(&mut self, chunk: u32, hashes: Vec<u64>) {
        for hash in &hashes {
            self.latest.insert(*hash, chunk);
        }
        self.window.push_back((chunk, hashes));
        let oldest = chunk.saturating_sub(DUPLICATE_WINDOW_CHUNKS);
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

/// The hashes of everything that a chunk wrote: its claims, and what no claim can be taken for.
async fn stored_hashes(
    context: &Context,
    of: Generation,
    chunk: u32,
) -> Result<Vec<u64>, StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        ..key::chunk_parts(of, chunk)
    };
    let mut hashes = Vec::new();
    loop {
        let page = retrying(|| context.store.query(&query)).await?.value;
        for part in &page.items {
            hashes.extend(record::chunk::from_item(part)?.iter().map(hash_of));
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(hashes);
        }
    }
}
