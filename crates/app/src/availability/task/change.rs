//! Patching and deleting tasks.

use lastmile_model::availability::task::{TaskHeader, TaskId, TaskKind};
use lastmile_model::identity::TenantId;
use lastmile_store::key::{self, Key, TaskKey, TaskPart};
use lastmile_store::record::at_revision;
use lastmile_store::record::tasks::header_item;
use lastmile_store::{
    Condition, Consistency, Query, StoreError, TransactError, TransactWrite, Transaction,
};

use super::TaskError;
use super::read::{get_header, header_of};
use super::write::remove;
use crate::Context;
use crate::availability::Availability;
use crate::availability::limits::TASK_DOCUMENT_MAX_BYTES;
use crate::write::unconditional;

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
    if document.len() > TASK_DOCUMENT_MAX_BYTES {
        return Err(TaskError::TooLarge {
            given: document.len(),
            allowed: TASK_DOCUMENT_MAX_BYTES,
        });
    }
    let context = &availability.context;
    let header = get_header(availability, tenant, kind, id).await?;
    if header.version != version {
        return Err(TaskError::Changed);
    }
    let patched = TaskHeader {
        document,
        version: version + 1,
        updated: context.clock.now(),
        ..header
    };
    let transaction = Transaction {
        writes: vec![TransactWrite::Put {
            item: header_item(&patched),
            condition: at_revision(version),
        }],
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => Ok(patched),
        Err(TransactError::ConditionFailed { .. }) => {
            let task = TaskKey { tenant, kind, id };
            match header_of(context, task).await? {
                Some(_) => Err(TaskError::Changed),
                None => Err(TaskError::NotFound { kind }),
            }
        }
        Err(error) => Err(unconditional(error).into()),
    }
}

/// Removes a task with its items and results. A worker that is at it stops at its next write.
///
/// # Errors
/// As [`get_header`].
pub async fn delete(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    id: TaskId,
) -> Result<(), TaskError> {
    let context = &availability.context;
    let task = TaskKey { tenant, kind, id };
    get_header(availability, tenant, kind, id).await?;
    let delete = |key: Key<'_>, condition| TransactWrite::Delete {
        key: key.primary(),
        condition,
    };
    let header = Key::Task {
        task,
        part: TaskPart::Header,
    };
    let transaction = Transaction {
        writes: vec![
            delete(header, Condition::Exists),
            delete(Key::WaitingTask { id }, Condition::Always),
        ],
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => {}
        Err(TransactError::ConditionFailed { .. }) => return Err(TaskError::NotFound { kind }),
        Err(error) => return Err(unconditional(error).into()),
    }
    if let Err(error) = remove_chunks(context, task).await {
        // The task is gone for everyone; what is left of it expires.
        tracing::warn!(task.id = %id, error = &error as &dyn std::error::Error, "chunks of a deleted task stay until they expire");
    }
    Ok(())
}

/// Removes what is left in a task's partition.
pub(in crate::availability) async fn remove_chunks(
    context: &Context,
    task: TaskKey<'_>,
) -> Result<(), StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        ..key::task_parts(task)
    };
    loop {
        let page = context.store.query(&query).await?.value;
        let keys = page.items.into_iter().map(|item| item.key).collect();
        remove(&*context.store, keys).await?;
        query.after = page.next;
        if query.after.is_none() {
            return Ok(());
        }
    }
}
