//! Keys as bytes that sort as the contract says.
//!
//! The byte `0xFF` occurs in no UTF-8 text: it ends a partition key, and as the last byte of a bound it
//! lies behind every text.
//!
//! | record | bytes |
//! |---|---|
//! | item | partition key, `FF`, sort key |
//! | index entry | index partition key, `FF`, index sort key with each `00` as `00 FF`, `00 01`, the item's bytes |
//! | expiry | second as 8 bytes (sign flipped, so that it sorts), the item's bytes |

use std::ops::Bound;

use lastmile_store::{Cursor, Direction, Index, IndexKey, PrimaryKey, Query, SortKey};

/// Ends a partition key; behind every text.
const END: u8 = 0xFF;
/// Ends an index sort key: before everything that could continue it.
const INDEX_SORT_KEY_END: [u8; 2] = [0x00, 0x01];
/// What `00` within an index sort key becomes.
const ESCAPED_NUL: [u8; 2] = [0x00, 0xFF];

/// Keys from a bound to a bound.
pub(crate) type KeyRange = (Bound<Vec<u8>>, Bound<Vec<u8>>);

/// The bytes of an item's key.
pub(crate) fn item_key(key: &PrimaryKey) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(key.pk.len() + 1 + key.sk.len());
    push_item_key(&mut bytes, key);
    bytes
}

/// Reads an item's key; `None` if it is damaged.
pub(crate) fn read_item_key(bytes: &[u8]) -> Option<PrimaryKey> {
    let end = bytes.iter().position(|byte| *byte == END)?;
    let (pk, sk) = bytes.split_at(end);
    Some(PrimaryKey {
        pk: str::from_utf8(pk).ok()?.into(),
        sk: str::from_utf8(sk.get(1..)?).ok()?.to_owned(),
    })
}

/// The bytes of an index entry.
pub(crate) fn index_entry(place: &IndexKey, item: &PrimaryKey) -> Vec<u8> {
    let mut bytes = partition(
        &place.pk,
        place.sk.len() + item.pk.len() + item.sk.len() + 4,
    );
    push_index_sort_key(&mut bytes, &place.sk);
    bytes.extend_from_slice(&INDEX_SORT_KEY_END);
    push_item_key(&mut bytes, item);
    bytes
}

/// Reads an index entry: its sort key, and the bytes of the item's key.
pub(crate) fn read_index_entry(bytes: &[u8]) -> Option<(String, &[u8])> {
    let partition_end = bytes.iter().position(|byte| *byte == END)?;
    let mut rest = bytes.get(partition_end + 1..)?;
    let mut sort_key = Vec::new();
    loop {
        let nul = rest.iter().position(|byte| *byte == 0)?;
        sort_key.extend_from_slice(&rest[..nul]);
        let (marker, after) = rest[nul..].split_at_checked(2)?;
        rest = after;
        match marker {
            marker if marker == INDEX_SORT_KEY_END => {
                return Some((String::from_utf8(sort_key).ok()?, rest));
            }
            marker if marker == ESCAPED_NUL => sort_key.push(0),
            _ => return None,
        }
    }
}

/// The bytes of an expiry record.
pub(crate) fn expiry(second: i64, item: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 + item.len());
    bytes.extend_from_slice(&sorted_second(second));
    bytes.extend_from_slice(item);
    bytes
}

/// The bytes of the item's key in an expiry record.
pub(crate) fn expired_item(bytes: &[u8]) -> Option<&[u8]> {
    bytes.get(8..)
}

/// A second as bytes that sort like it.
pub(crate) const fn sorted_second(second: i64) -> [u8; 8] {
    (second.cast_unsigned() ^ (1 << 63)).to_be_bytes()
}

/// What a query reads, as a range of bytes; `None` if nothing can be in it.
pub(crate) fn range(query: &Query) -> Option<KeyRange> {
    let (low, mut high) = match query.index {
        Index::Table => table_range(&query.pk, &query.sk),
        Index::One | Index::Two => index_range(&query.pk, &query.sk),
    };
    if let Some(after) = &query.after {
        let at = cursor(&query.pk, after);
        match query.direction {
            Direction::Forward if at >= low => return above(at, high),
            Direction::Backward if at < high => high = at,
            Direction::Forward | Direction::Backward => {}
        }
    }
    if low >= high {
        return None;
    }
    Some((Bound::Included(low), Bound::Excluded(high)))
}

fn above(low: Vec<u8>, high: Vec<u8>) -> Option<KeyRange> {
    (low < high).then_some((Bound::Excluded(low), Bound::Excluded(high)))
}

/// From the first byte string to the one before which the range ends.
fn table_range(pk: &str, sk: &SortKey) -> (Vec<u8>, Vec<u8>) {
    let bound = |text: &str, end: &[u8]| {
        let mut bytes = partition(pk, text.len() + end.len());
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend_from_slice(end);
        bytes
    };
    // A key is followed at once by itself and a zero byte.
    match sk {
        SortKey::Any => (bound("", &[]), bound("", &[END])),
        SortKey::Equals(text) => (bound(text, &[]), bound(text, &[0])),
        SortKey::Prefix(prefix) => (bound(prefix, &[]), bound(prefix, &[END])),
        SortKey::Between(from, to) => (bound(from, &[]), bound(to, &[0])),
    }
}

fn index_range(pk: &str, sk: &SortKey) -> (Vec<u8>, Vec<u8>) {
    let bound = |text: &str, end: &[u8]| {
        let mut bytes = partition(pk, text.len() + end.len());
        push_index_sort_key(&mut bytes, text);
        bytes.extend_from_slice(end);
        bytes
    };
    let [nul, one] = INDEX_SORT_KEY_END;
    let (first, behind) = ([nul, one], [nul, one, END]);
    match sk {
        SortKey::Any => (bound("", &[]), bound("", &[END])),
        SortKey::Equals(text) => (bound(text, &first), bound(text, &behind)),
        SortKey::Prefix(prefix) => (bound(prefix, &[]), bound(prefix, &[END])),
        SortKey::Between(from, to) => (bound(from, &[]), bound(to, &behind)),
    }
}

fn cursor(pk: &str, after: &Cursor) -> Vec<u8> {
    match &after.index_sk {
        None => item_key(&after.key),
        Some(sk) => {
            let place = IndexKey {
                pk: pk.to_owned(),
                sk: sk.clone(),
            };
            index_entry(&place, &after.key)
        }
    }
}

fn partition(pk: &str, room: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pk.len() + 1 + room);
    bytes.extend_from_slice(pk.as_bytes());
    bytes.push(END);
    bytes
}

fn push_item_key(bytes: &mut Vec<u8>, key: &PrimaryKey) {
    bytes.extend_from_slice(key.pk.as_bytes());
    bytes.push(END);
    bytes.extend_from_slice(key.sk.as_bytes());
}

fn push_index_sort_key(bytes: &mut Vec<u8>, sk: &str) {
    let mut parts = sk.as_bytes().split(|byte| *byte == 0);
    bytes.extend_from_slice(parts.next().unwrap_or_default());
    for part in parts {
        bytes.extend_from_slice(&ESCAPED_NUL);
        bytes.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use lastmile_store::Consistency;
    use proptest::prelude::*;

    use super::*;

    /// Texts in which the bytes that end things, and their neighbours, are frequent.
    fn text() -> impl Strategy<Value = String> {
        let character = prop_oneof![
            3 => prop::sample::select(vec!['\0', '\u{1}', 'a', 'b', '#', '\u{7F}', '\u{10FFFF}']),
            1 => any::<char>(),
        ];
        prop::collection::vec(character, 1..6).prop_map(String::from_iter)
    }

    fn primary_key() -> impl Strategy<Value = PrimaryKey> {
        (text(), text()).prop_map(|(pk, sk)| PrimaryKey { pk: pk.into(), sk })
    }

    fn query(index: Index, pk: String, sk: SortKey) -> Query {
        Query {
            index,
            pk: pk.into(),
            sk,
            direction: Direction::Forward,
            limit: None,
            after: None,
            consistency: Consistency::Eventual,
        }
    }

    fn contains(range: Option<KeyRange>, key: &[u8]) -> bool {
        let Some((low, high)) = range else {
            return false;
        };
        let above = match low {
            Bound::Included(low) => key >= low.as_slice(),
            Bound::Excluded(low) => key > low.as_slice(),
            Bound::Unbounded => true,
        };
        let below = match high {
            Bound::Included(high) => key <= high.as_slice(),
            Bound::Excluded(high) => key < high.as_slice(),
            Bound::Unbounded => true,
        };
        above && below
    }

    fn selects(wanted: &SortKey, sk: &str) -> bool {
        match wanted {
            SortKey::Any => true,
            SortKey::Equals(text) => sk == text,
            SortKey::Prefix(prefix) => sk.starts_with(prefix.as_str()),
            SortKey::Between(from, to) => from.as_str() <= sk && sk <= to.as_str(),
        }
    }

    fn sort_key() -> impl Strategy<Value = SortKey> {
        prop_oneof![
            Just(SortKey::Any),
            text().prop_map(SortKey::Equals),
            text().prop_map(SortKey::Prefix),
            (text(), text()).prop_map(|(from, to)| {
                let (low, high) = if from <= to { (from, to) } else { (to, from) };
                SortKey::Between(low, high)
            }),
        ]
    }

    proptest! {
        #[test]
        fn item_keys_come_back_and_keep_their_order(a in primary_key(), b in primary_key()) {
            let (one, two) = (item_key(&a), item_key(&b));
            prop_assert_eq!(read_item_key(&one), Some(a.clone()));
            if a.pk == b.pk {
                prop_assert_eq!(one.cmp(&two), a.sk.cmp(&b.sk));
            }
            prop_assert_eq!(one == two, a == b);
        }

        #[test]
        fn index_entries_come_back_and_keep_their_order(
            pk in text(), one in text(), two in text(), a in primary_key(), b in primary_key(),
        ) {
            let entry = |sk: &str, item| index_entry(&IndexKey { pk: pk.clone(), sk: sk.to_owned() }, item);
            let bytes = entry(&one, &a);
            let (sk, key) = read_index_entry(&bytes).unwrap();
            prop_assert_eq!((sk.as_str(), read_item_key(key)), (one.as_str(), Some(a.clone())));
            if one != two {
                prop_assert_eq!(entry(&one, &a).cmp(&entry(&two, &b)), one.cmp(&two));
            }
            prop_assert_eq!(entry(&one, &a) == entry(&one, &b), a == b);
        }

        #[test]
        fn ranges_hold_what_is_selected_and_nothing_else(
            pk in text(), other in text(), wanted in sort_key(), sk in text(), item in primary_key(),
        ) {
            let selected = selects(&wanted, &sk);
            let table = |pk: &str| item_key(&PrimaryKey { pk: pk.into(), sk: sk.clone() });
            let index = |pk: &str| index_entry(&IndexKey { pk: pk.to_owned(), sk: sk.clone() }, &item);
            let of_table = || range(&query(Index::Table, pk.clone(), wanted.clone()));
            let of_index = || range(&query(Index::One, pk.clone(), wanted.clone()));
            prop_assert_eq!(contains(of_table(), &table(&pk)), selected);
            prop_assert_eq!(contains(of_index(), &index(&pk)), selected);
            prop_assert_eq!(contains(of_table(), &table(&other)), selected && other == pk);
            prop_assert_eq!(contains(of_index(), &index(&other)), selected && other == pk);
        }

        #[test]
        fn a_cursor_parts_what_was_read_from_what_follows(
            pk in text(), wanted in sort_key(), sk in text(), seen in text(), item in primary_key(),
        ) {
            let key = PrimaryKey { pk: pk.clone().into(), sk: sk.clone() };
            let from = PrimaryKey { pk: pk.clone().into(), sk: seen.clone() };
            let entry = index_entry(&IndexKey { pk: pk.clone(), sk: sk.clone() }, &item);
            for direction in [Direction::Forward, Direction::Backward] {
                let follows = match direction {
                    Direction::Forward => sk > seen,
                    Direction::Backward => sk < seen,
                };
                let expected = follows && selects(&wanted, &sk);
                let mut read = query(Index::Table, pk.clone(), wanted.clone());
                read.direction = direction;
                read.after = Some(Cursor { key: from.clone(), index_sk: None });
                prop_assert_eq!(contains(range(&read), &item_key(&key)), expected);
                read.index = Index::Two;
                read.after = Some(Cursor { key: item.clone(), index_sk: Some(seen.clone()) });
                prop_assert_eq!(contains(range(&read), &entry), expected);
            }
        }

        #[test]
        fn seconds_keep_their_order(a: i64, b: i64) {
            prop_assert_eq!(sorted_second(a).cmp(&sorted_second(b)), a.cmp(&b));
        }

        #[test]
        fn damaged_entries_are_refused_or_read(bytes: Vec<u8>) {
            let _ = read_item_key(&bytes);
            let _ = read_index_entry(&bytes);
        }
    }
}
