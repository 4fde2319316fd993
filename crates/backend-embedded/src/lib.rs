//! The contracts of store and queue on local disk.
//!
//! One file, one writer, many readers. A write goes to the writer's thread, which joins what waits into
//! one transaction of the engine (`writer`); a read looks at the newest commit, at once and on the
//! caller's thread: it takes microseconds while the pages it needs are in memory.
//!
//! **Durability.** A write is acknowledged after `fsync` (`fdatasync` where the system has it) returned
//! for the commit that holds it. So an acknowledged write survives the end of the process at any moment
//! (`kill -9`), and a power loss if the disk keeps what it has confirmed. A write that was not yet
//! acknowledged is there as a whole or not at all. After a process was killed while it wrote, the next
//! start checks the whole file, which takes time in proportion to its size; after a clean end, or a kill
//! while the store was idle, it does not.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use async_trait::async_trait;
use lastmile_store::{
    BatchWrite, Capacity, ChangePage, ChangePosition, Clock, Consistency, Item, Metered, Page,
    PrimaryKey, Query, Store, StoreError, TransactError, Transaction, validate,
};
use redb::{Database, ReadableDatabase};
use tokio::sync::{Semaphore, oneshot};

mod error;
mod feed;
mod housekeeping;
mod item_codec;
mod key_codec;
mod limits;
mod queue;
mod reader;
mod tables;
mod token;
mod writer;

pub use error::{Closed, EngineError, OpenError};
pub use queue::EmbeddedQueue;

use queue::Arrivals;
use tables::{Snapshot, WriteTables};
use writer::{Newest, PreparedTransaction, PreparedWrite, Request, Work, Writer};

/// Name of the file in the store's directory.
const FILE_NAME: &str = "store.redb";
/// Name of a file that is not whole yet.
const UNFINISHED_NAME: &str = "store.redb.new";
/// Name of the file whose lock says that a process uses the directory.
const LOCK_NAME: &str = "store.lock";
/// The newest format of the file that this program knows.
const FORMAT: u32 = 1;
/// Name in the meta table of the file's format (4 bytes, big-endian).
const FORMAT_NAME: &[u8] = b"format";

/// How a store is opened.
#[derive(Clone)]
pub struct EmbeddedOptions {
    /// The door to the time: for expiry, and for how long tokens and changes are kept.
    pub clock: Arc<dyn Clock>,
    /// Memory for pages of the file, in bytes.
    pub cache_bytes: usize,
    /// How long the writer waits without work before it looks for what has expired.
    pub housekeeping_interval: Duration,
}

impl EmbeddedOptions {
    /// What fits a server or a laptop.
    #[must_use]
    pub const fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            cache_bytes: limits::CACHE_BYTES,
            housekeeping_interval: limits::HOUSEKEEPING_INTERVAL,
        }
    }
}

/// The store contract in one file on local disk. See the crate's documentation for what it promises.
///
/// Dropping it waits until the writes that were handed over are committed, and closes the file.
pub struct EmbeddedStore {
    newest: Arc<Newest>,
    /// Bounds how many writes wait.
    places: Arc<Semaphore>,
    /// `None` only while the store is dropped.
    requests: Option<Sender<Request>>,
    writer: Option<JoinHandle<()>>,
    /// The writer has it too.
    clock: Arc<dyn Clock>,
    arrivals: Arc<Arrivals>,
}

impl EmbeddedStore {
    /// Opens the store in a directory; makes both if they are missing.
    ///
    /// # Errors
    /// See [`OpenError`]: each variant says what to do.
    pub fn open(directory: &Path, options: EmbeddedOptions) -> Result<Self, OpenError> {
        let lock = lock(directory)?;
        let database = open_file(directory, options.cache_bytes)?;
        let engine = |error| failed(directory, error);
        let format = format_of(&database).map_err(engine)?;
        if format > FORMAT {
            return Err(OpenError::NewerFormat {
                directory: directory.to_owned(),
                found: format,
                known: FORMAT,
            });
        }
        let newest = Arc::new(RwLock::new(Arc::new(snapshot(&database).map_err(engine)?)));
        let arrivals = Arc::new(Arrivals::default());
        let writer = Writer {
            database,
            lock,
            newest: Arc::clone(&newest),
            clock: Arc::clone(&options.clock),
            housekeeping_interval: options.housekeeping_interval,
            arrivals: Arc::clone(&arrivals),
        };
        if let Err(error) = writer.release_work() {
            // They come by themselves when their time is over.
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "queue.release.failed");
        }
        let (requests, received) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.run(&received))
            .map_err(|source| OpenError::Writer { source })?;
        Ok(Self {
            newest,
            places: Arc::new(Semaphore::new(limits::QUEUED_REQUESTS_MAX)),
            requests: Some(requests),
            writer: Some(thread),
            clock: options.clock,
            arrivals,
        })
    }

    /// Whether a directory holds a store.
    #[must_use]
    pub fn is_in(directory: &Path) -> bool {
        directory.join(FILE_NAME).exists()
    }

    /// Commits what was handed over and closes the file. The same as dropping the store.
    pub fn close(self) {
        drop(self);
    }

    /// The newest commit.
    fn newest(&self) -> Arc<Snapshot> {
        Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Hands work to the writer, after waiting for a place in its queue.
    async fn hand_over(&self, work: Work, bytes: usize) -> Result<(), StoreError> {
        let place = Arc::clone(&self.places)
            .acquire_owned()
            .await
            .map_err(|_| Closed)?;
        let request = Request { work, bytes, place };
        let requests = self.requests.as_ref().ok_or(Closed)?;
        requests.send(request).map_err(|_| Closed)?;
        Ok(())
    }
}

impl Drop for EmbeddedStore {
    fn drop(&mut self) {
        self.requests = None;
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("store.writer.panicked");
        }
    }
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn get(
        &self,
        key: &PrimaryKey,
        consistency: Consistency,
    ) -> Result<Metered<Option<Item>>, StoreError> {
        validate::key(key)?;
        let value = self.newest().get(key)?;
        let capacity = Capacity::of_read(value.as_ref().map_or(0, Item::weight), consistency);
        Ok(Metered { value, capacity })
    }

    async fn batch_get(
        &self,
        keys: &[PrimaryKey],
        consistency: Consistency,
    ) -> Result<Metered<Vec<Item>>, StoreError> {
        validate::batch_get(keys)?;
        let snapshot = self.newest();
        let mut value = Vec::with_capacity(keys.len());
        let mut capacity = Capacity::default();
        for key in keys {
            let item = snapshot.get(key)?;
            capacity += Capacity::of_read(item.as_ref().map_or(0, Item::weight), consistency);
            value.extend(item);
        }
        Ok(Metered { value, capacity })
    }

    async fn query(&self, query: &Query) -> Result<Metered<Page>, StoreError> {
        validate::query(query)?;
        let (value, bytes) = self.newest().query(query)?;
        let capacity = Capacity::of_read(bytes, query.consistency);
        Ok(Metered { value, capacity })
    }

    async fn transact(&self, transaction: Transaction) -> Result<Capacity, TransactError> {
        validate::transaction(&transaction)?;
        if transaction.writes.is_empty() {
            return Ok(Capacity::default());
        }
        let bytes = transaction.writes.iter().map(writer::bytes).sum();
        let (sender, answer) = oneshot::channel();
        let work = Work::Transact(PreparedTransaction::new(transaction), sender);
        self.hand_over(work, bytes).await?;
        answer.await.map_err(|_| StoreError::from(Closed))?
    }

    async fn batch_write(&self, writes: Vec<BatchWrite>) -> Result<Capacity, StoreError> {
        validate::batch_write(&writes)?;
        if writes.is_empty() {
            return Ok(Capacity::default());
        }
        let writes: Vec<_> = writes.into_iter().map(PreparedWrite::new).collect();
        let bytes = writes.iter().map(PreparedWrite::bytes).sum();
        let (sender, answer) = oneshot::channel();
        self.hand_over(Work::Batch(writes, sender), bytes).await?;
        answer.await.map_err(|_| Closed)?
    }

    async fn changes(&self, after: ChangePosition, limit: usize) -> Result<ChangePage, StoreError> {
        validate::changes(limit)?;
        self.newest().changes(after, limit)
    }
}

/// Takes the directory for this process, until the file is dropped.
fn lock(directory: &Path) -> Result<File, OpenError> {
    let unusable = |source| unusable(directory, source);
    fs::create_dir_all(directory).map_err(unusable)?;
    let file = File::create(directory.join(LOCK_NAME)).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
            directory: directory.to_owned(),
        }),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// Opens the file in a locked directory. A new one is made whole under another name first: a process that
/// is killed meanwhile leaves nothing that could be taken for a damaged store.
fn open_file(directory: &Path, cache_bytes: usize) -> Result<Database, OpenError> {
    let unusable = |source| unusable(directory, source);
    let path = directory.join(FILE_NAME);
    if !path.try_exists().map_err(unusable)? {
        let unfinished = directory.join(UNFINISHED_NAME);
        match fs::remove_file(&unfinished) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unusable(error)),
            Ok(()) | Err(_) => {}
        }
        make_file(&unfinished).map_err(|error| failed(directory, error))?;
        fs::rename(&unfinished, &path).map_err(unusable)?;
        File::open(directory)
            .and_then(|opened| opened.sync_all())
            .map_err(unusable)?;
    }
    let opened = Database::builder().set_cache_size(cache_bytes).open(path);
    opened.map_err(|error| failed(directory, error.into()))
}

fn unusable(directory: &Path, source: io::Error) -> OpenError {
    OpenError::Directory {
        directory: directory.to_owned(),
        source,
    }
}

fn failed(directory: &Path, error: redb::Error) -> OpenError {
    match error {
        redb::Error::DatabaseAlreadyOpen => OpenError::InUse {
            directory: directory.to_owned(),
        },
        // A file that is not the engine's is invalid data.
        redb::Error::Io(source) if source.kind() != ErrorKind::InvalidData => {
            unusable(directory, source)
        }
        error => OpenError::Engine {
            directory: directory.to_owned(),
            source: Box::new(error),
        },
    }
}

/// Makes a file with its tables and this program's format, and closes it.
fn make_file(path: &Path) -> Result<(), redb::Error> {
    let database = Database::create(path)?;
    let transaction = database.begin_write()?;
    let mut tables = WriteTables::open(&transaction)?;
    tables
        .meta
        .insert(FORMAT_NAME, FORMAT.to_be_bytes().as_slice())?;
    drop(tables);
    transaction.commit()?;
    Ok(database.close()?)
}

/// Reads the file's format.
fn format_of(database: &Database) -> Result<u32, redb::Error> {
    let meta = database.begin_read()?.open_table(tables::META)?;
    let stamp = meta.get(FORMAT_NAME)?;
    let format = stamp.and_then(|stamp| stamp.value().try_into().ok());
    Ok(format.map_or(u32::MAX, u32::from_be_bytes))
}

fn snapshot(database: &Database) -> Result<Snapshot, redb::Error> {
    Ok(Snapshot::open(database.begin_read()?)?)
}
