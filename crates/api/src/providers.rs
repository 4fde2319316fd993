//! Providers as they are set up, and how those are doing that are asked by API.

use std::collections::BTreeMap;

use lastmile_model::carrier::{
    BreakerState, CarrierHealth, FailureCounts, HowAsked, LastFailure, Latency, OutcomeCounts,
};
use lastmile_model::identity::ProviderName;
use serde::Serialize;
use utoipa::ToSchema;

use crate::shown::Time;

/// A provider that is set up in the process that answers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Provider {
    /// Its name.
    pub provider: String,
    /// How it is asked: `live` by its API, `coverage` from its lists, `person`.
    pub kind: &'static str,
    /// How it is doing; of one that is asked by API only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<Health>,
    /// `Provider`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// How a carrier is doing, as this process sees it since it was started.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProviderHealth)]
pub struct Health {
    /// Whether it is asked at all: `closed` is, `open` is left alone, `half_open` is being tried.
    pub breaker: &'static str,
    /// Until when it is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub open_until: Option<String>,
    /// Calls under way.
    pub calls_under_way: u32,
    /// How many there may be.
    pub calls_under_way_max: u32,
    /// Calls that wait for one under way to end.
    pub calls_waiting: u32,
    /// Calls that began within the last minute.
    pub calls_last_minute: u32,
    /// Calls since the start.
    pub calls: u64,
    /// How many requests a second it may be asked, where that is bounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_second_max: Option<u32>,
    /// Questions that shared the answer of another one under way.
    pub questions_shared: u64,
    /// What questions came to.
    pub outcome: Outcomes,
    /// How often questions failed, by reason.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub failure: BTreeMap<&'static str, u64>,
    /// The last failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failure: Option<Failure>,
    /// How long the last calls took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency: Option<CallLatency>,
}

/// How many questions came to what.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProviderOutcomes)]
pub struct Outcomes {
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

/// A failure that was seen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProviderFailure)]
pub struct Failure {
    /// Why.
    pub reason: &'static str,
    /// When.
    #[schema(format = DateTime)]
    pub at: String,
}

/// How long calls took; waiting for their turn is not counted.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallLatency {
    /// How many calls are looked at: the last ones.
    pub calls: u32,
    /// Half of them were not longer, in milliseconds.
    pub median_ms: u64,
    /// Nineteen of twenty were not longer, in milliseconds.
    pub p95_ms: u64,
}

impl Provider {
    /// The document of a provider.
    #[must_use]
    pub fn of(provider: &ProviderName, asked: &HowAsked) -> Self {
        Self {
            provider: provider.to_string(),
            kind: asked.as_str(),
            health: match asked {
                HowAsked::Live(health) => Some(Health::of(health)),
                HowAsked::Coverage | HowAsked::Person => None,
            },
            type_name: "Provider",
        }
    }
}

impl Health {
    fn of(health: &CarrierHealth) -> Self {
        let CarrierHealth {
            provider: _,
            breaker,
            in_flight,
            in_flight_max,
            waiting,
            calls_last_minute,
            requests_per_second_max,
            calls,
            shared,
            outcomes,
            failures,
            last_failure,
            latency,
        } = health;
        Self {
            breaker: breaker.as_str(),
            open_until: match breaker {
                BreakerState::Open { until } => Some(Time(*until).to_string()),
                BreakerState::Closed | BreakerState::HalfOpen => None,
            },
            calls_under_way: *in_flight,
            calls_under_way_max: *in_flight_max,
            calls_waiting: *waiting,
            calls_last_minute: *calls_last_minute,
            calls: *calls,
            requests_per_second_max: *requests_per_second_max,
            questions_shared: *shared,
            outcome: Outcomes::of(*outcomes),
            failure: by_reason(failures),
            last_failure: last_failure.map(|LastFailure { reason, at }| Failure {
                reason: reason.as_str(),
                at: Time(at).to_string(),
            }),
            latency: latency.map(CallLatency::of),
        }
    }
}

fn by_reason(failures: &FailureCounts) -> BTreeMap<&'static str, u64> {
    let seen = failures.seen();
    seen.map(|(reason, count)| (reason.as_str(), count))
        .collect()
}

impl Outcomes {
    const fn of(outcomes: OutcomeCounts) -> Self {
        let OutcomeCounts {
            served,
            not_served,
            address_unknown,
            ask_person,
            failed,
        } = outcomes;
        Self {
            served,
            not_served,
            address_unknown,
            ask_person,
            failed,
        }
    }
}

impl CallLatency {
    fn of(latency: Latency) -> Self {
        let Latency { calls, median, p95 } = latency;
        let ms = |time: std::time::Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            calls,
            median_ms: ms(median),
            p95_ms: ms(p95),
        }
    }
}
