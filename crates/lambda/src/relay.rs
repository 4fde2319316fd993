//! From the table's stream to the queues: the relay where Lambda reads the change feed.

use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lastmile_app::work::relay::{message_of, send_to};
use lastmile_store::Queue;
use lastmile_store::message::Message;
use serde::Deserialize;

use crate::stream_image::{Image, item_in, key_in};

/// Changes, in the order of their writes.
#[derive(Clone, Debug, Deserialize)]
pub struct StreamEvent {
    /// The changes.
    #[serde(rename = "Records")]
    pub records: Vec<StreamRecord>,
}

/// One change.
#[derive(Clone, Debug, Deserialize)]
pub struct StreamRecord {
    /// What changed.
    pub dynamodb: StreamChange,
}

/// What changed of one item.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamChange {
    /// Its key.
    pub keys: Image,
    /// The item after the change; none where it was removed.
    #[serde(default)]
    pub new_image: Option<Image>,
    /// The change's place in its shard.
    pub sequence_number: String,
}

/// Sends the messages that the changes ask for; all of them are questions to be answered. Where that fails, all of the changes are given again from
/// the first: a message that was sent twice is done once.
pub async fn relay(queue: &dyn Queue, event: &StreamEvent) -> DynamoDbEventResponse {
    let messages: Vec<Message> = event.records.iter().filter_map(message_in).collect();
    let mut response = DynamoDbEventResponse::default();
    if let Err(error) = send_to(queue, &messages).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "changes could not be relayed yet"
        );
        let first = event.records.first();
        let mut failure = DynamoDbBatchItemFailure::default();
        failure.item_identifier = first.map(|record| record.dynamodb.sequence_number.clone());
        response.batch_item_failures.push(failure);
    }
    response
}

/// A change that cannot be read is passed over, and told: it would hold up every change behind it.
fn message_in(record: &StreamRecord) -> Option<Message> {
    let StreamChange {
        keys,
        new_image,
        sequence_number,
    } = &record.dynamodb;
    let image = new_image.as_ref()?;
    let read = key_in(keys)
        .zip(item_in(image))
        .map(|(key, item)| message_of(&key, Some(&item)));
    match read {
        Some(Ok(message)) => message,
        Some(Err(_)) | None => {
            tracing::error!(
                stream.sequence_number = sequence_number,
                "an outbox item cannot be read and is passed over"
            );
            None
        }
    }
}
