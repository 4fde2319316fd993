//! Answers deferred tasks: follows the change feed, one bounded batch after another.
//!
//! Every waiting task is an item in the store until its answer is there, so none is lost: at its start the
//! worker looks through those items, then it follows the feed from where it stopped. A task that comes
//! twice is answered once: its state says whether there is anything left to do.

use std::future::Future;
use std::pin::{Pin, pin};
use std::time::Duration;

use futures_util::FutureExt;
use lastmile_model::availability::task::{
    Gist, MoveRefused, TaskFailure, TaskHeader, TaskItem, TaskResults, TaskState,
};
use lastmile_store::key::{Key, TASK_QUEUE_SHARDS, TaskKey, read_waiting_task, waiting_tasks};
use lastmile_store::record::tasks::{
    Waiting, at_version, header_item, position_item, read_position, read_waiting, result_chunks,
};
use lastmile_store::{
    BatchWrite, Change, ChangePosition, Condition, Consistency, Item, StoreError, TransactError,
    TransactWrite,
};

use crate::availability::limits::{
    WORKER_BACKOFF_MAX, WORKER_BACKOFF_MIN, WORKER_BATCH, WORKER_COMMIT_TRIES_MAX,
    WORKER_POLL_INTERVAL, WORKER_TRIES_MAX,
};
use crate::availability::task::answer::{answer, has_failures};
use crate::availability::task::change::remove_chunks;
use crate::availability::task::read::{header_of, items_of};
use crate::availability::task::write::{unconditional, write};
use crate::availability::{Availability, StoreFailed};

/// Runs until `shutdown` is ready; the task under way is finished first. Survives every error of the store
/// (with a growing pause), and a restart goes on where it stopped.
pub async fn run(availability: Availability, shutdown: impl Future<Output = ()> + Send) {
    let shutdown = pin!(shutdown);
    let mut worker = Worker {
        availability,
        shutdown,
        stopped: false,
        pause: None,
    };
    let mut position = None;
    while !worker.stopped() {
        let step = match &position {
            None => worker.start().await.map(Some),
            Some(after) => worker.follow(after).await.map(Some),
        };
        match step {
            Ok(next) => {
                worker.recovered();
                let idle = next == position;
                position = next;
                if idle {
                    worker.wait(WORKER_POLL_INTERVAL).await;
                }
            }
            Err(error) => worker.failed(&error).await,
        }
    }
}

struct Worker<'a, F> {
    availability: Availability,
    shutdown: Pin<&'a mut F>,
    stopped: bool,
    /// The pause after the next failure; `None` while the store works.
    pause: Option<Duration>,
}

impl<F: Future<Output = ()> + Send> Worker<'_, F> {
    /// Answers what was left waiting, and finds the place in the feed to go on from.
    async fn start(&mut self) -> Result<ChangePosition, StoreError> {
        let store = self.availability.context.store.clone();
        let key = Key::TaskWorker.primary();
        let stored = store.get(&key, Consistency::Strong).await?.value;
        let position = read_position(stored.as_ref())?;
        for shard in 0..TASK_QUEUE_SHARDS {
            let mut query = waiting_tasks(shard);
            loop {
                let page = store.query(&query).await?.value;
                for item in &page.items {
                    if !self.stopped() {
                        self.answer_waiting(item).await;
                    }
                }
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
        }
        Ok(position)
    }

    /// Answers the next changes of the feed and stores how far it came.
    async fn follow(&mut self, after: &ChangePosition) -> Result<ChangePosition, StoreError> {
        let store = self.availability.context.store.clone();
        let page = store.changes(after.clone(), WORKER_BATCH).await?;
        let mut reached = None;
        for Change {
            position,
            key,
            new_image,
        } in page.changes
        {
            if self.stopped() {
                break;
            }
            if let Some(item) = new_image.filter(|_| read_waiting_task(&key).is_some()) {
                self.answer_waiting(&item).await;
            }
            reached = Some(position);
        }
        let Some(reached) = reached else {
            return Ok(page.next);
        };
        let put = BatchWrite::Put(position_item(&reached));
        store.batch_write(vec![put]).await?;
        Ok(reached)
    }

    /// Answers one task, trying again while the store fails; then the task is given up.
    async fn answer_waiting(&mut self, item: &Item) {
        let waiting = match read_waiting(item) {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a waiting task cannot be read and is passed over"
                );
                return;
            }
        };
        for tries in 1..=WORKER_TRIES_MAX {
            let last_try = tries == WORKER_TRIES_MAX;
            match answer_task(&self.availability, &waiting, last_try).await {
                Ok(Progress::Settled) => {
                    self.recovered();
                    return;
                }
                Ok(Progress::TryAgain) => self.failed(&StoreError::Throttled).await,
                Err(error) => self.failed(&error).await,
            }
            if self.stopped {
                // It stays waiting, and the next start answers it.
                return;
            }
        }
        let given_up = give_up(&self.availability, &waiting, TaskFailure::StoreFailed).await;
        if let Err(error) = given_up {
            tracing::error!(
                task.id = %waiting.id,
                error = &error as &dyn std::error::Error,
                "a task could be neither answered nor given up; the next start tries again"
            );
        }
    }

    fn stopped(&mut self) -> bool {
        if !self.stopped {
            self.stopped = self.shutdown.as_mut().now_or_never().is_some();
        }
        self.stopped
    }

    /// Waits until the time is over, the bell rings, or the end.
    async fn wait(&mut self, time: Duration) {
        tokio::select! {
            () = self.shutdown.as_mut() => self.stopped = true,
            () = self.availability.bell.notified() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    /// Says the first of several failures, and waits longer after each.
    async fn failed(&mut self, error: &StoreError) {
        let pause = self.pause.unwrap_or(WORKER_BACKOFF_MIN);
        if self.pause.is_none() {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "the task worker cannot use the store and tries again"
            );
        }
        self.pause = Some(WORKER_BACKOFF_MAX.min(pause * 2));
        tokio::select! {
            () = self.shutdown.as_mut() => self.stopped = true,
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn recovered(&mut self) {
        if self.pause.take().is_some() {
            tracing::info!("the task worker can use the store again");
        }
    }
}

/// How far one try came.
enum Progress {
    /// Nothing is left to do.
    Settled,
    /// Some places could not be answered.
    TryAgain,
}

async fn answer_task(
    availability: &Availability,
    waiting: &Waiting,
    last_try: bool,
) -> Result<Progress, StoreError> {
    let context = &availability.context;
    let Some(header) = begun(availability, waiting).await? else {
        return Ok(Progress::Settled);
    };
    let items = match items_of(context, key_of(waiting)).await {
        Err(StoreError::Corrupt { .. }) => Vec::new(),
        read => read?,
    };
    if u32::try_from(items.len()) != Ok(header.item_count) {
        give_up(availability, waiting, TaskFailure::QuestionDamaged).await?;
        return Ok(Progress::Settled);
    }
    let results = results_of(availability, &header, &items)
        .await
        .map_err(StoreFailed::into_source)?;
    if has_failures(&results) && !last_try {
        return Ok(Progress::TryAgain);
    }
    let chunks = match result_chunks(&header, &results) {
        Ok(chunks) => chunks,
        Err(_) => {
            give_up(availability, waiting, TaskFailure::StoreFailed).await?;
            return Ok(Progress::Settled);
        }
    };
    let at = context.clock.now();
    let gist = Gist::of(&results);
    settle(availability, header, &chunks, |state| {
        state.finish(at, gist)
    })
    .await?;
    Ok(Progress::Settled)
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

async fn give_up(
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
        condition: at_version(old.version),
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
