//! The one source of chance.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lastmile_model::door::Random;
use lastmile_testkit::chance::{SplitMix64, mixed};

/// Chance by a seed. Whoever does something of its own has dice of its own, so that what one does more or less
/// does not change what the others draw.
#[derive(Debug)]
pub struct Dice(Mutex<SplitMix64>);

impl Dice {
    /// The dice of this name.
    #[must_use]
    pub fn of(seed: u64, name: &str) -> Self {
        Self(Mutex::new(SplitMix64::new(folded(seed, name.as_bytes()))))
    }

    /// The next number.
    pub fn draw(&self) -> u64 {
        let mut numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.draw()
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&self, end: u64) -> u64 {
        self.draw() % end.max(1)
    }

    /// A number of these, both ends included.
    pub fn between(&self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// So many times of a thousand.
    pub fn permille(&self, times: u16) -> bool {
        self.below(1000) < u64::from(times)
    }

    /// A time up to this one, in whole milliseconds.
    pub fn up_to(&self, most: Duration) -> Duration {
        let most_ms = u64::try_from(most.as_millis()).unwrap_or(u64::MAX - 1);
        Duration::from_millis(self.below(most_ms + 1))
    }

    /// One of these.
    ///
    /// # Panics
    /// Where there is none.
    pub fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        let last = u64::try_from(of.len()).unwrap_or(u64::MAX);
        &of[usize::try_from(self.below(last)).unwrap_or_default()]
    }
}

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(size_of::<u64>()) {
            let drawn = self.draw().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// A number that depends on nothing but a seed and these bytes.
#[must_use]
pub fn folded(seed: u64, bytes: &[u8]) -> u64 {
    let fold = |number: u64, byte: &u8| mixed(number ^ u64::from(*byte));
    bytes.iter().fold(mixed(seed), fold)
}
