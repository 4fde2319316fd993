//! A queue that fails now and then, by a seed or by order.

use std::time::Duration;

use async_trait::async_trait;
use lastmile_store::queue::{
    DeadLetter, LetterId, NewMessage, Queue, QueueDepth, QueueError, Receipt, Received,
};

use crate::store::fault::FaultSequence;
use crate::store::{Fault, Faults, InjectedFault};

/// Passes calls on, or fails them. After [`Fault::After`] the messages were sent, or hidden, or deleted,
/// and the caller does not know it.
///
/// The same seed gives the same faults for the same sequence of calls.
pub struct FaultQueue<Q> {
    inner: Q,
    sequence: FaultSequence,
}

impl<Q> FaultQueue<Q> {
    /// Wraps a queue.
    #[must_use]
    pub const fn new(inner: Q, faults: Faults, seed: u64) -> Self {
        Self {
            inner,
            sequence: FaultSequence::new(faults, seed),
        }
    }

    /// Decides the next calls: one after the other fails so, or (`None`) does not. After them chance
    /// decides again.
    pub fn order(&self, faults: impl IntoIterator<Item = Option<Fault>>) {
        self.sequence.order(faults);
    }

    /// The queue inside, which never fails.
    #[must_use]
    pub const fn inner(&self) -> &Q {
        &self.inner
    }

    /// Runs a call under the next fault.
    async fn faulty<T>(
        &self,
        call: impl Future<Output = Result<T, QueueError>> + Send,
    ) -> Result<T, QueueError> {
        match self.sequence.next_fault() {
            None => call.await,
            Some(Fault::Before) => Err(backend(InjectedFault::Before)),
            Some(Fault::Throttled) => Err(QueueError::Throttled),
            Some(Fault::After) => {
                call.await?;
                Err(backend(InjectedFault::After))
            }
        }
    }
}

fn backend(fault: InjectedFault) -> QueueError {
    QueueError::Backend(Box::new(fault))
}

#[async_trait]
impl<Q: Queue> Queue for FaultQueue<Q> {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        self.faulty(self.inner.send(messages)).await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        self.faulty(self.inner.receive(most, wait)).await
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        self.faulty(self.inner.delete(receipts)).await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        let change = self.inner.change_visibility(receipt, visibility);
        self.faulty(change).await
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        self.faulty(self.inner.depth()).await
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        self.faulty(self.inner.dead_letters(most)).await
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        self.faulty(self.inner.redrive(most)).await
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        self.faulty(self.inner.redrive_these(letters)).await
    }
}
