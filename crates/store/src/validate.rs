//! Refuses requests that break a limit or make no sense, the same way for every backend.
//!
//! Pure functions of the request; a backend calls the one of its operation first. What depends on the
//! stored items (the result of an update) is checked by [`crate::decide`].

use std::collections::HashSet;

use crate::error::{InvalidRequest, Limit, StoreError};
use crate::item::{IndexKey, Item, PrimaryKey, RESERVED_NAMES};
use crate::limits;
use crate::query::{Consistency, Cursor, Index, Query, SortKey};
use crate::write::{BatchWrite, TransactWrite, Transaction};

/// Checks a key.
///
/// # Errors
/// A part that is empty or too long.
pub fn key(key: &PrimaryKey) -> Result<(), StoreError> {
    partition_key(&key.pk)?;
    sort_key(&key.sk)
}

/// Checks the keys of a `batch_get`.
///
/// # Errors
/// Too many keys, one twice, or one that is not valid.
pub fn batch_get(keys: &[PrimaryKey]) -> Result<(), StoreError> {
    at_most(Limit::BatchGet, keys.len(), limits::BATCH_GET_MAX)?;
    keys.iter().try_for_each(key)?;
    each_once(keys.iter())
}

/// Checks a query.
///
/// # Errors
/// An invalid key, a strong read of an index, a range that ends before it begins, a cursor of another
/// query, or a page of no items.
pub fn query(query: &Query) -> Result<(), StoreError> {
    partition_key(&query.pk)?;
    match &query.sk {
        SortKey::Any => {}
        SortKey::Equals(text) => sort_key(text)?,
        SortKey::Prefix(text) => {
            at_most(Limit::SortKeyBytes, text.len(), limits::SORT_KEY_MAX_BYTES)?;
        }
        SortKey::Between(from, to) => {
            sort_key(from)?;
            sort_key(to)?;
            if from > to {
                return Err(InvalidRequest::ReversedRange.into());
            }
        }
    }
    if query.index != Index::Table && query.consistency == Consistency::Strong {
        return Err(InvalidRequest::StrongIndexRead.into());
    }
    if query.limit == Some(0) {
        return Err(StoreError::OverLimit {
            limit: Limit::QueryLimit,
            actual: 0,
            allowed: 1,
        });
    }
    query
        .after
        .as_ref()
        .map_or(Ok(()), |after| cursor(query, after))
}

/// Checks an item that is put.
///
/// # Errors
/// An invalid key or attribute name, or too many bytes.
pub fn item(item: &Item) -> Result<(), StoreError> {
    key(&item.key)?;
    item.index1.as_ref().map_or(Ok(()), index_key)?;
    item.index2.as_ref().map_or(Ok(()), index_key)?;
    item.attributes
        .iter()
        .try_for_each(|(name, _)| attribute_name(name))?;
    at_most(Limit::ItemBytes, item.weight(), limits::ITEM_MAX_BYTES)
}

/// Checks the writes of a `batch_write`.
///
/// # Errors
/// Too many writes, two of one item, or one that is not valid.
pub fn batch_write(writes: &[BatchWrite]) -> Result<(), StoreError> {
    at_most(Limit::BatchWrite, writes.len(), limits::BATCH_WRITE_MAX)?;
    for write in writes {
        match write {
            BatchWrite::Put(put) => item(put)?,
            BatchWrite::Delete(removed) => key(removed)?,
        }
    }
    each_once(writes.iter().map(BatchWrite::key))
}

/// Checks a transaction.
///
/// # Errors
/// Too many writes, two of one item, one that is not valid or an update of nothing, or a token that is
/// empty or too long.
pub fn transaction(transaction: &Transaction) -> Result<(), StoreError> {
    let Transaction { writes, token } = transaction;
    at_most(Limit::Transact, writes.len(), limits::TRANSACT_MAX)?;
    if let Some(token) = token {
        some_and_at_most(Limit::TokenBytes, token.len(), limits::TOKEN_MAX_BYTES)?;
    }
    for write in writes {
        match write {
            TransactWrite::Put {
                item: put,
                condition: _,
            } => item(put)?,
            TransactWrite::Update {
                key: changed,
                set,
                add,
                remove,
                condition: _,
            } => {
                key(changed)?;
                if set.is_empty() && add.is_empty() && remove.is_empty() {
                    return Err(InvalidRequest::EmptyUpdate.into());
                }
                let names = set.iter().map(|(name, _)| *name);
                let names = names.chain(add.iter().map(|(name, _)| *name));
                updated_names(names.chain(remove.iter().copied()))?;
            }
            TransactWrite::Delete {
                key: named,
                condition: _,
            }
            | TransactWrite::Check {
                key: named,
                condition: _,
            } => key(named)?,
        }
    }
    each_once(writes.iter().map(TransactWrite::key))
}

/// Checks how many changes are asked for.
///
/// # Errors
/// None, or too many.
pub const fn changes(limit: usize) -> Result<(), StoreError> {
    some_and_at_most(Limit::Changes, limit, limits::CHANGES_MAX)
}

/// Checks a count or a number of bytes against its limit.
pub(crate) const fn at_most(limit: Limit, actual: usize, allowed: usize) -> Result<(), StoreError> {
    if actual > allowed {
        return Err(StoreError::OverLimit {
            limit,
            actual,
            allowed,
        });
    }
    Ok(())
}

const fn some_and_at_most(limit: Limit, actual: usize, allowed: usize) -> Result<(), StoreError> {
    if actual == 0 {
        return Err(StoreError::OverLimit {
            limit,
            actual,
            allowed,
        });
    }
    at_most(limit, actual, allowed)
}

const fn partition_key(text: &str) -> Result<(), StoreError> {
    some_and_at_most(
        Limit::PartitionKeyBytes,
        text.len(),
        limits::PARTITION_KEY_MAX_BYTES,
    )
}

const fn sort_key(text: &str) -> Result<(), StoreError> {
    some_and_at_most(Limit::SortKeyBytes, text.len(), limits::SORT_KEY_MAX_BYTES)
}

fn index_key(key: &IndexKey) -> Result<(), StoreError> {
    partition_key(&key.pk)?;
    sort_key(&key.sk)
}

fn attribute_name(name: &str) -> Result<(), StoreError> {
    if name.is_empty() || RESERVED_NAMES.contains(&name) {
        return Err(InvalidRequest::AttributeName.into());
    }
    Ok(())
}

fn updated_names<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), StoreError> {
    let mut seen = HashSet::new();
    for name in names {
        attribute_name(name)?;
        if !seen.insert(name) {
            return Err(InvalidRequest::DuplicateAttribute.into());
        }
    }
    Ok(())
}

/// A table's cursor is in the query's partition; an index's has a place in the index. Both are among the
/// sort keys that are asked for.
fn cursor(query: &Query, after: &Cursor) -> Result<(), StoreError> {
    key(&after.key)?;
    let belongs = match query.index {
        Index::Table => after.index_sk.is_none() && after.key.pk == query.pk,
        Index::One | Index::Two => after.index_sk.is_some(),
    };
    let place = after.index_sk.as_ref().unwrap_or(&after.key.sk);
    if !belongs || !query.sk.selects(place) {
        return Err(InvalidRequest::ForeignCursor.into());
    }
    after.index_sk.as_deref().map_or(Ok(()), sort_key)
}

fn each_once<'a>(keys: impl Iterator<Item = &'a PrimaryKey>) -> Result<(), StoreError> {
    let (at_least, _) = keys.size_hint();
    let mut seen = HashSet::with_capacity(at_least);
    for key in keys {
        if !seen.insert(key) {
            return Err(InvalidRequest::DuplicateItem.into());
        }
    }
    Ok(())
}
