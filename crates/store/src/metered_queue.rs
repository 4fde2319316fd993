//! A queue that counts what is asked of it.

use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;

use crate::queue::{DeadLetter, LetterId, NewMessage, QueueDepth, Receipt, Received};
use crate::{Queue, QueueError};

/// Requests to a queue, as SQS bills them: each is one, of however many messages. What a person asks (how many
/// there are, dead letters) is not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueSpent {
    /// [`Queue::send`].
    pub sends: u64,
    /// Messages of those.
    pub messages: u64,
    /// [`Queue::receive`] that gave a message: to look into an empty queue is asked for whether there is work or
    /// not.
    pub receives: u64,
    /// [`Queue::delete`].
    pub deletes: u64,
    /// [`Queue::change_visibility`].
    pub hidings: u64,
}

impl QueueSpent {
    /// All of them.
    #[must_use]
    pub const fn requests(self) -> u64 {
        let Self {
            sends,
            messages: _,
            receives,
            deletes,
            hidings,
        } = self;
        sends + receives + deletes + hidings
    }
}

impl AddAssign for QueueSpent {
    fn add_assign(&mut self, other: Self) {
        let Self {
            sends,
            messages,
            receives,
            deletes,
            hidings,
        } = other;
        self.sends += sends;
        self.messages += messages;
        self.receives += receives;
        self.deletes += deletes;
        self.hidings += hidings;
    }
}

/// Another queue, metered.
pub struct MeteredQueue {
    inner: Arc<dyn Queue>,
    sends: AtomicU64,
    messages: AtomicU64,
    receives: AtomicU64,
    deletes: AtomicU64,
    hidings: AtomicU64,
}

impl MeteredQueue {
    /// Nothing is asked yet.
    #[must_use]
    pub fn new(inner: Arc<dyn Queue>) -> Self {
        Self {
            inner,
            sends: AtomicU64::new(0),
            messages: AtomicU64::new(0),
            receives: AtomicU64::new(0),
            deletes: AtomicU64::new(0),
            hidings: AtomicU64::new(0),
        }
    }

    /// What was asked since this was last called; what failed, too, but for receiving.
    pub fn take(&self) -> QueueSpent {
        let taken = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed);
        QueueSpent {
            sends: taken(&self.sends),
            messages: taken(&self.messages),
            receives: taken(&self.receives),
            deletes: taken(&self.deletes),
            hidings: taken(&self.hidings),
        }
    }
}

fn count(counter: &AtomicU64, more: u64) {
    counter.fetch_add(more, Ordering::Relaxed);
}

#[async_trait]
impl Queue for MeteredQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        // No messages are no request.
        count(&self.sends, u64::from(!messages.is_empty()));
        count(&self.messages, messages.len() as u64);
        self.inner.send(messages).await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        let received = self.inner.receive(most, wait).await?;
        count(&self.receives, u64::from(!received.is_empty()));
        Ok(received)
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        count(&self.deletes, u64::from(!receipts.is_empty()));
        self.inner.delete(receipts).await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        count(&self.hidings, 1);
        self.inner.change_visibility(receipt, visibility).await
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        self.inner.depth().await
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        self.inner.dead_letters(most).await
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        self.inner.redrive(most).await
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        self.inner.redrive_these(letters).await
    }
}
