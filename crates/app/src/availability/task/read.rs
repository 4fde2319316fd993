//! Reading tasks.

use lastmile_model::availability::task::{Task, TaskHeader, TaskId, TaskItem, TaskKind};
use lastmile_model::identity::TenantId;
use lastmile_store::key::{self, Key, TaskKey, TaskPart};
use lastmile_store::record::tasks::{no_results, read_header, read_items};
use lastmile_store::{Consistency, Item, Query, StoreError};

use super::{ListTasks, TaskError};
use crate::Context;
use crate::availability::limits::{TASK_KEPT, TASKS_PAGE_MAX, TASKS_SCANNED_MAX};
use crate::availability::{Availability, StoreFailed};
use crate::listed::{Listed, Wanted, listed, months_kept};

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
    let task = TaskKey { tenant, kind, id };
    let read = read_task(&availability.context, task).await?;
    read.ok_or(TaskError::NotFound { kind })
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
    let task = TaskKey { tenant, kind, id };
    let read = header_of(&availability.context, task).await?;
    read.ok_or(TaskError::NotFound { kind })
}

/// Lists a tenant's tasks of one kind, newest first. `admits` is the filter of the surface: it sees
/// each header with its document. A task that was created this moment may be missing still.
///
/// # Errors
/// [`StoreFailed`].
pub async fn list(
    availability: &Availability,
    tenant: &TenantId,
    kind: TaskKind,
    page: ListTasks,
    admits: &(dyn Fn(&TaskHeader) -> bool + Sync),
) -> Result<Listed<TaskHeader>, StoreFailed> {
    let context = &availability.context;
    let now = context.clock.now();
    let months = months_kept(now, TASK_KEPT).into_iter();
    let months = months.map(|month| key::tasks_of_month(tenant, kind, month.year(), month.month()));
    let wanted = Wanted {
        offset: page.offset,
        limit: page.limit.min(TASKS_PAGE_MAX),
        scanned_max: TASKS_SCANNED_MAX,
    };
    let read = |item: &Item| {
        let header = read_header(item)?;
        Ok(Some(header).filter(|header| header.expires > now && admits(header)))
    };
    Ok(listed(context, months, wanted, read).await?)
}

/// Reads a header; `None` where it is not there or has expired.
pub(in crate::availability) async fn header_of(
    context: &Context,
    task: TaskKey<'_>,
) -> Result<Option<TaskHeader>, StoreError> {
    let key = Key::Task {
        task,
        part: TaskPart::Header,
    };
    let read = context
        .store
        .get(&key.primary(), Consistency::Strong)
        .await?;
    let header = read.value.as_ref().map(read_header).transpose()?;
    Ok(header.filter(|header| header.expires > context.clock.now()))
}

/// Reads what was asked.
pub(in crate::availability) async fn items_of(
    context: &Context,
    task: TaskKey<'_>,
) -> Result<Vec<TaskItem>, StoreError> {
    Ok(read_task(context, task)
        .await?
        .map_or_else(Vec::new, |task| task.items))
}

async fn read_task(context: &Context, task: TaskKey<'_>) -> Result<Option<Task>, StoreError> {
    let mut query = Query {
        consistency: Consistency::Strong,
        ..key::task_parts(task)
    };
    let mut header: Option<TaskHeader> = None;
    let mut items = Vec::new();
    let mut results = no_results(task.kind);
    loop {
        let page = context.store.query(&query).await?.value;
        for item in &page.items {
            match key::read_task_part(&item.key) {
                Some(TaskPart::Header) => header = Some(read_header(item)?),
                Some(TaskPart::Items(_)) => items.append(&mut read_items(item)?),
                Some(TaskPart::Results(_)) => results.add(item)?,
                None => {}
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    let now = context.clock.now();
    let Some(header) = header.filter(|header| header.expires > now) else {
        return Ok(None);
    };
    let is_done = matches!(
        header.state,
        lastmile_model::availability::task::TaskState::Done { .. }
    );
    let results = if is_done {
        let complete = results.complete(header.item_count);
        Some(complete.ok_or_else(|| StoreError::Corrupt {
            key: query.pk.into(),
        })?)
    } else {
        None
    };
    Ok(Some(Task {
        header,
        items,
        results,
    }))
}
