//! The referee notices: the world is broken on purpose, each time in one way.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use lastmile_sim::{Invariant, Options, Sabotage, run, run_twice};

/// Seeds within which each of them must be noticed.
const SEEDS: u64 = 250;

/// The rule that is broken by it, in the first seed that shows it.
fn found(sabotage: Sabotage) -> Option<Invariant> {
    let options = Options {
        sabotage: Some(sabotage),
        ..Options::default()
    };
    let mut reports = (0..SEEDS).map(|seed| run(seed, &options).unwrap());
    let broken = reports.find_map(|report| report.broken);
    broken.map(|broken| broken.invariant)
}

#[test]
fn a_count_that_moves_twice_is_noticed() {
    let found = found(Sabotage::CountsTwice);
    assert_eq!(found, Some(Invariant::CountersEqualCells));
}

#[test]
fn a_question_that_is_asked_twice_is_noticed() {
    assert_eq!(found(Sabotage::AsksTwice), Some(Invariant::AskedOnce));
}

#[test]
fn a_message_that_is_lost_is_noticed() {
    let found = found(Sabotage::LosesMessages);
    assert_eq!(found, Some(Invariant::NothingIsLost));
}

#[test]
fn an_errand_that_is_lost_is_noticed() {
    assert_eq!(
        found(Sabotage::LosesErrands),
        Some(Invariant::NothingIsLost)
    );
}

#[test]
fn a_head_that_is_overwritten_is_noticed() {
    let found = found(Sabotage::OverwritesHeads);
    assert_eq!(found, Some(Invariant::CountersEqualCells));
}

#[test]
fn a_cancelled_quote_that_goes_on_is_noticed() {
    let found = found(Sabotage::HidesCancelling);
    assert_eq!(found, Some(Invariant::EndsOnce));
}

#[test]
fn a_slice_that_is_overwritten_is_noticed() {
    // It breaks other rules as well, and which of them is seen first is chance.
    let options = Options {
        sabotage: Some(Sabotage::OverwritesSlices),
        ..Options::default()
    };
    let mut broken = (0..SEEDS).filter_map(|seed| run(seed, &options).unwrap().broken);
    assert!(broken.any(|broken| broken.invariant == Invariant::CellsEndOnce));
}

#[test]
fn an_answer_in_the_cell_of_another_is_noticed() {
    assert_eq!(
        found(Sabotage::SwapsAnswers),
        Some(Invariant::AnswersAreTrue)
    );
}

#[test]
fn chance_from_elsewhere_is_noticed() {
    let options = Options {
        sabotage: Some(Sabotage::DrawsElsewhere),
        ..Options::default()
    };
    let mut reports = (0..SEEDS).map(|seed| run_twice(seed, &options).unwrap());
    let is_unlike = |broken: lastmile_sim::Broken| broken.invariant == Invariant::SameTrace;
    assert!(reports.any(|report| report.broken.is_some_and(is_unlike)));
}
