//! The referee notices: the world is broken on purpose, each time in one way.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use lastmile_sim::{Invariant, Options, Sabotage, run, run_twice};

/// Seeds within which each of them must be noticed.
const SEEDS: u64 = 40;

/// Whether the rule is one of those that it breaks. Most break others as well, and which comes first is chance.
fn is_noticed(sabotage: Sabotage, by: Invariant) -> bool {
    let options = Options {
        sabotage: Some(sabotage),
        ..Options::default()
    };
    let mut reports = (0..SEEDS).map(|seed| run(seed, &options).unwrap());
    reports.any(|report| report.broken.is_some_and(|broken| broken.invariant == by))
}

#[test]
fn a_count_that_moves_twice_is_noticed() {
    assert!(is_noticed(
        Sabotage::CountsTwice,
        Invariant::CountersEqualCells
    ));
}

#[test]
fn a_question_that_is_asked_twice_is_noticed() {
    assert!(is_noticed(Sabotage::AsksTwice, Invariant::AskedOnce));
}

#[test]
fn a_message_that_is_lost_is_noticed() {
    assert!(is_noticed(
        Sabotage::LosesMessages,
        Invariant::NothingIsLost
    ));
}

#[test]
fn an_errand_that_is_lost_is_noticed() {
    assert!(is_noticed(Sabotage::LosesErrands, Invariant::NothingIsLost));
}

#[test]
fn a_head_that_is_overwritten_is_noticed() {
    assert!(is_noticed(
        Sabotage::OverwritesHeads,
        Invariant::CountersEqualCells
    ));
}

#[test]
fn a_cancelled_quote_that_goes_on_is_noticed() {
    assert!(is_noticed(Sabotage::HidesCancelling, Invariant::EndsOnce));
}

#[test]
fn a_slice_that_is_overwritten_is_noticed() {
    assert!(is_noticed(
        Sabotage::OverwritesSlices,
        Invariant::CellsEndOnce
    ));
}

#[test]
fn an_answer_in_the_cell_of_another_is_noticed() {
    assert!(is_noticed(
        Sabotage::SwapsAnswers,
        Invariant::AnswersAreTrue
    ));
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
