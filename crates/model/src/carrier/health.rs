//! How a carrier is doing, as whoever asks it sees it.

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
    /// Calls that wait for one under way to end.
    pub waiting: u32,
    /// Calls that began within the last minute.
    pub calls_last_minute: u32,
    /// Calls that were made since the start.
    pub calls: u64,
    /// Questions that shared the answer of another one under way.
    pub shared: u64,
    /// What the questions came to since the start.
    pub outcomes: OutcomeCounts,
    /// The last failure.
    pub last_failure: Option<LastFailure>,
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
