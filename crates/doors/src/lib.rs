//! The doors by which the real world comes in: the time, waiting, and chance.
//!
//! Every process has them; nothing else in the workspace may ask the machine (`clippy.toml`).

use std::time::Duration;

use jiff::Timestamp;
use lastmile_model::door::{Clock, Random, Timer, Wait};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock door; everything else asks it"
    )]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Waiting by the machine's clock. Needs the runtime of the process.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemTimer;

impl Timer for SystemTimer {
    fn wait(&self, length: Duration) -> Wait {
        Box::pin(tokio::time::sleep(length))
    }
}

/// The machine's source of randomness.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Random door; everything else asks it"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("a machine without randomness cannot make keys");
    }
}

impl SystemRandom {
    /// A number of which every value is equally likely.
    #[must_use]
    pub fn number(self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}
