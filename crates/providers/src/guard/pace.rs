//! No more requests in a second than a carrier allows. Pure: time is an argument.

use std::time::Duration;

use jiff::Timestamp;

/// How fast requests may follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaceFigures {
    /// Over any longer time, at least one.
    pub requests_per_second: u32,
    /// How many may be made at once after a rest, at least one.
    pub burst: u32,
}

/// Gives each request the time at which it may be made (the generic cell rate algorithm: a bucket that is
/// full of tokens after a rest, kept as the one time at which it will be full again).
#[derive(Debug)]
pub struct Pace {
    figures: PaceFigures,
    full_at: Timestamp,
}

impl Pace {
    /// Rested.
    #[must_use]
    pub const fn new(figures: PaceFigures) -> Self {
        Self {
            figures,
            full_at: Timestamp::MIN,
        }
    }

    /// Takes leave for so many requests and says how long to wait before them. Leave that is not used is
    /// lost. More requests than the burst are let through when it is whole.
    pub fn take(&mut self, requests: u32, now: Timestamp) -> Duration {
        let PaceFigures {
            requests_per_second,
            burst,
        } = self.figures;
        let interval = Duration::from_secs(1) / requests_per_second.max(1);
        let tokens = requests.min(burst.max(1));
        let begins = self.full_at.max(now);
        self.full_at = later(begins, interval.saturating_mul(requests));
        let room = interval.saturating_mul(burst.max(1) - tokens);
        let ahead = Duration::try_from(begins.duration_since(now)).unwrap_or_default();
        ahead.saturating_sub(room)
    }
}

fn later(time: Timestamp, by: Duration) -> Timestamp {
    time.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: i64 = 1_000_000;

    fn at_ms(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(START + milliseconds).unwrap()
    }

    #[test]
    fn a_burst_passes_at_once_and_then_one_an_interval() {
        let mut pace = Pace::new(PaceFigures {
            requests_per_second: 10,
            burst: 3,
        });
        let waits: Vec<u128> = (0..6).map(|_| pace.take(1, at_ms(0)).as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 100, 200, 300]);
        assert_eq!(pace.take(1, at_ms(10_000)).as_millis(), 0, "rested");
        assert_eq!(pace.take(2, at_ms(10_000)).as_millis(), 0);
        assert_eq!(pace.take(1, at_ms(10_000)).as_millis(), 100);
    }

    proptest! {
        #[test]
        fn no_second_ever_has_more_than_the_rate_and_one_burst(
            rate in 1_u32..50,
            burst in 1_u32..20,
            pauses in prop::collection::vec(0_i64..300, 1..300),
        ) {
            let mut pace = Pace::new(PaceFigures { requests_per_second: rate, burst });
            let mut now = 0;
            let mut made: Vec<i64> = Vec::new();
            for pause in pauses {
                now += pause;
                let wait = pace.take(1, at_ms(now));
                made.push(now * 1_000_000 + i64::try_from(wait.as_nanos()).unwrap());
            }
            for (index, begin) in made.iter().enumerate() {
                let within = made[index..].iter().filter(|at| *at - begin < 1_000_000_000).count();
                prop_assert!(within <= (rate + burst) as usize, "{within} in a second");
            }
        }
    }
}
