//! Taking a question in.

use jiff::Timestamp;
use lastmile_model::availability::task::{
    Gist, NewTask, Task, TaskHeader, TaskId, TaskItem, TaskResults, TaskState,
};
use lastmile_model::identity::TenantId;
use lastmile_store::record::tasks::{
    EntryTooLarge, header_item, item_chunks, result_chunks, waiting_item,
};
use lastmile_store::{Condition, Item, TransactWrite};

use super::answer::{all_failed, answer};
use super::write::write;
use super::{CreateError, When};
use crate::availability::limits::{TASK_DOCUMENT_MAX_BYTES, TASK_KEPT};
use crate::availability::{Availability, StoreFailed};
use crate::write::unconditional;

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
    check_size(&task)?;
    let context = &availability.context;
    let now = context.clock.now();
    let mut random = [0; 10];
    context.random.fill(&mut random);
    let NewTask {
        kind,
        document,
        terms,
        items,
    } = task;
    let mut header = TaskHeader {
        id: TaskId::new(now, random),
        tenant: tenant.clone(),
        kind,
        state: TaskState::new(),
        version: 1,
        updated: now,
        expires: whole_second(now.saturating_add(TASK_KEPT).unwrap_or(now)),
        document,
        terms,
        item_count: u32::try_from(items.len()).unwrap_or(u32::MAX),
    };
    let mut chunks = item_chunks(&header, &items).map_err(too_large)?;
    let results = match when {
        When::Deferred => None,
        When::Now => {
            let results = answer_now(availability, &header, &items).await?;
            chunks.append(&mut result_chunks(&header, &results).map_err(too_large)?);
            header.state = finished(context.clock.now(), Gist::of(&results));
            Some(results)
        }
    };
    let mut last = vec![put(header_item(&header), Condition::NotExists)];
    if when == When::Deferred {
        last.push(put(waiting_item(&header), Condition::NotExists));
    }
    write(&*context.store, chunks, last)
        .await
        .map_err(unconditional)?;
    if when == When::Deferred {
        availability.ring();
    }
    Ok(Task {
        header,
        items,
        results,
    })
}

/// As it is kept: items expire at a second.
fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn check_size(task: &NewTask) -> Result<(), CreateError> {
    let (given, allowed) = (task.items.len(), task.kind.items_max());
    if given == 0 {
        return Err(CreateError::NoItems);
    }
    if given > allowed {
        return Err(CreateError::TooManyItems { given, allowed });
    }
    let documents = task.items.iter().map(|item| item.document.len());
    let longest = documents
        .chain([task.document.len()])
        .max()
        .unwrap_or_default();
    if longest > TASK_DOCUMENT_MAX_BYTES {
        return Err(CreateError::TooLarge {
            given: longest,
            allowed: TASK_DOCUMENT_MAX_BYTES,
        });
    }
    Ok(())
}

const fn too_large(EntryTooLarge { bytes }: EntryTooLarge) -> CreateError {
    CreateError::TooLarge {
        given: bytes,
        allowed: TASK_DOCUMENT_MAX_BYTES,
    }
}

async fn answer_now(
    availability: &Availability,
    header: &TaskHeader,
    items: &[TaskItem],
) -> Result<TaskResults, StoreFailed> {
    let TaskHeader { kind, terms, .. } = header;
    match availability.lists().await {
        Ok(lists) => answer(&availability.context, &lists, *kind, *terms, items).await,
        Err(error) => all_failed(*kind, items.len(), error.failure()).ok_or(error),
    }
}

/// A new task that is answered before it is stored.
fn finished(at: Timestamp, gist: Gist) -> TaskState {
    let finished = TaskState::new()
        .begin()
        .and_then(|begun| begun.finish(at, gist));
    finished.expect("a new task may begin, and what has begun may finish")
}

const fn put(item: Item, condition: Condition) -> TransactWrite {
    TransactWrite::Put { item, condition }
}
