//! The two doors by which the real world comes in: the time and chance; and what is measured of it.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use lastmile_app::Random;
use lastmile_store::Clock;
#[cfg(unix)]
use rustix::time::{ClockId, clock_gettime};

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

/// Measures what the processors of the machine did for this process, all its threads together; where the
/// system does not say, the time that passed.
#[cfg(unix)]
pub(crate) struct ProcessorTime(Duration);

#[cfg(unix)]
impl ProcessorTime {
    /// Starts to measure.
    pub(crate) fn start() -> Self {
        Self(Self::used())
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        Self::used().saturating_sub(self.0)
    }

    fn used() -> Duration {
        let used = clock_gettime(ClockId::ProcessCPUTime);
        Duration::try_from(used).unwrap_or_default()
    }
}

/// Measures the time that passed: the system does not say what the processors did.
#[cfg(not(unix))]
pub(crate) struct ProcessorTime(Instant);

#[cfg(not(unix))]
impl ProcessorTime {
    /// Starts to measure.
    #[expect(
        clippy::disallowed_methods,
        reason = "measures for a price list; nothing else is decided by it"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
