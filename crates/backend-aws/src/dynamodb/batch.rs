//! `batch_get` and `batch_write`: what DynamoDB hands back undone is asked again.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity, WriteRequest,
};
use lastmile_store::{BatchWrite, Capacity, Consistency, Item, Metered, PrimaryKey, StoreError};

use super::error::called;
use super::{DynamoStore, capacity, item_codec};
use crate::retry::Tries;

/// DynamoDB's own limits of a batch are the contract's, so one call takes all of it.
impl DynamoStore {
    pub(super) async fn batch_get_items(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        let mut read = Metered {
            value: Vec::with_capacity(keys.len()),
            capacity: Capacity::default(),
        };
        let mut undone: Vec<_> = keys.iter().cloned().map(item_codec::key).collect();
        let mut tries = self.busy.begin();
        while !undone.is_empty() {
            let asked = undone.len();
            let keys = KeysAndAttributes::builder()
                .set_keys(Some(undone))
                .consistent_read(consistency == Consistency::Strong)
                .build()
                .expect("keys are given");
            let request = self
                .client()
                .await
                .batch_get_item()
                .request_items(&self.table, keys)
                .return_consumed_capacity(ReturnConsumedCapacity::Total);
            let answer = called(&self.busy, "BatchGetItem", || request.clone().send()).await?;
            read.capacity += capacity::read(&answer.consumed_capacity.unwrap_or_default());
            for item in of_table(answer.responses, &self.table).unwrap_or_default() {
                read.value.push(item_codec::decode(item)?);
            }
            let left = of_table(answer.unprocessed_keys, &self.table);
            undone = left.map(|left| left.keys).unwrap_or_default();
            self.before_the_rest(&mut tries, asked, undone.len())
                .await?;
        }
        Ok(read)
    }

    pub(super) async fn write_batch(
        &self,
        writes: Vec<BatchWrite>,
    ) -> Result<Capacity, StoreError> {
        let mut written = Capacity::default();
        let mut undone: Vec<_> = writes.into_iter().map(request).collect();
        let mut tries = self.busy.begin();
        while !undone.is_empty() {
            let asked = undone.len();
            let request = self
                .client()
                .await
                .batch_write_item()
                .request_items(&self.table, undone)
                .return_consumed_capacity(ReturnConsumedCapacity::Total);
            let answer = called(&self.busy, "BatchWriteItem", || request.clone().send()).await?;
            written += capacity::written(&answer.consumed_capacity.unwrap_or_default());
            undone = of_table(answer.unprocessed_items, &self.table).unwrap_or_default();
            self.before_the_rest(&mut tries, asked, undone.len())
                .await?;
        }
        Ok(written)
    }

    /// Waits before what was left undone is asked again. An answer holds 16 MB, so something may be left
    /// although nothing is busy: only answers that did nothing use up the budget.
    async fn before_the_rest<'a>(
        &'a self,
        tries: &mut Tries<'a>,
        asked: usize,
        left: usize,
    ) -> Result<(), StoreError> {
        if left == 0 {
            return Ok(());
        }
        if left < asked {
            *tries = self.busy.begin();
        }
        if tries.again().await {
            Ok(())
        } else {
            Err(StoreError::Throttled)
        }
    }
}

fn request(write: BatchWrite) -> WriteRequest {
    let request = WriteRequest::builder();
    match write {
        BatchWrite::Put(item) => {
            let put = PutRequest::builder().set_item(Some(item_codec::encode(item)));
            request.put_request(put.build().expect("an item is given"))
        }
        BatchWrite::Delete(key) => {
            let delete = DeleteRequest::builder().set_key(Some(item_codec::key(key)));
            request.delete_request(delete.build().expect("a key is given"))
        }
    }
    .build()
}

/// The part of an answer about the store's table.
fn of_table<T>(answer: Option<HashMap<String, T>>, table: &str) -> Option<T> {
    answer?.remove(table)
}
