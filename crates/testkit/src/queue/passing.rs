//! How a check lets time pass.

use std::sync::Arc;
use std::time::Duration;

use crate::store::ManualClock;

/// The longest that a check really waits.
const REAL_MAX: Duration = Duration::from_secs(5);

/// The door by which time passes for the queue under test.
#[derive(Clone, Debug)]
pub enum Passing {
    /// The queue looks at this clock, which is moved on.
    Turned(Arc<ManualClock>),
    /// The queue has a clock of its own: it is waited for.
    Real,
}

impl Passing {
    /// Whether so much time can pass in a test.
    #[must_use]
    pub fn reaches(&self, time: Duration) -> bool {
        match self {
            Self::Turned(_) => true,
            Self::Real => time <= REAL_MAX,
        }
    }

    /// Lets time pass, in whole seconds.
    pub async fn pass(&self, time: Duration) {
        assert!(self.reaches(time), "a check waits {REAL_MAX:?} at most");
        match self {
            Self::Turned(clock) => {
                let seconds = i64::try_from(time.as_secs()).expect("a test passes less than ages");
                clock.advance_seconds(seconds);
            }
            Self::Real => tokio::time::sleep(time).await,
        }
    }
}
