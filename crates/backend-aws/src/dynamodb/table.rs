//! The table itself: for tests, and for a server on an account that has none yet.
//!
//! Where the functions are deployed, the template makes the table; this makes the same one, less what
//! only an operator decides (point-in-time recovery, deletion protection, encryption, alarms).

use aws_sdk_dynamodb::operation::create_table::CreateTableError;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType, TableDescription,
    TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
};
use lastmile_store::item::{EXPIRES_AT, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK, PK, SK};
use lastmile_store::{Index, StoreError};
use thiserror::Error;

use super::error::{Missing, called, failed};
use super::{DynamoStore, limits};

/// Name of the first index.
pub const INDEX1: &str = "index1";
/// Name of the second index.
pub const INDEX2: &str = "index2";

/// A new table did not become usable in time.
#[derive(Debug, Error)]
#[error("the table {table} is not usable yet; look at its state, and try again")]
pub struct TableNotActive {
    /// Which.
    pub table: String,
}

/// The name of an index; `None` for the table.
pub(super) const fn index_name(index: Index) -> Option<&'static str> {
    match index {
        Index::Table => None,
        Index::One => Some(INDEX1),
        Index::Two => Some(INDEX2),
    }
}

impl DynamoStore {
    /// Makes the table if it is missing, and waits until it can be used: on demand, two indexes of whole
    /// items, expiry, and a stream of new and old images. A table that is there stays as it is.
    ///
    /// # Errors
    /// The call failed, or the table is not usable within a minute.
    pub async fn create_table(&self) -> Result<(), StoreError> {
        let request = self
            .client()
            .await
            .create_table()
            .table_name(&self.table)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(attributes()))
            .set_key_schema(Some(schema(PK, SK)))
            .set_global_secondary_indexes(Some(indexes()))
            .stream_specification(stream());
        let outcome = request.send().await;
        let is_there = |error: &CreateTableError| error.is_resource_in_use_exception();
        match outcome {
            Err(error) if !error.as_service_error().is_some_and(is_there) => {
                return Err(failed("CreateTable", error));
            }
            Ok(_) | Err(_) => {}
        }
        self.wait_until_active().await?;
        self.expire_items().await
    }

    /// What DynamoDB knows of the table.
    pub(super) async fn described_table(&self) -> Result<TableDescription, StoreError> {
        let request = self.client().await.describe_table().table_name(&self.table);
        let answer = called(&self.busy, "DescribeTable", || request.clone().send()).await?;
        let missing = Missing {
            call: "DescribeTable",
            part: "table",
        };
        Ok(answer.table.ok_or(missing)?)
    }

    async fn wait_until_active(&self) -> Result<(), StoreError> {
        for _ in 0..limits::TABLE_LOOKS_MAX {
            if self.described_table().await?.table_status == Some(TableStatus::Active) {
                return Ok(());
            }
            tokio::time::sleep(limits::TABLE_LOOK_INTERVAL).await;
        }
        Err(StoreError::Backend(Box::new(TableNotActive {
            table: self.table.clone(),
        })))
    }

    /// Turns expiry on. DynamoDB refuses to do it twice.
    async fn expire_items(&self) -> Result<(), StoreError> {
        let client = self.client().await;
        let asked = client.describe_time_to_live().table_name(&self.table);
        let known = called(&self.busy, "DescribeTimeToLive", || asked.clone().send()).await?;
        let status = known
            .time_to_live_description
            .and_then(|known| known.time_to_live_status);
        if matches!(
            status,
            Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)
        ) {
            return Ok(());
        }
        let expiry = TimeToLiveSpecification::builder()
            .attribute_name(EXPIRES_AT)
            .enabled(true)
            .build()
            .expect("it says which attribute and whether");
        let request = client
            .update_time_to_live()
            .table_name(&self.table)
            .time_to_live_specification(expiry);
        called(&self.busy, "UpdateTimeToLive", || request.clone().send()).await?;
        Ok(())
    }
}

fn attributes() -> Vec<AttributeDefinition> {
    [PK, SK, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK]
        .map(|name| {
            AttributeDefinition::builder()
                .attribute_name(name)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .expect("the name and the type are given")
        })
        .to_vec()
}

fn schema(pk: &str, sk: &str) -> Vec<KeySchemaElement> {
    [(pk, KeyType::Hash), (sk, KeyType::Range)]
        .map(|(name, kind)| {
            KeySchemaElement::builder()
                .attribute_name(name)
                .key_type(kind)
                .build()
                .expect("the name and the kind are given")
        })
        .to_vec()
}

fn indexes() -> Vec<GlobalSecondaryIndex> {
    [
        (INDEX1, INDEX1_PK, INDEX1_SK),
        (INDEX2, INDEX2_PK, INDEX2_SK),
    ]
    .map(|(name, pk, sk)| {
        let whole = Projection::builder().projection_type(ProjectionType::All);
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .set_key_schema(Some(schema(pk, sk)))
            .projection(whole.build())
            .build()
            .expect("the name and the schema are given")
    })
    .to_vec()
}

fn stream() -> StreamSpecification {
    StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages)
        .build()
        .expect("it is said whether the stream is on")
}
