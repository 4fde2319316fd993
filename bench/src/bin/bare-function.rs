//! A function that does nothing: what a start costs at least.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

fn main() -> Result<(), Error> {
    let function = service_fn(async |event: LambdaEvent<Value>| Ok::<_, Error>(event.payload));
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(lambda_runtime::run(function))
}
