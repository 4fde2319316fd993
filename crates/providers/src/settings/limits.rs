//! What a figure of the settings file is where the file does not say, and what it may be.

use std::ops::RangeInclusive;

/// What may be, and what is where nothing is said.
pub(super) struct Figure {
    pub(super) field: &'static str,
    pub(super) default: u64,
    pub(super) allowed: RangeInclusive<u64>,
    pub(super) problem: &'static str,
}

macro_rules! figure {
    ($name:ident, $field:literal, $default:literal, $least:literal ..= $most:literal) => {
        pub(super) const $name: Figure = Figure {
            field: $field,
            default: $default,
            allowed: $least..=$most,
            problem: concat!("must be ", $least, " to ", $most),
        };
    };
}

figure!(CONCURRENT, "concurrent", 8, 1..=1000);
figure!(REQUESTS_PER_SECOND, "requests_per_second", 10, 1..=10000);
figure!(BURST, "burst", 10, 1..=10000);
figure!(TIMEOUT_MS, "timeout_ms", 30000, 100..=300000);
figure!(TRIES, "tries", 3, 1..=10);
figure!(RETRY_WAIT_MS, "retry_wait_ms", 200, 1..=60000);
figure!(RETRY_WAIT_MAX_MS, "retry_wait_max_ms", 5000, 1..=60000);
figure!(WINDOW_CALLS, "breaker.window_calls", 20, 1..=1000);
figure!(CALLS_MIN, "breaker.calls_min", 10, 1..=1000);
figure!(ILL_PERCENT, "breaker.ill_percent", 50, 1..=100);
figure!(OPEN_MS, "breaker.open_ms", 5000, 100..=3600000);
figure!(OPEN_MAX_MS, "breaker.open_max_ms", 300000, 100..=3600000);
figure!(TRIALS, "breaker.trials", 2, 1..=100);
figure!(VERSION, "versions", 7, 1..=99);
figure!(ANSWER_WITHIN_S, "answer_within_s", 3600, 1..=2592000);
figure!(POLL_EVERY_S, "poll_every_s", 30, 1..=86400);
figure!(QUALIFY_BATCH, "qualify_batch", 1, 1..=100);
