//! What the writer removes when nobody waits: expired items, old changes and messages, forgotten tokens.

use std::sync::PoisonError;

use jiff::Timestamp;
use lastmile_store::QueueName;
use lastmile_store::limits::CHANGES_KEPT_SECONDS;

use crate::error::EngineError;
use crate::feed;
use crate::key_codec;
use crate::limits::HOUSEKEEPING_STEP_MAX;
use crate::queue::{QueueChange, due_messages};
use crate::tables::{Readable, Snapshot};
use crate::writer::Writer;

/// What a step found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Due {
    /// Nothing, and so it wrote nothing.
    Nothing,
    /// All that was due is removed.
    Removed,
    /// More than a step removes.
    More,
}

/// Keys of the records to remove, from each table at most one step's worth.
struct DueRecords {
    /// Of the expiries.
    expiries: Vec<Vec<u8>>,
    /// Of the changes.
    changes: Vec<Vec<u8>>,
    /// Of the tokens' expiries.
    token_expiries: Vec<Vec<u8>>,
    /// Of the queues' messages.
    messages: Vec<(QueueName, Vec<u8>)>,
}

impl Writer {
    /// One step.
    pub(crate) fn housekeep(&self) -> Due {
        match self.remove_due() {
            Ok(due) => due,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "store.housekeeping.failed");
                Due::Nothing
            }
        }
    }

    fn remove_due(&self) -> Result<Due, EngineError> {
        let now = self.clock.now();
        let snapshot = self
            .newest
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let due = DueRecords::find(&snapshot, now)?;
        drop(snapshot);
        if due.is_empty() {
            return Ok(Due::Nothing);
        }
        self.write(|tables, now| {
            let now_second = now.as_second();
            for expiry in &due.expiries {
                if let Some(item_key) = key_codec::expired_item(expiry) {
                    tables.expire(item_key, now_second)?;
                }
                tables.expiries.remove(expiry.as_slice())?;
            }
            for position in &due.changes {
                tables.changes.remove(position.as_slice())?;
            }
            for expiry in &due.token_expiries {
                if let Some(token) = key_codec::expired_item(expiry) {
                    tables.forget_token(token, now_second)?;
                }
                tables.token_expiries.remove(expiry.as_slice())?;
            }
            for (queue, key) in &due.messages {
                QueueChange::new(tables.queues()?, *queue, now).forget(key)?;
            }
            Ok(())
        })?;
        Ok(if due.is_full() {
            Due::More
        } else {
            Due::Removed
        })
    }
}

impl DueRecords {
    fn find(snapshot: &Snapshot, now: Timestamp) -> Result<Self, EngineError> {
        let now_second = now.as_second();
        let kept_from = key_codec::sorted_second(now_second - CHANGES_KEPT_SECONDS);
        Ok(Self {
            expiries: due_expiries(&snapshot.expiries, now_second)?,
            changes: first_keys(&snapshot.changes, |_, change| {
                feed::is_older(change, kept_from)
            })?,
            token_expiries: due_expiries(&snapshot.token_expiries, now_second)?,
            messages: due_messages(snapshot, now)?,
        })
    }

    const fn is_empty(&self) -> bool {
        self.expiries.is_empty()
            && self.changes.is_empty()
            && self.token_expiries.is_empty()
            && self.messages.is_empty()
    }

    fn is_full(&self) -> bool {
        let tables = [&self.expiries, &self.changes, &self.token_expiries];
        tables
            .iter()
            .any(|keys| keys.len() == HOUSEKEEPING_STEP_MAX)
            || self.messages.len() == HOUSEKEEPING_STEP_MAX
    }
}

fn due_expiries(table: &Readable, now_second: i64) -> Result<Vec<Vec<u8>>, EngineError> {
    let now = key_codec::sorted_second(now_second);
    first_keys(table, |expiry, _| {
        expiry
            .get(..now.len())
            .is_none_or(|second| second <= now.as_slice())
    })
}

/// The keys of a table's first records, while a condition holds.
fn first_keys(
    table: &Readable,
    condition: impl Fn(&[u8], &[u8]) -> bool,
) -> Result<Vec<Vec<u8>>, EngineError> {
    let mut keys = Vec::new();
    for record in table.range::<&[u8]>(..)?.take(HOUSEKEEPING_STEP_MAX) {
        let (key, value) = record?;
        if !condition(key.value(), value.value()) {
            break;
        }
        keys.push(key.value().to_vec());
    }
    Ok(keys)
}
