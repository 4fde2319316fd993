//! How work is handed on, in one place.

use std::time::Duration;

use jiff::SignedDuration;
use lastmile_store::QueueName;

/// Most changes that the relay takes at once.
pub const RELAY_BATCH: usize = 100;
/// How long the relay waits before it looks at the change feed again, unless it is woken.
pub const RELAY_POLL: Duration = Duration::from_millis(500);
/// How long the relay's seat is held after it was last taken or renewed.
pub const RELAY_SEAT: SignedDuration = SignedDuration::from_secs(30);
/// The seat is renewed when it has no more than this left.
pub const RELAY_SEAT_RENEWED: SignedDuration = SignedDuration::from_secs(15);
/// How long a process without the seat waits before it looks at it again.
pub const RELAY_SEAT_POLL: Duration = Duration::from_secs(10);
/// How long one `receive` of a worker waits for a message: as long as a process may take to stop, because
/// a `receive` that is broken off may hide messages from everybody.
pub const WORKER_WAIT: Duration = Duration::from_secs(1);
/// A message in work is hidden anew each time this share of its queue's visibility has passed.
pub const WORKER_EXTENDS_AFTER: u32 = 3;
/// The first pause after the store or the queue failed; each further one is twice as long.
pub const PAUSE_MIN: Duration = Duration::from_millis(100);
/// The longest pause.
pub const PAUSE_MAX: Duration = Duration::from_secs(10);
/// How long a message rests after its first failure.
pub const RETRY_FIRST: Duration = Duration::from_secs(1);
/// How many times longer it rests after each further one.
pub const RETRY_FACTOR: u32 = 3;
/// A message of an import begins nothing more when it was worked on for so long: what was begun must end within
/// the minute that a function has, and its queue hides it for longer.
pub const IMPORT_STINT: SignedDuration = SignedDuration::from_secs(35);
/// How long carriers may take for a message of a quote where a function works on it: what was answered must be
/// written down within the minute that the function has.
pub const QUOTE_STINT: Duration = Duration::from_secs(45);
/// Longest rest of a message of a quote after a failure: somebody waits for the quote.
pub const QUOTE_RETRY_MAX: Duration = Duration::from_secs(60);
/// How many messages of a queue one process works on at the same time, where the work is its own.
pub const WORKER_AT_ONCE: usize = 10;
/// The same for quotes, where most of the time is spent in waiting for carriers; how many of them are asked at
/// once is bounded carrier by carrier.
pub const QUOTE_WORKER_AT_ONCE: usize = 128;

/// How many messages of a queue one process works on at the same time.
#[must_use]
pub const fn at_once(queue: QueueName) -> usize {
    match queue {
        QueueName::Imports | QueueName::Tasks => WORKER_AT_ONCE,
        QueueName::Quotes => QUOTE_WORKER_AT_ONCE,
    }
}
