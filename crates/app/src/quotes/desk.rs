//! Whoever does what the messages of quotes ask for.

use std::sync::Arc;
use std::time::Duration;

use lastmile_store::key::Errand;
use lastmile_store::message::Message;
use lastmile_store::queue::NewMessage;
use lastmile_store::record::quotes::StoredErrand;
use lastmile_store::{Queue, QueueError, StoreError};
use thiserror::Error;

use super::ask::{Rest, Turn, ask, ask_on};
use super::{Quotes, errands};
use crate::work::relay::send_to;

/// Whoever does what the messages of quotes ask for, and sends the messages that follow from it. Cheap to clone.
#[derive(Clone)]
pub struct QuoteDesk {
    quotes: Quotes,
    queue: Arc<dyn Queue>,
    within: Option<Duration>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is to be deleted.
    Done,
    /// It is to be given out again after so long.
    Later(Duration),
}

/// A message could not be worked on.
#[derive(Debug, Error)]
pub enum DeskError {
    /// The store failed.
    #[error("the quote cannot be read or written")]
    Store(#[from] StoreError),
    /// The queue failed.
    #[error("what is to be done next cannot be sent")]
    Queue(#[from] QueueError),
}

impl QuoteDesk {
    /// Works on these quotes; messages go to `queue`, which is [`lastmile_store::QueueName::Quotes`].
    #[must_use]
    pub const fn new(quotes: Quotes, queue: Arc<dyn Queue>) -> Self {
        Self {
            quotes,
            queue,
            within: None,
        }
    }

    /// The same desk where the work of a message must end in time: a carrier that has not answered within so
    /// long has failed for now, and is asked again when its message comes again. What it answered is kept.
    #[must_use]
    pub const fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// Does what a message of quotes asks for. `last_try` says that the queue will not
    /// give it out again: a carrier that fails then has failed.
    ///
    /// # Errors
    /// [`DeskError`]; the message is to be given out again.
    pub async fn work(&self, message: &Message, last_try: bool) -> Result<Asked, DeskError> {
        match message {
            Message::RunErrand(
                stored @ StoredErrand {
                    errand: Errand::AskOn(noticed),
                    ..
                },
            ) => {
                let turn = Turn {
                    is_last_try: false,
                    within: self.within,
                };
                // From here on the message has it, and what the carrier says next is a new errand.
                errands::done(&self.quotes, stored).await?;
                if let Some(delay) = ask_on(&self.quotes, stored, noticed, turn).await? {
                    // Not a try that failed.
                    let again = NewMessage {
                        delay,
                        ..message.to_new()
                    };
                    self.queue.send(vec![again]).await?;
                }
                Ok(Asked::Done)
            }
            Message::RunErrand(stored) => {
                let messages = errands::messages(&self.quotes, stored).await?;
                send_to(self.queue.as_ref(), &messages).await?;
                errands::done(&self.quotes, stored).await?;
                Ok(Asked::Done)
            }
            Message::AskCarrier(asked) => {
                let turn = Turn {
                    is_last_try: last_try,
                    within: self.within,
                };
                match ask(&self.quotes, asked, turn).await? {
                    Rest::Nothing => Ok(Asked::Done),
                    Rest::TryAgain(wait) => Ok(Asked::Later(wait)),
                    // Asking on is not a try that failed: a new message, whose tries are counted from the beginning.
                    Rest::AskOn(delay) => {
                        let next = NewMessage {
                            delay,
                            ..message.to_new()
                        };
                        self.queue.send(vec![next]).await?;
                        Ok(Asked::Done)
                    }
                }
            }
            // A message in a queue that is not its own is left there, for a person to look at.
            Message::AnswerTask(_)
            | Message::LoadSlice(_)
            | Message::SweepList(_)
            | Message::ListsArrived(_) => Ok(Asked::Later(Duration::ZERO)),
        }
    }
}
