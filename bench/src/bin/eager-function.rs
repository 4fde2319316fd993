//! A function that does nothing but has its clients of DynamoDB and SQS ready before its first event, as
//! the SDK's examples have.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

fn main() -> Result<(), Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(async {
            let settings = aws_config::from_env().load().await;
            let clients = (
                aws_sdk_dynamodb::Client::new(&settings),
                aws_sdk_sqs::Client::new(&settings),
            );
            let function = service_fn(move |event: LambdaEvent<Value>| {
                // They are kept for events to come.
                let _kept = &clients;
                async move { Ok::<_, Error>(event.payload) }
            });
            lambda_runtime::run(function).await
        })
}
