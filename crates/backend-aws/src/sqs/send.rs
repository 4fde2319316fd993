//! Sending.

use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use lastmile_store::queue::{NewMessage, QueueError, Received, SEND_MAX_BYTES};

use super::batch::Batch;
use super::client::not_built;
use super::{SqsQueue, seconds_up};

impl SqsQueue {
    /// Sends messages that are within the limits, and again those that failed for now.
    pub(super) async fn send_batch(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        let client = self.client.get().await;
        let entries = messages.into_iter().enumerate();
        let entries = entries.map(|(number, message)| entry(number, message));
        let batch = Batch {
            entries: entries.collect::<Result<Vec<_>, _>>()?,
            id: SendMessageBatchRequestEntry::id,
            passes_over: |_| false,
        };
        let call = client.send_message_batch().queue_url(&self.urls.queue);
        let call = |entries| {
            let call = call.clone().set_entries(Some(entries));
            async move { Ok(call.send().await?.failed) }
        };
        batch.run(&self.retry, call).await
    }
}

fn entry(number: usize, message: NewMessage) -> Result<SendMessageBatchRequestEntry, QueueError> {
    let NewMessage { body, group, delay } = message;
    SendMessageBatchRequestEntry::builder()
        .id(number.to_string())
        .message_body(body)
        .set_message_group_id(group)
        .delay_seconds(seconds_up(delay))
        .build()
        .map_err(not_built)
}

/// Parts of what was received that can be sent at once: each message can, but ten long ones cannot.
pub(super) fn parts(received: Vec<Received>) -> Vec<Vec<Received>> {
    let mut parts: Vec<Vec<Received>> = Vec::new();
    let mut bytes = 0;
    for one in received {
        bytes += one.body.len();
        match parts.last_mut() {
            Some(part) if bytes <= SEND_MAX_BYTES => part.push(one),
            _ => {
                bytes = one.body.len();
                parts.push(vec![one]);
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use lastmile_store::queue::Receipt;

    use super::*;

    #[test]
    fn long_messages_are_sent_in_parts() {
        let received = |bytes| Received {
            body: "x".repeat(bytes),
            group: None,
            receipt: Receipt::from_text(String::new()),
            tries: 1,
            sent_at: Timestamp::UNIX_EPOCH,
        };
        let half = SEND_MAX_BYTES / 2;
        let lengths = [half, half, 1, SEND_MAX_BYTES, half, half + 1];
        let parts = parts(lengths.into_iter().map(received).collect());
        let counts: Vec<_> = parts.iter().map(Vec::len).collect();
        assert_eq!(counts, [2, 1, 1, 1, 1]);
        assert!(super::parts(vec![]).is_empty());
    }
}
