//! Wall-clock time.

use std::time::{Duration, Instant};

/// A running stopwatch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(
        clippy::disallowed_methods,
        reason = "measuring is what a bench is for; nothing is decided by it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Time from this start to a later one.
    pub(crate) fn until(&self, later: Self) -> Duration {
        later.0.duration_since(self.0)
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
