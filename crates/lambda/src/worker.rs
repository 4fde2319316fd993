//! Work of a queue that Lambda reads: each message on its own, so that a bad one holds up no other.

use std::sync::Arc;
use std::time::Duration;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use lastmile_app::work::{Performed, Workshop};
use lastmile_store::Queue;
use lastmile_store::queue::Receipt;

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

/// Does the work of each message, one after another: a function's memory and time are for one of them.
/// Those that are to come again are reported; Lambda deletes the others.
pub async fn work(workshop: &Workshop, queue: &dyn Queue, event: &SqsEvent) -> SqsBatchResponse {
    let mut response = SqsBatchResponse::default();
    for message in &event.records {
        let body = message.body.as_deref().unwrap_or_default();
        match workshop.perform(body, tries(message)).await {
            Performed::Done => {}
            Performed::Later(rest) => {
                come_again(queue, message, rest).await;
                response.add_failure(message.message_id.clone().unwrap_or_default());
            }
        }
    }
    response
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
