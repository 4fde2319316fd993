//! A DynamoDB table and SQS queues, as the environment says where they are.

use std::sync::Arc;

use lastmile_app::work::Queues;
use lastmile_backend_aws::dynamodb::DynamoStore;
use lastmile_backend_aws::sqs::{QueueUrls, SqsClient, SqsQueue, setup};
use lastmile_backend_aws::{Connection, Jitter};
use lastmile_doors::SystemRandom;
use lastmile_store::{Queue, QueueName};
use thiserror::Error;

use super::{Opened, QueuePlace};
use crate::data_folder;
use crate::ending::Failure;

/// The queues of a deployment, found by their names.
pub(super) struct Sqs {
    client: Arc<SqsClient>,
    names: String,
    store: Arc<DynamoStore>,
}

/// A queue is not there.
#[derive(Debug, Error)]
#[error(
    "there is no queue {name} with its dead letters: --queues says how the names begin (the name of the stack), and \
     `lastmile serve --store dynamodb` makes them where no stack has"
)]
struct NoQueue {
    name: String,
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
    /// The queues; those that are missing are made.
    pub(super) async fn queues(&self) -> Result<Queues, Failure> {
        self.each(async |name| {
            let settings = name.settings();
            let urls = setup::find_or_create(&self.client, &self.name_of(name), settings).await?;
            Ok(urls)
        })
        .await
    }

    /// The queues, which somebody else has made.
    pub(super) async fn queues_made(&self) -> Result<Queues, Failure> {
        self.each(async |name| {
            let name = self.name_of(name);
            let found = setup::find_made(&self.client, &name).await?;
            Ok(found.ok_or(NoQueue { name })?)
        })
        .await
    }

    async fn each(
        &self,
        urls: impl AsyncFn(QueueName) -> Result<QueueUrls, Failure>,
    ) -> Result<Queues, Failure> {
        let queue = async |name| {
            let (client, urls) = (Arc::clone(&self.client), urls(name).await?);
            Ok::<Arc<dyn Queue>, Failure>(Arc::new(SqsQueue::new(client, urls, jitter())))
        };
        Ok(Queues {
            imports: queue(QueueName::Imports).await?,
            quotes: queue(QueueName::Quotes).await?,
            tasks: queue(QueueName::Tasks).await?,
        })
    }

    fn name_of(&self, queue: QueueName) -> String {
        setup::name(&self.names, queue)
    }

    /// Makes the table where it is missing.
    pub(super) async fn prepare(&self) -> Result<(), Failure> {
        Ok(self.store.create_table().await?)
    }
}

fn jitter() -> Arc<dyn Jitter> {
    Arc::new(|| SystemRandom.number())
}
