//! Work that is handed on: messages between the services.
//!
//! The semantics are those of an SQS standard queue, so that what runs on one machine runs unchanged
//! there: at least once, in any order, and a message that was received is hidden for a while instead of
//! removed. Whoever handles it deletes it; if nobody does, it comes again.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

/// Most messages in one `send`, `receive` or `delete`.
pub const QUEUE_BATCH_MAX: usize = 10;
/// Most dead letters that are looked at, or looked through for those to be redriven, at once.
pub const DEAD_LOOK_MAX: usize = 1_000;
/// Longest message, in bytes.
pub const MESSAGE_MAX_BYTES: usize = 256 * 1024;
/// Most bytes of the messages of one `send` together.
pub const SEND_MAX_BYTES: usize = 256 * 1024;
/// Longest group of a message, in bytes.
pub const GROUP_MAX_BYTES: usize = 128;
/// Longest delay of a new message.
pub const DELAY_MAX: Duration = Duration::from_secs(15 * 60);
/// Longest time for which a message can be hidden.
pub const VISIBILITY_MAX: Duration = Duration::from_secs(12 * 60 * 60);
/// Longest wait of a `receive`.
pub const WAIT_MAX: Duration = Duration::from_secs(20);
/// How long a message is kept that nobody deletes, dead ones included.
pub const MESSAGE_KEPT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// The queues there are: one per kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum QueueName {
    /// Slices of provider lists to be loaded, and lists to be swept.
    Imports,
    /// Carriers to be asked for quotes.
    Quotes,
    /// Deferred questions to be answered.
    Tasks,
}

impl QueueName {
    /// Every queue.
    pub const ALL: [Self; 3] = [Self::Imports, Self::Quotes, Self::Tasks];

    /// The name in settings, tables and logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Imports => "imports",
            Self::Quotes => "quotes",
            Self::Tasks => "tasks",
        }
    }

    /// How the queue treats its messages. `infra/template.yaml` says the same, and a test compares.
    #[must_use]
    pub const fn settings(self) -> QueueSettings {
        match self {
            Self::Imports => QueueSettings {
                visibility: Duration::from_secs(6 * 60),
                tries_max: 5,
            },
            Self::Quotes => QueueSettings {
                visibility: Duration::from_secs(6 * 60),
                tries_max: 10,
            },
            Self::Tasks => QueueSettings {
                visibility: Duration::from_secs(6 * 60),
                tries_max: 5,
            },
        }
    }
}

/// How a queue treats its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueSettings {
    /// How long a received message is hidden, unless its receiver changes that.
    pub visibility: Duration,
    /// How often a message is given out; the receive after that finds it among the dead letters instead.
    pub tries_max: u32,
}

/// A message to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Text; what it means is in [`crate::message`]. Only characters that XML 1.0 can carry, as in SQS:
    /// of the control characters tab, line feed and carriage return alone.
    pub body: String,
    /// Whose work it is, for fairness: a group with many messages waiting does not hold the others up.
    /// Printable ASCII without spaces, up to [`GROUP_MAX_BYTES`]. The messages without one are together
    /// one group more.
    pub group: Option<String>,
    /// How long it is hidden at first, up to [`DELAY_MAX`].
    pub delay: Duration,
}

impl NewMessage {
    /// A message that is visible at once and belongs to no group.
    #[must_use]
    pub const fn new(body: String) -> Self {
        Self {
            body,
            group: None,
            delay: Duration::ZERO,
        }
    }
}

/// The right of one receiver to delete a message or to keep it hidden; void once the message was
/// received again, became a dead letter, or is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Receipt(String);

impl Receipt {
    /// A receipt as a backend writes it.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

/// Names a dead letter among those of its queue. It is void once the letter is redriven or gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LetterId(String);

impl LetterId {
    /// An id as a backend or a person writes it.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// Its text.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

/// A message that was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// What was sent.
    pub body: String,
    /// As it was sent.
    pub group: Option<String>,
    /// What to delete it with.
    pub receipt: Receipt,
    /// How often it was given out, this time included: 1 the first time.
    pub tries: u32,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// A message that was given out as often as its queue allows, and never deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Which.
    pub id: LetterId,
    /// How often it was given out; SQS counts every look at a dead letter too.
    pub tries: u32,
    /// What was sent.
    pub body: String,
    /// As it was sent.
    pub group: Option<String>,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// How many messages there are, approximately: a queue is spread over machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueDepth {
    /// Visible: nobody works on them.
    pub waiting: u64,
    /// Hidden until later, by a delay.
    pub delayed: u64,
    /// Hidden because somebody received them.
    pub in_work: u64,
    /// Dead letters.
    pub dead: u64,
}

/// A limit of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueLimit {
    /// [`QUEUE_BATCH_MAX`], and at least one.
    Batch,
    /// [`DEAD_LOOK_MAX`].
    DeadLetters,
    /// [`MESSAGE_MAX_BYTES`], and at least one.
    MessageBytes,
    /// How many characters of a body may be such that no message can carry them: none.
    Characters,
    /// [`SEND_MAX_BYTES`].
    SendBytes,
    /// [`GROUP_MAX_BYTES`], at least one, and printable ASCII without spaces only.
    Group,
    /// [`DELAY_MAX`], in seconds.
    DelaySeconds,
    /// [`VISIBILITY_MAX`], in seconds.
    VisibilitySeconds,
    /// [`WAIT_MAX`], in seconds.
    WaitSeconds,
}

/// A queue could not do what was asked.
#[derive(Debug, Error)]
pub enum QueueError {
    /// The request breaks a limit: a defect of the caller, never retried.
    #[error("the request breaks the queue's limit {limit:?}: {actual} where {allowed} are allowed")]
    OverLimit {
        /// Which.
        limit: QueueLimit,
        /// What was asked.
        actual: usize,
        /// What may be asked.
        allowed: usize,
    },
    /// The receipt is void: the message is visible again, was received by another, or is gone.
    #[error("the receipt is void; the message is somebody else's, or gone")]
    StaleReceipt,
    /// The queue is busy; the same request may succeed later.
    #[error("the queue is busy; try again")]
    Throttled,
    /// The disk, the network or the engine failed. It may have happened or not.
    #[error("the queue failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl QueueError {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Throttled | Self::Backend(_) => true,
            Self::OverLimit { .. } | Self::StaleReceipt => false,
        }
    }
}

/// One queue. Every implementation passes the contract suite of the test kit.
///
/// At least once, in any order: a message that was sent is received until it is deleted, has been given
/// out [`QueueSettings::tries_max`] times, or is older than [`MESSAGE_KEPT`]. A worker must be
/// idempotent. An acknowledged send is durable.
///
/// Requests are checked before anything happens. A call that is dropped before it answered may have
/// happened or not, like one whose answer was lost; messages that a dropped `receive` hid come again
/// when their time is over.
///
/// SQS counts in whole seconds: a visibility or a delay is rounded up there, a wait down.
#[async_trait]
pub trait Queue: Send + Sync + 'static {
    /// Sends up to [`QUEUE_BATCH_MAX`] messages. After an error some may have been sent, and sending all
    /// of them again is right. No messages: nothing.
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError>;

    /// Receives up to `most` (at most [`QUEUE_BATCH_MAX`]) visible messages and hides them for the
    /// queue's [`QueueSettings::visibility`]. Where there are none it waits up to `wait` (at most
    /// [`WAIT_MAX`]) for the first. A message given out [`QueueSettings::tries_max`] times already
    /// becomes a dead letter instead. Groups with few messages in work go before those with many, what
    /// this call gives out counted; SQS does so as well as it can.
    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError>;

    /// Deletes up to [`QUEUE_BATCH_MAX`] messages. A void receipt deletes nothing, and is no error. A
    /// receipt whose time is over deletes as long as nobody received the message again.
    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError>;

    /// Hides a message that is in work from now on for `visibility` (at most [`VISIBILITY_MAX`]); zero
    /// gives it back at once. If the message is visible again, or the receipt void, that is
    /// [`QueueError::StaleReceipt`].
    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError>;

    /// How many messages there are, approximately: one whose time is over may be counted as what it was
    /// before, until somebody receives.
    async fn depth(&self) -> Result<QueueDepth, QueueError>;

    /// Up to `most` (at most [`DEAD_LOOK_MAX`]) dead letters; they stay where they are. While somebody
    /// looks, another may see fewer.
    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError>;

    /// Moves up to `most` dead letters back, as if they were sent anew: their tries begin at one, and
    /// their age at nothing. Gives back how many. One that moved when an error came may be there twice.
    async fn redrive(&self, most: usize) -> Result<usize, QueueError>;

    /// Moves these dead letters back (at most [`DEAD_LOOK_MAX`]), as [`Queue::redrive`] does. Gives back
    /// which it moved, in any order: what is not among the dead letters, or on SQS not among the first
    /// [`DEAD_LOOK_MAX`] of them, is passed over.
    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError>;
}

/// Checks what is to be sent, the same way for every backend and before anything happens.
///
/// # Errors
/// [`QueueError::OverLimit`].
pub fn validate_send(messages: &[NewMessage]) -> Result<(), QueueError> {
    at_most(QueueLimit::Batch, messages.len(), QUEUE_BATCH_MAX)?;
    for message in messages {
        let NewMessage { body, group, delay } = message;
        some_and_at_most(QueueLimit::MessageBytes, body.len(), MESSAGE_MAX_BYTES)?;
        let unfit = body.chars().filter(|letter| !is_carried(*letter)).count();
        at_most(QueueLimit::Characters, unfit, 0)?;
        within(QueueLimit::DelaySeconds, *delay, DELAY_MAX)?;
        if let Some(group) = group {
            some_and_at_most(QueueLimit::Group, group.len(), GROUP_MAX_BYTES)?;
            let printable = group.bytes().filter(u8::is_ascii_graphic).count();
            at_most(QueueLimit::Group, group.len(), printable)?;
        }
    }
    let together = messages.iter().map(|message| message.body.len()).sum();
    at_most(QueueLimit::SendBytes, together, SEND_MAX_BYTES)
}

/// Checks what is asked of a `receive`.
///
/// # Errors
/// [`QueueError::OverLimit`].
pub fn validate_receive(most: usize, wait: Duration) -> Result<(), QueueError> {
    some_and_at_most(QueueLimit::Batch, most, QUEUE_BATCH_MAX)?;
    within(QueueLimit::WaitSeconds, wait, WAIT_MAX)
}

/// Checks how many receipts are asked for at once.
///
/// # Errors
/// [`QueueError::OverLimit`].
pub const fn validate_batch(count: usize) -> Result<(), QueueError> {
    at_most(QueueLimit::Batch, count, QUEUE_BATCH_MAX)
}

/// Checks how many dead letters are asked for at once.
///
/// # Errors
/// [`QueueError::OverLimit`].
pub const fn validate_look(count: usize) -> Result<(), QueueError> {
    at_most(QueueLimit::DeadLetters, count, DEAD_LOOK_MAX)
}

/// Checks for how long a message is to be hidden.
///
/// # Errors
/// [`QueueError::OverLimit`].
pub fn validate_visibility(visibility: Duration) -> Result<(), QueueError> {
    within(QueueLimit::VisibilitySeconds, visibility, VISIBILITY_MAX)
}

/// Whether XML 1.0 has the character, which is what SQS takes.
const fn is_carried(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

fn within(limit: QueueLimit, asked: Duration, allowed: Duration) -> Result<(), QueueError> {
    let seconds = |time: Duration| usize::try_from(time.as_millis().div_ceil(1000));
    at_most(
        limit,
        seconds(asked).unwrap_or(usize::MAX),
        seconds(allowed).unwrap_or(usize::MAX),
    )
}

const fn some_and_at_most(
    limit: QueueLimit,
    actual: usize,
    allowed: usize,
) -> Result<(), QueueError> {
    if actual == 0 {
        return Err(QueueError::OverLimit {
            limit,
            actual,
            allowed,
        });
    }
    at_most(limit, actual, allowed)
}

const fn at_most(limit: QueueLimit, actual: usize, allowed: usize) -> Result<(), QueueError> {
    if actual > allowed {
        return Err(QueueError::OverLimit {
            limit,
            actual,
            allowed,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_limit_is_refused_before_it_is_sent() {
        let message = |body: &str| NewMessage::new(body.to_owned());
        let of_group = |group: &str| NewMessage {
            group: Some(group.to_owned()),
            ..message("x")
        };
        let late = NewMessage {
            delay: DELAY_MAX + Duration::from_millis(1),
            ..message("x")
        };
        let half = "x".repeat(SEND_MAX_BYTES / 2 + 1);
        let refused = [
            (vec![message("x"); QUEUE_BATCH_MAX + 1], QueueLimit::Batch),
            (vec![message("")], QueueLimit::MessageBytes),
            (vec![message("a\u{0}b")], QueueLimit::Characters),
            (vec![message("a\u{FFFF}")], QueueLimit::Characters),
            (vec![message(&half); 2], QueueLimit::SendBytes),
            (vec![of_group("")], QueueLimit::Group),
            (vec![of_group("two words")], QueueLimit::Group),
            (vec![late], QueueLimit::DelaySeconds),
        ];
        for (messages, broken) in refused {
            match validate_send(&messages) {
                Err(QueueError::OverLimit { limit, .. }) => assert_eq!(limit, broken),
                other => unreachable!("{broken:?} is broken, but the answer was {other:?}"),
            }
        }
        assert!(validate_send(&[of_group("acme.main"), message("é\t\u{10348}\n")]).is_ok());
        assert!(validate_receive(0, Duration::ZERO).is_err());
        assert!(validate_receive(QUEUE_BATCH_MAX, WAIT_MAX).is_ok());
        assert!(validate_visibility(VISIBILITY_MAX + Duration::from_secs(1)).is_err());
    }
}
