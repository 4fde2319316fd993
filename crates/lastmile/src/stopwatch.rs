//! How long a command takes, shown to people; and what the processors did, for the price list.

use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::time::{ClockId, clock_gettime};

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
