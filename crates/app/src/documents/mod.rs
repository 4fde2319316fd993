//! Documents of every kind: created, read, listed, changed, removed. Every call names the caller: another
//! tenant's document is not found, and a provider finds those that it made itself.

use lastmile_model::document::{ChangeRefused, Document, DocumentKind};
use lastmile_store::StoreError;
use thiserror::Error;

use crate::availability::StoreFailed;

mod change;
mod create;
mod delete;
pub mod limits;
mod list;
mod read;
mod references;

pub use change::change;
pub use create::create;
pub use delete::delete;
pub use list::list;
pub use read::get;

/// A draft cannot be written, by itself or with what it refers to.
#[derive(Debug, Error)]
pub enum DraftRefused {
    /// Its text is too long to be kept.
    #[error("the document has {given} bytes where at most {allowed} can be kept")]
    TooLarge {
        /// Bytes of the text.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// It begins or ceases to refer to too many others at once.
    #[error(
        "{given} references are new or gone where one request may change {allowed}: change it in several steps"
    )]
    TooManyReferences {
        /// How many are new or gone.
        given: usize,
        /// How many may be.
        allowed: usize,
    },
    /// It refers to a document that the caller does not find.
    #[error("{path}: there is no such {}", .kind.rules().noun)]
    UnknownReference {
        /// Where it refers to it.
        path: String,
        /// What it should be.
        kind: DocumentKind,
    },
}

/// A document could not be created.
#[derive(Debug, Error)]
pub enum CreateError {
    /// The draft is none that can be written.
    #[error(transparent)]
    Refused(#[from] DraftRefused),
    /// The key of the request was used for another one.
    #[error("the key was used before for another request: give each request its own")]
    KeyReused,
    /// What the key was used for was removed since.
    #[error("what was created under this key was removed since: take another key")]
    KeyOfRemoved,
    /// The store failed; whether it was created is not known.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// A document could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The caller has no such document.
    #[error("there is no such {}", .kind.rules().noun)]
    NotFound {
        /// The kind that was asked for.
        kind: DocumentKind,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// A document could not be changed.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// The change is none that can be made of this document.
    #[error(transparent)]
    Change(#[from] ChangeRefused),
    /// The draft is none that can be written.
    #[error(transparent)]
    Draft(#[from] DraftRefused),
    /// It was changed or removed since it was read.
    #[error("the document was changed in the meantime: read it again")]
    Changed,
    /// The store failed; whether it was changed is not known.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// A document could not be removed.
#[derive(Debug, Error)]
pub enum DeleteError {
    /// Others refer to it.
    #[error("{count} other documents refer to it: change or remove those first")]
    Referred {
        /// How many.
        count: u64,
    },
    /// It refers to so many others that it cannot be removed at once.
    #[error(transparent)]
    Refused(#[from] DraftRefused),
    /// It was changed or removed since it was read.
    #[error("the document was changed in the meantime: read it again")]
    Changed,
    /// The store failed; whether it was removed is not known.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// Which documents to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListDocuments {
    /// How many matching documents to pass over.
    pub offset: usize,
    /// How many to give; cut to [`limits::DOCUMENTS_PAGE_MAX`].
    pub limit: usize,
}

/// Some of a tenant's documents of one kind, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedDocuments {
    /// The page; it ends early at [`limits::PAGE_MAX_BYTES`].
    pub documents: Vec<Document>,
    /// How many match in all, among those that were read.
    pub total: usize,
    /// Whether there is more than [`limits::STORE_PAGES_MAX`] hold, so that `total` is "at least".
    pub cut: bool,
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

impl From<StoreError> for ReadError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

impl From<StoreError> for DeleteError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}
