//! Lists that arrive as a stream of bytes: kept in a spool file, then loaded in the background.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use lastmile_model::listing::ImportId;
use thiserror::Error;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    FileSource, LoadError, LoadRequest, Observer, Reject, RowSource, Summary, load, sweep,
};
use crate::Context;

/// Most imports that are received or loaded at once in one process.
pub const IMPORTS_AT_ONCE_MAX: u32 = 4;

/// Longest list that is received, in bytes as it arrives (compressed, if it is).
pub const UPLOAD_MAX_BYTES: u64 = 8 * 1024 * 1024 * 1024;

/// Receives lists and loads them. One per process; cheap to clone.
#[derive(Clone)]
pub struct ImportDesk {
    context: Context,
    spool: PathBuf,
    places: Arc<Semaphore>,
    stopping: Arc<AtomicBool>,
}

/// A list could not be received.
#[derive(Debug, Error)]
pub enum ReceiveError {
    /// As many imports as one process takes are under way.
    #[error("{IMPORTS_AT_ONCE_MAX} imports are under way; wait for one to end")]
    Busy,
    /// It is longer than is taken.
    #[error(
        "the list is longer than {UPLOAD_MAX_BYTES} bytes; compress it with gzip, or split it into lists"
    )]
    TooLong,
    /// The spool file cannot be written.
    #[error("the list cannot be kept on disk")]
    Spool(#[source] io::Error),
}

/// How an import began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is loading in the background.
    Loading(ImportId),
    /// It is done already: the file is short, or the very one that is active.
    Done(Summary),
}

/// A list while it arrives. Its spool file goes with it.
pub struct Upload {
    file: File,
    spooled: Spooled,
    bytes: u64,
    place: OwnedSemaphorePermit,
}

impl ImportDesk {
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

    /// Makes room for a list.
    ///
    /// # Errors
    /// [`ReceiveError::Busy`] or [`ReceiveError::Spool`].
    pub async fn receive(&self) -> Result<Upload, ReceiveError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| ReceiveError::Busy)?;
        let mut name = [0; 8];
        self.context.random.fill(&mut name);
        let name = format!("{:016x}.{SPOOL_EXTENSION}", u64::from_be_bytes(name));
        let path = self.spool.join(name);
        let file = File::create_new(&path).await.map_err(ReceiveError::Spool)?;
        Ok(Upload {
            file,
            spooled: Spooled { path },
            bytes: 0,
            place,
        })
    }

    /// Loads a list that has arrived, in the background; comes back as soon as the import has its id, or has
    /// failed before it had one.
    ///
    /// # Errors
    /// [`LoadError`] where the file is not what it is said to be, or its list is being imported.
    pub async fn begin(
        &self,
        request: LoadRequest,
        mut upload: Upload,
    ) -> Result<Begun, LoadError> {
        upload.file.flush().await.map_err(LoadError::Source)?;
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
            let result = run(&context, &request, &upload.spooled, watch).await;
            drop(upload.place);
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

    /// The rows of an import that could not be used, as CSV: line, code, column, reason, row. `None` where there
    /// were none, or another process read the file.
    ///
    /// # Errors
    /// Whatever the file system says.
    pub async fn rejects(&self, id: &ImportId) -> io::Result<Option<File>> {
        match File::open(rejects_path(&self.spool, id)).await {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the claims of imports that were taken back, in the background.
    pub fn sweep_soon(&self) {
        let context = self.context.clone();
        tokio::spawn(async move {
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

impl Upload {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ReceiveError::TooLong`] or [`ReceiveError::Spool`]; the upload is then of no more use.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ReceiveError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > UPLOAD_MAX_BYTES {
            return Err(ReceiveError::TooLong);
        }
        self.file
            .write_all(bytes)
            .await
            .map_err(ReceiveError::Spool)
    }
}

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
    Open(Box<csv::Writer<std::fs::File>>),
    /// They cannot be kept; it was logged, and the import goes on.
    Lost,
}

/// The columns of a file of rejected rows.
const REJECT_COLUMNS: [&str; 5] = ["line", "code", "column", "reason", "row"];

fn rejects_path(spool: &Path, id: &ImportId) -> PathBuf {
    spool.join(format!("{id}.rejects.csv"))
}

impl Rejects {
    fn take(self, reject: &Reject) -> csv::Result<Self> {
        let Reject { line, reason, raw } = reject;
        let mut rows = match self {
            Self::To(path) => {
                let mut rows = csv::Writer::from_path(path)?;
                rows.write_record(REJECT_COLUMNS)?;
                Box::new(rows)
            }
            Self::Open(rows) => rows,
            Self::Nowhere | Self::Lost => return Ok(self),
        };
        let column = reason.column().unwrap_or_default();
        let (line, said) = (line.to_string(), reason.to_string());
        rows.write_record([&line, reason.code(), column, &said, raw])?;
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
