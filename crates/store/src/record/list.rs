//! The head of a list as it is stored.

use jiff::civil::Date;
use lastmile_model::identity::ImportNumber;
use lastmile_model::listing::life::{List, Listed};
use lastmile_model::listing::{Holds, ListNumber};
use minicbor::{Decode, Encode};

use super::{REVISION, attributes, decoded, number, some_or_corrupt, unchanged_since};
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{self, Key};
use crate::write::TransactWrite;

/// A list's head and how often it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredList {
    /// The list.
    pub list: List,
    /// Rises with every write; 0 where it was never written.
    pub revision: i64,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ListValue {
    #[n(0)]
    number: u32,
    #[n(1)]
    last: u32,
    #[n(2)]
    active: Option<ListedValue>,
    #[n(3)]
    previous: Option<ListedValue>,
    #[n(4)]
    loading: Option<u32>,
    /// Buildings where it is missing: lists of before there was a choice.
    #[n(5)]
    holds: Option<u8>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct ListedValue {
    #[n(0)]
    import: u32,
    /// `[year, month, day]`.
    #[n(1)]
    as_of: (i16, i8, i8),
}

/// The write that puts a list's new head in place of the one that was read, or fails if another came between.
#[must_use]
pub fn put(list: &List, read_at_revision: i64) -> TransactWrite {
    let List {
        id,
        number,
        holds,
        last,
        active,
        previous,
        loading,
    } = list;
    let mut item = Item {
        attributes: attributes(&ListValue {
            number: number.0,
            last: last.0,
            active: active.map(listed_value),
            previous: previous.map(listed_value),
            loading: loading.map(|import| import.0),
            holds: Some(holds_code(*holds)).filter(|code| *code != 0),
        }),
        ..Item::new(Key::List { list: id }.primary())
    };
    item.attributes
        .insert(REVISION, Value::N(read_at_revision + 1));
    TransactWrite::Put {
        item,
        condition: unchanged_since(read_at_revision),
    }
}

/// Reads a head back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<StoredList, StoreError> {
    let ListValue {
        number: list_number,
        last,
        active,
        previous,
        loading,
        holds,
    } = decoded(item)?;
    let listed = |value: Option<ListedValue>| match value {
        Some(value) => some_or_corrupt(listed_of(&value), &item.key).map(Some),
        None => Ok(None),
    };
    Ok(StoredList {
        list: List {
            id: some_or_corrupt(key::read_list(&item.key), &item.key)?,
            number: ListNumber(list_number),
            holds: some_or_corrupt(holds_of(holds.unwrap_or_default()), &item.key)?,
            last: ImportNumber(last),
            active: listed(active)?,
            previous: listed(previous)?,
            loading: loading.map(ImportNumber),
        },
        revision: number(item, REVISION)?,
    })
}

/// The write that takes the next list number, and fails if another took it.
#[must_use]
pub fn take_number(given_so_far: i64) -> TransactWrite {
    let mut item = Item::new(Key::ListCounter.primary());
    item.attributes.insert(REVISION, Value::N(given_so_far + 1));
    TransactWrite::Put {
        item,
        condition: unchanged_since(given_so_far),
    }
}

/// How many list numbers were given.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is not the counter.
pub fn numbers_given(item: Option<&Item>) -> Result<i64, StoreError> {
    item.map_or(Ok(0), |item| number(item, REVISION))
}

fn listed_value(listed: Listed) -> ListedValue {
    let Listed { import, as_of } = listed;
    ListedValue {
        import: import.0,
        as_of: (as_of.year(), as_of.month(), as_of.day()),
    }
}

fn listed_of(value: &ListedValue) -> Option<Listed> {
    let ListedValue { import, as_of } = value;
    Some(Listed {
        import: ImportNumber(*import),
        as_of: Date::new(as_of.0, as_of.1, as_of.2).ok()?,
    })
}

const fn holds_code(holds: Holds) -> u8 {
    match holds {
        Holds::Buildings => 0,
        Holds::Rates => 1,
    }
}

const fn holds_of(code: u8) -> Option<Holds> {
    match code {
        0 => Some(Holds::Buildings),
        1 => Some(Holds::Rates),
        _ => None,
    }
}
