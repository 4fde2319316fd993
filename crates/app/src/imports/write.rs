//! One chunk into the store: its keys first, so that they are found again, then its claims or rates.

use std::collections::HashSet;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use lastmile_model::claim::AreaHint;
use lastmile_model::listing::{Counts, Generation};
use lastmile_store::{BatchWrite, Item, PrimaryKey, StoreError, key, limits, record};

use super::limits::{READING_BATCHES, WRITING_BATCHES};
use super::parsed::{ParsedChunk, ParsedHint, Reading, widen};
use super::retry;
use crate::Context;

/// A chunk together with what the chunks before it say of its rows.
pub(super) struct ChunkToWrite {
    pub(super) chunk: ParsedChunk,
    /// For each of its rows with items, whether they came before.
    pub(super) duplicates: Vec<bool>,
    /// Streets that are not in the directory yet.
    pub(super) directory: Vec<Item>,
}

/// Writes a chunk; gives back what became of its rows. Writing it again is right.
pub(super) async fn write_chunk(
    context: &Context,
    reading: &Reading,
    to_write: ChunkToWrite,
) -> Result<Counts, StoreError> {
    let ChunkToWrite {
        chunk,
        duplicates,
        directory,
    } = to_write;
    let mut counts = chunk.counts;
    let hints = merged_hints(context, reading, &chunk).await?;
    let hint_items: Vec<Item> = hints
        .iter()
        .map(|merged| record::hint::to_item(&merged.hint, reading.generation))
        .collect();
    let keys = chunk
        .items
        .iter()
        .map(|parsed| &parsed.item.key)
        .chain(chunk.extras.iter().map(|item| &item.key))
        .chain(hint_items.iter().map(|item| &item.key));
    let parts = record::chunk::to_items(reading.generation, chunk.number, keys);
    put_all(context, parts).await?;

    count_hints(context, reading, &hints, &mut counts).await?;
    let unchanged = unchanged_items(context, reading, &chunk).await?;
    count_items(&chunk, &duplicates, &unchanged, &mut counts);
    let parsed = chunk.items.into_iter().map(|parsed| parsed.item);
    let mut items: Vec<Item> = parsed
        .chain(chunk.extras)
        .chain(hint_items)
        .chain(once_each(directory))
        .collect();
    // Neighbours in the store are written together: the embedded engine then finds their page in hand.
    items.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    put_all(context, items).await?;
    Ok(counts)
}

fn count_items(chunk: &ParsedChunk, duplicates: &[bool], unchanged: &[bool], counts: &mut Counts) {
    for (row, duplicate) in chunk.rows.iter().zip(duplicates) {
        let slots = &chunk.slots[row.slots.clone()];
        if *duplicate {
            counts.duplicates += 1;
        } else if slots.iter().all(|slot| unchanged[*slot]) {
            counts.unchanged += 1;
        } else {
            counts.imported += 1;
        }
    }
    counts.claims += chunk.items.len() as u64;
}

/// Which of the chunk's items the import before has word for word.
async fn unchanged_items(
    context: &Context,
    reading: &Reading,
    chunk: &ParsedChunk,
) -> Result<Vec<bool>, StoreError> {
    let mut unchanged = vec![false; chunk.items.len()];
    let Some(previous) = reading.previous else {
        return Ok(unchanged);
    };
    let keys: Vec<PrimaryKey> = chunk
        .items
        .iter()
        .filter_map(|parsed| key::in_generation(&parsed.item.key, previous))
        .collect();
    let mut before = get_all(context, &keys).await?;
    before.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    for (slot, (parsed, key)) in chunk.items.iter().zip(&keys).enumerate() {
        unchanged[slot] = before
            .binary_search_by(|item| item.key.cmp(key))
            .is_ok_and(|at| before[at].attributes == parsed.item.attributes);
    }
    Ok(unchanged)
}

/// A hint of the chunk, widened by what earlier chunks say of the same cell.
struct MergedHint {
    hint: AreaHint,
    rows: u64,
    is_new: bool,
}

async fn merged_hints(
    context: &Context,
    reading: &Reading,
    chunk: &ParsedChunk,
) -> Result<Vec<MergedHint>, StoreError> {
    let earlier = if chunk.number == 0 {
        vec![None; chunk.hints.len()]
    } else {
        stored_hints(context, &chunk.hints, reading.generation).await?
    };
    let merge = |(parsed, earlier): (&ParsedHint, Option<AreaHint>)| {
        let mut hint = parsed.hint.clone();
        let is_new = earlier.is_none();
        if let Some(earlier) = earlier {
            widen(&mut hint, earlier.down, earlier.up);
        }
        MergedHint {
            hint,
            rows: parsed.rows,
            is_new,
        }
    };
    Ok(chunk.hints.iter().zip(earlier).map(merge).collect())
}

/// Rows of a hint that the import before had with at least these speeds are unchanged.
async fn count_hints(
    context: &Context,
    reading: &Reading,
    hints: &[MergedHint],
    counts: &mut Counts,
) -> Result<(), StoreError> {
    let parsed: Vec<ParsedHint> = hints
        .iter()
        .map(|merged| ParsedHint {
            hint: merged.hint.clone(),
            rows: merged.rows,
        })
        .collect();
    let before = match reading.previous {
        Some(previous) => stored_hints(context, &parsed, previous).await?,
        None => vec![None; parsed.len()],
    };
    for (merged, before) in hints.iter().zip(before) {
        let covered = before
            .is_some_and(|before| before.down >= merged.hint.down && before.up >= merged.hint.up);
        if covered {
            counts.unchanged += merged.rows;
        } else {
            counts.imported += merged.rows;
        }
        counts.claims += u64::from(merged.is_new);
    }
    Ok(())
}

/// The same hints as another import, or earlier chunks, have them.
async fn stored_hints(
    context: &Context,
    hints: &[ParsedHint],
    generation: Generation,
) -> Result<Vec<Option<AreaHint>>, StoreError> {
    let keys: Vec<PrimaryKey> = hints
        .iter()
        .map(|parsed| record::hint::to_item(&parsed.hint, generation).key)
        .collect();
    let mut stored = get_all(context, &keys).await?;
    stored.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    keys.iter()
        .map(|key| {
            let at = stored.binary_search_by(|item| item.key.cmp(key)).ok();
            at.map(|at| record::hint::from_item(&stored[at]).map(|stored| stored.hint))
                .transpose()
        })
        .collect()
}

/// Items of which several may have one key.
fn once_each(items: Vec<Item>) -> impl Iterator<Item = Item> {
    let mut seen = HashSet::new();
    items
        .into_iter()
        .filter(move |item| seen.insert(item.key.clone()))
}

async fn get_all(context: &Context, keys: &[PrimaryKey]) -> Result<Vec<Item>, StoreError> {
    let batches: Vec<Vec<PrimaryKey>> = keys
        .chunks(limits::BATCH_GET_MAX)
        .map(<[PrimaryKey]>::to_vec)
        .collect();
    stream::iter(batches)
        .map(|batch| async move { retry::batch_get(context, &batch).await })
        .buffer_unordered(READING_BATCHES)
        .try_concat()
        .await
}

/// Puts items, in batches, many at once.
pub(super) async fn put_all(context: &Context, items: Vec<Item>) -> Result<(), StoreError> {
    write_all(context, items.into_iter().map(BatchWrite::Put)).await
}

/// Writes in batches, many at once. No key may come twice.
pub(super) async fn write_all(
    context: &Context,
    writes: impl Iterator<Item = BatchWrite>,
) -> Result<(), StoreError> {
    let mut writes = writes.peekable();
    let batches = std::iter::from_fn(move || {
        writes.peek()?;
        Some(writes.by_ref().take(limits::BATCH_WRITE_MAX).collect())
    });
    stream::iter(batches)
        .map(|batch: Vec<BatchWrite>| retry::batch_write(context, batch))
        .buffer_unordered(WRITING_BATCHES)
        .try_collect()
        .await
}
