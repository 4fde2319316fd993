//! A change of a queue on its way through the writer.

use jiff::Timestamp;
use lastmile_store::QueueName;
use tokio::sync::oneshot;

use super::Arrivals;
use super::change::QueueChange;
use super::tables::QueueTables;
use crate::error::EngineError;

/// What the writer applies, whatever its answer is.
pub(crate) trait QueueWork: Send {
    /// Applies it. A failing engine fails the group.
    fn apply(
        self: Box<Self>,
        tables: &mut QueueTables<'_>,
        now: Timestamp,
    ) -> (Box<dyn QueueReply>, Result<(), EngineError>);

    /// The reply where it was not tried; the failure of its group takes its place.
    fn untried(self: Box<Self>) -> Box<dyn QueueReply>;
}

/// An answer that waits for its commit.
pub(crate) trait QueueReply: Send {
    /// Answers, unless the caller has gone, and wakes who waits for what was changed. If the commit
    /// failed, that is the answer.
    fn give(self: Box<Self>, failure: Option<&EngineError>, arrivals: &Arrivals);
}

/// A change, and whom to answer.
pub(super) struct Asked<F, T> {
    pub(super) queue: QueueName,
    pub(super) wakes: bool,
    pub(super) change: F,
    pub(super) caller: oneshot::Sender<Result<T, EngineError>>,
}

struct Reply<T> {
    queue: QueueName,
    wakes: bool,
    caller: oneshot::Sender<Result<T, EngineError>>,
    /// Nothing where the group fails.
    value: Option<T>,
}

impl<F, T> QueueWork for Asked<F, T>
where
    F: FnOnce(&mut QueueChange<'_, '_>) -> Result<T, EngineError> + Send,
    T: Send + 'static,
{
    fn apply(
        self: Box<Self>,
        tables: &mut QueueTables<'_>,
        now: Timestamp,
    ) -> (Box<dyn QueueReply>, Result<(), EngineError>) {
        let Self {
            queue,
            wakes,
            change,
            caller,
        } = *self;
        let (value, applied) = match change(&mut QueueChange::new(tables, queue, now)) {
            Ok(value) => (Some(value), Ok(())),
            Err(error) => (None, Err(error)),
        };
        let reply = Reply {
            queue,
            wakes,
            caller,
            value,
        };
        (Box::new(reply), applied)
    }

    fn untried(self: Box<Self>) -> Box<dyn QueueReply> {
        let Self {
            queue,
            wakes,
            change: _,
            caller,
        } = *self;
        Box::new(Reply {
            queue,
            wakes,
            caller,
            value: None,
        })
    }
}

impl<T: Send> QueueReply for Reply<T> {
    fn give(self: Box<Self>, failure: Option<&EngineError>, arrivals: &Arrivals) {
        let Self {
            queue,
            wakes,
            caller,
            value,
        } = *self;
        let answer = match (failure, value) {
            (Some(failure), _) => Err(failure.clone()),
            (None, Some(value)) => Ok(value),
            // Dropped, which tells the caller that there will be no answer.
            (None, None) => return,
        };
        if wakes && answer.is_ok() {
            arrivals.of(queue).notify_waiters();
        }
        drop(caller.send(answer));
    }
}
