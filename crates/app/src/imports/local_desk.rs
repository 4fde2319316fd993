//! Lists on one machine: kept in a spool file, then loaded in the background by the same process.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::BytesMut;
use futures_util::stream::{self, StreamExt as _};
use lastmile_model::identity::ListId;
use lastmile_model::listing::ImportId;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::desk::{Begun, ImportDesk, ReceiveError, RejectRows, Upload};
use super::limits::SWEEP_AFTER;
use super::{
    FileSource, LoadError, LoadRequest, Observer, Reject, RejectsWriter, RowSource, Summary, load,
    sweep,
};
use crate::Context;

/// Most imports that are received or loaded at once in one process.
pub const IMPORTS_AT_ONCE_MAX: u32 = 4;

/// Longest list that is received, in bytes as it arrives (compressed, if it is).
pub const UPLOAD_MAX_BYTES: u64 = 8 * 1024 * 1024 * 1024;

/// Receives lists and loads them. One per process; cheap to clone.
#[derive(Clone)]
pub struct LocalDesk {
    context: Context,
    spool: PathBuf,
    places: Arc<Semaphore>,
    stopping: Arc<AtomicBool>,
}

/// A list while it arrives. Its spool file goes with it.
struct SpooledUpload {
    desk: LocalDesk,
    file: File,
    arrived: Arrived,
    bytes: u64,
}

impl LocalDesk {
    /// A desk with its spool in a folder of its own, which is made where it is missing. What an earlier
    /// process left there is removed: an import that it interrupted goes on when the file is sent again.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub fn open(context: Context, spool: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(spool)?;
        for entry in std::fs::read_dir(spool)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == SPOOL_EXTENSION)
            {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self {
            context,
            spool: spool.to_owned(),
            places: Arc::new(Semaphore::new(IMPORTS_AT_ONCE_MAX as usize)),
            stopping: Arc::default(),
        })
    }

    /// Loads a list that has arrived, in the background.
    async fn begin(&self, request: LoadRequest, arrived: Arrived) -> Result<Begun, LoadError> {
        let (started, mut has_started) = oneshot::channel();
        let watch = Arc::new(Watch {
            started: Mutex::new(Some(started)),
            stopping: Arc::clone(&self.stopping),
            spool: self.spool.clone(),
            rejects: Mutex::default(),
        });
        let (ended, has_ended) = oneshot::channel();
        let context = self.context.clone();
        tokio::spawn(async move {
            let Arrived { spooled, place } = arrived;
            let result = run(&context, &request, &spooled, watch).await;
            drop((spooled, place));
            if let Err(Err(error)) = ended.send(result) {
                tracing::warn!(list.id = %request.list, error = %Chain(&error), "import failed");
            }
        });
        let mut has_ended = has_ended;
        tokio::select! {
            biased;
            ended = &mut has_ended => match (finished(ended), has_started.try_recv()) {
                // It had its id before it failed: the import says so, whoever was faster.
                (Err(error), Ok(id)) => {
                    tracing::warn!(import.id = %id, error = %Chain(&error), "import failed");
                    Ok(Begun::Loading(id))
                }
                (ended, _) => ended,
            },
            started = &mut has_started => match started {
                Ok(id) => Ok(Begun::Loading(id)),
                Err(_) => finished(has_ended.await),
            },
        }
    }

    /// Removes the claims of imports that were taken back, in the background, when nobody sees them any more.
    pub fn sweep_all_soon(&self) {
        let context = self.context.clone();
        tokio::spawn(async move {
            tokio::time::sleep(SWEEP_AFTER).await;
            if let Err(error) = sweep(&context).await {
                tracing::warn!(error = %Chain(&error), "sweeping failed; the next import goes on with it");
            }
        });
    }

    /// Asks every import to stop between two chunks of rows, and waits until all have. The same files resume them.
    pub async fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
        // The semaphore is never closed, so this waits for every place and cannot fail.
        let _all = self.places.acquire_many(IMPORTS_AT_ONCE_MAX).await;
    }
}

/// A list that has arrived whole.
struct Arrived {
    spooled: Spooled,
    place: OwnedSemaphorePermit,
}

#[async_trait]
impl ImportDesk for LocalDesk {
    async fn receive(&self) -> Result<Box<dyn Upload>, ReceiveError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| ReceiveError::Busy)?;
        let mut name = [0; 8];
        self.context.random.fill(&mut name);
        let name = format!("{:016x}.{SPOOL_EXTENSION}", u64::from_be_bytes(name));
        let path = self.spool.join(name);
        let file = File::create_new(&path).await.map_err(ReceiveError::Spool)?;
        Ok(Box::new(SpooledUpload {
            desk: self.clone(),
            file,
            arrived: Arrived {
                spooled: Spooled { path },
                place,
            },
            bytes: 0,
        }))
    }

    async fn rejects(&self, id: &ImportId) -> io::Result<Option<RejectRows>> {
        let file = match File::open(rejects_path(&self.spool, id)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let pieces = stream::try_unfold(file, |mut file| async move {
            let mut piece = BytesMut::with_capacity(REJECTS_READ_BYTES);
            let read = file.read_buf(&mut piece).await?;
            Ok((read > 0).then(|| (piece.freeze(), file)))
        });
        Ok(Some(pieces.boxed()))
    }

    async fn sweep_soon(&self, _list: &ListId) {
        self.sweep_all_soon();
    }
}

#[async_trait]
impl Upload for SpooledUpload {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ReceiveError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > UPLOAD_MAX_BYTES {
            return Err(ReceiveError::TooLong {
                allowed: UPLOAD_MAX_BYTES,
            });
        }
        self.file
            .write_all(bytes)
            .await
            .map_err(ReceiveError::Spool)
    }

    async fn begin(mut self: Box<Self>, request: LoadRequest) -> Result<Begun, LoadError> {
        self.file.flush().await?;
        self.desk.begin(request, self.arrived).await
    }
}

/// Bytes of a rejects file that are read at once.
const REJECTS_READ_BYTES: usize = 64 * 1024;

const SPOOL_EXTENSION: &str = "spool";

/// A spool file, removed when it is no longer needed.
struct Spooled {
    path: PathBuf,
}

impl Drop for Spooled {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(file.path = %self.path.display(), %error, "a spool file stays behind");
        }
    }
}

struct Watch {
    started: Mutex<Option<oneshot::Sender<ImportId>>>,
    stopping: Arc<AtomicBool>,
    spool: PathBuf,
    rejects: Mutex<Rejects>,
}

/// Rejected rows on their way to their file, which is made with the first of them.
#[derive(Default)]
enum Rejects {
    /// The import has no id yet.
    #[default]
    Nowhere,
    /// Where they are to go.
    To(PathBuf),
    /// Where they go.
    Open(Box<RejectsWriter<std::fs::File>>),
    /// They cannot be kept; it was logged, and the import goes on.
    Lost,
}

fn rejects_path(spool: &Path, id: &ImportId) -> PathBuf {
    spool.join(format!("{id}.rejects.csv"))
}

impl Rejects {
    fn take(self, reject: &Reject) -> io::Result<Self> {
        let mut rows = match self {
            Self::To(path) => {
                let file = std::fs::File::create(path)?;
                Box::new(RejectsWriter::for_clients(file)?)
            }
            Self::Open(rows) => rows,
            Self::Nowhere | Self::Lost => return Ok(self),
        };
        rows.write(reject)?;
        // Whoever sees the import complete must find all of them.
        rows.flush()?;
        Ok(Self::Open(rows))
    }
}

impl Observer for Watch {
    fn started(&self, id: &ImportId, _resumed_rows: u64) {
        let mut rejects = self.rejects.lock().unwrap_or_else(PoisonError::into_inner);
        *rejects = Rejects::To(rejects_path(&self.spool, id));
        drop(rejects);
        let sender = self
            .started
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(sender) = sender {
            // Nobody waits any more where the client has gone; the import goes on.
            let _gone = sender.send(id.clone());
        }
    }

    fn rejected(&self, reject: &Reject) {
        let mut rejects = self.rejects.lock().unwrap_or_else(PoisonError::into_inner);
        *rejects = std::mem::take(&mut *rejects)
            .take(reject)
            .unwrap_or_else(|error| {
                tracing::warn!(%error, "rejected rows cannot be kept");
                Rejects::Lost
            });
    }

    fn is_cancelled(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

async fn run(
    context: &Context,
    request: &LoadRequest,
    spooled: &Spooled,
    watch: Arc<Watch>,
) -> Result<Summary, LoadError> {
    let source: Arc<dyn RowSource> = Arc::new(FileSource {
        path: spooled.path.clone(),
    });
    load(context, request, source, watch).await
}

fn finished(
    ended: Result<Result<Summary, LoadError>, oneshot::error::RecvError>,
) -> Result<Begun, LoadError> {
    match ended {
        Ok(result) => result.map(Begun::Done),
        Err(_) => Err(LoadError::Source(io::Error::other("the import broke off"))),
    }
}

/// An error with everything that caused it.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(error) = source {
            write!(f, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}
