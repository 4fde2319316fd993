//! The keys that one chunk of an import writes.
//!
//! Written before the claims themselves, so that whatever an interrupted import left behind is found.
//! Keys of neighbouring rows are alike, so they are kept compressed.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use lastmile_model::listing::Generation;

use super::VALUE;
use crate::error::StoreError;
use crate::item::{Attributes, Item, PrimaryKey, Value};
use crate::key::Key;

/// Most bytes of keys, before compression, in one part: below the largest item even where nothing can
/// be compressed.
const PART_MAX_BYTES: usize = 256 * 1024;
/// Ends a partition key and a sort key; neither can hold a control character.
const KEY_END: char = '\n';

/// Makes the items of a chunk: one for most chunks, more where the rows are many or wide.
#[must_use]
pub fn to_items<'k>(
    generation: Generation,
    chunk: u32,
    keys: impl IntoIterator<Item = &'k PrimaryKey>,
) -> Vec<Item> {
    let mut items = Vec::new();
    let mut text = String::new();
    for key in keys {
        let PrimaryKey { pk, sk } = key;
        if !text.is_empty() && text.len() + pk.len() + sk.len() + 2 > PART_MAX_BYTES {
            items.push(part_item(generation, chunk, items.len(), &text));
            text.clear();
        }
        text.push_str(pk);
        text.push(KEY_END);
        text.push_str(sk);
        text.push(KEY_END);
    }
    items.push(part_item(generation, chunk, items.len(), &text));
    items
}

/// Reads the keys of one part back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<Vec<PrimaryKey>, StoreError> {
    let corrupt = || StoreError::corrupt(&item.key);
    let Some(Value::B(bytes)) = item.attributes.get(VALUE) else {
        return Err(corrupt());
    };
    let mut text = String::new();
    DeflateDecoder::new(bytes.as_slice())
        .read_to_string(&mut text)
        .map_err(|_| corrupt())?;
    let mut keys = Vec::new();
    let mut lines = text.split_terminator(KEY_END);
    while let Some(pk) = lines.next() {
        keys.push(PrimaryKey {
            pk: pk.into(),
            sk: lines.next().ok_or_else(corrupt)?.to_owned(),
        });
    }
    Ok(keys)
}

fn part_item(generation: Generation, chunk: u32, part: usize, text: &str) -> Item {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(text.as_bytes())
        .expect("writing to memory does not fail");
    let bytes = encoder.finish().expect("writing to memory does not fail");
    let key = Key::Chunk {
        generation,
        chunk,
        part: u32::try_from(part).expect("a chunk has few parts"),
    };
    Item {
        attributes: Attributes::from_iter([(VALUE, Value::B(bytes))]),
        ..Item::new(key.primary())
    }
}
