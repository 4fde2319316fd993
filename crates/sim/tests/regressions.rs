//! Seeds that broke a rule once.
//!
//! What a seed stands for changes with the plan of runs, so that each of them was put right together with a test beside
//! the code, or is named here with what was wrong.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use lastmile_sim::{Options, run};

fn holds(seeds: &[u64]) {
    for seed in seeds {
        let report = run(*seed, &Options::default()).unwrap();
        assert_eq!(report.broken, None, "cargo xtask sim --seed {seed} --trace");
    }
}

/// A carrier that said when it may be asked again was asked after a minute, and by a second message at once.
#[test]
fn regression_a_carrier_is_left_alone_for_as_long_as_it_said() {
    holds(&[10, 12, 31]);
}

/// A carrier that failed and, asked again, needed time was taken for one that failed: it was asked anew, and what it had
/// begun was forgotten.
#[test]
fn regression_what_needs_time_only_when_it_is_asked_again_is_pending() {
    holds(&[2, 5, 6]);
}

/// Two who ended one slice at the same time: the slower one counted below zero before the store could refuse it.
#[test]
fn regression_a_slice_that_is_ended_twice_at_once_is_counted_once() {
    holds(&[1, 43]);
}

/// Whoever asked for longer than six minutes lost the slice to a message that came twice.
#[test]
fn regression_a_slice_is_held_for_as_long_as_its_carrier_is_asked() {
    holds(&[9, 103, 181, 195]);
}

/// Questions that waited for their turn began when those before them were given up at the deadline.
#[test]
fn regression_no_carrier_is_asked_after_the_deadline() {
    holds(&[1435]);
}
