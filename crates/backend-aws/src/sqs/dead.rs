//! Dead letters. SQS has no way to look at a message but to receive it, so those that are looked at are
//! held for a while and given back.

use std::time::Duration;

use aws_sdk_sqs::types::ChangeMessageVisibilityBatchRequestEntry;
use lastmile_store::queue::{
    DEAD_LOOK_MAX, DeadLetter, LetterId, NewMessage, QUEUE_BATCH_MAX, QueueError, Received,
};

use super::batch::Batch;
use super::client::not_built;
use super::receive::Given;
use super::{SqsQueue, is_void, send};

/// How long a dead letter that is looked at or redriven is hidden from others who do so, unless it is
/// given back before.
const HELD: Duration = Duration::from_secs(60);
/// How long dead letters are waited for: a receive that does not wait asks only some of the machines.
const DEAD_WAIT: Duration = Duration::from_secs(1);

impl SqsQueue {
    /// Looks at up to `most` dead letters.
    pub(super) async fn look_at_dead(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        let mut held = Vec::new();
        let looked = self.hold_dead(most, &mut held).await;
        self.give_dead_back(&held).await?;
        looked?;
        Ok(held.into_iter().map(dead_letter).collect())
    }

    /// Sends up to `most` dead letters anew: a move task of SQS's own would say neither how many, nor
    /// when it is done.
    pub(super) async fn redrive_dead(&self, most: usize) -> Result<usize, QueueError> {
        let mut moved = 0;
        while moved < most {
            let taken = self.take_dead(most - moved).await?;
            if taken.is_empty() {
                break;
            }
            moved += taken.len();
            self.send_anew(taken).await?;
        }
        Ok(moved)
    }

    /// Sends those of the first [`DEAD_LOOK_MAX`] dead letters anew that are named.
    pub(super) async fn redrive_named(
        &self,
        letters: &[LetterId],
    ) -> Result<Vec<LetterId>, QueueError> {
        let mut moved = Vec::new();
        let mut passed = Vec::new();
        let looked = self.move_named(letters, &mut moved, &mut passed).await;
        self.give_dead_back(&passed).await?;
        looked?;
        Ok(moved)
    }

    async fn move_named(
        &self,
        letters: &[LetterId],
        moved: &mut Vec<LetterId>,
        passed: &mut Vec<Given>,
    ) -> Result<(), QueueError> {
        while moved.len() < letters.len() && moved.len() + passed.len() < DEAD_LOOK_MAX {
            let taken = self.take_dead(QUEUE_BATCH_MAX).await?;
            if taken.is_empty() {
                break;
            }
            let is_named = |given: &Given| letters.contains(&given.id);
            let (named, others): (Vec<_>, Vec<_>) = taken.into_iter().partition(is_named);
            passed.extend(others);
            let ids: Vec<LetterId> = named.iter().map(|given| given.id.clone()).collect();
            self.send_anew(named).await?;
            moved.extend(ids);
        }
        Ok(())
    }

    async fn hold_dead(&self, most: usize, held: &mut Vec<Given>) -> Result<(), QueueError> {
        while held.len() < most {
            let taken = self.take_dead(most - held.len()).await?;
            if taken.is_empty() {
                break;
            }
            held.extend(taken);
        }
        Ok(())
    }

    /// Receives up to one batch of dead letters, which nobody else sees for [`HELD`].
    async fn take_dead(&self, most: usize) -> Result<Vec<Given>, QueueError> {
        let most = QUEUE_BATCH_MAX.min(most);
        self.receive_from(self.urls.dead()?, most, DEAD_WAIT, Some(HELD))
            .await
    }

    /// Lets others see dead letters again that were held.
    async fn give_dead_back(&self, held: &[Given]) -> Result<(), QueueError> {
        let call = self.client.get().await.change_message_visibility_batch();
        let call = call.queue_url(self.urls.dead()?);
        for part in held.chunks(QUEUE_BATCH_MAX) {
            let entry = |(number, given): (usize, &Given)| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(number.to_string())
                    .receipt_handle(given.received.receipt.as_text())
                    .visibility_timeout(0)
                    .build()
                    .map_err(not_built)
            };
            let entries = part.iter().enumerate().map(entry);
            let batch = Batch {
                entries: entries.collect::<Result<Vec<_>, _>>()?,
                id: ChangeMessageVisibilityBatchRequestEntry::id,
                passes_over: is_void,
            };
            let call = |entries| {
                let call = call.clone().set_entries(Some(entries));
                async move { Ok(call.send().await?.failed) }
            };
            batch.run(&self.retry, call).await?;
        }
        Ok(())
    }

    /// Sends dead letters as new messages, and deletes them.
    async fn send_anew(&self, letters: Vec<Given>) -> Result<(), QueueError> {
        let received = letters.into_iter().map(|given| given.received);
        for part in send::parts(received.collect()) {
            let receipts: Vec<_> = part.iter().map(|one| one.receipt.clone()).collect();
            let messages = part.into_iter().map(sent_anew).collect();
            self.send_batch(messages).await?;
            self.delete_from(self.urls.dead()?, &receipts).await?;
        }
        Ok(())
    }
}

fn dead_letter(given: Given) -> DeadLetter {
    let Given { id, received } = given;
    let Received {
        body,
        group,
        receipt: _,
        tries,
        sent_at,
    } = received;
    DeadLetter {
        id,
        tries,
        body,
        group,
        sent_at,
    }
}

fn sent_anew(received: Received) -> NewMessage {
    let Received {
        body,
        group,
        receipt: _,
        tries: _,
        sent_at: _,
    } = received;
    NewMessage {
        body,
        group,
        delay: Duration::ZERO,
    }
}
