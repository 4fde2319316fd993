//! Figures of each invocation in CloudWatch's embedded metric format: one line of JSON in the log, from
//! which CloudWatch makes metrics. Nothing is sent, nothing is waited for.

use jiff::{SignedDuration, Timestamp};
use lastmile_store::Capacity;
use serde_json::{Value, json};

/// Under which the metrics stand.
pub const NAMESPACE: &str = "Lastmile";

/// What one invocation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invocation {
    /// When it began.
    pub began: Timestamp,
    /// How long it took.
    pub took: SignedDuration,
    /// Requests, messages or changes in it.
    pub events: usize,
    /// Those that failed: answered with 5xx, or to be given out again.
    pub failures: usize,
    /// What the store cost.
    pub capacity: Capacity,
}

/// The line for an invocation of a function.
#[must_use]
pub fn line(function: &str, invocation: &Invocation) -> Value {
    let Invocation {
        began,
        took,
        events,
        failures,
        capacity,
    } = invocation;
    json!({
        "_aws": {
            "Timestamp": began.as_millisecond(),
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [["function"]],
                "Metrics": [
                    {"Name": "events", "Unit": "Count"},
                    {"Name": "failures", "Unit": "Count"},
                    {"Name": "duration_ms", "Unit": "Milliseconds"},
                    {"Name": "read_units", "Unit": "Count"},
                    {"Name": "write_units", "Unit": "Count"},
                ],
            }],
        },
        "function": function,
        "events": events,
        "failures": failures,
        "duration_ms": took.as_secs_f64() * 1000.0,
        "read_units": capacity.read_units(),
        "write_units": capacity.writes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_that_is_named_has_its_value() {
        let invocation = Invocation {
            began: Timestamp::from_millisecond(1_773_000_000_123).expect("a time"),
            took: SignedDuration::from_micros(1500),
            events: 3,
            failures: 1,
            capacity: Capacity {
                read_halves: 3,
                writes: 7,
            },
        };
        let line = line("availability", &invocation);
        let described = &line["_aws"]["CloudWatchMetrics"][0];
        let metrics = described["Metrics"].as_array().expect("metrics");
        assert_eq!(metrics.len(), 5);
        for metric in metrics {
            let name = metric["Name"].as_str().expect("a name");
            assert!(line[name].is_number(), "{name}");
        }
        assert_eq!(line["function"], "availability");
        assert_eq!(line["duration_ms"], 1.5);
        assert_eq!(line["read_units"], 1.5);
        assert_eq!(line["_aws"]["Timestamp"], 1_773_000_000_123_i64);
    }
}
