//! Work of a queue that Lambda reads: each message by itself, so that a bad one holds up no other.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures_util::future::join_all;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use lastmile_app::work::{Performed, Workshop};
use lastmile_store::Queue;
use lastmile_store::queue::Receipt;

use crate::providers_file::ProvidersFile;
use crate::start::Parts;

/// Attribute of a message that says how often it was received, this time included.
const RECEIVE_COUNT: &str = "ApproximateReceiveCount";

/// Works until Lambda ends the function.
///
/// # Errors
/// Whatever the runtime says.
pub async fn serve(parts: Parts, workshop: Workshop, queue: Arc<dyn Queue>) -> Result<(), Error> {
    let function = service_fn(move |event: LambdaEvent<SqsEvent>| {
        let (parts, workshop, queue) = (parts.clone(), workshop.clone(), Arc::clone(&queue));
        async move {
            let messages = event.payload.records.len();
            let worked = work(&workshop, queue.as_ref(), &event.payload);
            let response = parts
                .measured(worked, |response| {
                    (messages, response.batch_item_failures.len())
                })
                .await;
            Ok::<_, Error>(response)
        }
    });
    lambda_runtime::run(function).await
}

/// Works until Lambda ends the function, in the workshop that is made of the providers file. A file that
/// cannot be used fails the whole batch, so that its messages wait for a better one.
///
/// # Errors
/// As [`serve`].
pub async fn serve_by_providers(
    parts: Parts,
    file: ProvidersFile<Workshop>,
    queue: Arc<dyn Queue>,
) -> Result<(), Error> {
    let file = Arc::new(file);
    let function = service_fn(move |event: LambdaEvent<SqsEvent>| {
        let (parts, file, queue) = (parts.clone(), Arc::clone(&file), Arc::clone(&queue));
        async move {
            let messages = event.payload.records.len();
            let worked = async {
                let workshop = file.current().await?;
                Ok(work_at_once(&workshop, queue.as_ref(), &event.payload).await)
            };
            parts
                .measured(worked, |worked: &Result<SqsBatchResponse, Error>| {
                    let failures = worked.as_ref().map(|done| done.batch_item_failures.len());
                    (messages, failures.unwrap_or(messages))
                })
                .await
        }
    });
    lambda_runtime::run(function).await
}

/// Does the work of each message, one after another: a function's memory and time are for one of them.
/// Those that are to come again are reported; Lambda deletes the others.
pub async fn work(workshop: &Workshop, queue: &dyn Queue, event: &SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in &event.records {
        if let Some(failed) = perform(workshop, queue, message).await {
            response.add_failure(failed);
        }
    }
    response
}

/// Does the work of all messages at once: it is waiting for others more than anything, which costs the same for
/// ten as for one, and takes no longer than the longest of them.
pub async fn work_at_once(
    workshop: &Workshop,
    queue: &dyn Queue,
    event: &SqsEvent,
) -> SqsBatchResponse {
    let all = event.records.iter();
    let worked = join_all(all.map(|message| perform(workshop, queue, message))).await;
    let mut response = SqsBatchResponse::default();
    for failed in worked.into_iter().flatten() {
        response.add_failure(failed);
    }
    response
}

/// Does the work of a message; its id, where it is to come again.
async fn perform(workshop: &Workshop, queue: &dyn Queue, message: &SqsMessage) -> Option<String> {
    let body = message.body.as_deref().unwrap_or_default();
    match workshop.perform(body, tries(message)).await {
        Performed::Done => None,
        Performed::Later(rest) => {
            come_again(queue, message, rest).await;
            Some(message.message_id.clone().unwrap_or_default())
        }
    }
}

fn tries(message: &SqsMessage) -> u32 {
    let count = message.attributes.get(RECEIVE_COUNT);
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Without this the message would come again only when its visibility timeout is over, which is made for
/// the longest work.
async fn come_again(queue: &dyn Queue, message: &SqsMessage, rest: Duration) {
    let Some(receipt) = message.receipt_handle.clone() else {
        return;
    };
    let receipt = Receipt::from_text(receipt);
    if let Err(error) = queue.change_visibility(&receipt, rest).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a message comes again later than it might"
        );
    }
}

#[cfg(test)]
mod tests {
    use lastmile_app::Context;
    use lastmile_app::availability::Availability;
    use lastmile_app::quotes::{Panel, QuoteDesk, Quotes};
    use lastmile_store::{Clock, QueueName};
    use lastmile_testkit::chance::Counting;
    use lastmile_testkit::queue::MemoryQueue;
    use lastmile_testkit::store::{ManualClock, MemoryStore};
    use serde_json::json;

    use super::*;

    /// Of a batch only the message comes again that nobody can read: the quote of the other one is gone, so that
    /// there is nothing to do.
    #[tokio::test]
    async fn a_message_that_failed_is_reported_and_no_other() {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new());
        let store = Arc::new(MemoryStore::new(Arc::clone(&clock)));
        let context = Context::new(store, Arc::clone(&clock), Arc::new(Counting::default()));
        let queue: Arc<dyn Queue> = Arc::new(MemoryQueue::new(QueueName::Quotes.settings(), clock));
        let availability = Availability::new(context);
        let quotes = Quotes {
            availability: availability.clone(),
            panel: Arc::new(Panel::default()),
        };
        let workshop = Workshop::default().quotes(QuoteDesk::new(quotes, Arc::clone(&queue)));
        let gone =
            r#"{"work":"start-quote","tenant":"north","quote":"019cb391f0e000000000000000000001"}"#;
        let message = |id: &str, body: &str| {
            let attributes = json!({"ApproximateReceiveCount": "2"});
            json!({"messageId": id, "receiptHandle": id, "body": body, "attributes": attributes})
        };
        let event =
            json!({"Records": [message("1", gone), message("2", "poison"), message("3", gone)]});
        let event: SqsEvent = serde_json::from_value(event).expect("an event");
        for response in [
            work(&workshop, queue.as_ref(), &event).await,
            work_at_once(&workshop, queue.as_ref(), &event).await,
        ] {
            let failures = response.batch_item_failures.iter();
            let failed: Vec<_> = failures.map(|one| one.item_identifier.as_str()).collect();
            assert_eq!(failed, ["2"]);
        }
    }
}
