//! The client of SQS, and what its failures mean.

use std::error::Error;
use std::sync::Arc;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::Builder;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use lastmile_store::queue::QueueError;
use tokio::sync::OnceCell;

use crate::connection::Connection;
use crate::retry::{Passing, sdk_retries_off};

/// One client for all queues of a process, built at the first call.
pub struct SqsClient {
    connection: Arc<Connection>,
    client: OnceCell<Client>,
}

impl SqsClient {
    /// Over a connection. Nothing is built yet.
    #[must_use]
    pub const fn new(connection: Arc<Connection>) -> Self {
        Self {
            connection,
            client: OnceCell::const_new(),
        }
    }

    pub(super) async fn get(&self) -> &Client {
        self.client
            .get_or_init(|| async {
                let settings = Builder::from(self.connection.settings().await);
                Client::from_conf(settings.retry_config(sdk_retries_off()).build())
            })
            .await
    }
}

/// The failure of a call that is not tried again.
pub(super) fn failed<E>(error: SdkError<E>) -> QueueError
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    match Passing::of(&error) {
        Some(Passing::Busy) => QueueError::Throttled,
        Some(Passing::Lost) | None => QueueError::Backend(Box::new(error)),
    }
}

/// A request that the SDK could not build.
pub(super) fn not_built(error: aws_sdk_sqs::error::BuildError) -> QueueError {
    QueueError::Backend(Box::new(error))
}
