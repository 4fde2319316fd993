//! Where lists arrive as a stream of bytes, whoever loads them then.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use lastmile_model::identity::ListId;
use lastmile_model::listing::ImportId;
use thiserror::Error;

use super::local_desk::IMPORTS_AT_ONCE_MAX;
use super::{LoadError, LoadRequest, Summary};

/// Receives lists and has them loaded. One per process.
#[async_trait]
pub trait ImportDesk: Send + Sync + 'static {
    /// Makes room for a list.
    ///
    /// # Errors
    /// [`ReceiveError`].
    async fn receive(&self) -> Result<Box<dyn Upload>, ReceiveError>;

    /// The rows of an import that could not be used, as CSV: line, code, column, reason, row. `None` where
    /// there were none, or others read the file.
    ///
    /// # Errors
    /// Of the disk or the files.
    async fn rejects(&self, id: &ImportId) -> io::Result<Option<RejectRows>>;

    /// Has the claims of a list's imports removed that nobody sees any more. Where that fails it is logged:
    /// the next import of the list has it done.
    async fn sweep_soon(&self, list: &ListId);
}

/// A list while it arrives. What was kept of it goes with it.
#[async_trait]
pub trait Upload: Send {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`ReceiveError`]; the upload is then of no more use.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ReceiveError>;

    /// Has a list loaded that has arrived; comes back as soon as the import has its id, or has failed
    /// before it had one.
    ///
    /// # Errors
    /// [`LoadError`] where the file is not what it is said to be, or its list is being imported.
    async fn begin(self: Box<Self>, request: LoadRequest) -> Result<Begun, LoadError>;
}

/// A file of rejected rows, piece by piece.
pub type RejectRows = BoxStream<'static, io::Result<Bytes>>;

/// A list could not be received.
#[derive(Debug, Error)]
pub enum ReceiveError {
    /// As many imports as one process takes are under way.
    #[error("{IMPORTS_AT_ONCE_MAX} imports are under way; wait for one to end")]
    Busy,
    /// It is longer than is taken.
    #[error(
        "the list is longer than {allowed} bytes; compress it with gzip, or split it into lists"
    )]
    TooLong {
        /// What is taken.
        allowed: u64,
    },
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
