//! What is seen of a carrier: counts that only grow, and what is under way.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{
    BreakerState, CarrierHealth, FailureCounts, FailureReason, LastFailure, Latency, OutcomeCounts,
};
use lastmile_model::identity::ProviderName;

use super::GuardFigures;

/// How long a call counts for the rate.
const RATE_SECONDS: i64 = 60;
/// How many of the last calls are looked at for how long they take.
const LATENCY_CALLS_MAX: usize = 200;

/// How many calls may wait for each one that is under way. So many keep the carrier busy while others come.
const CROWD_PER_CALL: u32 = 4;
/// So many calls may always wait, of two messages of a quote that ask for one service at twenty places each.
const CROWD_MIN: u32 = 40;
/// How long a call is taken to take while none has ended yet.
const LATENCY_UNKNOWN: Duration = Duration::from_secs(1);

/// The counters of one carrier.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    in_flight: u32,
    waiting: u32,
    calls: u64,
    shared: u64,
    /// Second and calls that began in it, oldest first; at most [`RATE_SECONDS`] of them.
    seconds: VecDeque<(i64, u32)>,
    outcomes: OutcomeCounts,
    failures: FailureCounts,
    last_failure: Option<LastFailure>,
    /// How long the last calls took, oldest first; at most [`LATENCY_CALLS_MAX`] of them.
    took: VecDeque<Duration>,
}

impl Gauge {
    pub(super) const fn waits(&mut self) {
        self.waiting += 1;
    }

    pub(super) const fn waits_no_more(&mut self) {
        self.waiting -= 1;
    }

    pub(super) fn begins(&mut self, now: Timestamp) {
        self.in_flight += 1;
        self.calls += 1;
        let second = now.as_second();
        self.forget_before(second);
        match self.seconds.back_mut() {
            Some((last, calls)) if *last == second => *calls += 1,
            _ => self.seconds.push_back((second, 1)),
        }
    }

    pub(super) const fn ends(&mut self) {
        self.in_flight -= 1;
    }

    pub(super) const fn shares(&mut self) {
        self.shared += 1;
    }

    pub(super) const fn came_to(&mut self, outcome: Outcome) {
        self.outcomes.count(outcome);
    }

    /// A call ended after so long, the wait for its turn not counted.
    pub(super) fn took(&mut self, time: Duration) {
        if self.took.len() >= LATENCY_CALLS_MAX {
            self.took.pop_front();
        }
        self.took.push_back(time);
    }

    pub(super) fn failed(&mut self, reason: FailureReason, at: Timestamp) {
        self.failures.count(reason);
        self.last_failure = Some(LastFailure { reason, at });
    }

    /// See [`Watched::crowd`](super::Watched::crowd).
    ///
    /// A call is up to `requests` requests to the carrier.
    pub(super) fn crowd(&self, figures: &GuardFigures, requests: u32) -> Option<Duration> {
        let at_once = figures.concurrent.max(1);
        let many = at_once.saturating_mul(CROWD_PER_CALL).max(CROWD_MIN);
        if self.waiting < many {
            return None;
        }
        let latency = Latency::of(self.took.iter().copied().collect());
        let by_latency = latency.map_or(LATENCY_UNKNOWN, |latency| latency.median) / at_once;
        let by_pace = figures.pace.map_or(Duration::ZERO, |pace| {
            Duration::from_secs(1) * requests / pace.requests_per_second.max(1)
        });
        Some(by_latency.max(by_pace) * self.waiting)
    }

    /// How it all stands.
    pub(super) fn read(
        &mut self,
        provider: ProviderName,
        figures: &GuardFigures,
        breaker: BreakerState,
        now: Timestamp,
    ) -> CarrierHealth {
        self.forget_before(now.as_second());
        CarrierHealth {
            provider,
            breaker,
            in_flight: self.in_flight,
            in_flight_max: figures.concurrent,
            waiting: self.waiting,
            calls_last_minute: self.seconds.iter().map(|(_, calls)| calls).sum(),
            requests_per_second_max: figures.pace.map(|pace| pace.requests_per_second),
            calls: self.calls,
            shared: self.shared,
            outcomes: self.outcomes,
            failures: self.failures,
            last_failure: self.last_failure,
            latency: Latency::of(self.took.iter().copied().collect()),
        }
    }

    fn forget_before(&mut self, now_second: i64) {
        while self
            .seconds
            .front()
            .is_some_and(|(second, _)| *second <= now_second - RATE_SECONDS)
        {
            self.seconds.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::breaker::BreakerFigures;
    use super::super::pace::PaceFigures;
    use super::super::retry::RetryFigures;
    use super::*;

    const FIGURES: GuardFigures = GuardFigures {
        concurrent: 3,
        pace: None,
        timeout: Duration::from_secs(1),
        retry: RetryFigures {
            tries_max: 1,
            wait_first: Duration::ZERO,
            wait_max: Duration::ZERO,
        },
        breaker: BreakerFigures {
            window_calls: 1,
            calls_min: 1,
            ill_percent: 100,
            open_for: Duration::ZERO,
            open_for_max: Duration::ZERO,
            trials: 1,
        },
    };

    fn read(gauge: &mut Gauge, now: Timestamp) -> CarrierHealth {
        let provider = ProviderName::new("Alden").unwrap();
        gauge.read(provider, &FIGURES, BreakerState::Closed, now)
    }

    #[test]
    fn only_the_last_calls_say_how_long_calls_take() {
        let mut gauge = Gauge::default();
        assert_eq!(read(&mut gauge, Timestamp::UNIX_EPOCH).latency, None);
        gauge.took(Duration::from_secs(9));
        for _ in 0..LATENCY_CALLS_MAX {
            gauge.took(Duration::from_millis(5));
        }
        let health = read(&mut gauge, Timestamp::UNIX_EPOCH);
        let latency = health.latency.unwrap();
        assert_eq!((latency.calls, latency.p95.as_millis()), (200, 5));
        assert_eq!(health.in_flight_max, 3);
    }

    #[test]
    fn a_crowd_takes_as_long_as_its_calls_and_its_pace() {
        let mut gauge = Gauge::default();
        for _ in 0..CROWD_MIN - 1 {
            gauge.waits();
        }
        assert_eq!(gauge.crowd(&FIGURES, 1), None);
        gauge.waits();
        let unknown = gauge.crowd(&FIGURES, 1).map(|time| time.as_secs());
        assert_eq!(unknown, Some(13), "no call has ended yet");
        gauge.took(Duration::from_secs(3));
        assert_eq!(gauge.crowd(&FIGURES, 1), Some(Duration::from_secs(40)));
        let pace = PaceFigures {
            requests_per_second: 1,
            burst: 1,
        };
        let many = GuardFigures {
            concurrent: 10,
            pace: Some(pace),
            ..FIGURES
        };
        assert_eq!(gauge.crowd(&many, 3), Some(Duration::from_secs(120)));
        let wide = GuardFigures {
            concurrent: 11,
            ..FIGURES
        };
        assert_eq!(gauge.crowd(&wide, 1), None, "four for each call");
    }

    #[test]
    fn the_rate_is_of_the_last_minute() {
        let mut gauge = Gauge::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let rate = |gauge: &mut Gauge, second| read(gauge, at(second)).calls_last_minute;
        for second in [0, 0, 30] {
            gauge.begins(at(second));
        }
        assert_eq!(rate(&mut gauge, 30), 3);
        assert_eq!(rate(&mut gauge, 59), 3);
        assert_eq!(rate(&mut gauge, 60), 1);
        assert_eq!(rate(&mut gauge, 90), 0);
    }
}
