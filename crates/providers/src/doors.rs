//! What this room is given of the world: time and chance.

use std::sync::Arc;

use lastmile_model::door::{Clock, Random, Timer};

/// The doors, cheap to clone.
#[derive(Clone)]
pub struct Doors {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Waiting, by the time of that clock.
    pub timer: Arc<dyn Timer>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl Doors {
    /// Of a clock, a timer by it, and chance.
    #[must_use]
    pub fn new(clock: impl Clock, timer: impl Timer, random: impl Random) -> Self {
        Self {
            clock: Arc::new(clock),
            timer: Arc::new(timer),
            random: Arc::new(random),
        }
    }
}
