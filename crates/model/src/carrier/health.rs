//! How a carrier is doing, as whoever asks it sees it.

use std::time::Duration;

use jiff::Timestamp;

use crate::availability::Outcome;
use crate::identity::ProviderName;

use super::FailureReason;

/// How one carrier is doing, in this process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarrierHealth {
    /// Which one.
    pub provider: ProviderName,
    /// Whether it is asked at all.
    pub breaker: BreakerState,
    /// Calls under way.
    pub in_flight: u32,
    /// How many there may be.
    pub in_flight_max: u32,
    /// Calls that wait for one under way to end.
    pub waiting: u32,
    /// Calls that began within the last minute.
    pub calls_last_minute: u32,
    /// How many requests a second it may be asked; `None` where that is not bounded.
    pub requests_per_second_max: Option<u32>,
    /// Calls that were made since the start.
    pub calls: u64,
    /// Questions that shared the answer of another one under way.
    pub shared: u64,
    /// What the questions came to since the start.
    pub outcomes: OutcomeCounts,
    /// Why questions failed since the start.
    pub failures: FailureCounts,
    /// The last failure.
    pub last_failure: Option<LastFailure>,
    /// How long the last calls took; `None` before the first one has ended.
    pub latency: Option<Latency>,
}

/// How a provider is asked, and how it is doing where that is by its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HowAsked {
    /// By its API.
    Live(Box<CarrierHealth>),
    /// From its lists and rate cards.
    Coverage,
    /// By a person.
    Person,
}

impl HowAsked {
    /// `live`, `coverage`, `person`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Live(_) => "live",
            Self::Coverage => "coverage",
            Self::Person => "person",
        }
    }
}

/// How long calls took that the carrier ended, by an answer or by what stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Latency {
    /// How many calls are looked at: the last ones.
    pub calls: u32,
    /// Half of them were not longer.
    pub median: Duration,
    /// Nineteen of twenty were not longer.
    pub p95: Duration,
}

impl Latency {
    /// Of these calls; `None` where there are none.
    #[must_use]
    pub fn of(mut calls: Vec<Duration>) -> Option<Self> {
        calls.sort_unstable();
        let longest = calls.len().checked_sub(1)?;
        let at = |percent: usize| calls.get((longest * percent).div_ceil(100)).copied();
        Some(Self {
            calls: u32::try_from(calls.len()).unwrap_or(u32::MAX),
            median: at(50)?,
            p95: at(95)?,
        })
    }
}

/// How often questions failed for each reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FailureCounts([u64; FailureReason::ALL.len()]);

impl FailureCounts {
    /// Counts one more.
    pub fn count(&mut self, reason: FailureReason) {
        let all = FailureReason::ALL.iter().zip(&mut self.0);
        for (_, count) in all.filter(|(one, _)| **one == reason) {
            *count += 1;
        }
    }

    /// The reasons that were seen, each with how often.
    pub fn seen(&self) -> impl Iterator<Item = (FailureReason, u64)> {
        let all = FailureReason::ALL.into_iter().zip(self.0);
        all.filter(|(_, count)| *count > 0)
    }
}

/// Whether a carrier is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BreakerState {
    /// It is.
    Closed,
    /// It failed too often and is left alone until then.
    Open {
        /// When it is tried again.
        until: Timestamp,
    },
    /// It was left alone; a few calls try whether it is well again.
    HalfOpen,
}

impl BreakerState {
    /// `closed`, `open`, `half_open`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half_open",
        }
    }
}

/// What questions came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OutcomeCounts {
    /// Can be delivered, or has a price.
    pub served: u64,
    /// Cannot.
    pub not_served: u64,
    /// The address is not known.
    pub address_unknown: u64,
    /// A person must look.
    pub ask_person: u64,
    /// No answer.
    pub failed: u64,
}

impl OutcomeCounts {
    /// Counts one more.
    pub const fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Served => &mut self.served,
            Outcome::NotServed => &mut self.not_served,
            Outcome::AddressUnknown => &mut self.address_unknown,
            Outcome::AskPerson => &mut self.ask_person,
            Outcome::Failed => &mut self.failed,
        };
        *counter += 1;
    }

    /// All of them.
    #[must_use]
    pub const fn total(self) -> u64 {
        let Self {
            served,
            not_served,
            address_unknown,
            ask_person,
            failed,
        } = self;
        served + not_served + address_unknown + ask_person + failed
    }
}

/// A failure that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastFailure {
    /// Why.
    pub reason: FailureReason,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_those_of_the_calls_that_were_not_longer() {
        let ms = Duration::from_millis;
        assert_eq!(Latency::of(Vec::new()), None);
        let one = Latency::of(vec![ms(7)]).unwrap();
        assert_eq!((one.calls, one.median, one.p95), (1, ms(7), ms(7)));
        let many = Latency::of((1..=101).rev().map(ms).collect()).unwrap();
        assert_eq!((many.calls, many.median, many.p95), (101, ms(51), ms(96)));
    }

    #[test]
    fn failures_are_counted_by_their_reason() {
        let mut failures = FailureCounts::default();
        for reason in [
            FailureReason::TimedOut,
            FailureReason::NotSetUp,
            FailureReason::TimedOut,
        ] {
            failures.count(reason);
        }
        let seen: Vec<_> = failures.seen().collect();
        assert_eq!(
            seen,
            [(FailureReason::TimedOut, 2), (FailureReason::NotSetUp, 1)]
        );
    }
}
