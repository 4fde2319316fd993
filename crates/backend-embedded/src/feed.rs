//! Changes of streamed items as bytes.
//!
//! A record of the feed is the second it was written (8 bytes, sorted), the length of the item's key
//! (4 bytes, big-endian), the item's key, and the item if it was not removed.

use lastmile_store::{Change, ChangePosition, Item};

use crate::{item_codec, key_codec};

const SECOND_BYTES: usize = 8;
const KEY_LENGTH_BYTES: usize = 4;

/// The bytes of a change.
pub(crate) fn encode(second: i64, item_key: &[u8], new_image: Option<&[u8]>) -> Vec<u8> {
    let image = new_image.unwrap_or_default();
    let mut bytes =
        Vec::with_capacity(SECOND_BYTES + KEY_LENGTH_BYTES + item_key.len() + image.len());
    bytes.extend_from_slice(&key_codec::sorted_second(second));
    let length = u32::try_from(item_key.len()).expect("the limits keep a key under 4 GB");
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(item_key);
    bytes.extend_from_slice(image);
    bytes
}

/// Reads a change; `None` if it is damaged.
pub(crate) fn decode(position: &[u8], bytes: &[u8]) -> Option<Change> {
    let position = u64::from_be_bytes(position.try_into().ok()?);
    let (_second, rest) = bytes.split_at_checked(SECOND_BYTES)?;
    let (length, rest) = rest.split_at_checked(KEY_LENGTH_BYTES)?;
    let length = usize::try_from(u32::from_be_bytes(length.try_into().ok()?)).ok()?;
    let (item_key, image) = rest.split_at_checked(length)?;
    let key = key_codec::read_item_key(item_key)?;
    let new_image: Option<Item> = match image {
        [] => None,
        image => Some(item_codec::decode(key.clone(), image)?),
    };
    Some(Change {
        position: ChangePosition::from_text(position.to_string()),
        key,
        new_image,
    })
}

/// Whether a change was written at or before a second (given as [`key_codec::sorted_second`]).
pub(crate) fn is_older(bytes: &[u8], second: [u8; SECOND_BYTES]) -> bool {
    bytes
        .get(..SECOND_BYTES)
        .is_none_or(|written| written <= second.as_slice())
}
