//! The two doors by which the real world comes in: the time and chance.

use std::time::Instant;

use jiff::Timestamp;
use lastmile_app::Random;
use lastmile_store::Clock;

/// The machine's clock.
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock door; everything else asks it"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// The machine's source of randomness.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Random door; everything else asks it"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a machine without randomness cannot make keys");
    }
}

/// Measures how long a command takes, for people; nothing is decided by it.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts it.
    #[expect(
        clippy::disallowed_methods,
        reason = "shows a rate to people; nothing is decided by it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}
