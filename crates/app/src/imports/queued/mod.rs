//! Imports by messages: a list in [`Files`] is loaded slice after slice, each by whichever worker gets its
//! message.
//!
//! A slice is a bounded number of chunks. When its last chunk is written its rejects are put, then the
//! import is saved (which says where the next slice begins), then the message for the next slice is sent,
//! and then the message of this one is deleted by whoever gave it out. Each step may be the last of its
//! worker, and each may happen twice: the message that is still there finds out from the import what is
//! left of its work. Between two slices the import's lease belongs to the messages, so that nobody takes it
//! for dead; the worker of a slice takes it from there, and loses it in half a minute if it dies.

mod arrive;
mod desk;
mod file_names;
mod file_source;
mod rejected;
mod sidecar;
mod slice;
mod standing;
mod sweep;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_store::message::Message;
use lastmile_store::{Files, FilesError, Queue, QueueError, QueueName, StoreError};
use thiserror::Error;

use super::limits::SLICE_CHUNKS;
use crate::Context;

/// Receives lists, and does what the messages of the queue [`QueueName::Imports`] ask for. Cheap to clone.
#[derive(Clone)]
pub struct QueuedDesk {
    context: Context,
    files: Arc<dyn Files>,
    queue: Arc<dyn Queue>,
    slice_chunks: u32,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worked {
    /// It is to be deleted: done now, or done before.
    Done,
    /// It is to be given out again, not before this time has passed.
    Later(Duration),
}

/// How much a worker may take on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stint {
    /// Nothing more is begun after this time; what was begun takes seconds.
    pub until: Timestamp,
    /// Whether the message will not be given out again.
    pub last_try: bool,
}

/// A message's work failed for now; what was done stays done.
#[derive(Debug, Error)]
pub enum WorkError {
    /// The store failed.
    #[error("the store failed during an import")]
    Store(#[from] StoreError),
    /// The next message could not be sent.
    #[error("an import could not be handed on")]
    Queue(#[from] QueueError),
    /// A file could not be read or put.
    #[error("a file of an import could not be used")]
    Files(#[from] FilesError),
    /// A file could not be read.
    #[error("a list could not be read")]
    Source(#[from] std::io::Error),
}

impl QueuedDesk {
    /// A desk at the queue [`QueueName::Imports`].
    #[must_use]
    pub fn new(context: Context, files: Arc<dyn Files>, queue: Arc<dyn Queue>) -> Self {
        Self {
            context,
            files,
            queue,
            slice_chunks: SLICE_CHUNKS,
        }
    }

    /// With slices of another length, at most [`SLICE_CHUNKS`] chunks and at least one.
    #[must_use]
    pub fn with_slices_of(self, chunks: u32) -> Self {
        Self {
            slice_chunks: chunks.clamp(1, SLICE_CHUNKS),
            ..self
        }
    }

    /// Does what a message asks for.
    ///
    /// # Errors
    /// [`WorkError`]; the message is then to be given out again.
    pub async fn work(&self, message: &Message, stint: Stint) -> Result<Worked, WorkError> {
        match message {
            Message::LoadSlice(slice) => self.load_slice(slice, stint).await,
            Message::SweepList(sweep) => self.sweep_list(sweep, stint).await,
            Message::ListsArrived(names) => self.lists_arrived(names).await,
            // A message in a queue that is not its own is left there, for a person to look at.
            Message::AnswerTask(_) | Message::RunErrand(_) | Message::AskCarrier(_) => {
                Ok(Worked::Later(Duration::ZERO))
            }
        }
    }

    async fn send(&self, message: &Message) -> Result<(), QueueError> {
        debug_assert_eq!(message.queue(), QueueName::Imports);
        self.queue.send(vec![message.to_new()]).await
    }

    /// The time, as the clock's door has it.
    pub(crate) fn now(&self) -> Timestamp {
        self.context.clock.now()
    }

    fn is_over(&self, stint: Stint) -> bool {
        self.now() >= stint.until
    }
}
