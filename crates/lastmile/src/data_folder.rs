//! The folder in which everything is kept.
//!
//! `store.redb` is the store (one process has it open at a time), `rejects/` the rows that imports could
//! not use, `server.json` says where a running server listens, `local-key` is the API key with which
//! the command line talks to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use lastmile_app::Context;
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore, OpenError};
use thiserror::Error;

use crate::server_note::{self, ServerNote};
use lastmile_doors::{SystemClock, SystemRandom};
use lastmile_store::Store;

/// Where rejected rows go, within the data folder.
const REJECTS_FOLDER: &str = "rejects";

/// Memory for pages of the store while a list is loaded from the command line, in bytes.
const LOADING_CACHE_BYTES: usize = 128 * 1024 * 1024;

/// The data could not be opened by this command.
#[derive(Debug, Error)]
pub(crate) enum DataError {
    /// A server has it open.
    #[error(
        "the server at http://{} has the data in {} open; stop it first, or use its API \
         (http://{}/docs)",
        .note.address, .folder.display(), .note.address
    )]
    ServerRuns {
        /// Where it listens.
        note: ServerNote,
        /// The data.
        folder: PathBuf,
    },
    /// Nothing was ever kept there; whoever only reads makes nothing.
    #[error(
        "no data in {}: import a list first (`lastmile import --help`), run `lastmile demo`, or say \
         with --data where the data is",
        .folder.display()
    )]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// Another command has it open, or the folder cannot be used.
    #[error("the data cannot be opened")]
    Open(#[from] OpenError),
}

/// The folder is not there, and cannot be made.
#[derive(Debug, Error)]
#[error("the data folder {} cannot be made; say another one with --data", folder.display())]
pub(crate) struct FolderError {
    folder: PathBuf,
    source: io::Error,
}

/// Makes the folder where it is missing: beside a store that is elsewhere it has what belongs to this machine alone.
pub(crate) fn make(folder: &Path) -> Result<(), FolderError> {
    fs::create_dir_all(folder).map_err(|source| FolderError {
        folder: folder.to_path_buf(),
        source,
    })
}

/// [`open`] for one who only reads, or changes what is there: a folder without data stays as it is.
pub(crate) fn open_existing(folder: &Path) -> Result<EmbeddedStore, DataError> {
    if !EmbeddedStore::is_in(folder) {
        let folder = folder.to_path_buf();
        return Err(DataError::Missing { folder });
    }
    open(folder)
}

/// Opens the store in a folder; makes both where they are missing.
pub(crate) fn open(folder: &Path) -> Result<EmbeddedStore, DataError> {
    open_with(folder, EmbeddedOptions::new(Arc::new(SystemClock)))
}

/// [`open`] for one who writes a whole list once: what was written is not read again, so the pages kept in
/// memory are bounded by [`LOADING_CACHE_BYTES`], however long the file is.
pub(crate) fn open_for_loading(folder: &Path) -> Result<EmbeddedStore, DataError> {
    let mut options = EmbeddedOptions::new(Arc::new(SystemClock));
    options.cache_bytes = LOADING_CACHE_BYTES;
    open_with(folder, options)
}

fn open_with(folder: &Path, options: EmbeddedOptions) -> Result<EmbeddedStore, DataError> {
    EmbeddedStore::open(folder, options).map_err(|error| match error {
        OpenError::InUse { .. } => in_use(folder, error),
        error => error.into(),
    })
}

/// A store with the doors of the real world.
pub(crate) fn context(store: Arc<dyn Store>) -> Context {
    Context::new(store, Arc::new(SystemClock), Arc::new(SystemRandom))
}

/// Where an import writes the rows that it cannot use, unless it is told another place.
pub(crate) fn rejects_file(folder: &Path, import: &str) -> PathBuf {
    folder.join(REJECTS_FOLDER).join(format!("{import}.csv"))
}

fn in_use(folder: &Path, error: OpenError) -> DataError {
    match server_note::read(folder) {
        Some(note) => DataError::ServerRuns {
            note,
            folder: folder.to_path_buf(),
        },
        None => error.into(),
    }
}
