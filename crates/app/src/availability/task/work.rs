//! A deferred task, answered: what a worker does with one message.

use lastmile_model::availability::task::{
    Gist, MoveRefused, TaskFailure, TaskHeader, TaskItem, TaskResults, TaskState,
};
use lastmile_store::key::{Key, TaskKey};
use lastmile_store::record::at_revision;
use lastmile_store::record::tasks::{Waiting, header_item, result_chunks};
use lastmile_store::{Condition, Item, StoreError, TransactError, TransactWrite};

use crate::availability::limits::WORKER_COMMIT_TRIES_MAX;
use crate::availability::task::answer::{answer, has_failures};
use crate::availability::task::change::remove_chunks;
use crate::availability::task::read::{header_of, items_of};
use crate::availability::task::write::write;
use crate::availability::{Availability, StoreFailed};
use crate::write::unconditional;

/// How far one try came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nothing is left to do: the task is answered, given up, or gone.
    Settled,
    /// Some places could not be answered; nothing was written of the answer.
    TryAgain,
}

/// Answers a task that waits. A task that comes twice is answered once: its state says whether there is
/// anything left to do. On the `last_try` places that cannot be answered are told as failed, so that the
/// others are not lost with them.
///
/// # Errors
/// [`StoreError`]; trying again is right.
pub async fn answer_waiting(
    availability: &Availability,
    waiting: &Waiting,
    last_try: bool,
) -> Result<Answered, StoreError> {
    let context = &availability.context;
    let Some(header) = begun(availability, waiting).await? else {
        return Ok(Answered::Settled);
    };
    let items = match items_of(context, key_of(waiting)).await {
        Err(StoreError::Corrupt { .. }) => Vec::new(),
        read => read?,
    };
    if u32::try_from(items.len()) != Ok(header.item_count) {
        give_up(availability, waiting, TaskFailure::QuestionDamaged).await?;
        return Ok(Answered::Settled);
    }
    let results = results_of(availability, &header, &items)
        .await
        .map_err(StoreFailed::into_source)?;
    if has_failures(&results) && !last_try {
        return Ok(Answered::TryAgain);
    }
    let chunks = match result_chunks(&header, &results) {
        Ok(chunks) => chunks,
        Err(_) => {
            give_up(availability, waiting, TaskFailure::StoreFailed).await?;
            return Ok(Answered::Settled);
        }
    };
    let at = context.clock.now();
    let gist = Gist::of(&results);
    settle(availability, header, &chunks, |state| {
        state.finish(at, gist)
    })
    .await?;
    Ok(Answered::Settled)
}

async fn results_of(
    availability: &Availability,
    header: &TaskHeader,
    items: &[TaskItem],
) -> Result<TaskResults, StoreFailed> {
    let lists = availability.lists().await?;
    answer(
        &availability.context,
        &lists,
        header.kind,
        header.terms,
        items,
    )
    .await
}

/// The header of a task that is in progress now; `None` where it is finished or gone.
async fn begun(
    availability: &Availability,
    waiting: &Waiting,
) -> Result<Option<TaskHeader>, StoreError> {
    let context = &availability.context;
    for _ in 0..WORKER_COMMIT_TRIES_MAX {
        let Some(header) = header_of(context, key_of(waiting)).await? else {
            return Ok(None);
        };
        let Ok(state) = header.state.begin() else {
            return Ok(None);
        };
        if header.state == state {
            return Ok(Some(header));
        }
        let begun = moved(&header, state, availability);
        match write(&*context.store, Vec::new(), vec![replace(&header, &begun)]).await {
            Ok(()) => return Ok(Some(begun)),
            Err(TransactError::ConditionFailed { .. }) => {}
            Err(error) => return Err(unconditional(error)),
        }
    }
    Err(StoreError::Throttled)
}

/// Gives a task up that cannot be answered, so that whoever asked hears of it.
///
/// # Errors
/// [`StoreError`]; trying again is right.
pub async fn give_up(
    availability: &Availability,
    waiting: &Waiting,
    failure: TaskFailure,
) -> Result<(), StoreError> {
    let at = availability.context.clock.now();
    match header_of(&availability.context, key_of(waiting)).await? {
        Some(header) => {
            settle(availability, header, &[], |state| {
                state.give_up(at, failure)
            })
            .await
        }
        None => Ok(()),
    }
}

/// Moves a task to its last state: chunks first, then the header and the end of the wait as one. Where the
/// header was patched meanwhile, the patch is kept; where it is finished or gone, nothing is left behind.
async fn settle(
    availability: &Availability,
    mut header: TaskHeader,
    chunks: &[Item],
    last_move: impl Fn(TaskState) -> Result<TaskState, MoveRefused>,
) -> Result<(), StoreError> {
    let context = &availability.context;
    for _ in 0..WORKER_COMMIT_TRIES_MAX {
        let Ok(state) = last_move(header.state) else {
            return Ok(());
        };
        let settled = moved(&header, state, availability);
        let stop_waiting = TransactWrite::Delete {
            key: Key::WaitingTask { id: header.id }.primary(),
            condition: Condition::Always,
        };
        let last = vec![replace(&header, &settled), stop_waiting];
        match write(&*context.store, chunks.to_vec(), last).await {
            Ok(()) => return Ok(()),
            Err(TransactError::ConditionFailed { .. }) => {}
            Err(error) => return Err(unconditional(error)),
        }
        let task = TaskKey {
            tenant: &header.tenant,
            kind: header.kind,
            id: header.id,
        };
        match header_of(context, task).await? {
            Some(newer) => header = newer,
            None => return remove_chunks(context, task).await,
        }
    }
    Err(StoreError::Throttled)
}

fn moved(header: &TaskHeader, state: TaskState, availability: &Availability) -> TaskHeader {
    TaskHeader {
        state,
        version: header.version + 1,
        updated: availability.context.clock.now(),
        ..header.clone()
    }
}

fn replace(old: &TaskHeader, new: &TaskHeader) -> TransactWrite {
    TransactWrite::Put {
        item: header_item(new),
        condition: at_revision(old.version),
    }
}

const fn key_of(waiting: &Waiting) -> TaskKey<'_> {
    let Waiting { tenant, kind, id } = waiting;
    TaskKey {
        tenant,
        kind: *kind,
        id: *id,
    }
}
