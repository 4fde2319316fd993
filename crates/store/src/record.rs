//! Stored items as codecs of the domain's types.
//!
//! A value is one binary attribute, `v`, of CBOR maps with numbered fields: a number is never reused,
//! a new field is optional, and an old reader passes over fields that it does not know. Attributes
//! that conditions look at stand beside it by name.

use lastmile_model::Text;
use lastmile_model::geography::Coordinates;
use minicbor::{Decode, Encode};

use crate::condition::Condition;
use crate::error::StoreError;
use crate::item::{Attributes, Item, PrimaryKey, Value};

pub mod api_key;
pub mod chunk;
pub mod claim;
mod code;
pub mod directory;
pub mod document;
pub mod hint;
pub mod idempotency;
pub mod import;
pub mod list;
pub mod near;
pub mod providers_file;
pub mod quotes;
pub mod rate;
pub mod relay;
mod street;
pub mod tasks;

/// Attribute of the encoded value.
pub const VALUE: &str = "v";
/// Attribute that counts the changes of an item, for conditions.
pub const REVISION: &str = "r";

/// Holds while the item has this revision.
#[must_use]
pub fn at_revision(revision: impl Into<i64>) -> Condition {
    Condition::Equals {
        attribute: REVISION,
        value: Value::N(revision.into()),
    }
}

/// Holds while the item is as it was read; revision 0 says that there was none.
#[must_use]
pub fn unchanged_since(revision: impl Into<i64>) -> Condition {
    match revision.into() {
        0 => Condition::NotExists,
        revision => at_revision(revision),
    }
}

/// Encodes a value as the only attribute.
fn attributes(value: &impl Encode<()>) -> Attributes {
    Attributes::from_iter([(VALUE, Value::B(encoded(value)))])
}

fn encoded(value: &impl Encode<()>) -> Vec<u8> {
    minicbor::to_vec(value).expect("encoding to memory does not fail")
}

fn decoded<'b, T: Decode<'b, ()>>(item: &'b Item) -> Result<T, StoreError> {
    match item.attributes.get(VALUE) {
        Some(Value::B(bytes)) => {
            minicbor::decode(bytes).map_err(|_| StoreError::corrupt(&item.key))
        }
        _ => Err(StoreError::corrupt(&item.key)),
    }
}

fn number(item: &Item, attribute: &str) -> Result<i64, StoreError> {
    match item.attributes.get(attribute) {
        Some(Value::N(number)) => Ok(*number),
        _ => Err(StoreError::corrupt(&item.key)),
    }
}

fn some_or_corrupt<T>(value: Option<T>, key: &PrimaryKey) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::corrupt(key))
}

/// Coordinates are kept in units of 10⁻⁷ degrees, about a centimetre.
const PER_DEGREE: f64 = 1e7;

#[expect(
    clippy::cast_possible_truncation,
    reason = "degrees lie within ±180, which fits 32 bits; a cast saturates beyond"
)]
fn units_of(degrees: f64) -> i32 {
    (degrees * PER_DEGREE).round() as i32
}

fn degrees_of(units: i32) -> f64 {
    f64::from(units) / PER_DEGREE
}

/// A stored text as the model holds it.
fn owned(text: Option<&str>) -> Option<Text> {
    text.map(Text::new)
}

fn coordinates_of(latitude: Option<i32>, longitude: Option<i32>) -> Option<Coordinates> {
    Some(Coordinates {
        latitude: degrees_of(latitude?),
        longitude: degrees_of(longitude?),
    })
}
