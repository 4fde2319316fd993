//! Questions that are stored: created, read, listed, patched, deleted. Every call names the tenant;
//! another tenant's task is not found.

use lastmile_model::availability::task::TaskKind;
use lastmile_store::StoreError;
use thiserror::Error;

use crate::availability::StoreFailed;

pub(super) mod answer;
pub(super) mod change;
mod create;
pub(super) mod read;
mod work;
pub(crate) mod write;

pub use change::{delete, patch};
pub use create::create;
pub use read::{get, get_header, list};
pub use work::{Answered, answer_waiting, give_up};

/// When the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// In the reply (`instantSync…: true`).
    Now,
    /// Later, by a worker ([`answer_waiting`]).
    Deferred,
}

/// A task could not be taken in.
#[derive(Debug, Error)]
pub enum CreateError {
    /// There is nothing to answer.
    #[error("the request has no items: give at least one")]
    NoItems,
    /// Too much is asked at once.
    #[error("the request has {given} items where at most {allowed} are allowed: split it")]
    TooManyItems {
        /// How many there are.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// The request's text is too long to be kept.
    #[error("the request has {given} bytes where at most {allowed} can be kept: split it")]
    TooLarge {
        /// Bytes of the document and its items.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// The store failed; whether the task was taken in is not known.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// A task could not be read.
#[derive(Debug, Error)]
pub enum TaskError {
    /// The tenant has no such task (any more).
    #[error("there is no such {} task", .kind.as_str())]
    NotFound {
        /// The kind that was asked for.
        kind: TaskKind,
    },
    /// It was changed in the meantime (by the worker or another client): read it again, then patch again.
    #[error("the task was changed in the meantime: read it again")]
    Changed,
    /// The patched document is too long to be kept.
    #[error("the document has {given} bytes where at most {allowed} can be kept")]
    TooLarge {
        /// Bytes of the document.
        given: usize,
        /// How many there may be.
        allowed: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// Which tasks to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListTasks {
    /// How many matching tasks to pass over.
    pub offset: usize,
    /// How many to give; cut to [`super::limits::TASKS_PAGE_MAX`].
    pub limit: usize,
}

impl From<StoreError> for CreateError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

impl From<StoreError> for TaskError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}
