//! How many at once, how fast, how long.

use std::sync::atomic::Ordering;
use std::time::Duration;

use lastmile_model::carrier::{FailureReason, PriceQuestion, TermAnswer};
use lastmile_model::door::Clock;
use lastmile_providers::guard::GuardFigures;
use lastmile_providers::guard::pace::PaceFigures;
use lastmile_providers::{Carrier, Watched};
use proptest::prelude::*;

use crate::scripted::{FIGURES, Guard, always_no, question};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_cap_is_never_exceeded_and_always_used(
        concurrent in 1_u32..7,
        questions in 1_usize..30,
        batch in 1_usize..4,
    ) {
        let figures = GuardFigures { concurrent, ..FIGURES };
        let guard = Guard::new(figures, batch, always_no());
        let asked: Vec<PriceQuestion> = (0..questions).map(|house| question(house + 1, &[12])).collect();
        let begin = guard.time.now();
        let replies = guard.time.run(guard.carrier.price(&asked));
        prop_assert_eq!(replies.len(), questions);
        let calls = questions.div_ceil(batch) as u64;
        prop_assert_eq!(guard.calls(), calls);
        let most = guard.seen.in_flight_most.load(Ordering::SeqCst);
        prop_assert_eq!(most, calls.min(u64::from(concurrent)));
        let took = guard.time.now().duration_since(begin).as_secs();
        prop_assert_eq!(took.unsigned_abs(), calls.div_ceil(u64::from(concurrent)));
        let health = guard.carrier.health();
        prop_assert_eq!((health.in_flight, health.waiting), (0, 0));
        prop_assert_eq!(health.outcomes.not_served, questions as u64);
    }
}

#[test]
fn requests_keep_the_pace_of_the_carrier() {
    let pace = PaceFigures {
        requests_per_second: 2,
        burst: 2,
    };
    let figures = GuardFigures {
        concurrent: 50,
        pace: Some(pace),
        ..FIGURES
    };
    let guard = Guard::new(figures, 1, always_no());
    let asked: Vec<PriceQuestion> = (1..=6).map(|house| question(house, &[12])).collect();
    let begin = guard.time.now();
    guard.time.run(guard.carrier.price(&asked));
    let begun = guard.seen.begun_at.lock().unwrap();
    let mut after: Vec<i128> = begun
        .iter()
        .map(|at| at.duration_since(begin).as_millis())
        .collect();
    after.sort_unstable();
    assert_eq!(after, [0, 0, 500, 1000, 1500, 2000]);
}

#[test]
fn a_call_that_takes_too_long_is_given_up_and_waiting_for_its_turn_is_not_counted() {
    let figures = GuardFigures {
        concurrent: 1,
        timeout: Duration::from_secs(5),
        ..FIGURES
    };
    let three = [question(1, &[12]), question(2, &[12]), question(3, &[12])];
    let in_time = Guard::with_latency(figures, 1, Duration::from_secs(4), always_no());
    let replies = in_time.time.run(in_time.carrier.price(&three));
    let failed = replies
        .into_iter()
        .filter_map(|reply| reply.answered()?.to_ask_again());
    assert_eq!(failed.count(), 0);

    let too_slow = Guard::with_latency(figures, 1, Duration::from_secs(6), always_no());
    let replies = too_slow.time.run(too_slow.carrier.price(&three[..1]));
    let answer = replies.into_iter().next().unwrap().answered().unwrap();
    let (_, TermAnswer::Failed { why, .. }) = &answer.terms[0] else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, FailureReason::TimedOut);
    assert_eq!(too_slow.calls(), 3, "tried again");
    let health = too_slow.carrier.health();
    assert_eq!(health.in_flight, 0, "given up, not forgotten");
    assert_eq!(health.last_failure.unwrap().reason, FailureReason::TimedOut);
}
