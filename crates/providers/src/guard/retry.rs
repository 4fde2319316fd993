//! How often, and after how long, a question that failed for now is asked again. Pure.

use std::time::Duration;

/// How much asking one question again may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryFigures {
    /// Most tries, the first among them.
    pub tries_max: u32,
    /// Longest wait by chance after the first try. It doubles with each.
    pub wait_first: Duration,
    /// Longest wait after any. A carrier that asks for more is left to whoever asked.
    pub wait_max: Duration,
}

impl RetryFigures {
    /// The wait after so many tries: what the carrier asks for, and by chance up to what has doubled so far
    /// ("full jitter"), so that calls which failed together do not come back together. `None` where it is
    /// not tried again.
    #[must_use]
    pub fn wait(self, tries: u32, asked_for: Duration, chance: u64) -> Option<Duration> {
        if tries >= self.tries_max || asked_for > self.wait_max {
            return None;
        }
        let doubled = 1_u32
            .checked_shl(tries.saturating_sub(1))
            .map_or(self.wait_max, |times| self.wait_first.saturating_mul(times));
        let longest = u64::try_from(doubled.min(self.wait_max).as_nanos()).unwrap_or(u64::MAX);
        let by_chance = Duration::from_nanos(chance % longest.saturating_add(1));
        Some(asked_for.max(by_chance))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FIGURES: RetryFigures = RetryFigures {
        tries_max: 4,
        wait_first: Duration::from_millis(10),
        wait_max: Duration::from_millis(35),
    };

    #[test]
    fn the_longest_wait_doubles_up_to_its_end() {
        for (tries, longest_ms) in [(1, 10), (2, 20), (3, 35)] {
            let longest = Duration::from_millis(longest_ms);
            let nanos = longest_ms * 1_000_000;
            assert_eq!(FIGURES.wait(tries, Duration::ZERO, nanos), Some(longest));
            assert_eq!(
                FIGURES.wait(tries, Duration::ZERO, nanos + 1),
                Some(Duration::ZERO)
            );
        }
        assert_eq!(FIGURES.wait(4, Duration::ZERO, 0), None);
    }

    proptest! {
        #[test]
        fn a_wait_is_what_was_asked_for_and_within_its_end(
            tries in 0_u32..10, asked_ms in 0_u64..60, chance: u64,
        ) {
            let asked = Duration::from_millis(asked_ms);
            match FIGURES.wait(tries, asked, chance) {
                Some(wait) => {
                    prop_assert!(tries < 4);
                    prop_assert!(wait >= asked && wait <= FIGURES.wait_max);
                }
                None => prop_assert!(tries >= 4 || asked > FIGURES.wait_max),
            }
        }
    }
}
