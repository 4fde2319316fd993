//! A queue that is easy to believe: one sorted map behind one lock, looked through from end to end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lastmile_store::Clock;
use lastmile_store::queue::{
    self, DeadLetter, LetterId, MESSAGE_KEPT, NewMessage, Queue, QueueDepth, QueueError,
    QueueSettings, Receipt, Received,
};

/// Time between two looks of a `receive` that waits.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The queue contract in memory. Nothing outlives it.
///
/// Of the visible messages it gives out the one whose group has fewest in work; of several the one that
/// is visible for longest, and then the one that was sent first.
pub struct MemoryQueue {
    settings: QueueSettings,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last_id: u64,
    messages: BTreeMap<u64, Message>,
}

struct Message {
    body: String,
    group: Option<String>,
    sent_at: Timestamp,
    visible_at: Timestamp,
    tries: u32,
    dead: bool,
}

impl MemoryQueue {
    /// An empty queue.
    #[must_use]
    pub fn new(settings: QueueSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            settings,
            clock,
            state: Mutex::default(),
        }
    }

    /// What is in work can be received at once: whoever had it is gone, as after a restart of the one process that uses
    /// the queue.
    pub fn release(&self) {
        self.with(|state, now| {
            let in_work = |message: &&mut Message| {
                !message.dead && message.tries > 0 && message.visible_at > now
            };
            for message in state.messages.values_mut().filter(in_work) {
                message.visible_at = now;
            }
        });
    }

    /// Works on the messages that are not too old.
    fn with<T>(&self, work: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.clock.now();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state
            .messages
            .retain(|_, message| message.sent_at + MESSAGE_KEPT > now);
        work(&mut state, now)
    }
}

#[async_trait]
impl Queue for MemoryQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        queue::validate_send(&messages)?;
        self.with(|state, now| {
            for message in messages {
                state.send(message, now);
            }
        });
        Ok(())
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        queue::validate_receive(most, wait)?;
        let mut looks_left = wait.as_millis() / LOOK_EVERY.as_millis();
        loop {
            let received = self.with(|state, now| state.receive(most, self.settings, now));
            if !received.is_empty() || looks_left == 0 {
                return Ok(received);
            }
            tokio::time::sleep(LOOK_EVERY).await;
            looks_left -= 1;
        }
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        queue::validate_batch(receipts.len())?;
        self.with(|state, _| {
            for receipt in receipts {
                if let Some(id) = state.held_by(receipt) {
                    state.messages.remove(&id);
                }
            }
        });
        Ok(())
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        queue::validate_visibility(visibility)?;
        self.with(|state, now| {
            let held = state.held_by(receipt);
            let message = held.and_then(|id| state.messages.get_mut(&id));
            match message.filter(|message| message.visible_at > now) {
                None => Err(QueueError::StaleReceipt),
                Some(message) => {
                    message.visible_at = now + visibility;
                    Ok(())
                }
            }
        })
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        let depth = self.with(|state, now| {
            let mut depth = QueueDepth::default();
            for message in state.messages.values() {
                let kind = match message {
                    Message { dead: true, .. } => &mut depth.dead,
                    message if message.visible_at <= now => &mut depth.waiting,
                    Message { tries: 0, .. } => &mut depth.delayed,
                    _ => &mut depth.in_work,
                };
                *kind += 1;
            }
            depth
        });
        Ok(depth)
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        queue::validate_look(most)?;
        let letter = |(id, message): (&u64, &Message)| DeadLetter {
            id: letter_id(*id),
            tries: message.tries,
            body: message.body.clone(),
            group: message.group.clone(),
            sent_at: message.sent_at,
        };
        Ok(self.with(|state, _| state.dead().take(most).map(letter).collect()))
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        Ok(self.with(|state, now| {
            let ids: Vec<u64> = state.dead().take(most).map(|(id, _)| *id).collect();
            for id in &ids {
                state.send_anew(*id, now);
            }
            ids.len()
        }))
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        queue::validate_look(letters.len())?;
        Ok(self.with(|state, now| {
            let mut moved = Vec::new();
            for letter in letters {
                let named = |(id, _): &(&u64, &Message)| letter_id(**id) == *letter;
                let found = state.dead().find(named).map(|(id, _)| *id);
                if let Some(id) = found {
                    state.send_anew(id, now);
                    moved.push(letter.clone());
                }
            }
            moved
        }))
    }
}

impl State {
    fn send(&mut self, message: NewMessage, now: Timestamp) {
        let NewMessage { body, group, delay } = message;
        self.last_id += 1;
        let message = Message {
            body,
            group,
            sent_at: now,
            visible_at: now + delay,
            tries: 0,
            dead: false,
        };
        self.messages.insert(self.last_id, message);
    }

    fn dead(&self) -> impl Iterator<Item = (&u64, &Message)> {
        self.messages.iter().filter(|(_, message)| message.dead)
    }

    fn send_anew(&mut self, id: u64, now: Timestamp) {
        let message = self.messages.remove(&id).expect("it was found");
        let Message { body, group, .. } = message;
        let delay = Duration::ZERO;
        self.send(NewMessage { body, group, delay }, now);
    }

    fn receive(&mut self, most: usize, settings: QueueSettings, now: Timestamp) -> Vec<Received> {
        let QueueSettings {
            visibility,
            tries_max,
        } = settings;
        let mut received = Vec::new();
        while received.len() < most {
            let Some(id) = self.next(now) else {
                break;
            };
            let message = self.messages.get_mut(&id).expect("it was found");
            if message.tries >= tries_max {
                message.dead = true;
                continue;
            }
            message.tries += 1;
            message.visible_at = now + visibility;
            received.push(Received {
                body: message.body.clone(),
                group: message.group.clone(),
                receipt: receipt(id, message.tries),
                tries: message.tries,
                sent_at: message.sent_at,
            });
        }
        received
    }

    /// The message whose turn it is.
    fn next(&self, now: Timestamp) -> Option<u64> {
        let visible = self
            .messages
            .iter()
            .filter(|(_, message)| !message.dead && message.visible_at <= now);
        let turn = |(id, message): &(&u64, &Message)| {
            let in_work = self.in_work(message.group.as_deref(), now);
            (in_work, message.visible_at, **id)
        };
        visible.min_by_key(turn).map(|(id, _)| *id)
    }

    fn in_work(&self, group: Option<&str>, now: Timestamp) -> usize {
        let is_in_work = |message: &&Message| {
            !message.dead
                && message.tries > 0
                && message.visible_at > now
                && message.group.as_deref() == group
        };
        self.messages.values().filter(is_in_work).count()
    }

    /// The message that a receipt is for, if it is not void.
    fn held_by(&self, held: &Receipt) -> Option<u64> {
        let id = held.as_text().split_once('-')?.0.parse().ok()?;
        let message = self.messages.get(&id)?;
        (!message.dead && receipt(id, message.tries) == *held).then_some(id)
    }
}

fn letter_id(id: u64) -> LetterId {
    LetterId::from_text(id.to_string())
}

/// A message is received with another count of tries each time, so that the count tells receipts apart.
fn receipt(id: u64, tries: u32) -> Receipt {
    Receipt::from_text(format!("{id}-{tries}"))
}
