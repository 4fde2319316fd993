//! Tokens of transactions as bytes.
//!
//! A token's record is the second at which it is forgotten (8 bytes, sorted) and a SHA-256 of what the
//! transaction wrote. The hash, and not the writes, because it is only ever compared.

use lastmile_store::{Condition, PrimaryKey, TransactWrite};
use sha2::{Digest, Sha256};

use crate::item_codec::{self, push_bytes, push_length, push_number, push_value};
use crate::key_codec;

const SECOND_BYTES: usize = 8;

/// What tells two transactions apart.
pub(crate) type Fingerprint = [u8; 32];

/// The bytes of a token's record.
pub(crate) fn encode(forgotten_at_second: i64, fingerprint: &Fingerprint) -> Vec<u8> {
    let mut bytes = key_codec::sorted_second(forgotten_at_second).to_vec();
    bytes.extend_from_slice(fingerprint);
    bytes
}

/// The fingerprint that a token was used for, if it is not forgotten by now.
pub(crate) fn remembered(record: &[u8], now_second: i64) -> Option<&[u8]> {
    let (forgotten_at, fingerprint) = record.split_at_checked(SECOND_BYTES)?;
    (forgotten_at > key_codec::sorted_second(now_second).as_slice()).then_some(fingerprint)
}

/// Hashes what a transaction writes, its conditions included.
pub(crate) fn fingerprint(writes: &[TransactWrite]) -> Fingerprint {
    let mut bytes = Vec::new();
    push_length(&mut bytes, writes.len());
    for write in writes {
        match write {
            TransactWrite::Put { item, condition } => {
                push_head(&mut bytes, 1, &item.key, condition);
                push_bytes(&mut bytes, &item_codec::encode(item));
            }
            TransactWrite::Update {
                key,
                set,
                add,
                remove,
                condition,
            } => {
                push_head(&mut bytes, 2, key, condition);
                push_length(&mut bytes, set.len());
                for (name, value) in set {
                    push_bytes(&mut bytes, name.as_bytes());
                    push_value(&mut bytes, value);
                }
                push_length(&mut bytes, add.len());
                for (name, addend) in add {
                    push_bytes(&mut bytes, name.as_bytes());
                    push_number(&mut bytes, *addend);
                }
                push_length(&mut bytes, remove.len());
                for name in remove {
                    push_bytes(&mut bytes, name.as_bytes());
                }
            }
            TransactWrite::Delete { key, condition } => push_head(&mut bytes, 3, key, condition),
            TransactWrite::Check { key, condition } => push_head(&mut bytes, 4, key, condition),
        }
    }
    Sha256::digest(&bytes).into()
}

fn push_head(bytes: &mut Vec<u8>, kind: u8, key: &PrimaryKey, condition: &Condition) {
    bytes.push(kind);
    push_bytes(bytes, &key_codec::item_key(key));
    push_condition(bytes, condition);
}

fn push_condition(bytes: &mut Vec<u8>, condition: &Condition) {
    match condition {
        Condition::Always => bytes.push(1),
        Condition::Exists => bytes.push(2),
        Condition::NotExists => bytes.push(3),
        Condition::Equals { attribute, value } => {
            bytes.push(4);
            push_bytes(bytes, attribute.as_bytes());
            push_value(bytes, value);
        }
        Condition::All(conditions) => push_conditions(bytes, 5, conditions),
        Condition::Any(conditions) => push_conditions(bytes, 6, conditions),
    }
}

fn push_conditions(bytes: &mut Vec<u8>, kind: u8, conditions: &[Condition]) {
    bytes.push(kind);
    push_length(bytes, conditions.len());
    for condition in conditions {
        push_condition(bytes, condition);
    }
}
