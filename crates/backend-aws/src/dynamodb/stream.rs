//! `changes` from the table's stream.
//!
//! The stream holds every write of the last 24 hours; what is not an outbox item is read and left out.
//! DynamoDB puts a write that changed nothing into no stream, others do: both images are compared.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use aws_sdk_dynamodbstreams::Client;
use aws_sdk_dynamodbstreams::operation::get_records::GetRecordsOutput;
use aws_sdk_dynamodbstreams::types::{Record, Shard as DescribedShard, ShardIteratorType};
use lastmile_store::{Change, ChangePage, ChangePosition, InvalidRequest, Item, StoreError};
use tokio::sync::OnceCell;

use super::error::{Missing, called, failed, is_expired, is_trimmed, passing};
use super::stream_position::{Place, Shard, StreamPosition};
use super::{DynamoStore, item_codec, limits, timeouts};
use crate::retry::sdk_retries_off;

/// What is known of the stream between two calls. Nothing of it is needed to go on: a position is.
#[derive(Default)]
pub(super) struct Stream {
    client: OnceCell<Client>,
    arn: OnceCell<String>,
    shards: Mutex<Vec<Shard>>,
    /// Of each shard, how far it was read and the iterator that goes on there: one that found nothing
    /// yet may stand far past that place.
    iterators: Mutex<HashMap<String, (Place, String)>>,
    /// Counts the calls, so that each begins with another shard and none waits for a busy one.
    turn: AtomicUsize,
}

/// The page that a call fills.
struct Filling {
    position: StreamPosition,
    changes: Vec<Change>,
    limit: usize,
    reads_left: usize,
}

impl Filling {
    const fn is_over(&self) -> bool {
        self.changes.len() >= self.limit || self.reads_left == 0
    }
}

impl DynamoStore {
    pub(super) async fn stream_changes(
        &self,
        after: &ChangePosition,
        limit: usize,
    ) -> Result<ChangePage, StoreError> {
        let position = StreamPosition::parse(after.as_text());
        let mut filling = Filling {
            position: position.ok_or(InvalidRequest::ForeignPosition)?,
            changes: Vec::new(),
            limit,
            reads_left: limits::RECORD_READS_MAX,
        };
        let mut shards = self.shards(&filling.position).await?;
        let turn = self.stream.turn.fetch_add(1, Ordering::Relaxed);
        let mut without_more: HashSet<String> = HashSet::new();
        while !filling.is_over() {
            filling.position.settle(&shards);
            let mut open = filling.position.open();
            open.retain(|id| !without_more.contains(id));
            if open.is_empty() {
                break;
            }
            let id = open.swap_remove(turn % open.len());
            self.read_shard(&id, &mut filling).await?;
            if filling.position.place(&id) == Some(&Place::Ended) {
                shards = self.shards(&filling.position).await?;
            } else {
                without_more.insert(id);
            }
        }
        Ok(ChangePage {
            changes: filling.changes,
            next: ChangePosition::from_text(filling.position.text()),
        })
    }

    /// Reads a shard until nothing more is there, it is at its end, or the page is full.
    async fn read_shard(&self, id: &str, filling: &mut Filling) -> Result<(), StoreError> {
        while !filling.is_over() {
            filling.reads_left -= 1;
            let place = filling.position.place(id).cloned().unwrap_or(Place::Begin);
            let answer = self.records(id, &place).await?;
            let records = answer.records.unwrap_or_default();
            let found_nothing = records.is_empty();
            let mut records = records.into_iter();
            for record in records.by_ref() {
                fill(filling, id, record)?;
                if filling.changes.len() == filling.limit {
                    break;
                }
            }
            if records.len() > 0 {
                return Ok(());
            }
            match answer.next_shard_iterator {
                Some(next) => self.keep_iterator(id, &filling.position, next),
                None => {
                    filling.position.set(id, Place::Ended);
                    return Ok(());
                }
            }
            if found_nothing {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The records after a place.
    async fn records(&self, id: &str, place: &Place) -> Result<GetRecordsOutput, StoreError> {
        let client = self.stream_client().await;
        let kept = self.kept_iterator(id, place);
        let is_kept = kept.is_some();
        let iterator = match kept {
            Some(iterator) => iterator,
            None => self.iterator(id, place).await?,
        };
        let read = async |iterator: String| {
            let request = client
                .get_records()
                .shard_iterator(iterator)
                .limit(limits::RECORDS_MAX);
            let send = || request.clone().send();
            self.busy.run(send, |error| passing(error).is_some()).await
        };
        let mut outcome = read(iterator).await;
        if is_kept && outcome.as_ref().is_err_and(is_expired) {
            outcome = read(self.iterator(id, place).await?).await;
        }
        if outcome.as_ref().is_err_and(is_trimmed) {
            outcome = read(self.iterator(id, &Place::Begin).await?).await;
        }
        outcome.map_err(|error| failed("GetRecords", error))
    }

    /// A fresh iterator. What was trimmed goes on with the oldest.
    async fn iterator(&self, id: &str, place: &Place) -> Result<String, StoreError> {
        let request = self
            .stream_client()
            .await
            .get_shard_iterator()
            .stream_arn(self.stream_arn().await?)
            .shard_id(id);
        let oldest = request
            .clone()
            .shard_iterator_type(ShardIteratorType::TrimHorizon);
        let request = match place {
            Place::After(number) => request
                .shard_iterator_type(ShardIteratorType::AfterSequenceNumber)
                .sequence_number(number),
            Place::Begin | Place::Ended => oldest.clone(),
        };
        let send = || request.clone().send();
        let mut outcome = self.busy.run(send, |error| passing(error).is_some()).await;
        if outcome.as_ref().is_err_and(is_trimmed) {
            outcome = oldest.send().await;
        }
        let answer = outcome.map_err(|error| failed("GetShardIterator", error))?;
        let missing = Missing {
            call: "GetShardIterator",
            part: "iterator",
        };
        Ok(answer.shard_iterator.ok_or(missing)?)
    }

    fn kept_iterator(&self, id: &str, place: &Place) -> Option<String> {
        let iterators = &self.stream.iterators;
        let mut iterators = iterators.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, iterator) = iterators.remove(id)?;
        (kept == *place).then_some(iterator)
    }

    fn keep_iterator(&self, id: &str, position: &StreamPosition, iterator: String) {
        let Some(place) = position.place(id) else {
            return;
        };
        let iterators = &self.stream.iterators;
        let mut iterators = iterators.lock().unwrap_or_else(PoisonError::into_inner);
        iterators.insert(id.to_owned(), (place.clone(), iterator));
    }

    /// The shards as they were last seen, or as they are if that is out of date for the position.
    async fn shards(&self, position: &StreamPosition) -> Result<Vec<Shard>, StoreError> {
        let known = &self.stream.shards;
        let seen = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !seen.is_empty() && !position.outruns(&seen) {
            return Ok(seen);
        }
        let described = self.described_shards().await?;
        let ids: HashSet<&String> = described.iter().map(|shard| &shard.id).collect();
        self.stream
            .iterators
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|id, _| ids.contains(id));
        (*known.lock().unwrap_or_else(PoisonError::into_inner)).clone_from(&described);
        Ok(described)
    }

    async fn described_shards(&self) -> Result<Vec<Shard>, StoreError> {
        let client = self.stream_client().await;
        let request = client
            .describe_stream()
            .stream_arn(self.stream_arn().await?);
        let mut shards = Vec::new();
        let mut after = None;
        for _ in 0..limits::SHARD_PAGES_MAX {
            let request = request.clone().set_exclusive_start_shard_id(after);
            let answer = called(&self.busy, "DescribeStream", || request.clone().send()).await?;
            let page = answer.stream_description.ok_or(Missing {
                call: "DescribeStream",
                part: "description",
            })?;
            shards.extend(
                page.shards
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(shard),
            );
            after = page.last_evaluated_shard_id;
            if after.is_none() {
                break;
            }
        }
        Ok(shards)
    }

    async fn stream_arn(&self) -> Result<&str, StoreError> {
        let arn = async || {
            let table = self.described_table().await?;
            let missing = Missing {
                call: "DescribeTable",
                part: "stream; turn it on with new and old images",
            };
            table.latest_stream_arn.ok_or_else(|| missing.into())
        };
        self.stream
            .arn
            .get_or_try_init(arn)
            .await
            .map(String::as_str)
    }

    async fn stream_client(&self) -> &Client {
        let client = async || {
            let settings = self.connection.settings().await;
            let config = aws_sdk_dynamodbstreams::config::Builder::from(settings)
                .retry_config(sdk_retries_off())
                .timeout_config(timeouts(settings));
            Client::from_conf(config.build())
        };
        self.stream.client.get_or_init(client).await
    }
}

fn shard(described: DescribedShard) -> Option<Shard> {
    Some(Shard {
        id: described.shard_id?,
        parent: described.parent_shard_id,
    })
}

/// Goes past a record, and takes it if it is a change of an outbox item.
fn fill(filling: &mut Filling, shard: &str, record: Record) -> Result<(), StoreError> {
    let missing = |part| Missing {
        call: "GetRecords",
        part,
    };
    let record = record.dynamodb.ok_or(missing("stream record"))?;
    let number = record.sequence_number.ok_or(missing("sequence number"))?;
    filling.position.set(shard, Place::After(number));
    let image = |image: Option<HashMap<_, _>>| image.map(item_codec::decode).transpose();
    let before: Option<Item> = image(record.old_image)?;
    let after: Option<Item> = image(record.new_image)?;
    let images = [&before, &after];
    let streamed = images.into_iter().flatten().any(|item| item.streamed);
    if !streamed || before == after {
        return Ok(());
    }
    let key = item_codec::take_key(&mut record.keys.ok_or(missing("key"))?)?;
    filling.changes.push(Change {
        position: ChangePosition::from_text(filling.position.text()),
        key,
        new_image: after,
    });
    Ok(())
}
