//! What can go wrong on disk.

use std::path::PathBuf;
use std::sync::Arc;

use lastmile_store::StoreError;
use thiserror::Error;

/// The store's directory could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The directory could not be made or read.
    #[error("the data directory {} cannot be used; check that it may be written", .directory.display())]
    Directory {
        /// Which.
        directory: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Another process has it open.
    #[error(
        "the data directory {} is in use by another process; stop that one, or use another directory",
        .directory.display()
    )]
    InUse {
        /// Which.
        directory: PathBuf,
    },
    /// A newer program wrote it.
    #[error(
        "the data directory {} has format {found}, and this program knows {known}; use a newer program",
        .directory.display()
    )]
    NewerFormat {
        /// Which.
        directory: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format that this program knows.
        known: u32,
    },
    /// The file is not a store, or is damaged.
    #[error("the store in {} cannot be read; restore it from a copy", .directory.display())]
    Engine {
        /// Which.
        directory: PathBuf,
        /// Why.
        #[source]
        source: Box<redb::Error>,
    },
    /// The writer's thread could not be started.
    #[error("the store's writer could not be started")]
    Writer {
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// The engine failed while it read or wrote.
#[derive(Clone, Debug, Error)]
#[error("the storage engine failed")]
pub struct EngineError {
    /// Why; shared by all the writes of a group that failed together.
    #[source]
    source: Arc<redb::Error>,
}

impl<E: Into<redb::Error>> From<E> for EngineError {
    fn from(source: E) -> Self {
        Self {
            source: Arc::new(source.into()),
        }
    }
}

impl From<EngineError> for StoreError {
    fn from(error: EngineError) -> Self {
        Self::Backend(Box::new(error))
    }
}

/// The writer is gone: the store was closed, or its thread died.
#[derive(Clone, Copy, Debug, Error)]
#[error("the store was closed; open it again")]
pub struct Closed;

impl From<Closed> for StoreError {
    fn from(closed: Closed) -> Self {
        Self::Backend(Box::new(closed))
    }
}
