//! From the store's change feed to the queues.
//!
//! A write that must tell somebody writes its outbox item in the same transaction. The item's making is
//! in the change feed; the relay sends a message for it, then stores how far it came. Where a function
//! is given the changes, it calls [`message_of`] and sends; elsewhere one process of those that share a
//! store holds the seat of the relay, and [`run`] follows the feed.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use lastmile_store::key::{
    QUOTE_ERRAND_SHARDS, TASK_QUEUE_SHARDS, quote_errands, read_errand, read_waiting_task,
    waiting_tasks,
};
use lastmile_store::message::Message;
use lastmile_store::queue::QUEUE_BATCH_MAX;
use lastmile_store::record::quotes::read_errand_item;
use lastmile_store::record::relay::{self as stored, RelaySeat};
use lastmile_store::record::tasks::read_waiting;
use lastmile_store::{
    Change, ChangePosition, Consistency, Item, PrimaryKey, Queue, QueueError, QueueName,
    StoreError, TransactError, Transaction, key,
};
use thiserror::Error;

use super::Queues;
use super::limits::{
    PAUSE_MAX, PAUSE_MIN, RELAY_BATCH, RELAY_POLL, RELAY_SEAT, RELAY_SEAT_POLL, RELAY_SEAT_RENEWED,
};
use crate::Context;
use crate::availability::Availability;

/// Who else may hold the seat of the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seating {
    /// Nobody: this process is the only one that uses the store, and takes the seat at once.
    SoleProcess,
    /// Other processes: the seat is taken when nobody has held it for a while.
    OneOfMany,
}

/// A step of the relay failed; it is taken again.
#[derive(Debug, Error)]
pub enum RelayError {
    /// The store failed.
    #[error("the relay cannot use the store")]
    Store(#[from] StoreError),
    /// A queue failed.
    #[error("the relay cannot use a queue")]
    Queue(#[from] QueueError),
}

/// The message that a change asks for; `None` where it asks for none: an outbox item that is gone, or
/// another item.
///
/// # Errors
/// [`StoreError::Corrupt`] where the outbox item cannot be read.
pub fn message_of(
    key: &PrimaryKey,
    new_image: Option<&Item>,
) -> Result<Option<Message>, StoreError> {
    let Some(item) = new_image else {
        return Ok(None);
    };
    if read_waiting_task(key).is_some() {
        read_waiting(item).map(Message::AnswerTask).map(Some)
    } else if read_errand(key).is_some() {
        read_errand_item(item).map(Message::RunErrand).map(Some)
    } else {
        Ok(None)
    }
}

/// Sends messages, each to its queue.
///
/// # Errors
/// [`QueueError`]; some may have been sent, and sending all of them again is right.
pub async fn send(queues: &Queues, messages: &[Message]) -> Result<(), QueueError> {
    for (name, own) in by_queue(messages) {
        send_to(queues.named(name).as_ref(), &own).await?;
    }
    Ok(())
}

/// Messages apart by the queue that each is for, in their order; queues that none is for are left out.
pub fn by_queue(messages: &[Message]) -> impl Iterator<Item = (QueueName, Vec<Message>)> {
    QueueName::ALL.into_iter().filter_map(|name| {
        let own = messages.iter().filter(|message| message.queue() == name);
        let own: Vec<Message> = own.cloned().collect();
        (!own.is_empty()).then_some((name, own))
    })
}

/// Sends messages to one queue.
///
/// # Errors
/// As [`send`].
pub async fn send_to(queue: &dyn Queue, messages: &[Message]) -> Result<(), QueueError> {
    for batch in messages.chunks(QUEUE_BATCH_MAX) {
        queue
            .send(batch.iter().map(Message::to_new).collect())
            .await?;
    }
    Ok(())
}

/// Relays until `shutdown` is ready. Survives every error (with a growing pause), and a restart goes on
/// where it stopped; what was left waiting by an earlier process is sent again first.
pub async fn run(
    availability: Availability,
    queues: Queues,
    seating: Seating,
    shutdown: impl Future<Output = ()> + Send,
) {
    let owner = new_owner(&availability.context);
    let mut relay = Relay {
        availability,
        queues,
        seating,
        owner,
        shutdown: pin!(shutdown),
        stopped: false,
        pause: None,
    };
    let mut held = None;
    while !relay.stopped {
        let step = match held.take() {
            None => relay.take_seat().await,
            Some(seat) => relay.follow(seat).await,
        };
        match step {
            Ok(Step { seat, wait }) => {
                relay.recovered();
                held = seat;
                if let Some(time) = wait {
                    relay.wait(time).await;
                }
            }
            Err(error) => relay.failed(&error).await,
        }
    }
}

struct Relay<'a, F> {
    availability: Availability,
    queues: Queues,
    seating: Seating,
    owner: i64,
    shutdown: Pin<&'a mut F>,
    stopped: bool,
    /// The pause after the next failure; `None` while everything works.
    pause: Option<Duration>,
}

/// The seat, as this process last wrote it.
struct Held {
    seat: RelaySeat,
    revision: i64,
}

/// What comes of one step.
struct Step {
    /// `None` where another process has the seat.
    seat: Option<Held>,
    /// How long to wait before the next step.
    wait: Option<Duration>,
}

impl<F: Future<Output = ()> + Send> Relay<'_, F> {
    /// Takes the seat, if nobody has it, and sends what was left waiting.
    async fn take_seat(&mut self) -> Result<Step, RelayError> {
        let context = &self.availability.context;
        let key = key::Key::Relay.primary();
        let item = context.store.get(&key, Consistency::Strong).await?.value;
        let found = item.as_ref().map(stored::from_item).transpose()?;
        let taken_by_another = found
            .as_ref()
            .is_some_and(|(seat, _)| seat.owner != self.owner && seat.until > context.clock.now());
        if taken_by_another && self.seating == Seating::OneOfMany {
            return Ok(Step {
                seat: None,
                wait: Some(RELAY_SEAT_POLL),
            });
        }
        let (position, revision) = found.map_or((ChangePosition::default(), 0), |(seat, at)| {
            (seat.position, at)
        });
        let seat = self.write_seat(position, revision).await?;
        if seat.is_some() {
            self.send_waiting().await?;
        }
        Ok(Step { seat, wait: None })
    }

    /// Sends the messages of the next changes, and stores how far it came.
    async fn follow(&mut self, held: Held) -> Result<Step, RelayError> {
        let store = &self.availability.context.store;
        let page = store
            .changes(held.seat.position.clone(), RELAY_BATCH)
            .await?;
        let messages: Vec<Message> = page.changes.iter().filter_map(readable).collect();
        send(&self.queues, &messages).await?;
        let idle = page.changes.is_empty();
        let now = self.availability.context.clock.now();
        let left = held.seat.until.duration_since(now);
        let wait = idle.then_some(RELAY_POLL);
        if idle && left > RELAY_SEAT_RENEWED {
            // What the feed says of its own place is kept, but not worth a write.
            let seat = RelaySeat {
                position: page.next,
                ..held.seat
            };
            let seat = Some(Held { seat, ..held });
            return Ok(Step { seat, wait });
        }
        let seat = self.write_seat(page.next, held.revision).await?;
        Ok(Step { seat, wait })
    }

    /// `None` where another process was faster.
    async fn write_seat(
        &self,
        position: ChangePosition,
        revision: i64,
    ) -> Result<Option<Held>, StoreError> {
        let context = &self.availability.context;
        let until = context.clock.now().saturating_add(RELAY_SEAT);
        let seat = RelaySeat {
            position,
            owner: self.owner,
            until: until.unwrap_or(jiff::Timestamp::MAX),
        };
        let transaction = Transaction {
            writes: vec![stored::put(&seat, revision)],
            token: None,
        };
        match context.store.transact(transaction).await {
            Ok(_) => Ok(Some(Held {
                seat,
                revision: revision + 1,
            })),
            Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => Ok(None),
            Err(TransactError::Store(error)) => Err(error),
        }
    }

    async fn send_waiting(&self) -> Result<(), RelayError> {
        let store = &self.availability.context.store;
        let tasks = (0..TASK_QUEUE_SHARDS).map(waiting_tasks);
        let errands = (0..QUOTE_ERRAND_SHARDS).map(quote_errands);
        for mut query in tasks.chain(errands) {
            loop {
                let page = store.query(&query).await?.value;
                let waiting = page.items.iter().filter_map(|item| {
                    let read = message_of(&item.key, Some(item));
                    read.unwrap_or_else(|error| unreadable(&error))
                });
                send(&self.queues, &waiting.collect::<Vec<_>>()).await?;
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Waits until the time is over, the bell rings, or the end.
    async fn wait(&mut self, time: Duration) {
        tokio::select! {
            biased;
            () = self.shutdown.as_mut() => self.stopped = true,
            () = self.availability.rung() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    /// Says the first of several failures, and waits longer after each.
    async fn failed(&mut self, error: &RelayError) {
        let pause = self.pause.unwrap_or(PAUSE_MIN);
        if self.pause.is_none() {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "the relay tries again"
            );
        }
        self.pause = Some(PAUSE_MAX.min(pause * 2));
        tokio::select! {
            biased;
            () = self.shutdown.as_mut() => self.stopped = true,
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn recovered(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("the relay goes on");
        }
    }
}

fn readable(change: &Change) -> Option<Message> {
    let Change {
        position: _,
        key,
        new_image,
    } = change;
    message_of(key, new_image.as_ref()).unwrap_or_else(|error| unreadable(&error))
}

fn unreadable(error: &StoreError) -> Option<Message> {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "an outbox item cannot be read and is passed over"
    );
    None
}

fn new_owner(context: &Context) -> i64 {
    let mut bytes = [0; 8];
    context.random.fill(&mut bytes);
    i64::from_le_bytes(bytes)
}
