//! Work that is handed on: whoever asks is answered at once, and the rest is done by messages.
//!
//! - [`relay`] reads the store's change feed and turns each outbox item into a message ([`relay::message_of`]).
//! - [`Workshop::perform`] does what one message asks for. A function that is given messages calls it. Whoever does one
//!   kind of work is a [`Hand`].
//! - [`worker`] receives messages and performs them, where nobody else gives them out.
//!
//! Every step may happen twice, and nothing is lost between two of them: an outbox item stays until its
//! work is done, and a message until its performer deletes it.

pub mod limits;
pub mod relay;
pub mod worker;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lastmile_model::availability::task::TaskFailure;
use lastmile_store::message::Message;
use lastmile_store::{Queue, QueueName};

use tracing::{Instrument as _, Span};

use crate::SPANS;
use crate::availability::Availability;
use crate::availability::task::{Answered, answer_waiting, give_up};
use crate::imports::{QueuedDesk, Stint, Worked};
use crate::quotes::{Asked, QuoteDesk};
use limits::{IMPORT_STINT, QUOTE_RETRY_MAX, RETRY_FACTOR, RETRY_FIRST};

/// The queues of a process; cheap to clone.
#[derive(Clone)]
pub struct Queues {
    /// [`QueueName::Imports`].
    pub imports: Arc<dyn Queue>,
    /// [`QueueName::Quotes`].
    pub quotes: Arc<dyn Queue>,
    /// [`QueueName::Tasks`].
    pub tasks: Arc<dyn Queue>,
}

impl Queues {
    /// The queue of this name.
    #[must_use]
    pub fn named(&self, name: QueueName) -> &Arc<dyn Queue> {
        match name {
            QueueName::Imports => &self.imports,
            QueueName::Quotes => &self.quotes,
            QueueName::Tasks => &self.tasks,
        }
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performed {
    /// It is to be deleted: done now, or done before.
    Done,
    /// It is to be given out again, not before this time has passed.
    Later(Duration),
}

/// Somebody who does one kind of work.
#[async_trait]
pub trait Hand: Send + Sync {
    /// Does what a message of this kind asks for. `tries` is how often it was given out, this time included;
    /// `last_try` says that its queue will not give it out again.
    async fn perform(&self, message: &Message, tries: u32, last_try: bool) -> Performed;
}

/// Those who do the work of messages; cheap to clone. Each kind of work is behind an object, so that a program holds
/// the code of the kinds only that it does.
#[derive(Clone, Default)]
pub struct Workshop {
    tasks: Option<Arc<dyn Hand>>,
    imports: Option<Arc<dyn Hand>>,
    quotes: Option<Arc<dyn Hand>>,
}

impl Workshop {
    /// It answers deferred questions, too.
    #[must_use]
    pub fn tasks(self, availability: Availability) -> Self {
        Self {
            tasks: Some(Arc::new(availability)),
            ..self
        }
    }

    /// It loads lists by messages, too; others are loaded by the process that receives them.
    #[must_use]
    pub fn imports(self, desk: QueuedDesk) -> Self {
        Self {
            imports: Some(Arc::new(desk)),
            ..self
        }
    }

    /// It asks for quotes, too.
    #[must_use]
    pub fn quotes(self, desk: QuoteDesk) -> Self {
        Self {
            quotes: Some(Arc::new(desk)),
            ..self
        }
    }

    /// Does what a message asks for. `tries` is how often it was given out, this time included: on the
    /// last try that its queue allows a question is answered as far as can be.
    pub async fn perform(&self, body: &str, tries: u32) -> Performed {
        let message = match Message::read(body) {
            Ok(message) => message,
            Err(error) => {
                // It becomes a dead letter, for a person to look at; waiting would not help.
                tracing::error!(
                    message.tries = tries,
                    error = &error as &dyn std::error::Error,
                    "a message cannot be read"
                );
                return Performed::Later(Duration::ZERO);
            }
        };
        let hand = match message.queue() {
            QueueName::Tasks => &self.tasks,
            QueueName::Imports => &self.imports,
            QueueName::Quotes => &self.quotes,
        };
        let span = span_of(&message, tries);
        let last_try = tries >= message.queue().settings().tries_max;
        let work = async {
            match hand {
                Some(hand) => hand.perform(&message, tries, last_try).await,
                None => {
                    tracing::error!("a message asks for what this process does not do");
                    Performed::Later(retry_after(tries))
                }
            }
        };
        work.instrument(span).await
    }
}

#[async_trait]
impl Hand for QuoteDesk {
    async fn perform(&self, message: &Message, tries: u32, last_try: bool) -> Performed {
        match self.work(message, last_try).await {
            Ok(Asked::Done) => Performed::Done,
            Ok(Asked::Later(rest)) => Performed::Later(rest),
            Err(error) => {
                tracing::warn!(
                    message.tries = tries,
                    error = &error as &dyn std::error::Error,
                    "a part of a quote could not be done yet"
                );
                Performed::Later(retry_after(tries).min(QUOTE_RETRY_MAX))
            }
        }
    }
}

#[async_trait]
impl Hand for QueuedDesk {
    async fn perform(&self, message: &Message, tries: u32, last_try: bool) -> Performed {
        let now = self.now();
        let until = now.saturating_add(IMPORT_STINT).unwrap_or(now);
        match self.work(message, Stint { until, last_try }).await {
            Ok(Worked::Done) => Performed::Done,
            Ok(Worked::Later(rest)) => Performed::Later(rest),
            Err(error) => {
                tracing::warn!(
                    message.tries = tries,
                    error = &error as &dyn std::error::Error,
                    "a part of an import could not be done yet"
                );
                Performed::Later(retry_after(tries))
            }
        }
    }
}

#[async_trait]
impl Hand for Availability {
    async fn perform(&self, message: &Message, tries: u32, last_try: bool) -> Performed {
        let Message::AnswerTask(waiting) = message else {
            // In a queue that is not its own it is left, for a person to look at.
            return Performed::Later(Duration::ZERO);
        };
        match answer_waiting(self, waiting, last_try).await {
            Ok(Answered::Settled) => return Performed::Done,
            Ok(Answered::TryAgain) => {}
            Err(error) => {
                tracing::warn!(
                    task.id = %waiting.id,
                    message.tries = tries,
                    error = &error as &dyn std::error::Error,
                    "a task could not be answered yet"
                );
                if last_try
                    && give_up(self, waiting, TaskFailure::StoreFailed)
                        .await
                        .is_ok()
                {
                    return Performed::Done;
                }
            }
        }
        Performed::Later(retry_after(tries))
    }
}

/// By the names of OpenTelemetry.
fn span_of(message: &Message, tries: u32) -> Span {
    let queue = message.queue().as_str();
    let tenant = match message {
        Message::AnswerTask(waiting) => Some(waiting.tenant.as_str()),
        Message::RunErrand(stored) => Some(stored.tenant.as_str()),
        Message::AskCarrier(ask) => Some(ask.tenant.as_str()),
        Message::LoadSlice(_) | Message::SweepList(_) | Message::ListsArrived(_) => None,
    };
    tracing::trace_span!(
        target: SPANS,
        "process",
        otel.name = format_args!("process {queue}"),
        otel.kind = "consumer",
        messaging.destination.name = queue,
        message.work = message.work(),
        message.tries = tries,
        tenant.id = tenant
    )
}

/// How long a message rests that was given out so often: longer each time. Whole seconds, as queues count.
fn retry_after(tries: u32) -> Duration {
    RETRY_FIRST * RETRY_FACTOR.saturating_pow(tries.saturating_sub(1))
}
