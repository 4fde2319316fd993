//! Looking at queues without writing.

use jiff::Timestamp;
use lastmile_store::QueueName;
use lastmile_store::queue::{DeadLetter, MESSAGE_KEPT, QueueDepth};
use redb::ReadableTable;

use super::codec::{self, Message, Standing};
use super::tables::{self, DeadTables, ReadyTables};
use crate::error::EngineError;
use crate::limits::HOUSEKEEPING_STEP_MAX;
use crate::tables::Snapshot;

/// Whether a receive is worth asking for.
pub(super) enum Look {
    /// There is something to do for one.
    Visible,
    /// Not before this time, unless something comes; `None`: nothing is hidden.
    NextAt(Option<Timestamp>),
}

impl Snapshot {
    pub(super) fn look(&self, queue: QueueName, now: Timestamp) -> Result<Look, EngineError> {
        let Some(ReadyTables { turns, hidden }) = ReadyTables::open(&self.transaction)? else {
            return Ok(Look::NextAt(None));
        };
        let queue = codec::queue_byte(queue);
        if first_key(&turns, queue)?.is_some() {
            return Ok(Look::Visible);
        }
        let next_at = first_key(&hidden, queue)?.and_then(|key| codec::hidden_until(&key));
        Ok(match next_at {
            Some(at) if at <= now => Look::Visible,
            next_at => Look::NextAt(next_at),
        })
    }

    /// Whether any message is in work.
    pub(crate) fn has_work(&self) -> Result<bool, EngineError> {
        for queue in QueueName::ALL {
            if self.depth(queue)?.in_work > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn depth(&self, queue: QueueName) -> Result<QueueDepth, EngineError> {
        let Some(numbers) = tables::numbers(&self.transaction)? else {
            return Ok(QueueDepth::default());
        };
        let number = |standing| -> Result<u64, EngineError> {
            let key = codec::number_key(codec::queue_byte(queue), standing);
            let number = numbers.get(key.as_slice())?;
            Ok(number.map_or(0, |number| codec::read_number(number.value())))
        };
        Ok(QueueDepth {
            waiting: number(Standing::Ready)?,
            delayed: number(Standing::Delayed)?,
            in_work: number(Standing::InWork)?,
            dead: number(Standing::Dead)?,
        })
    }

    pub(super) fn dead_letters(
        &self,
        queue: QueueName,
        most: usize,
        now: Timestamp,
    ) -> Result<Vec<DeadLetter>, EngineError> {
        let Some(tables) = DeadTables::open(&self.transaction)? else {
            return Ok(Vec::new());
        };
        let mut letters = Vec::new();
        for record in tables
            .dead
            .range(queue_range(codec::queue_byte(queue)).as_bounds())?
        {
            if letters.len() == most {
                break;
            }
            let (key, _) = record?;
            let id = codec::id_of(key.value());
            let message = tables.messages.get(key.value())?;
            let message = message.and_then(|message| Message::decode(message.value()));
            let body = tables.bodies.get(key.value())?;
            let body = body.and_then(|body| String::from_utf8(body.value().to_vec()).ok());
            if let Some(((id, message), body)) = id.zip(message).zip(body)
                && !is_old(&message, now)
            {
                letters.push(DeadLetter {
                    id: codec::letter_id(id),
                    tries: message.tries,
                    body,
                    group: message.group(),
                    sent_at: message.sent_at,
                });
            }
        }
        Ok(letters)
    }
}

/// Whether a message is no longer kept.
pub(super) fn is_old(message: &Message, now: Timestamp) -> bool {
    message.sent_at + MESSAGE_KEPT <= now
}

/// The queues' messages that are no longer kept, at most one step of housekeeping's worth. Those of a
/// queue are in the order in which they were sent.
pub(crate) fn due_messages(
    snapshot: &Snapshot,
    now: Timestamp,
) -> Result<Vec<(QueueName, Vec<u8>)>, EngineError> {
    let mut due = Vec::new();
    let Some(messages) = tables::messages(&snapshot.transaction)? else {
        return Ok(due);
    };
    for queue in QueueName::ALL {
        for record in messages.range(queue_range(codec::queue_byte(queue)).as_bounds())? {
            let (key, message) = record?;
            let message = Message::decode(message.value());
            let is_due = message.is_some_and(|message| is_old(&message, now));
            if !is_due || due.len() == HOUSEKEEPING_STEP_MAX {
                break;
            }
            due.push((queue, key.value().to_vec()));
        }
    }
    Ok(due)
}

/// The keys that begin with a queue's byte.
pub(super) struct QueueRange {
    first: [u8; 1],
    behind: [u8; 1],
}

pub(super) const fn queue_range(queue: u8) -> QueueRange {
    QueueRange {
        first: [queue],
        behind: [queue + 1],
    }
}

impl QueueRange {
    pub(super) fn as_bounds(&self) -> std::ops::Range<&[u8]> {
        &self.first[..]..&self.behind[..]
    }
}

/// A queue's first key in a table.
pub(super) fn first_key(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    queue: u8,
) -> Result<Option<Vec<u8>>, EngineError> {
    let mut records = table.range(queue_range(queue).as_bounds())?;
    let Some(record) = records.next() else {
        return Ok(None);
    };
    let (key, _) = record?;
    Ok(Some(key.value().to_vec()))
}
