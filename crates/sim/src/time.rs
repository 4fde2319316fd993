//! Time that passes when nobody has anything to do.

use std::time::Duration;

use jiff::Timestamp;
use lastmile_model::door::{Clock, Timer, Wait};
use lastmile_testkit::store::clock::MANUAL_CLOCK_START_SECOND;
use tokio::time::{Instant, sleep};

/// The time of a paused runtime, as a clock and a timer. The product waits by the runtime's own timer in places, so
/// that the simulation's time must be the runtime's.
#[derive(Clone, Copy, Debug)]
pub struct PausedTime {
    began: Instant,
}

impl PausedTime {
    /// Begins now; within a runtime that was started paused.
    #[must_use]
    pub fn begin() -> Self {
        Self {
            began: Instant::now(),
        }
    }

    /// How long it goes on.
    #[must_use]
    pub fn passed(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Clock for PausedTime {
    fn now(&self) -> Timestamp {
        let begin = Timestamp::from_second(MANUAL_CLOCK_START_SECOND).unwrap_or_default();
        begin.saturating_add(self.passed()).unwrap_or(begin)
    }
}

impl Timer for PausedTime {
    fn wait(&self, length: Duration) -> Wait {
        Box::pin(sleep(length))
    }
}
