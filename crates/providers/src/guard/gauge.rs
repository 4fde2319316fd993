//! What is seen of a carrier: counts that only grow, and what is under way.

use std::collections::VecDeque;

use jiff::Timestamp;
use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{
    BreakerState, CarrierHealth, FailureReason, LastFailure, OutcomeCounts,
};
use lastmile_model::identity::ProviderName;

/// How long a call counts for the rate.
const RATE_SECONDS: i64 = 60;

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
    last_failure: Option<LastFailure>,
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

    pub(super) const fn failed(&mut self, reason: FailureReason, at: Timestamp) {
        self.last_failure = Some(LastFailure { reason, at });
    }

    /// How it all stands.
    pub(super) fn read(
        &mut self,
        provider: ProviderName,
        breaker: BreakerState,
        now: Timestamp,
    ) -> CarrierHealth {
        self.forget_before(now.as_second());
        CarrierHealth {
            provider,
            breaker,
            in_flight: self.in_flight,
            waiting: self.waiting,
            calls_last_minute: self.seconds.iter().map(|(_, calls)| calls).sum(),
            calls: self.calls,
            shared: self.shared,
            outcomes: self.outcomes,
            last_failure: self.last_failure,
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
    use super::*;

    #[test]
    fn the_rate_is_of_the_last_minute() {
        let mut gauge = Gauge::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let rate = |gauge: &mut Gauge, second| {
            let provider = ProviderName::new("Alden").unwrap();
            gauge
                .read(provider, BreakerState::Closed, at(second))
                .calls_last_minute
        };
        for second in [0, 0, 30] {
            gauge.begins(at(second));
        }
        assert_eq!(rate(&mut gauge, 30), 3);
        assert_eq!(rate(&mut gauge, 59), 3);
        assert_eq!(rate(&mut gauge, 60), 1);
        assert_eq!(rate(&mut gauge, 90), 0);
    }
}
