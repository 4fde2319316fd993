//! What the writer does to a queue.
//!
//! A message stands in one place at a time: ready, hidden or dead. [`QueueChange::shift`] is the one way
//! from one to another, and lets the counts and its group's turn follow. So the cost of a change does
//! not depend on how many messages or groups wait.

use std::time::Duration;

use jiff::Timestamp;
use lastmile_store::QueueName;
use lastmile_store::queue::{LetterId, NewMessage, QueueSettings, Receipt, Received};
use redb::ReadableTable;

use super::codec::{self, Id, Message, Standing};
use super::look::{first_key, is_old, queue_range};
use super::tables::QueueTables;
use crate::error::EngineError;
use crate::limits::{READIED_MAX, RECEIVE_PASSED_MAX};

/// One queue in a write transaction, at a time.
pub(crate) struct QueueChange<'a, 't> {
    tables: &'a mut QueueTables<'t>,
    queue: u8,
    now: Timestamp,
}

impl<'a, 't> QueueChange<'a, 't> {
    pub(crate) fn new(tables: &'a mut QueueTables<'t>, queue: QueueName, now: Timestamp) -> Self {
        Self {
            tables,
            queue: codec::queue_byte(queue),
            now: codec::stored_time(now),
        }
    }

    pub(super) fn send(&mut self, message: NewMessage) -> Result<(), EngineError> {
        let NewMessage { body, group, delay } = message;
        let id = self.next_id()?;
        let message = Message {
            standing: if delay.is_zero() {
                Standing::Ready
            } else {
                Standing::Delayed
            },
            tries: 0,
            sent_at: self.now,
            visible_at: self.now + delay,
            group: group.unwrap_or_default(),
        };
        let key = codec::message_key(self.queue, id);
        self.tables.bodies.insert(key.as_slice(), body.as_bytes())?;
        self.shift(id, None, Some(&message))
    }

    /// Gives messages out, or fewer than there are if it meets many that are dead or too old.
    pub(super) fn receive(
        &mut self,
        most: usize,
        settings: QueueSettings,
    ) -> Result<Vec<Received>, EngineError> {
        let QueueSettings {
            visibility,
            tries_max,
        } = settings;
        self.make_ready()?;
        let mut received = Vec::new();
        let mut passed = 0;
        while received.len() < most && passed < RECEIVE_PASSED_MAX {
            let Some((id, message)) = self.next()? else {
                break;
            };
            let dies = message.tries >= tries_max;
            let body = self.body(id)?.filter(|_| !is_old(&message, self.now));
            let Some(body) = body else {
                self.remove(id, &message)?;
                passed += 1;
                continue;
            };
            if dies {
                let dead = Message {
                    standing: Standing::Dead,
                    ..message.clone()
                };
                self.shift(id, Some(&message), Some(&dead))?;
                passed += 1;
                continue;
            }
            let given = Message {
                standing: Standing::InWork,
                tries: message.tries + 1,
                visible_at: self.now + visibility,
                ..message.clone()
            };
            self.shift(id, Some(&message), Some(&given))?;
            received.push(Received {
                body,
                group: given.group(),
                receipt: codec::receipt(id, given.tries),
                tries: given.tries,
                sent_at: given.sent_at,
            });
        }
        Ok(received)
    }

    pub(super) fn delete(&mut self, receipt: &Receipt) -> Result<(), EngineError> {
        match self.held_by(receipt)? {
            Some((id, message)) => self.remove(id, &message),
            None => Ok(()),
        }
    }

    /// Hides a message for so long from now on; whether it is in work and the receipt good.
    pub(super) fn hide(
        &mut self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<bool, EngineError> {
        let Some((id, message)) = self.held_by(receipt)? else {
            return Ok(false);
        };
        if message.standing != Standing::InWork || message.visible_at <= self.now {
            return Ok(false);
        }
        let hidden = Message {
            visible_at: self.now + visibility,
            ..message.clone()
        };
        self.shift(id, Some(&message), Some(&hidden))?;
        Ok(true)
    }

    /// Sends dead letters anew, those that died first as messages before the others; how many.
    pub(super) fn redrive(&mut self, most: usize) -> Result<usize, EngineError> {
        let mut moved = 0;
        while moved < most {
            let Some(key) = first_key(&self.tables.dead, self.queue)? else {
                break;
            };
            let found = self.message_of(&key)?;
            let Some((id, message)) = found else {
                self.tables.dead.remove(key.as_slice())?;
                continue;
            };
            moved += usize::from(self.send_anew(id, &message)?);
        }
        Ok(moved)
    }

    /// Sends these dead letters anew; which of them were there.
    pub(super) fn redrive_these(
        &mut self,
        letters: &[LetterId],
    ) -> Result<Vec<LetterId>, EngineError> {
        let mut moved = Vec::new();
        for letter in letters {
            let Some(id) = codec::read_letter_id(letter) else {
                continue;
            };
            let key = codec::message_key(self.queue, id);
            if self.tables.dead.get(key.as_slice())?.is_none() {
                continue;
            }
            if let Some((id, message)) = self.message_of(&key)?
                && self.send_anew(id, &message)?
            {
                moved.push(letter.clone());
            }
        }
        Ok(moved)
    }

    /// Replaces a message by a new one with the same body; whether it had one, and was not too old.
    fn send_anew(&mut self, id: Id, message: &Message) -> Result<bool, EngineError> {
        let body = self.body(id)?.filter(|_| !is_old(message, self.now));
        self.remove(id, message)?;
        let Some(body) = body else {
            return Ok(false);
        };
        let group = message.group();
        let delay = Duration::ZERO;
        self.send(NewMessage { body, group, delay })?;
        Ok(true)
    }

    /// Removes a message that is no longer kept, if it is still there.
    pub(crate) fn forget(&mut self, key: &[u8]) -> Result<(), EngineError> {
        match self.message_of(key)? {
            Some((id, message)) => self.remove(id, &message),
            None => Ok(()),
        }
    }

    /// Lets every message in work be received: nobody is working on it any more.
    pub(crate) fn release(&mut self) -> Result<(), EngineError> {
        let mut hidden = Vec::new();
        for record in self
            .tables
            .hidden
            .range(queue_range(self.queue).as_bounds())?
        {
            hidden.push(record?.0.value().to_vec());
        }
        for key in hidden {
            let found = self.message_of(&key)?;
            let in_work = found.filter(|(_, message)| message.standing == Standing::InWork);
            if let Some((id, message)) = in_work {
                self.show(id, &message, self.now.min(message.visible_at))?;
            }
        }
        Ok(())
    }

    /// Lets hidden messages whose time is over be received, a bounded number of them.
    fn make_ready(&mut self) -> Result<(), EngineError> {
        let mut due = Vec::new();
        for record in self
            .tables
            .hidden
            .range(queue_range(self.queue).as_bounds())?
            .take(READIED_MAX)
        {
            let key = record?.0.value().to_vec();
            if codec::hidden_until(&key).is_some_and(|at| at > self.now) {
                break;
            }
            due.push(key);
        }
        for key in due {
            let Some((id, message)) = self.message_of(&key)? else {
                self.tables.hidden.remove(key.as_slice())?;
                continue;
            };
            self.show(id, &message, message.visible_at)?;
        }
        Ok(())
    }

    /// Lets a hidden message be received, in its turn among those that were visible since then.
    fn show(&mut self, id: Id, hidden: &Message, visible_at: Timestamp) -> Result<(), EngineError> {
        let ready = Message {
            standing: Standing::Ready,
            visible_at,
            ..hidden.clone()
        };
        self.shift(id, Some(hidden), Some(&ready))
    }

    /// The first ready message of the group whose turn it is.
    fn next(&mut self) -> Result<Option<(Id, Message)>, EngineError> {
        while let Some(turn) = first_key(&self.tables.turns, self.queue)? {
            if let Some(found) = self.message_of(&turn)? {
                return Ok(Some(found));
            }
            self.tables.turns.remove(turn.as_slice())?;
        }
        Ok(None)
    }

    /// The message whose id a key ends with. A damaged one is left out of what is done, and said.
    fn message_of(&self, key: &[u8]) -> Result<Option<(Id, Message)>, EngineError> {
        let Some(id) = codec::id_of(key) else {
            return Ok(None);
        };
        let key = codec::message_key(self.queue, id);
        let found = self.tables.messages.get(key.as_slice())?;
        let message = found.and_then(|found| Message::decode(found.value()));
        if message.is_none() {
            tracing::error!(message.id = id, "queue.message.missing");
        }
        Ok(message.map(|message| (id, message)))
    }

    /// The message that a receipt is for, if it is not void.
    fn held_by(&self, receipt: &Receipt) -> Result<Option<(Id, Message)>, EngineError> {
        let Some((id, tries)) = codec::read_receipt(receipt) else {
            return Ok(None);
        };
        let key = codec::message_key(self.queue, id);
        let found = self.tables.messages.get(key.as_slice())?;
        let message = found.and_then(|found| Message::decode(found.value()));
        let held =
            message.filter(|message| message.tries == tries && message.standing != Standing::Dead);
        Ok(held.map(|message| (id, message)))
    }

    fn body(&self, id: Id) -> Result<Option<String>, EngineError> {
        let key = codec::message_key(self.queue, id);
        let body = self.tables.bodies.get(key.as_slice())?;
        Ok(body.and_then(|body| String::from_utf8(body.value().to_vec()).ok()))
    }

    fn remove(&mut self, id: Id, message: &Message) -> Result<(), EngineError> {
        self.shift(id, Some(message), None)?;
        let key = codec::message_key(self.queue, id);
        self.tables.bodies.remove(key.as_slice())?;
        Ok(())
    }

    /// Takes a message from where it stands to where it is to stand. Its group stays the same.
    fn shift(
        &mut self,
        id: Id,
        from: Option<&Message>,
        to: Option<&Message>,
    ) -> Result<(), EngineError> {
        let group = from.or(to).map_or("", |message| message.group.as_str());
        if let Some(turn) = self.turn(group)? {
            self.tables.turns.remove(turn.as_slice())?;
        }
        if let Some(from) = from {
            self.leave(id, from)?;
        }
        let key = codec::message_key(self.queue, id);
        match to {
            Some(to) => {
                self.enter(id, to)?;
                let bytes = to.encode();
                self.tables
                    .messages
                    .insert(key.as_slice(), bytes.as_slice())?;
            }
            None => drop(self.tables.messages.remove(key.as_slice())?),
        }
        if let Some(turn) = self.turn(group)? {
            self.tables
                .turns
                .insert(turn.as_slice(), group.as_bytes())?;
        }
        Ok(())
    }

    fn leave(&mut self, id: Id, message: &Message) -> Result<(), EngineError> {
        let place = self.place(id, message);
        match message.standing {
            Standing::Ready => drop(self.tables.ready.remove(place.as_slice())?),
            Standing::Delayed => drop(self.tables.hidden.remove(place.as_slice())?),
            Standing::InWork => {
                self.tables.hidden.remove(place.as_slice())?;
                let in_work = self.in_work(&message.group)?;
                self.set_in_work(&message.group, in_work.saturating_sub(1))?;
            }
            Standing::Dead => drop(self.tables.dead.remove(place.as_slice())?),
        }
        self.count(message.standing, |number| number.saturating_sub(1))
    }

    fn enter(&mut self, id: Id, message: &Message) -> Result<(), EngineError> {
        let place = self.place(id, message);
        let nothing: &[u8] = &[];
        match message.standing {
            Standing::Ready => drop(self.tables.ready.insert(place.as_slice(), nothing)?),
            Standing::Delayed => drop(self.tables.hidden.insert(place.as_slice(), nothing)?),
            Standing::InWork => {
                self.tables.hidden.insert(place.as_slice(), nothing)?;
                let in_work = self.in_work(&message.group)?;
                self.set_in_work(&message.group, in_work + 1)?;
            }
            Standing::Dead => drop(self.tables.dead.insert(place.as_slice(), nothing)?),
        }
        self.count(message.standing, |number| number + 1)
    }

    fn place(&self, id: Id, message: &Message) -> Vec<u8> {
        match message.standing {
            Standing::Ready => codec::ready_key(self.queue, &message.group, message.visible_at, id),
            Standing::Delayed | Standing::InWork => {
                codec::hidden_key(self.queue, message.visible_at, id)
            }
            Standing::Dead => codec::message_key(self.queue, id),
        }
    }

    /// Where a group stands among those that wait for their turn, if it has ready messages.
    fn turn(&self, group: &str) -> Result<Option<Vec<u8>>, EngineError> {
        let prefix = codec::ready_prefix(self.queue, group);
        let mut ready = self.tables.ready.range::<&[u8]>(prefix.as_slice()..)?;
        let Some(first) = ready.next() else {
            return Ok(None);
        };
        let first = first?.0;
        let place = codec::ready_place(first.value());
        let Some(place) = place.filter(|_| first.value().starts_with(&prefix)) else {
            return Ok(None);
        };
        let in_work = self.in_work(group)?;
        Ok(Some(codec::turn_key(self.queue, in_work, place)))
    }

    fn in_work(&self, group: &str) -> Result<u64, EngineError> {
        let key = codec::group_key(self.queue, group);
        let in_work = self.tables.groups.get(key.as_slice())?;
        Ok(in_work.map_or(0, |in_work| codec::read_number(in_work.value())))
    }

    fn set_in_work(&mut self, group: &str, in_work: u64) -> Result<(), EngineError> {
        let key = codec::group_key(self.queue, group);
        let groups = &mut self.tables.groups;
        if in_work == 0 {
            groups.remove(key.as_slice())?;
        } else {
            groups.insert(key.as_slice(), in_work.to_be_bytes().as_slice())?;
        }
        Ok(())
    }

    fn count(
        &mut self,
        standing: Standing,
        change: impl FnOnce(u64) -> u64,
    ) -> Result<(), EngineError> {
        let key = codec::number_key(self.queue, standing);
        self.change_number(&key, change).map(drop)
    }

    fn next_id(&mut self) -> Result<Id, EngineError> {
        self.change_number(codec::LAST_ID, |last| last + 1)
    }

    fn change_number(
        &mut self,
        key: &[u8],
        change: impl FnOnce(u64) -> u64,
    ) -> Result<u64, EngineError> {
        let numbers = &mut self.tables.numbers;
        let before = numbers.get(key)?;
        let after = change(before.map_or(0, |before| codec::read_number(before.value())));
        numbers.insert(key, after.to_be_bytes().as_slice())?;
        Ok(after)
    }
}
