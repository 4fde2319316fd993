//! Reading a snapshot.

use std::ops::Bound;

use lastmile_store::{
    ChangePage, ChangePosition, Cursor, Direction, Index, InvalidRequest, Item, Page, PrimaryKey,
    Query, StoreError, limits,
};

use crate::error::EngineError;
use crate::key_codec::KeyRange;
use crate::tables::{Readable, Snapshot};
use crate::{feed, item_codec, key_codec};

impl Snapshot {
    /// Reads one item.
    pub(crate) fn get(&self, key: &PrimaryKey) -> Result<Option<Item>, StoreError> {
        let bytes = key_codec::item_key(key);
        let Some(found) = self
            .items
            .get(bytes.as_slice())
            .map_err(EngineError::from)?
        else {
            return Ok(None);
        };
        match item_codec::decode(key.clone(), found.value()) {
            Some(item) => Ok(Some(item)),
            None => Err(corrupt(&bytes)),
        }
    }

    /// Reads a page, and what its items weigh.
    pub(crate) fn query(&self, query: &Query) -> Result<(Page, usize), StoreError> {
        let mut reading = Reading {
            limit: query.limit.unwrap_or(usize::MAX),
            items: Vec::new(),
            bytes: 0,
            last_index_sk: None,
        };
        let Some(range) = key_codec::range(query) else {
            return Ok((reading.into_last(), 0));
        };
        let complete = match query.index {
            Index::Table => self.read_items(query, &range, &mut reading)?,
            Index::One => self.read_index(&self.index1, query, &range, &mut reading)?,
            Index::Two => self.read_index(&self.index2, query, &range, &mut reading)?,
        };
        let bytes = reading.bytes;
        Ok((
            if complete {
                reading.into_last()
            } else {
                reading.into_part()
            },
            bytes,
        ))
    }

    /// Reads items of the table; whether the range was read to its end.
    fn read_items(
        &self,
        query: &Query,
        range: &KeyRange,
        reading: &mut Reading,
    ) -> Result<bool, StoreError> {
        let sort_key_at = query.pk.len() + 1;
        each(&self.items, query.direction, range, |bytes, value| {
            // The partition key is short or shared: no item of the page has one of its own.
            let sk = bytes
                .get(sort_key_at..)
                .and_then(|sk| str::from_utf8(sk).ok());
            let key = sk.map(|sk| PrimaryKey {
                pk: query.pk.clone(),
                sk: sk.to_owned(),
            });
            let item = key.and_then(|key| item_codec::decode(key, value));
            Ok(reading.take(item.ok_or_else(|| corrupt(bytes))?, None))
        })
    }

    /// Reads the items of an index's entries; whether the range was read to its end.
    fn read_index(
        &self,
        entries: &Readable,
        query: &Query,
        range: &KeyRange,
        reading: &mut Reading,
    ) -> Result<bool, StoreError> {
        each(entries, query.direction, range, |bytes, _| {
            let (sk, item_key) =
                key_codec::read_index_entry(bytes).ok_or_else(|| corrupt(bytes))?;
            let found = self.items.get(item_key).map_err(EngineError::from)?;
            let item = found.and_then(|found| {
                item_codec::decode(key_codec::read_item_key(item_key)?, found.value())
            });
            Ok(reading.take(item.ok_or_else(|| corrupt(item_key))?, Some(sk)))
        })
    }

    /// Reads the change feed.
    pub(crate) fn changes(
        &self,
        after: ChangePosition,
        limit: usize,
    ) -> Result<ChangePage, StoreError> {
        let after_number: u64 = match after.as_text() {
            "" => 0,
            text => text.parse().map_err(|_| InvalidRequest::ForeignPosition)?,
        };
        let after_bytes = after_number.to_be_bytes();
        let range = (Bound::Excluded(after_bytes.as_slice()), Bound::Unbounded);
        let mut page = ChangePage {
            changes: Vec::new(),
            next: after,
        };
        for record in self
            .changes
            .range::<&[u8]>(range)
            .map_err(EngineError::from)?
            .take(limit)
        {
            let (position, change) = record.map_err(EngineError::from)?;
            let change = feed::decode(position.value(), change.value());
            page.changes
                .push(change.ok_or_else(|| corrupt(position.value()))?);
        }
        if let Some(last) = page.changes.last() {
            page.next = last.position.clone();
        }
        Ok(page)
    }
}

/// Reads records in a direction until one says it is the last to be read; whether it came to the end.
fn each(
    table: &Readable,
    direction: Direction,
    (low, high): &KeyRange,
    mut read: impl FnMut(&[u8], &[u8]) -> Result<Wanted, StoreError>,
) -> Result<bool, StoreError> {
    let bounds = (
        low.as_ref().map(Vec::as_slice),
        high.as_ref().map(Vec::as_slice),
    );
    let mut records = table.range::<&[u8]>(bounds).map_err(EngineError::from)?;
    loop {
        let record = match direction {
            Direction::Forward => records.next(),
            Direction::Backward => records.next_back(),
        };
        let Some(record) = record else {
            return Ok(true);
        };
        let (key, value) = record.map_err(EngineError::from)?;
        match read(key.value(), value.value())? {
            Wanted::More => {}
            Wanted::NoMore => return Ok(false),
        }
    }
}

/// Whether a page goes on.
enum Wanted {
    More,
    NoMore,
}

/// A page as it fills.
struct Reading {
    limit: usize,
    items: Vec<Item>,
    bytes: usize,
    last_index_sk: Option<String>,
}

impl Reading {
    /// Takes an item if the page has room for it.
    fn take(&mut self, item: Item, index_sk: Option<String>) -> Wanted {
        let weight = item.weight();
        if self.bytes + weight > limits::QUERY_PAGE_MAX_BYTES {
            return Wanted::NoMore;
        }
        self.bytes += weight;
        self.last_index_sk = index_sk;
        self.items.push(item);
        if self.items.len() < self.limit {
            Wanted::More
        } else {
            Wanted::NoMore
        }
    }

    fn into_last(self) -> Page {
        Page {
            items: self.items,
            next: None,
        }
    }

    fn into_part(self) -> Page {
        let next = self.items.last().map(|last| Cursor {
            key: last.key.clone(),
            index_sk: self.last_index_sk,
        });
        Page {
            items: self.items,
            next,
        }
    }
}

/// Says which record cannot be read.
pub(crate) fn corrupt(key: &[u8]) -> StoreError {
    StoreError::Corrupt {
        key: String::from_utf8_lossy(key).into_owned(),
    }
}
