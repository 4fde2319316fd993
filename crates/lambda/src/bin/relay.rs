//! The relay from the table's stream to the queues.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use lastmile_lambda::relay::{RelayQueues, StreamEvent, relay};
use lastmile_lambda::{Parts, start};
use lastmile_store::QueueName;

fn main() -> Result<(), Error> {
    start::run(async {
        let parts = Parts::of("relay");
        let queues = RelayQueues {
            quotes: parts.queue(QueueName::Quotes)?,
            tasks: parts.queue(QueueName::Tasks)?,
        };
        let function = service_fn(move |event: LambdaEvent<StreamEvent>| {
            let (parts, queues) = (parts.clone(), queues.clone());
            async move {
                let changes = event.payload.records.len();
                let response = parts
                    .measured(relay(&queues, &event.payload), |response| {
                        (changes, response.batch_item_failures.len())
                    })
                    .await;
                Ok::<_, Error>(response)
            }
        });
        lambda_runtime::run(function).await
    })
}
