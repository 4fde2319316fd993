//! Items as bytes.
//!
//! ```text
//! item      := head [index1] [index2] [expires_at] count attribute*
//! head      := one byte: encoding (high half, now 1), and in the low half
//!              1 = index1, 2 = index2, 4 = expires_at, 8 = streamed
//! index     := text text                    expires_at := number
//! attribute := text kind [value]            kind := one byte, see `kind`
//! text      := length utf8                  bytes := length byte*
//! count, length := LEB128                   number := zigzag LEB128
//! ```
//! The key is not among them: it is the record's key.

use lastmile_store::item::AttributeName;
use lastmile_store::{Attributes, IndexKey, Item, PrimaryKey, Value};

const ENCODING: u8 = 1 << 4;
const ENCODING_MASK: u8 = 0xF0;
const HAS_INDEX1: u8 = 1;
const HAS_INDEX2: u8 = 2;
const HAS_EXPIRY: u8 = 4;
const STREAMED: u8 = 8;

/// Kinds of values. Numbers are never reused.
mod kind {
    pub(super) const TEXT: u8 = 1;
    pub(super) const NUMBER: u8 = 2;
    pub(super) const BYTES: u8 = 3;
    pub(super) const FALSE: u8 = 4;
    pub(super) const TRUE: u8 = 5;
}

/// The bytes of an item without its key.
pub(crate) fn encode(item: &Item) -> Vec<u8> {
    let Item {
        key: _,
        index1,
        index2,
        expires_at,
        streamed,
        attributes,
    } = item;
    let mut bytes = Vec::with_capacity(item.weight() + 2 * attributes.len());
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    bytes.push(
        ENCODING
            | flag(index1.is_some(), HAS_INDEX1)
            | flag(index2.is_some(), HAS_INDEX2)
            | flag(expires_at.is_some(), HAS_EXPIRY)
            | flag(*streamed, STREAMED),
    );
    for IndexKey { pk, sk } in [index1, index2].into_iter().flatten() {
        push_bytes(&mut bytes, pk.as_bytes());
        push_bytes(&mut bytes, sk.as_bytes());
    }
    if let Some(second) = expires_at {
        push_number(&mut bytes, *second);
    }
    push_length(&mut bytes, attributes.len());
    for (name, value) in attributes.iter() {
        push_bytes(&mut bytes, name.as_bytes());
        push_value(&mut bytes, value);
    }
    bytes
}

/// Reads an item; `None` if the bytes are damaged or of a newer encoding.
pub(crate) fn decode(key: PrimaryKey, bytes: &[u8]) -> Option<Item> {
    let mut reader = Reader(bytes);
    let head = reader.byte()?;
    if head & ENCODING_MASK != ENCODING {
        return None;
    }
    let has = |flag: u8| head & flag != 0;
    let index1 = if has(HAS_INDEX1) {
        Some(reader.index_key()?)
    } else {
        None
    };
    let index2 = if has(HAS_INDEX2) {
        Some(reader.index_key()?)
    } else {
        None
    };
    let expires_at = if has(HAS_EXPIRY) {
        Some(reader.number()?)
    } else {
        None
    };
    let count = reader.length()?;
    // A damaged count must not ask for memory that the item cannot fill.
    let mut attributes = Attributes::with_capacity(count.min(bytes.len()));
    for _ in 0..count {
        let name = AttributeName::new(reader.text()?);
        attributes.insert(name, reader.value()?);
    }
    reader.0.is_empty().then_some(Item {
        key,
        index1,
        index2,
        expires_at,
        streamed: has(STREAMED),
        attributes,
    })
}

/// Writes the bytes of a value, its kind first.
pub(crate) fn push_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::S(text) => {
            bytes.push(kind::TEXT);
            push_bytes(bytes, text.as_bytes());
        }
        Value::N(number) => {
            bytes.push(kind::NUMBER);
            push_number(bytes, *number);
        }
        Value::B(blob) => {
            bytes.push(kind::BYTES);
            push_bytes(bytes, blob);
        }
        Value::Bool(false) => bytes.push(kind::FALSE),
        Value::Bool(true) => bytes.push(kind::TRUE),
    }
}

/// Writes bytes behind their length.
pub(crate) fn push_bytes(bytes: &mut Vec<u8>, text: &[u8]) {
    push_length(bytes, text.len());
    bytes.extend_from_slice(text);
}

/// Writes a number.
pub(crate) fn push_number(bytes: &mut Vec<u8>, number: i64) {
    push_leb128(bytes, ((number << 1) ^ (number >> 63)).cast_unsigned());
}

/// Writes a length or a count.
pub(crate) fn push_length(bytes: &mut Vec<u8>, length: usize) {
    push_leb128(bytes, length as u64);
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "LEB128 writes seven bits at a time"
)]
fn push_leb128(bytes: &mut Vec<u8>, mut rest: u64) {
    while rest >= 0x80 {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// Takes values from the front of what is left.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn leb128(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.leb128()?).ok()
    }

    fn number(&mut self) -> Option<i64> {
        let zigzag = self.leb128()?;
        Some((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.length()?;
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn text(&mut self) -> Option<&'a str> {
        str::from_utf8(self.bytes()?).ok()
    }

    fn index_key(&mut self) -> Option<IndexKey> {
        Some(IndexKey {
            pk: self.text()?.to_owned(),
            sk: self.text()?.to_owned(),
        })
    }

    fn value(&mut self) -> Option<Value> {
        Some(match self.byte()? {
            kind::TEXT => Value::S(self.text()?.to_owned()),
            kind::NUMBER => Value::N(self.number()?),
            kind::BYTES => Value::B(self.bytes()?.to_vec()),
            kind::FALSE => Value::Bool(false),
            kind::TRUE => Value::Bool(true),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            any::<String>().prop_map(Value::S),
            any::<i64>().prop_map(Value::N),
            any::<Vec<u8>>().prop_map(Value::B),
            any::<bool>().prop_map(Value::Bool),
        ]
    }

    fn index_key() -> impl Strategy<Value = IndexKey> {
        (any::<String>(), any::<String>()).prop_map(|(pk, sk)| IndexKey { pk, sk })
    }

    fn item() -> impl Strategy<Value = Item> {
        let attributes = prop::collection::vec((any::<String>(), value()), 0..6);
        let indexes = (prop::option::of(index_key()), prop::option::of(index_key()));
        (indexes, any::<Option<i64>>(), any::<bool>(), attributes).prop_map(
            |((index1, index2), expires_at, streamed, attributes)| Item {
                index1,
                index2,
                expires_at,
                streamed,
                attributes: attributes.into_iter().collect(),
                ..Item::new(key())
            },
        )
    }

    fn key() -> PrimaryKey {
        PrimaryKey {
            pk: "p".into(),
            sk: "s".to_owned(),
        }
    }

    proptest! {
        #[test]
        fn items_come_back(item in item()) {
            prop_assert_eq!(decode(key(), &encode(&item)), Some(item));
        }

        #[test]
        fn a_shortened_or_lengthened_item_is_refused(item in item(), cut: prop::sample::Index) {
            let mut bytes = encode(&item);
            prop_assert_eq!(decode(key(), &bytes[..cut.index(bytes.len())]), None);
            bytes.push(0);
            prop_assert_eq!(decode(key(), &bytes), None);
        }

        #[test]
        fn damaged_bytes_are_refused_or_read(mut bytes: Vec<u8>) {
            let _ = decode(key(), &bytes);
            if let Some(head) = bytes.first_mut() {
                *head = ENCODING | (*head & !ENCODING_MASK);
            }
            let _ = decode(key(), &bytes);
        }
    }

    /// What version 1 writes stays readable: these bytes are in users' files.
    #[test]
    fn the_encoding_is_as_documented() {
        let mut item = Item::new(key());
        item.index2 = Some(IndexKey {
            pk: "i".to_owned(),
            sk: "é".to_owned(),
        });
        item.expires_at = Some(-2);
        item.streamed = true;
        item.attributes.insert("n", Value::N(300));
        item.attributes.insert("t", Value::Bool(true));
        let expected = [
            0x1E, 1, b'i', 2, 0xC3, 0xA9, 3, 2, 1, b'n', 2, 0xD8, 0x04, 1, b't', 5,
        ];
        assert_eq!(encode(&item), expected);
        assert_eq!(decode(key(), &expected), Some(item));
    }
}
