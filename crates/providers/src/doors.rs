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
