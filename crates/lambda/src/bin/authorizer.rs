//! The gateway's authorizer.

use std::sync::Arc;

use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequest;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use lastmile_edge::Keys;
use lastmile_lambda::{Parts, authorizer, start};

fn main() -> Result<(), Error> {
    start::run(async {
        let mut parts = Parts::of("authorizer");
        let context = parts.context()?;
        let keys = Arc::new(Keys::new(context.store, context.clock));
        let function = service_fn(
            move |event: LambdaEvent<ApiGatewayCustomAuthorizerRequest>| {
                let (parts, keys) = (parts.clone(), Arc::clone(&keys));
                async move {
                    let authorized = authorizer::authorize(&keys, &event.payload);
                    let outcome = parts
                        .measured(authorized, |outcome| (1, usize::from(is_failure(outcome))))
                        .await;
                    outcome.map_err(Error::from)
                }
            },
        );
        lambda_runtime::run_concurrent(function).await
    })
}

/// That somebody is not let in is no failure of the function.
fn is_failure<T>(outcome: &Result<T, authorizer::AuthorizerError>) -> bool {
    matches!(outcome, Err(authorizer::AuthorizerError::Store(_)))
}
