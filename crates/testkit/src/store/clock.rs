//! A clock that tests set.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use lastmile_store::Clock;

/// Where a [`ManualClock`] begins: 2026-03-03T12:00:00Z, in seconds since 1970.
pub const MANUAL_CLOCK_START_SECOND: i64 = 1_772_539_200;

/// Stands still until it is moved.
#[derive(Debug)]
pub struct ManualClock {
    second: AtomicI64,
    nanosecond: i32,
}

impl ManualClock {
    /// At [`MANUAL_CLOCK_START_SECOND`].
    #[must_use]
    pub const fn new() -> Self {
        Self::with_nanosecond(0)
    }

    /// As finely divided as a real clock: so far behind the second, always.
    #[must_use]
    pub const fn with_nanosecond(nanosecond: i32) -> Self {
        Self {
            second: AtomicI64::new(MANUAL_CLOCK_START_SECOND),
            nanosecond,
        }
    }

    /// Moves it on.
    pub fn advance_seconds(&self, seconds: i64) {
        self.second.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::new(self.second.load(Ordering::SeqCst), self.nanosecond)
            .expect("tests stay within the ten thousand years that a timestamp holds")
    }
}
