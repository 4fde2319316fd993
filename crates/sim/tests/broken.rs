//! The referee notices: the world is broken on purpose, each time in one way.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use std::collections::BTreeSet;

use lastmile_sim::{Invariant, Options, Sabotage, run, run_twice};

/// Seeds within which each of them must be noticed.
const SEEDS: u64 = 40;

/// The rules that are broken by it, over some seeds.
fn found(sabotage: Sabotage) -> BTreeSet<Invariant> {
    let options = Options {
        sabotage: Some(sabotage),
        ..Options::default()
    };
    let broken = (0..SEEDS).filter_map(|seed| run(seed, &options).unwrap().broken);
    broken.map(|broken| broken.invariant).take(3).collect()
}

#[test]
fn a_count_that_moves_twice_is_noticed() {
    let found = found(Sabotage::CountsTwice);
    assert_eq!(found, [Invariant::CountersEqualCells].into());
}

#[test]
fn a_question_that_is_asked_twice_is_noticed() {
    assert_eq!(found(Sabotage::AsksTwice), [Invariant::AskedOnce].into());
}

#[test]
fn a_message_that_is_lost_is_noticed() {
    let found = found(Sabotage::LosesMessages);
    assert_eq!(found, [Invariant::NothingIsLost].into());
}

#[test]
fn an_errand_that_is_lost_is_noticed() {
    assert_eq!(found(Sabotage::LosesErrands), [Invariant::NothingIsLost].into());
}

#[test]
fn a_head_that_is_overwritten_is_noticed() {
    let found = found(Sabotage::OverwritesHeads);
    assert!(!found.is_empty());
}

#[test]
fn a_slice_that_is_overwritten_is_noticed() {
    let found = found(Sabotage::OverwritesSlices);
    assert!(!found.is_empty());
}

#[test]
fn an_answer_in_the_cell_of_another_is_noticed() {
    let found = found(Sabotage::SwapsAnswers);
    assert!(found.contains(&Invariant::AnswersAreTrue), "{found:?}");
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
