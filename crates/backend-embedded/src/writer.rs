//! The one writer: joins waiting writes into groups, each one durable commit.
//!
//! Everything in a group is applied in the order it was asked for, inside one transaction of the engine,
//! and is acknowledged after that transaction is synced to disk. So a hundred callers pay for one sync.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use lastmile_store::decide::{self, Effect};
use lastmile_store::{
    BatchWrite, Capacity, Clock, Item, PrimaryKey, QueueName, StoreError, TransactError,
    TransactWrite, Transaction, limits,
};
use redb::{Database, ReadableDatabase, ReadableTable};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::error::{Closed, EngineError};
use crate::housekeeping::Due;
use crate::limits::{GROUP_BYTES_MAX, GROUP_REQUESTS_MAX, GROUPS_PER_HOUSEKEEPING};
use crate::queue::{Arrivals, QueueChange, QueueReply, QueueWork};
use crate::reader::corrupt;
use crate::tables::{Snapshot, Writable, WriteTables};
use crate::token::{self, Fingerprint};
use crate::{feed, item_codec, key_codec};

/// Name in the meta table of the last position given in the change feed (8 bytes, big-endian).
const LAST_CHANGE: &[u8] = b"last_change";

/// A write that waits.
pub(crate) struct Request {
    pub(crate) work: Work,
    /// What it weighs in a group.
    pub(crate) bytes: usize,
    /// Its place in the queue, given back when it was answered.
    pub(crate) place: OwnedSemaphorePermit,
}

/// What is asked, and whom to answer.
pub(crate) enum Work {
    Transact(
        PreparedTransaction,
        oneshot::Sender<Result<Capacity, TransactError>>,
    ),
    Batch(
        Vec<PreparedWrite>,
        oneshot::Sender<Result<Capacity, StoreError>>,
    ),
    Queue(Box<dyn QueueWork>),
}

/// A transaction, with what its caller could work out beforehand.
pub(crate) struct PreparedTransaction {
    transaction: Transaction,
    fingerprint: Option<Fingerprint>,
}

impl PreparedTransaction {
    pub(crate) fn new(transaction: Transaction) -> Self {
        let hash = |_: &String| token::fingerprint(&transaction.writes);
        let fingerprint = transaction.token.as_ref().map(hash);
        Self {
            transaction,
            fingerprint,
        }
    }
}

/// A write of a batch as bytes, so that the writer's thread does not have to encode it.
pub(crate) struct PreparedWrite {
    key_bytes: Vec<u8>,
    after: After,
}

/// What becomes of an item, with its bytes.
enum After {
    Stored { item: Item, bytes: Vec<u8> },
    Removed { key: PrimaryKey },
}

impl PreparedWrite {
    pub(crate) fn new(write: BatchWrite) -> Self {
        match write {
            BatchWrite::Put(item) => Self::stored(item),
            BatchWrite::Delete(key) => Self::removed(key),
        }
    }

    fn stored(item: Item) -> Self {
        Self {
            key_bytes: key_codec::item_key(&item.key),
            after: After::Stored {
                bytes: item_codec::encode(&item),
                item,
            },
        }
    }

    fn removed(key: PrimaryKey) -> Self {
        Self {
            key_bytes: key_codec::item_key(&key),
            after: After::Removed { key },
        }
    }

    /// Bytes that the write adds to a group.
    pub(crate) const fn bytes(&self) -> usize {
        self.key_bytes.len()
            + match &self.after {
                After::Stored { item: _, bytes } => bytes.len(),
                After::Removed { key: _ } => 0,
            }
    }
}

/// The newest commit that readers may see.
pub(crate) type Newest = RwLock<Arc<Snapshot>>;

/// The thread's own state.
pub(crate) struct Writer {
    pub(crate) database: Database,
    /// Released after the file is closed.
    pub(crate) lock: File,
    pub(crate) newest: Arc<Newest>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) housekeeping_interval: Duration,
    /// Told of what comes into a queue.
    pub(crate) arrivals: Arc<Arrivals>,
}

impl Writer {
    /// Works until all senders are gone and everything they sent is answered, then closes the file.
    pub(crate) fn run(self, requests: &Receiver<Request>) {
        let mut groups_since_housekeeping = 0;
        let mut due = Due::Nothing;
        let mut settled = true;
        loop {
            let patience = match due {
                Due::More => Duration::ZERO,
                Due::Nothing | Due::Removed => self.housekeeping_interval,
            };
            let idle = match requests.recv_timeout(patience) {
                Ok(first) => {
                    self.commit_group(collect_group(first, requests));
                    settled = false;
                    false
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => break,
            };
            groups_since_housekeeping += 1;
            if idle || groups_since_housekeeping >= GROUPS_PER_HOUSEKEEPING {
                groups_since_housekeeping = 0;
                due = self.housekeep();
                settled &= due == Due::Nothing;
            }
            if idle && !settled && due != Due::More {
                self.settle();
                settled = true;
            }
        }
        if let Err(error) = self.database.close() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "store.close.failed"
            );
        }
        drop(self.lock);
    }

    /// Messages that an earlier process had in work are nobody's any more: this one has the file to itself.
    pub(crate) fn release_work(&self) -> Result<(), EngineError> {
        let snapshot = self.newest.read();
        let snapshot = Arc::clone(&snapshot.unwrap_or_else(PoisonError::into_inner));
        if !snapshot.has_work()? {
            return Ok(());
        }
        self.write(|tables, now| {
            for queue in QueueName::ALL {
                QueueChange::new(tables.queues()?, queue, now).release()?;
            }
            Ok(())
        })
    }

    /// Commits a group and answers its writes.
    fn commit_group(&self, mut group: VecDeque<Request>) {
        let mut answers = Vec::with_capacity(group.len());
        let committed = self.write(|tables, now| {
            while let Some(Request {
                work,
                bytes: _,
                place,
            }) = group.pop_front()
            {
                let (answer, applied) = apply(tables, work, now);
                answers.push((place, answer));
                applied?;
            }
            Ok(())
        });
        if let Err(error) = &committed {
            tracing::error!(
                error = error as &dyn std::error::Error,
                "store.commit.failed"
            );
        }
        // Those that a failing engine kept from being tried.
        answers.extend(
            group
                .into_iter()
                .map(|request| (request.place, request.work.untried())),
        );
        for (_place, answer) in answers {
            answer.give(committed.as_ref().err(), &self.arrivals);
        }
    }

    /// Saves in the file what a start after a kill would otherwise have to work out from all of it. Too
    /// dear for every commit, so it is done when there is nothing else to do.
    fn settle(&self) {
        let commit = || -> Result<(), EngineError> {
            let mut transaction = self.database.begin_write()?;
            transaction.set_quick_repair(true);
            Ok(transaction.commit()?)
        };
        if let Err(error) = commit() {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "store.settle.failed"
            );
        }
    }

    /// Runs work in one durable transaction and shows the result to readers.
    pub(crate) fn write(
        &self,
        work: impl FnOnce(&mut WriteTables<'_>, Timestamp) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        let transaction = self.database.begin_write()?;
        {
            let mut tables = WriteTables::open(&transaction)?;
            work(&mut tables, now)?;
        }
        transaction.commit()?;
        let snapshot = Arc::new(Snapshot::open(self.database.begin_read()?)?);
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = snapshot;
        Ok(())
    }
}

/// Everything that waits, up to a group's limits.
fn collect_group(first: Request, requests: &Receiver<Request>) -> VecDeque<Request> {
    let mut bytes = first.bytes;
    let mut group = VecDeque::from([first]);
    while group.len() < GROUP_REQUESTS_MAX && bytes < GROUP_BYTES_MAX {
        let Ok(next) = requests.try_recv() else {
            break;
        };
        bytes += next.bytes;
        group.push_back(next);
    }
    group
}

/// An answer that waits for its commit.
enum Answer {
    Transact(
        oneshot::Sender<Result<Capacity, TransactError>>,
        Result<Capacity, TransactError>,
    ),
    Batch(
        oneshot::Sender<Result<Capacity, StoreError>>,
        Result<Capacity, StoreError>,
    ),
    Queue(Box<dyn QueueReply>),
}

impl Answer {
    /// Answers, unless the caller has gone. If the commit failed, that is the answer.
    fn give(self, failure: Option<&EngineError>, arrivals: &Arrivals) {
        let store_failure = failure.map(|error| StoreError::from(error.clone()));
        match (self, store_failure) {
            (Self::Queue(reply), _) => reply.give(failure, arrivals),
            (Self::Transact(caller, answer), None) => drop(caller.send(answer)),
            (Self::Transact(caller, _), Some(failure)) => drop(caller.send(Err(failure.into()))),
            (Self::Batch(caller, answer), None) => drop(caller.send(answer)),
            (Self::Batch(caller, _), Some(failure)) => drop(caller.send(Err(failure))),
        }
    }
}

impl Work {
    /// The answer of a write that was not tried; the failure of its group takes its place.
    fn untried(self) -> Answer {
        match self {
            Self::Transact(_, caller) => {
                Answer::Transact(caller, Err(StoreError::from(Closed).into()))
            }
            Self::Batch(_, caller) => Answer::Batch(caller, Err(Closed.into())),
            Self::Queue(work) => Answer::Queue(work.untried()),
        }
    }
}

/// Applies one write. What concerns only this write is in its answer; a failing engine fails the group.
fn apply(
    tables: &mut WriteTables<'_>,
    work: Work,
    now: Timestamp,
) -> (Answer, Result<(), EngineError>) {
    let now_second = now.as_second();
    match work {
        Work::Batch(writes, caller) => {
            let (answer, applied) = settled(tables.batch(writes, now_second));
            (Answer::Batch(caller, answer), applied)
        }
        Work::Transact(prepared, caller) => {
            let (answer, applied) = settled(tables.transact(prepared, now_second));
            (Answer::Transact(caller, answer), applied)
        }
        Work::Queue(work) => match tables.queues() {
            Ok(queues) => {
                let (reply, applied) = work.apply(queues, now);
                (Answer::Queue(reply), applied)
            }
            Err(error) => (Answer::Queue(work.untried()), Err(error.into())),
        },
    }
}

/// Parts what the caller is told from what the group must know.
fn settled<E: From<StoreError>>(
    outcome: Result<Capacity, Failure<E>>,
) -> (Result<Capacity, E>, Result<(), EngineError>) {
    match outcome {
        Ok(capacity) => (Ok(capacity), Ok(())),
        Err(Failure::Write(error)) => (Err(error), Ok(())),
        Err(Failure::Engine(error)) => (Err(StoreError::from(error.clone()).into()), Err(error)),
    }
}

/// Why a write was not applied.
enum Failure<E> {
    /// Nothing of the group can be.
    Engine(EngineError),
    /// It cannot be; the others of the group can.
    Write(E),
}

impl<E> From<EngineError> for Failure<E> {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl<E> From<redb::StorageError> for Failure<E> {
    fn from(error: redb::StorageError) -> Self {
        Self::Engine(error.into())
    }
}

impl WriteTables<'_> {
    fn batch(
        &mut self,
        writes: Vec<PreparedWrite>,
        now_second: i64,
    ) -> Result<Capacity, Failure<StoreError>> {
        let mut capacity = Capacity::default();
        for write in writes {
            let before = self.replace(&write)?.map_err(Failure::Write)?;
            let after = write.after.item();
            capacity += Capacity::of_write(before.as_ref(), after);
            self.follow(&write, before.as_ref(), now_second)?;
        }
        Ok(capacity)
    }

    fn transact(
        &mut self,
        prepared: PreparedTransaction,
        now_second: i64,
    ) -> Result<Capacity, Failure<TransactError>> {
        let PreparedTransaction {
            transaction: Transaction { writes, token },
            fingerprint,
        } = prepared;
        let keys: Vec<PrimaryKey> = writes.iter().map(|write| write.key().clone()).collect();
        let mut current = Vec::with_capacity(keys.len());
        for key in &keys {
            current.push(
                self.current(key)?
                    .map_err(|error| Failure::Write(error.into()))?,
            );
        }
        let token = token.as_deref().zip(fingerprint.as_ref());
        if let Some((token, fingerprint)) = token {
            match self.token_use(token, fingerprint, now_second)? {
                TokenUse::New => {}
                TokenUse::Repeated => {
                    let weights = current
                        .iter()
                        .map(|item| item.as_ref().map_or(0, Item::weight));
                    return Ok(weights.map(Capacity::of_repeated_write).sum());
                }
                TokenUse::Other => return Err(Failure::Write(TransactError::TokenReused)),
            }
        }
        let decision = decide::transaction(writes, &current).map_err(Failure::Write)?;
        for ((key, effect), before) in keys.into_iter().zip(decision.effects).zip(&current) {
            let write = match effect {
                Effect::Kept => continue,
                Effect::Stored(item) => PreparedWrite::stored(item),
                Effect::Removed => PreparedWrite::removed(key),
            };
            self.put_or_remove(&write)?;
            self.follow(&write, before.as_ref(), now_second)?;
        }
        if let Some((token, fingerprint)) = token {
            self.remember_token(token, fingerprint, now_second)?;
        }
        Ok(decision.capacity)
    }

    /// The item as the writes before this one left it; the inner error says that it is damaged.
    fn current(&self, key: &PrimaryKey) -> Result<Result<Option<Item>, StoreError>, EngineError> {
        let bytes = key_codec::item_key(key);
        let Some(found) = self.items.get(bytes.as_slice())? else {
            return Ok(Ok(None));
        };
        let item = item_codec::decode(key.clone(), found.value());
        Ok(item.map(Some).ok_or_else(|| corrupt(&bytes)))
    }

    /// Writes the item and gives back the one before; the inner error says that that one was damaged.
    fn replace(
        &mut self,
        write: &PreparedWrite,
    ) -> Result<Result<Option<Item>, StoreError>, EngineError> {
        let key_bytes = write.key_bytes.as_slice();
        let (before, key) = match &write.after {
            After::Stored { item, bytes } => {
                (self.items.insert(key_bytes, bytes.as_slice())?, &item.key)
            }
            After::Removed { key } => (self.items.remove(key_bytes)?, key),
        };
        let Some(before) = before else {
            return Ok(Ok(None));
        };
        let item = item_codec::decode(key.clone(), before.value());
        Ok(item.map(Some).ok_or_else(|| corrupt(key_bytes)))
    }

    fn put_or_remove(&mut self, write: &PreparedWrite) -> Result<(), EngineError> {
        let key_bytes = write.key_bytes.as_slice();
        match &write.after {
            After::Stored { item: _, bytes } => self.items.insert(key_bytes, bytes.as_slice())?,
            After::Removed { key: _ } => self.items.remove(key_bytes)?,
        };
        Ok(())
    }

    /// Lets the other tables follow an item that was written.
    fn follow(
        &mut self,
        write: &PreparedWrite,
        before: Option<&Item>,
        now_second: i64,
    ) -> Result<(), EngineError> {
        let after = write.after.item();
        if before == after {
            return Ok(());
        }
        let records = |item: Option<&Item>| item.map(|item| Records::of(item, &write.key_bytes));
        let (old, new) = (
            records(before).unwrap_or_default(),
            records(after).unwrap_or_default(),
        );
        move_record(&mut self.index1, old.index1, new.index1)?;
        move_record(&mut self.index2, old.index2, new.index2)?;
        move_record(&mut self.expiries, old.expiry, new.expiry)?;
        if [before, after]
            .into_iter()
            .flatten()
            .any(|item| item.streamed)
        {
            self.push_change(write, now_second)?;
        }
        Ok(())
    }

    fn push_change(&mut self, write: &PreparedWrite, now_second: i64) -> Result<(), EngineError> {
        let last = self.meta.get(LAST_CHANGE)?.map_or(0, |last| {
            last.value().try_into().map_or(0, u64::from_be_bytes)
        });
        let position = (last + 1).to_be_bytes();
        let image = match &write.after {
            After::Stored { item: _, bytes } => Some(bytes.as_slice()),
            After::Removed { key: _ } => None,
        };
        let change = feed::encode(now_second, &write.key_bytes, image);
        self.changes
            .insert(position.as_slice(), change.as_slice())?;
        self.meta.insert(LAST_CHANGE, position.as_slice())?;
        Ok(())
    }

    fn token_use(
        &self,
        token: &str,
        fingerprint: &Fingerprint,
        now_second: i64,
    ) -> Result<TokenUse, EngineError> {
        let record = self.tokens.get(token.as_bytes())?;
        let record = record.as_ref().map(redb::AccessGuard::value);
        Ok(
            match record.and_then(|record| token::remembered(record, now_second)) {
                None => TokenUse::New,
                Some(used_for) if used_for == fingerprint => TokenUse::Repeated,
                Some(_) => TokenUse::Other,
            },
        )
    }

    fn remember_token(
        &mut self,
        token: &str,
        fingerprint: &Fingerprint,
        now_second: i64,
    ) -> Result<(), EngineError> {
        let forgotten_at = now_second + limits::TOKEN_KEPT_SECONDS;
        let record = token::encode(forgotten_at, fingerprint);
        self.tokens.insert(token.as_bytes(), record.as_slice())?;
        let expiry = key_codec::expiry(forgotten_at, token.as_bytes());
        self.token_expiries
            .insert(expiry.as_slice(), [].as_slice())?;
        Ok(())
    }

    /// Forgets a token, unless it was used anew since.
    pub(crate) fn forget_token(
        &mut self,
        token: &[u8],
        now_second: i64,
    ) -> Result<(), EngineError> {
        let in_use = {
            let record = self.tokens.get(token)?;
            record.is_some_and(|record| token::remembered(record.value(), now_second).is_some())
        };
        if !in_use {
            self.tokens.remove(token)?;
        }
        Ok(())
    }

    /// Removes an item because its time has come, if it is still due.
    pub(crate) fn expire(&mut self, item_key: &[u8], now_second: i64) -> Result<(), EngineError> {
        let Some(key) = key_codec::read_item_key(item_key) else {
            return Ok(());
        };
        let before = match self.current(&key)? {
            Ok(Some(item)) if item.expires_at.is_some_and(|at| at <= now_second) => item,
            Ok(_) => return Ok(()),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "store.expire.failed"
                );
                return Ok(());
            }
        };
        let write = PreparedWrite::removed(key);
        self.put_or_remove(&write)?;
        self.follow(&write, Some(&before), now_second)
    }
}

/// What became of a transaction's token before.
enum TokenUse {
    New,
    Repeated,
    Other,
}

impl After {
    const fn item(&self) -> Option<&Item> {
        match self {
            Self::Stored { item, bytes: _ } => Some(item),
            Self::Removed { key: _ } => None,
        }
    }
}

/// The records that an item has beside itself.
#[derive(Default)]
struct Records {
    index1: Option<Vec<u8>>,
    index2: Option<Vec<u8>>,
    expiry: Option<Vec<u8>>,
}

impl Records {
    fn of(item: &Item, key_bytes: &[u8]) -> Self {
        let entry = |place| key_codec::index_entry(place, &item.key);
        Self {
            index1: item.index1.as_ref().map(entry),
            index2: item.index2.as_ref().map(entry),
            expiry: item
                .expires_at
                .map(|second| key_codec::expiry(second, key_bytes)),
        }
    }
}

/// Puts a record without a value in another's place.
fn move_record(
    table: &mut Writable<'_>,
    old: Option<Vec<u8>>,
    new: Option<Vec<u8>>,
) -> Result<(), EngineError> {
    if old == new {
        return Ok(());
    }
    if let Some(old) = old {
        table.remove(old.as_slice())?;
    }
    if let Some(new) = new {
        table.insert(new.as_slice(), [].as_slice())?;
    }
    Ok(())
}

/// About what a write of a transaction adds to a group.
pub(crate) fn bytes(write: &TransactWrite) -> usize {
    match write {
        TransactWrite::Put { item, condition: _ } => item.weight(),
        TransactWrite::Update { set, .. } => set
            .iter()
            .map(|(name, value)| name.len() + value.weight())
            .sum(),
        TransactWrite::Delete { .. } | TransactWrite::Check { .. } => 0,
    }
}
