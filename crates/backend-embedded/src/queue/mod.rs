//! The queue contract in the store's file.
//!
//! Every change of a queue is work of the store's one writer and joins its groups, so that it is as
//! durable as a write of the store, and a hundred callers share one sync. A receive and a delete are
//! durable too: the count of tries must outlive the process, or a message that kills its worker would
//! kill it forever.
//!
//! Looking does not write: an empty queue costs a waiting receiver two reads of the newest commit, and
//! it looks again when the writer says that something came, or when a hidden message's time is over.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lastmile_store::queue::{
    self, DeadLetter, LetterId, NewMessage, Queue, QueueDepth, QueueError, QueueName,
    QueueSettings, Receipt, Received,
};
use redb::TableError;
use tokio::sync::{Notify, oneshot};

use crate::EmbeddedStore;
use crate::error::{Closed, EngineError};
use crate::limits::{QUEUE_LOOK_INTERVAL, REDRIVE_STEP_MAX};
use crate::writer::Work;

mod change;
mod codec;
mod look;
mod tables;
mod work;

pub(crate) use change::QueueChange;
pub(crate) use look::due_messages;
pub(crate) use tables::QueueTables;
pub(crate) use work::{QueueReply, QueueWork};

use look::Look;
use work::Asked;

/// One of the store's queues.
///
/// Of the visible messages it gives out the one whose group has fewest in work; of several the one that
/// is visible for longest, and then the one that was sent first. It holds the store open.
pub struct EmbeddedQueue {
    store: Arc<EmbeddedStore>,
    name: QueueName,
    settings: QueueSettings,
}

impl EmbeddedStore {
    /// A queue, with the settings of its name.
    #[must_use]
    pub fn queue(self: &Arc<Self>, name: QueueName) -> EmbeddedQueue {
        self.queue_with(name, name.settings())
    }

    /// A queue with other settings, as tests have them.
    #[must_use]
    pub fn queue_with(self: &Arc<Self>, name: QueueName, settings: QueueSettings) -> EmbeddedQueue {
        EmbeddedQueue {
            store: Arc::clone(self),
            name,
            settings,
        }
    }
}

/// Wakes receivers that wait, per queue.
#[derive(Default)]
pub(crate) struct Arrivals {
    imports: Notify,
    quotes: Notify,
    tasks: Notify,
}

impl Arrivals {
    pub(crate) const fn of(&self, queue: QueueName) -> &Notify {
        match queue {
            QueueName::Imports => &self.imports,
            QueueName::Quotes => &self.quotes,
            QueueName::Tasks => &self.tasks,
        }
    }
}

/// Whether a change makes messages visible for which somebody may wait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wakes {
    Nobody,
    Receivers,
}

impl EmbeddedQueue {
    /// Lets the writer change the queue, and waits until that is durable.
    async fn ask<T: Send + 'static>(
        &self,
        bytes: usize,
        wakes: Wakes,
        change: impl FnOnce(&mut QueueChange<'_, '_>) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, QueueError> {
        let (caller, answer) = oneshot::channel();
        let asked = Asked {
            queue: self.name,
            wakes: wakes == Wakes::Receivers,
            change,
            caller,
        };
        let handed = self.store.hand_over(Work::Queue(Box::new(asked)), bytes);
        handed.await.map_err(backend)?;
        let answered = answer.await.map_err(|_| backend(Closed))?;
        answered.map_err(backend)
    }

    fn look(&self) -> Result<Look, QueueError> {
        let now = self.store.clock.now();
        let look = self.store.newest().look(self.name, now);
        look.map_err(backend)
    }

    async fn receive_now(&self, most: usize) -> Result<Vec<Received>, QueueError> {
        let settings = self.settings;
        self.ask(0, Wakes::Nobody, move |queue| queue.receive(most, settings))
            .await
    }

    /// How long it is of no use to look again, unless something comes.
    fn patience(&self, next_at: Option<Timestamp>) -> Duration {
        let until = next_at.map(|at| at.duration_since(self.store.clock.now()));
        let until = until.and_then(|until| Duration::try_from(until).ok());
        until.map_or(QUEUE_LOOK_INTERVAL, |until| until.min(QUEUE_LOOK_INTERVAL))
    }
}

#[async_trait]
impl Queue for EmbeddedQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        queue::validate_send(&messages)?;
        if messages.is_empty() {
            return Ok(());
        }
        let bytes = messages.iter().map(|message| message.body.len()).sum();
        self.ask(bytes, Wakes::Receivers, |queue| {
            messages
                .into_iter()
                .try_for_each(|message| queue.send(message))
        })
        .await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        queue::validate_receive(most, wait)?;
        let mut over = pin!(tokio::time::sleep(wait));
        loop {
            // From here on nothing that comes is missed.
            let mut arrival = pin!(self.store.arrivals.of(self.name).notified());
            arrival.as_mut().enable();
            let next_at = match self.look()? {
                Look::Visible => {
                    let received = self.receive_now(most).await?;
                    if !received.is_empty() {
                        return Ok(received);
                    }
                    // Another was faster, or they were dead or too old: there are fewer now.
                    continue;
                }
                Look::NextAt(next_at) => next_at,
            };
            // Only the waiting is cut off when the time is over, never a receive that the writer has.
            tokio::select! {
                () = &mut over => return Ok(Vec::new()),
                () = arrival => {}
                () = tokio::time::sleep(self.patience(next_at)) => {}
            }
        }
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        queue::validate_batch(receipts.len())?;
        if receipts.is_empty() {
            return Ok(());
        }
        let receipts = receipts.to_vec();
        self.ask(0, Wakes::Nobody, move |queue| {
            receipts.iter().try_for_each(|held| queue.delete(held))
        })
        .await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        queue::validate_visibility(visibility)?;
        let held = receipt.clone();
        let hidden = self
            .ask(0, Wakes::Receivers, move |queue| {
                queue.hide(&held, visibility)
            })
            .await?;
        hidden.then_some(()).ok_or(QueueError::StaleReceipt)
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        self.store.newest().depth(self.name).map_err(backend)
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        queue::validate_look(most)?;
        let now = self.store.clock.now();
        let letters = self.store.newest().dead_letters(self.name, most, now);
        letters.map_err(backend)
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        let mut moved = 0;
        while moved < most {
            let step = REDRIVE_STEP_MAX.min(most - moved);
            let change = move |queue: &mut QueueChange<'_, '_>| queue.redrive(step);
            let moved_now = self.ask(0, Wakes::Receivers, change).await?;
            moved += moved_now;
            if moved_now < step {
                break;
            }
        }
        Ok(moved)
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        queue::validate_look(letters.len())?;
        let mut moved = Vec::new();
        for part in letters.chunks(REDRIVE_STEP_MAX) {
            let part = part.to_vec();
            let change = move |queue: &mut QueueChange<'_, '_>| queue.redrive_these(&part);
            moved.extend(self.ask(0, Wakes::Receivers, change).await?);
        }
        Ok(moved)
    }
}

fn backend(error: impl std::error::Error + Send + Sync + 'static) -> QueueError {
    QueueError::Backend(Box::new(error))
}

/// What was read, or nothing where the file has no queues yet.
fn if_there<T>(opened: Result<T, TableError>) -> Result<Option<T>, TableError> {
    match opened {
        Ok(table) => Ok(Some(table)),
        Err(TableError::TableDoesNotExist(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
