//! `changes` from the table's stream.
//!
//! The stream holds every write of the last 24 hours; what is not an outbox item is read and left out.
//! DynamoDB puts a write that changed nothing into no stream, others do: both images are compared.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// Of each shard, what was read beyond a place that was given away.
    ahead: Mutex<HashMap<String, Ahead>>,
    /// Counts the calls, so that each begins with another shard and none waits for a busy one.
    turn: AtomicUsize,
}

/// What was read of a shard beyond a place. DynamoDB gives up to 1 MB at once, which may be more than a
/// page takes.
struct Ahead {
    place: Place,
    /// The next ones after the place.
    records: VecDeque<Record>,
    /// Goes on after those; `None` at the shard's end. One that found nothing yet may stand far past the
    /// place: a fresh one would search the same way again.
    iterator: Option<String>,
}

/// The page that a call fills.
struct Filling {
    position: StreamPosition,
    changes: Vec<Change>,
    limit: usize,
    reads_left: usize,
}

impl Filling {
    const fn is_full(&self) -> bool {
        self.changes.len() >= self.limit
    }

    const fn is_over(&self) -> bool {
        self.is_full() || self.reads_left == 0
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
        let place = filling.position.place(id).cloned().unwrap_or(Place::Begin);
        let mut ahead = match self.take_ahead(id, &place) {
            Some(ahead) => ahead,
            None => Ahead {
                iterator: Some(self.iterator(id, &place).await?),
                place,
                records: VecDeque::new(),
            },
        };
        loop {
            while !filling.is_full()
                && let Some(record) = ahead.records.pop_front()
            {
                ahead.place = fill(filling, id, record)?;
            }
            if filling.is_over() {
                break;
            }
            let Some(iterator) = ahead.iterator.take() else {
                filling.position.set(id, Place::Ended);
                return Ok(());
            };
            filling.reads_left -= 1;
            let answer = self.records(id, &ahead.place, iterator).await?;
            ahead.records = answer.records.unwrap_or_default().into();
            ahead.iterator = answer.next_shard_iterator;
            if ahead.records.is_empty() && ahead.iterator.is_some() {
                break;
            }
        }
        self.keep_ahead(id, ahead);
        Ok(())
    }

    /// The next records. An iterator that was kept too long is replaced by a fresh one.
    async fn records(
        &self,
        id: &str,
        place: &Place,
        iterator: String,
    ) -> Result<GetRecordsOutput, StoreError> {
        let client = self.stream_client().await;
        let read = async |iterator: String| {
            let request = client
                .get_records()
                .shard_iterator(iterator)
                .limit(limits::RECORDS_MAX);
            let send = || request.clone().send();
            self.busy.run(send, |error| passing(error).is_some()).await
        };
        let mut outcome = read(iterator).await;
        if outcome.as_ref().is_err_and(is_expired) {
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

    /// What was read beyond a place, if that is where it goes on.
    fn take_ahead(&self, id: &str, place: &Place) -> Option<Ahead> {
        let ahead = lock(&self.stream.ahead).remove(id)?;
        (ahead.place == *place).then_some(ahead)
    }

    fn keep_ahead(&self, id: &str, ahead: Ahead) {
        lock(&self.stream.ahead).insert(id.to_owned(), ahead);
    }

    /// The shards as they were last seen, or as they are if that is out of date for the position.
    async fn shards(&self, position: &StreamPosition) -> Result<Vec<Shard>, StoreError> {
        let seen = lock(&self.stream.shards).clone();
        if !seen.is_empty() && !position.outruns(&seen) {
            return Ok(seen);
        }
        let described = self.described_shards().await?;
        let ids: HashSet<&String> = described.iter().map(|shard| &shard.id).collect();
        lock(&self.stream.ahead).retain(|id, _| ids.contains(id));
        lock(&self.stream.shards).clone_from(&described);
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

/// Goes past a record, and takes it if it is a change of an outbox item. Gives the place after it.
fn fill(filling: &mut Filling, shard: &str, record: Record) -> Result<Place, StoreError> {
    let missing = |part| Missing {
        call: "GetRecords",
        part,
    };
    let record = record.dynamodb.ok_or(missing("stream record"))?;
    let number = record.sequence_number.ok_or(missing("sequence number"))?;
    let place = Place::After(number);
    filling.position.set(shard, place.clone());
    let image = |image: Option<HashMap<_, _>>| image.map(item_codec::decode).transpose();
    let before: Option<Item> = image(record.old_image)?;
    let after: Option<Item> = image(record.new_image)?;
    let images = [&before, &after];
    let streamed = images.into_iter().flatten().any(|item| item.streamed);
    if !streamed || before == after {
        return Ok(place);
    }
    let key = item_codec::take_key(&mut record.keys.ok_or(missing("key"))?)?;
    filling.changes.push(Change {
        position: ChangePosition::from_text(filling.position.text()),
        key,
        new_image: after,
    });
    Ok(place)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
