//! How much the quote service does, in one place.

use std::time::Duration;

use jiff::SignedDuration;

/// How long a quote may take whose client does not say.
pub const DEADLINE_USUAL: SignedDuration = SignedDuration::from_mins(10);
/// How many slices of a quote are read at once where all of them are needed.
pub const SLICES_AT_ONCE: usize = 8;
/// Longest text of a request that is kept with its quote, in bytes.
pub const DOCUMENT_MAX_BYTES: usize = 256 * 1024;
/// How often a refused commit is made anew. Each time somebody else got further, so that nobody waits for long:
/// as many others as a quote has providers can be in the way.
pub const COMMIT_TRIES_MAX: u32 = 64;
/// How long whoever asks a carrier has it to itself: as long as its message is hidden. Where it dies meanwhile, nobody asks
/// for so long, because the carrier may have said to it that it wants to be left alone.
pub const ASKED_ALONE: SignedDuration = SignedDuration::from_secs(6 * 60);
/// Whoever asks for longer says so again each time that this much has passed, as a worker does to its message.
pub const ASKED_ALONE_RENEWED: Duration = Duration::from_secs(2 * 60);
/// In how many turns a carrier may fail about a slice; what failed then has failed for good. As often as a message is
/// given out; those that find the carrier left alone for a while are not counted.
pub const FAILURES_MAX: u32 = 10;
/// A message rests for others who wait for its carrier only while its quote has time for so many of them.
pub const CROWDS_BEFORE_DEADLINE: u32 = 3;
/// Shortest rest before a carrier is asked on.
pub const ASK_AGAIN_MIN: Duration = Duration::from_secs(1);
/// Shortest rest of a line whose location stands in the quote before, until it is looked again what was answered there.
pub const REPEATED_AGAIN: SignedDuration = SignedDuration::from_secs(5);
/// It rests for this part of the quote's age.
pub const REPEATED_AGES: i32 = 8;
/// Rest of a notification while somebody else asks its carrier about the same slice.
pub const NOTICED_AGAIN: Duration = Duration::from_secs(5);
/// Longest rest before a carrier is asked on, so that a deadline is not far behind.
pub const ASK_AGAIN_MAX: Duration = Duration::from_secs(60);
/// Longest rest of a message whose carrier failed and says when it may be asked again; well within what a queue hides.
pub const TRY_AGAIN_MAX: Duration = Duration::from_secs(6 * 60 * 60);
/// How long a price holds whose carrier does not say.
pub const PRICE_HOLDS: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Most quotes that are looked through for a list.
pub const QUOTES_SCANNED_MAX: usize = 2_000;
/// Most quotes in one page.
pub const QUOTES_PAGE_MAX: usize = 100;
/// Most open cases that are looked through for a list.
pub const CASES_SCANNED_MAX: usize = 2_000;
/// Most open cases in one page: each is read with its cells.
pub const CASES_PAGE_MAX: usize = 20;
