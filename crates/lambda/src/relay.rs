//! From the table's stream to the queues: the relay where Lambda reads the change feed.

use std::sync::Arc;

use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lastmile_app::work::relay::{by_queue, message_of, send_to};
use lastmile_store::message::Message;
use lastmile_store::{Queue, QueueError, QueueName};
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

/// The queues that changes of the table lead to; cheap to clone. Lists are told of by the bucket.
#[derive(Clone)]
pub struct RelayQueues {
    /// [`QueueName::Quotes`].
    pub quotes: Arc<dyn Queue>,
    /// [`QueueName::Tasks`].
    pub tasks: Arc<dyn Queue>,
}

impl RelayQueues {
    /// The queue of this name; `None` where no change leads to it.
    fn named(&self, name: QueueName) -> Option<&dyn Queue> {
        match name {
            QueueName::Imports => None,
            QueueName::Quotes => Some(self.quotes.as_ref()),
            QueueName::Tasks => Some(self.tasks.as_ref()),
        }
    }
}

/// Sends the messages that the changes ask for, each to its queue. Where that fails, all of the changes are
/// given again from the first: a message that was sent twice is done once.
pub async fn relay(queues: &RelayQueues, event: &StreamEvent) -> DynamoDbEventResponse {
    let messages: Vec<Message> = event.records.iter().filter_map(message_in).collect();
    let mut response = DynamoDbEventResponse::default();
    if let Err(error) = send(queues, &messages).await {
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

async fn send(queues: &RelayQueues, messages: &[Message]) -> Result<(), QueueError> {
    for (name, own) in by_queue(messages) {
        match queues.named(name) {
            Some(queue) => send_to(queue, &own).await?,
            None => tracing::error!(
                queue = name.as_str(),
                messages = own.len(),
                "changes ask for messages of a queue that they do not lead to"
            ),
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use lastmile_model::availability::task::TaskKind;
    use lastmile_model::identity::TenantId;
    use lastmile_store::key::{Errand, Key};
    use lastmile_store::queue::QUEUE_BATCH_MAX;
    use lastmile_store::record::quotes::StoredErrand;
    use lastmile_store::record::tasks::Waiting;
    use lastmile_store::{Clock, PrimaryKey};
    use lastmile_testkit::queue::MemoryQueue;
    use lastmile_testkit::store::ManualClock;
    use serde_json::{Value, json};

    use super::*;

    /// A change that made an item with this value.
    fn made(PrimaryKey { pk, sk }: PrimaryKey, value: &Value) -> Value {
        let pk = pk.as_str();
        json!({"dynamodb": {
            "Keys": {"pk": {"S": pk}, "sk": {"S": sk}},
            "NewImage": {"pk": {"S": pk}, "sk": {"S": sk}, "st": {"BOOL": true}, "v": value},
            "SequenceNumber": "1",
        }})
    }

    async fn received(queue: &dyn Queue) -> Vec<Message> {
        let received = queue.receive(QUEUE_BATCH_MAX, Duration::ZERO).await;
        let received = received.expect("a queue in memory");
        let read = received.iter().map(|one| Message::read(&one.body));
        read.map(|message| message.expect("a message")).collect()
    }

    #[tokio::test]
    async fn each_message_goes_to_its_queue() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new());
        let queue = |name: QueueName| Arc::new(MemoryQueue::new(name.settings(), clock.clone()));
        let queues = RelayQueues {
            quotes: queue(QueueName::Quotes),
            tasks: queue(QueueName::Tasks),
        };
        let tenant = TenantId::new("north").expect("a name");
        let waiting = Waiting {
            tenant: tenant.clone(),
            kind: TaskKind::Check,
            id: "019cb391f0e000000000000000000001".parse().expect("an id"),
        };
        let stored = StoredErrand {
            tenant,
            id: "019cb391f0e000000000000000000002".parse().expect("an id"),
            errand: Errand::AskSuppliers(3),
        };
        let (id, errand) = (stored.id, stored.errand.clone());
        // A map of the tenant and the kind, in CBOR.
        let value = json!({"B": STANDARD.encode(b"\xa2\x00\x65north\x01\x01")});
        let event = json!({"Records": [
            made(Key::QuoteErrand { id, errand: &errand }.primary(), &json!({"S": "north"})),
            made(Key::WaitingTask { id: waiting.id }.primary(), &value),
        ]});
        let event: StreamEvent = serde_json::from_value(event).expect("an event");
        let response = relay(&queues, &event).await;
        assert!(response.batch_item_failures.is_empty());
        let quotes = received(queues.quotes.as_ref()).await;
        assert_eq!(quotes, [Message::RunErrand(stored)]);
        let tasks = received(queues.tasks.as_ref()).await;
        assert_eq!(tasks, [Message::AnswerTask(waiting)]);
    }
}
