//! A chunk of rows as items to be written: everything that needs no store.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use lastmile_model::Text;
use lastmile_model::address::BuildingKey;
use lastmile_model::claim::{AreaHint, Claim, Kbps, Standing, Technology};
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::layout::Layout;
use lastmile_model::listing::life::TextPosition;
use lastmile_model::listing::row::{Notes, RowReading};
use lastmile_model::listing::{Counts, Generation};
use lastmile_model::rate_card::Rate;
use lastmile_store::record::directory::DirectoryStreet;
use lastmile_store::{Item, key, record};

use super::providers::Providers;
use super::rows::{RawChunk, RowSpan};
use super::source::{RAW_MAX_BYTES, Reject, RowWarning};

/// How the rows of one import are read.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) layout: Layout,
    pub(super) providers: Providers,
    pub(super) generation: Generation,
    /// The import that is compared with, where there is one.
    pub(super) previous: Option<Generation>,
}

/// A claim or a rate of the chunk.
#[derive(Debug)]
pub(super) struct ParsedItem {
    pub(super) item: Item,
    /// Of its key.
    pub(super) hash: u64,
}

/// A row that has claims or rates.
#[derive(Debug)]
pub(super) struct ItemRow {
    /// Its items, as positions in [`ParsedChunk::slots`].
    pub(super) slots: Range<usize>,
    /// Whether an earlier row of the chunk has all of them.
    pub(super) repeats: bool,
}

/// A hint of the chunk, with the rows that make it.
#[derive(Debug)]
pub(super) struct ParsedHint {
    pub(super) hint: AreaHint,
    pub(super) rows: u64,
}

/// A street of the chunk.
#[derive(Debug)]
pub(super) struct ParsedStreet {
    /// Of the street with its city.
    pub(super) hash: u64,
    pub(super) street: DirectoryStreet,
    pub(super) state_and_city: Option<(Text, Text)>,
}

/// What a chunk of rows says.
#[derive(Debug, Default)]
pub(super) struct ParsedChunk {
    pub(super) number: u32,
    /// Bytes of the file that were read when it was complete.
    pub(super) bytes: u64,
    /// Where the next chunk begins.
    pub(super) end: Option<TextPosition>,
    /// Rows, excluded and rejected ones, warnings; the rest is found out when it is written.
    pub(super) counts: Counts,
    /// Claims or rates, each key once; the last row wins.
    pub(super) items: Vec<ParsedItem>,
    pub(super) rows: Vec<ItemRow>,
    /// Positions in `items`, row by row.
    pub(super) slots: Vec<usize>,
    pub(super) hints: Vec<ParsedHint>,
    /// Buildings by cell and by the provider's own id.
    pub(super) extras: Vec<Item>,
    pub(super) streets: Vec<ParsedStreet>,
    pub(super) rejects: Vec<Reject>,
    pub(super) warnings: Vec<RowWarning>,
    pub(super) newest_row: Option<Timestamp>,
}

/// What is known while the rows of one chunk are read.
#[derive(Default)]
struct Known {
    items: HashMap<u64, usize>,
    streets: HashSet<u64>,
    placed: HashSet<u64>,
    near: BTreeMap<Cell, Vec<(BuildingKey, Coordinates)>>,
    hints: HashMap<(Cell, Technology, ProviderName), usize>,
}

/// Reads the rows of a chunk.
pub(super) fn parse(reading: &Reading, raw: &RawChunk) -> ParsedChunk {
    let mut chunk = ParsedChunk {
        number: raw.number,
        bytes: raw.bytes,
        end: Some(raw.end),
        ..ParsedChunk::default()
    };
    let mut known = Known::default();
    let mut notes = Notes::default();
    for row in &raw.rows {
        notes.warnings.clear();
        notes.collected_at = None;
        chunk.counts.rows += 1;
        let said = match raw.cells(row) {
            Ok(cells) => {
                let Reading {
                    layout, providers, ..
                } = reading;
                let said = layout.read(&cells, &providers.owner, &mut notes);
                providers.settle(said, &mut notes)
            }
            Err(reason) => RowReading::Rejected(reason),
        };
        match said {
            RowReading::Claims(claims) => take_claims(&mut chunk, &mut known, reading, claims),
            RowReading::Hint(hint) => take_hint(&mut chunk, &mut known, hint),
            RowReading::Rates(rates) => take_rates(&mut chunk, &mut known, reading, &rates),
            RowReading::Excluded(_) => chunk.counts.excluded += 1,
            RowReading::Rejected(reason) => {
                chunk.counts.rejected += 1;
                chunk.rejects.push(Reject {
                    line: row.line,
                    reason,
                    raw: raw.raw(row, RAW_MAX_BYTES),
                });
                continue;
            }
        }
        take_notes(&mut chunk, row, &mut notes);
    }
    for (cell, buildings) in &known.near {
        chunk.extras.push(record::near::to_item(
            *cell,
            reading.generation,
            chunk.number,
            buildings,
        ));
    }
    chunk
}

fn take_notes(chunk: &mut ParsedChunk, row: &RowSpan, notes: &mut Notes) {
    chunk.newest_row = chunk.newest_row.max(notes.collected_at);
    chunk.counts.warnings += notes.warnings.len() as u64;
    let line = row.line;
    let warnings = notes.warnings.drain(..);
    chunk
        .warnings
        .extend(warnings.map(|warning| RowWarning { line, warning }));
}

fn take_claims(chunk: &mut ParsedChunk, known: &mut Known, reading: &Reading, claims: Vec<Claim>) {
    let items = claims
        .iter()
        .map(|claim| record::claim::to_item(claim, reading.generation));
    take_row(chunk, known, items);
    for claim in claims {
        take_building(chunk, known, claim);
    }
}

fn take_rates(chunk: &mut ParsedChunk, known: &mut Known, reading: &Reading, rates: &[Rate]) {
    let owner = &reading.providers.owner;
    let items = rates
        .iter()
        .map(|rate| record::rate::to_item(owner, rate, reading.generation));
    take_row(chunk, known, items);
}

/// Takes the items of one row.
fn take_row(chunk: &mut ParsedChunk, known: &mut Known, items: impl Iterator<Item = Item>) {
    let first_slot = chunk.slots.len();
    let mut repeats = true;
    for item in items {
        let hash = hash_of(&item.key);
        match known.items.get(&hash) {
            Some(slot) if chunk.items[*slot].item.key == item.key => {
                chunk.items[*slot].item = item;
                chunk.slots.push(*slot);
            }
            _ => {
                repeats = false;
                known.items.insert(hash, chunk.items.len());
                chunk.slots.push(chunk.items.len());
                chunk.items.push(ParsedItem { item, hash });
            }
        }
    }
    chunk.rows.push(ItemRow {
        slots: first_slot..chunk.slots.len(),
        repeats,
    });
}

/// What leads to the building: its street and its cell.
fn take_building(chunk: &mut ParsedChunk, known: &mut Known, claim: Claim) {
    let place = &claim.place;
    let hash = hash_of(&(&claim.building.street, &place.state, &place.city));
    if known.streets.insert(hash)
        && let Some(street) = &place.street
    {
        chunk.streets.push(ParsedStreet {
            hash,
            street: DirectoryStreet {
                key: claim.building.street.clone(),
                street: street.clone(),
            },
            state_and_city: place.state.clone().zip(place.city.clone()),
        });
    }
    let extendable = match claim.standing {
        Standing::Offered | Standing::IndividualCase | Standing::NearNet => true,
        Standing::NotOffered | Standing::Restricted => false,
    };
    if extendable
        && let Some(coordinates) = claim.coordinates
        && known.placed.insert(hash_of(&claim.building))
        && let Some(cell) = Cell::at(coordinates, key::NEAR_RESOLUTION)
    {
        let buildings = known.near.entry(cell).or_default();
        buildings.push((Arc::unwrap_or_clone(claim.building), coordinates));
    }
}

fn take_hint(chunk: &mut ParsedChunk, known: &mut Known, hint: AreaHint) {
    let of = (hint.cell, hint.technology, hint.provider.clone());
    match known.hints.get(&of) {
        Some(at) => {
            let known = &mut chunk.hints[*at];
            known.rows += 1;
            widen(&mut known.hint, hint.down, hint.up);
        }
        None => {
            known.hints.insert(of, chunk.hints.len());
            chunk.hints.push(ParsedHint { hint, rows: 1 });
        }
    }
}

/// A hint has the largest speeds of its rows.
pub(super) fn widen(hint: &mut AreaHint, down: Option<Kbps>, up: Option<Kbps>) {
    hint.down = hint.down.max(down);
    hint.up = hint.up.max(up);
}

pub(super) fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
