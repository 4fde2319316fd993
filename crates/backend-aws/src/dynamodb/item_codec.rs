//! Items as DynamoDB's maps of attributes.
//!
//! The fields of an [`Item`] have the reserved names of `lastmile_store::item`; its attributes stand
//! beside them under their own. Text is `S`, a number `N` in decimal, bytes `B`, truth `BOOL`.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodbstreams::types::AttributeValue as StreamedValue;
use lastmile_store::item::{
    AttributeName, EXPIRES_AT, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK, PK, SK, STREAMED,
};
use lastmile_store::{Attributes, IndexKey, Item, PrimaryKey, StoreError, Value};

/// An item as a request holds it.
pub(super) type Stored = HashMap<String, AttributeValue>;

/// A value as an answer holds it. The table and its stream have a type each for the same.
pub(super) trait ReadValue {
    /// The value; `None` if it is of a kind that no item of ours has.
    fn read(self) -> Option<Value>;
}

impl ReadValue for AttributeValue {
    fn read(self) -> Option<Value> {
        match self {
            Self::S(text) => Some(Value::S(text)),
            Self::N(number) => number.parse().ok().map(Value::N),
            Self::B(bytes) => Some(Value::B(bytes.into_inner())),
            Self::Bool(truth) => Some(Value::Bool(truth)),
            _ => None,
        }
    }
}

impl ReadValue for StreamedValue {
    fn read(self) -> Option<Value> {
        match self {
            Self::S(text) => Some(Value::S(text)),
            Self::N(number) => number.parse().ok().map(Value::N),
            Self::B(bytes) => Some(Value::B(bytes.into_inner())),
            Self::Bool(truth) => Some(Value::Bool(truth)),
            _ => None,
        }
    }
}

/// A value for a request.
pub(super) fn value(value: Value) -> AttributeValue {
    match value {
        Value::S(text) => AttributeValue::S(text),
        Value::N(number) => AttributeValue::N(number.to_string()),
        Value::B(bytes) => AttributeValue::B(bytes.into()),
        Value::Bool(truth) => AttributeValue::Bool(truth),
    }
}

/// A key for a request.
pub(super) fn key(key: PrimaryKey) -> Stored {
    let PrimaryKey { pk, sk } = key;
    HashMap::from([text(PK, pk.into()), text(SK, sk)])
}

/// An item for a request.
pub(super) fn encode(item: Item) -> Stored {
    let Item {
        key: own,
        index1,
        index2,
        expires_at,
        streamed,
        attributes,
    } = item;
    let mut stored = key(own);
    if let Some(IndexKey { pk, sk }) = index1 {
        stored.extend([text(INDEX1_PK, pk), text(INDEX1_SK, sk)]);
    }
    if let Some(IndexKey { pk, sk }) = index2 {
        stored.extend([text(INDEX2_PK, pk), text(INDEX2_SK, sk)]);
    }
    if let Some(second) = expires_at {
        stored.insert(EXPIRES_AT.to_owned(), value(Value::N(second)));
    }
    if streamed {
        stored.insert(STREAMED.to_owned(), AttributeValue::Bool(true));
    }
    for (name, own) in attributes {
        stored.insert(name.into(), value(own));
    }
    stored
}

fn text(name: &str, text: String) -> (String, AttributeValue) {
    (name.to_owned(), AttributeValue::S(text))
}

/// An attribute is missing, or of a kind that no item of ours has.
struct Damaged;

/// Reads an answer's item.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub(super) fn decode<V: ReadValue>(mut stored: HashMap<String, V>) -> Result<Item, StoreError> {
    let key = take_key(&mut stored)?;
    decode_rest(key.clone(), stored).map_err(|Damaged| corrupt(&key.pk, &key.sk))
}

/// Reads the key of an answer's item, and takes it out.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub(super) fn take_key<V: ReadValue>(
    stored: &mut HashMap<String, V>,
) -> Result<PrimaryKey, StoreError> {
    match (take_text(stored, PK), take_text(stored, SK)) {
        (Some(pk), Some(sk)) => Ok(PrimaryKey { pk: pk.into(), sk }),
        (pk, sk) => Err(corrupt(&pk.unwrap_or_default(), &sk.unwrap_or_default())),
    }
}

/// Reads an attribute that must be text, and takes it out.
pub(super) fn take_text<V: ReadValue>(
    stored: &mut HashMap<String, V>,
    name: &str,
) -> Option<String> {
    match stored.remove(name)?.read()? {
        Value::S(text) => Some(text),
        Value::N(_) | Value::B(_) | Value::Bool(_) => None,
    }
}

fn corrupt(pk: &str, sk: &str) -> StoreError {
    StoreError::Corrupt {
        key: format!("{pk} / {sk}"),
    }
}

fn decode_rest<V: ReadValue>(
    key: PrimaryKey,
    mut stored: HashMap<String, V>,
) -> Result<Item, Damaged> {
    let index1 = take_index(&mut stored, INDEX1_PK, INDEX1_SK)?;
    let index2 = take_index(&mut stored, INDEX2_PK, INDEX2_SK)?;
    let expires_at = match stored.remove(EXPIRES_AT).map(ReadValue::read) {
        None => None,
        Some(Some(Value::N(second))) => Some(second),
        Some(_) => return Err(Damaged),
    };
    let streamed = match stored.remove(STREAMED).map(ReadValue::read) {
        None => false,
        Some(Some(Value::Bool(truth))) => truth,
        Some(_) => return Err(Damaged),
    };
    Ok(Item {
        key,
        index1,
        index2,
        expires_at,
        streamed,
        attributes: decode_attributes(stored)?,
    })
}

fn take_index<V: ReadValue>(
    stored: &mut HashMap<String, V>,
    pk: &str,
    sk: &str,
) -> Result<Option<IndexKey>, Damaged> {
    if !stored.contains_key(pk) && !stored.contains_key(sk) {
        return Ok(None);
    }
    let pk = take_text(stored, pk).ok_or(Damaged)?;
    let sk = take_text(stored, sk).ok_or(Damaged)?;
    Ok(Some(IndexKey { pk, sk }))
}

/// In the order of their names, which costs least to fill in.
fn decode_attributes<V: ReadValue>(stored: HashMap<String, V>) -> Result<Attributes, Damaged> {
    let mut stored: Vec<(String, V)> = stored.into_iter().collect();
    stored.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    let mut attributes = Attributes::with_capacity(stored.len());
    for (name, value) in stored {
        attributes.insert(AttributeName::from(name), value.read().ok_or(Damaged)?);
    }
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Item {
        let mut item = Item::new(PrimaryKey {
            pk: "p".into(),
            sk: "s".to_owned(),
        });
        let place = |pk: &str| {
            Some(IndexKey {
                pk: pk.to_owned(),
                sk: "x".to_owned(),
            })
        };
        item.index1 = place("one");
        item.index2 = place("two");
        item.expires_at = Some(-7);
        item.streamed = true;
        item.attributes.insert("b", Value::B(vec![0, 255]));
        item.attributes.insert("n", Value::N(i64::MIN));
        item.attributes.insert("s", Value::S(String::new()));
        item.attributes.insert("t", Value::Bool(false));
        item
    }

    #[test]
    fn what_is_written_is_read() {
        let bare = Item::new(full().key);
        for item in [full(), bare] {
            assert_eq!(decode(encode(item.clone())).unwrap(), item);
        }
    }

    #[test]
    fn what_is_not_ours_is_called_damaged() {
        let damages: [(&str, Option<AttributeValue>); 7] = [
            (SK, None),
            (INDEX1_SK, None),
            (INDEX2_PK, Some(AttributeValue::N("1".to_owned()))),
            (EXPIRES_AT, Some(AttributeValue::S("1".to_owned()))),
            (STREAMED, Some(AttributeValue::S("true".to_owned()))),
            ("n", Some(AttributeValue::N("1.5".to_owned()))),
            ("n", Some(AttributeValue::L(Vec::new()))),
        ];
        for (name, damage) in damages {
            let mut stored = encode(full());
            match damage {
                None => stored.remove(name),
                Some(value) => stored.insert(name.to_owned(), value),
            };
            let read = decode(stored);
            assert!(
                matches!(read, Err(StoreError::Corrupt { .. })),
                "{name}: {read:?}"
            );
        }
    }
}
