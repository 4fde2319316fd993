//! A DynamoDB table and SQS queues, as the environment says where they are.

use std::sync::Arc;

use lastmile_app::work::Queues;
use lastmile_backend_aws::dynamodb::DynamoStore;
use lastmile_backend_aws::sqs::{SqsClient, SqsQueue, setup};
use lastmile_backend_aws::{Connection, Jitter};
use lastmile_doors::SystemRandom;
use lastmile_store::{Queue, QueueName};

use super::{Opened, QueuePlace};
use crate::data_folder;
use crate::ending::Failure;

/// The queues of a deployment, found by their names.
pub(super) struct Sqs {
    client: Arc<SqsClient>,
    names: String,
    store: Arc<DynamoStore>,
}

/// Connects to nothing yet.
pub(super) fn open(table: &str, queues: &str) -> Result<Opened, Failure> {
    let connection = Arc::new(Connection::from_environment());
    let store = DynamoStore::new(Arc::clone(&connection), table.to_owned(), jitter());
    let store = Arc::new(store);
    Ok(Opened {
        context: data_folder::context(Arc::clone(&store) as Arc<_>),
        queues: QueuePlace::Sqs(Sqs {
            client: Arc::new(SqsClient::new(connection)),
            names: queues.to_owned(),
            store,
        }),
    })
}

impl Sqs {
    pub(super) async fn queues(&self) -> Result<Queues, Failure> {
        Ok(Queues {
            imports: self.queue(QueueName::Imports).await?,
            quotes: self.queue(QueueName::Quotes).await?,
            tasks: self.queue(QueueName::Tasks).await?,
        })
    }

    /// Makes the table where it is missing.
    pub(super) async fn prepare(&self) -> Result<(), Failure> {
        Ok(self.store.create_table().await?)
    }

    async fn queue(&self, queue: QueueName) -> Result<Arc<dyn Queue>, Failure> {
        let name = setup::name(&self.names, queue);
        let urls = setup::find_or_create(&self.client, &name, queue.settings()).await?;
        Ok(Arc::new(SqsQueue::new(
            Arc::clone(&self.client),
            urls,
            jitter(),
        )))
    }
}

fn jitter() -> Arc<dyn Jitter> {
    Arc::new(|| SystemRandom.number())
}
