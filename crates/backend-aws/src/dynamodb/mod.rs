//! The store's contract on one DynamoDB table.
//!
//! Each call of the contract is one call of DynamoDB, tried again within a budget while the table is
//! busy or not reached. Conditions, prices and limits are DynamoDB's own; what is refused before it is
//! sent is refused by `lastmile_store::validate`, as everywhere.

use std::sync::Arc;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::Client;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Consistency, Item, Metered, Page, PrimaryKey,
    Query, Store, StoreError, TransactError, Transaction, validate,
};
use tokio::sync::OnceCell;

mod batch;
mod capacity;
mod error;
mod expression;
mod item_codec;
mod limits;
mod read;
mod stream;
mod stream_position;
mod table;
mod transaction;

pub use error::{CallFailed, Missing};
pub use table::{INDEX1, INDEX2, TableNotActive};

use crate::connection::Connection;
use crate::retry::{Jitter, Retry, sdk_retries_off};
use stream::Stream;

/// The store contract in a table. Cheap to make: nothing is read and nothing is sent before the first
/// call.
pub struct DynamoStore {
    connection: Arc<Connection>,
    table: String,
    jitter: Arc<dyn Jitter>,
    /// While the table is asked too much or not reached.
    busy: Retry,
    /// While transactions meet on an item.
    conflict: Retry,
    client: OnceCell<Client>,
    stream: Stream,
}

impl DynamoStore {
    /// The store in `table`. `jitter` spreads the waits between tries and names transactions that have
    /// no token.
    #[must_use]
    pub fn new(connection: Arc<Connection>, table: String, jitter: Arc<dyn Jitter>) -> Self {
        let busy = Retry::new(limits::BUSY, Arc::clone(&jitter));
        let conflict = Retry::new(limits::CONFLICT, Arc::clone(&jitter));
        Self {
            connection,
            table,
            jitter,
            busy,
            conflict,
            client: OnceCell::new(),
            stream: Stream::default(),
        }
    }

    async fn client(&self) -> &Client {
        let client = async || {
            let settings = self.connection.settings().await;
            let config = aws_sdk_dynamodb::config::Builder::from(settings)
                .retry_config(sdk_retries_off())
                .timeout_config(timeouts(settings));
            Client::from_conf(config.build())
        };
        self.client.get_or_init(client).await
    }
}

/// The process's own timeouts, and one for each try.
fn timeouts(settings: &SdkConfig) -> TimeoutConfig {
    let own = settings.timeout_config().map(TimeoutConfig::to_builder);
    own.unwrap_or_default()
        .operation_attempt_timeout(limits::TRY_MAX)
        .build()
}

#[async_trait]
impl Store for DynamoStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        validate::key(key)?;
        self.get_item(key, consistency).await
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        validate::batch_get(keys)?;
        self.batch_get_items(keys, consistency).await
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        validate::query(query)?;
        self.query_page(query).await
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        validate::transaction(&transaction)?;
        if transaction.writes.is_empty() {
            return Ok(Capacity::default());
        }
        self.write_transaction(transaction).await
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        validate::batch_write(&writes)?;
        self.write_batch(writes).await
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        validate::changes(limit)?;
        self.stream_changes(&after, limit).await
    }
}
