//! How a seller behaves: what it is told, and the figures it keeps to.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::chance::Chance;
use crate::destiny::Mix;

/// A slow seller takes so many times longer.
const SLOW_FACTOR: u32 = 20;
/// Longest latency, as a multiple of the median: the tail of the distribution is cut there.
const LATENCY_MAX_FACTOR: f64 = 20.0;

/// Faults and habits, each of which can be switched on. None of them is on at first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// Takes twenty times longer.
    pub slow: bool,
    /// Answers 503 to everything.
    pub down: bool,
    /// Answers 500 to three of ten requests, by chance.
    pub flaky: bool,
    /// Takes few requests a second and answers 429 with `Retry-After` to the others.
    pub rate_limited: bool,
    /// Takes a neighbour for the asked building, and calls that success.
    pub inconsistent: bool,
    /// Has "ICB" where prices should be.
    pub icb: bool,
    /// Writes terms and prices as text.
    pub text_numbers: bool,
    /// Swaps latitude and longitude.
    pub swapped_coordinates: bool,
    /// Sends a bare object for a list of one.
    pub bare_objects: bool,
    /// Puts a blank behind every state.
    pub trailing_blanks: bool,
    /// Says green wherever it knows the address.
    pub green_means_address_known: bool,
    /// Refuses an address with a 400 of its own making.
    pub undocumented_refusals: bool,
    /// Takes every token for an old one.
    pub forgets_tokens: bool,
    /// Has totals instead of a list of prices.
    pub totals: bool,
    /// Never finishes what it was asked for later.
    pub never_ready: bool,
    /// Does not call back (501).
    pub no_notifications: bool,
    /// Wants `buyerId` and `sellerId`.
    pub wants_ids: bool,
}

/// Figures of every seller of a market.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// What becomes of buildings.
    pub mix: Mix,
    /// Half of the answers come faster; 0 for at once.
    pub latency_median: Duration,
    /// Deviation of the logarithm of the latency.
    pub latency_sigma: f64,
    /// How long it takes to find out what was asked for later.
    pub thinking: Duration,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            mix: Mix::MEASURED,
            latency_median: Duration::from_millis(300),
            latency_sigma: 0.5,
            thinking: Duration::from_secs(2),
        }
    }
}

impl Figures {
    /// How long one answer takes: log-normal.
    pub(crate) fn latency(&self, mut chance: Chance, behaviour: Behaviour) -> Duration {
        let factor = (chance.normal() * self.latency_sigma)
            .exp()
            .min(LATENCY_MAX_FACTOR);
        let latency = self.latency_median.mul_f64(factor);
        if behaviour.slow {
            latency * SLOW_FACTOR
        } else {
            latency
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_answers_come_within_the_median() {
        let figures = Figures::default();
        let chance = Chance::of_seed(3);
        let within = (0..10_000)
            .filter(|index| {
                let chance = chance.about(&index.to_string());
                figures.latency(chance, Behaviour::default()) <= figures.latency_median
            })
            .count();
        assert!((4_800..5_200).contains(&within), "{within}");
    }

    #[test]
    fn no_latency_is_no_latency() {
        let figures = Figures {
            latency_median: Duration::ZERO,
            ..Figures::default()
        };
        let slow = Behaviour {
            slow: true,
            ..Behaviour::default()
        };
        assert_eq!(figures.latency(Chance::of_seed(1), slow), Duration::ZERO);
    }
}
