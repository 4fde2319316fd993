//! The queue contract on SQS standard queues.
//!
//! A queue is a pair: the queue, and the one for its dead letters that its redrive policy names. What
//! SQS calls "might" stays so: it may give a message out twice, a void receipt may delete where nobody
//! works on the message, and fairness between groups is done as well as it can.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_sqs::operation::change_message_visibility::ChangeMessageVisibilityError;
use aws_sdk_sqs::types::{
    BatchResultErrorEntry, DeleteMessageBatchRequestEntry, QueueAttributeName,
};
use lastmile_store::queue::{
    self, DeadLetter, LetterId, NewMessage, Queue, QueueDepth, QueueError, Receipt, Received,
};
use thiserror::Error;

use crate::retry::{Budget, Jitter, Passing, Retry};

mod batch;
mod client;
mod dead;
mod receive;
mod send;
pub mod setup;

pub use batch::RefusedEntry;
pub use client::SqsClient;
pub use receive::IncompleteMessage;

use batch::Batch;
use client::{failed, not_built};

/// What trying a call again may cost.
const BUDGET: Budget = Budget {
    tries_max: 6,
    wait_first: Duration::from_millis(50),
    wait_max: Duration::from_secs(2),
};
/// Codes by which SQS says of a receipt that it is void.
const VOID_CODES: [&str; 2] = ["ReceiptHandleIsInvalid", "InvalidParameterValue"];

/// Where a queue is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueUrls {
    /// The queue.
    pub queue: String,
    /// The queue of its dead letters; `None` for a worker, who has no business there.
    pub dead: Option<String>,
}

/// A queue's dead letters are asked for by one who was not told where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("where the dead letters of the queue are was not said")]
pub struct NoDeadLetters;

impl QueueUrls {
    fn dead(&self) -> Result<&str, QueueError> {
        let dead = self.dead.as_deref();
        dead.ok_or_else(|| QueueError::Backend(Box::new(NoDeadLetters)))
    }
}

/// One queue and its dead letters. How long a message is hidden and how often it is tried are settings
/// of the queue itself.
pub struct SqsQueue {
    client: Arc<SqsClient>,
    urls: QueueUrls,
    retry: Retry,
}

impl SqsQueue {
    /// The queue at an address. Nothing is asked before the first call.
    #[must_use]
    pub fn new(client: Arc<SqsClient>, urls: QueueUrls, jitter: Arc<dyn Jitter>) -> Self {
        Self {
            client,
            urls,
            retry: Retry::new(BUDGET, jitter),
        }
    }

    /// Deletes from one of the two queues. Void receipts are passed over.
    async fn delete_from(&self, url: &str, receipts: &[Receipt]) -> Result<(), QueueError> {
        let client = self.client.get().await;
        let entry = |(number, receipt): (usize, &Receipt)| {
            DeleteMessageBatchRequestEntry::builder()
                .id(number.to_string())
                .receipt_handle(receipt.as_text())
                .build()
                .map_err(not_built)
        };
        let entries = receipts.iter().enumerate().map(entry);
        let batch = Batch {
            entries: entries.collect::<Result<Vec<_>, _>>()?,
            id: DeleteMessageBatchRequestEntry::id,
            passes_over: is_void,
        };
        let call = client.delete_message_batch().queue_url(url);
        let call = |entries| {
            let call = call.clone().set_entries(Some(entries));
            async move { Ok(call.send().await?.failed) }
        };
        batch.run(&self.retry, call).await
    }

    /// How many messages of one of the two queues are visible, delayed and in work.
    async fn counts(&self, url: &str) -> Result<[u64; 3], QueueError> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesDelayed,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let call = self.client.get().await.get_queue_attributes();
        let call = call
            .queue_url(url)
            .set_attribute_names(Some(names.to_vec()));
        let answer = self
            .retry
            .run(|| call.clone().send(), |error| Passing::of(error).is_some())
            .await
            .map_err(failed)?;
        let attributes = answer.attributes.unwrap_or_default();
        let count = |name| {
            let count = attributes.get(&name);
            count.and_then(|count| count.parse().ok()).unwrap_or(0)
        };
        Ok(names.map(count))
    }
}

#[async_trait]
impl Queue for SqsQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        queue::validate_send(&messages)?;
        if messages.is_empty() {
            return Ok(());
        }
        self.send_batch(messages).await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        queue::validate_receive(most, wait)?;
        let given = self
            .receive_from(&self.urls.queue, most, wait, None)
            .await?;
        Ok(given.into_iter().map(|given| given.received).collect())
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        queue::validate_batch(receipts.len())?;
        if receipts.is_empty() {
            return Ok(());
        }
        self.delete_from(&self.urls.queue, receipts).await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        queue::validate_visibility(visibility)?;
        let call = self.client.get().await.change_message_visibility();
        let call = call
            .queue_url(&self.urls.queue)
            .receipt_handle(receipt.as_text())
            .visibility_timeout(seconds_up(visibility));
        let changed = self
            .retry
            .run(|| call.clone().send(), |error| Passing::of(error).is_some())
            .await;
        match changed {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(is_stale) => {
                Err(QueueError::StaleReceipt)
            }
            Err(error) => Err(failed(error)),
        }
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        let (queue, dead) = tokio::join!(
            self.counts(&self.urls.queue),
            self.counts(self.urls.dead()?)
        );
        let [waiting, delayed, in_work] = queue?;
        Ok(QueueDepth {
            waiting,
            delayed,
            in_work,
            // Those that somebody looks at or redrives are dead all the same.
            dead: dead?.iter().sum(),
        })
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        queue::validate_look(most)?;
        if most == 0 {
            return Ok(Vec::new());
        }
        self.look_at_dead(most).await
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        self.redrive_dead(most).await
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        queue::validate_look(letters.len())?;
        self.redrive_named(letters).await
    }
}

fn is_void(failure: &BatchResultErrorEntry) -> bool {
    VOID_CODES.contains(&failure.code())
}

/// A message that is visible, somebody else's, or gone, and one that was hidden for twelve hours in all,
/// which SQS gives to another whatever its receiver wants.
fn is_stale(error: &ChangeMessageVisibilityError) -> bool {
    let code = error.meta().code().unwrap_or_default();
    error.is_message_not_inflight()
        || error.is_receipt_handle_is_invalid()
        || VOID_CODES.contains(&code)
}

/// Whole seconds, so that nothing is visible before its time.
fn seconds_up(time: Duration) -> i32 {
    i32::try_from(time.as_millis().div_ceil(1000)).unwrap_or(i32::MAX)
}

/// Whole seconds, so that nobody waits longer than was said.
fn seconds_down(time: Duration) -> i32 {
    i32::try_from(time.as_secs()).unwrap_or(i32::MAX)
}
