//! What is asked again, and what never.

use std::sync::Arc;
use std::time::Duration;

use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{
    AskPersonReason, CarrierReference, FailureReason, Pending, PriceAnswer, PriceQuestion, Reply,
    Retry, Step, Term, TermAnswer, UnknownReason,
};
use lastmile_model::door::Clock;
use lastmile_model::identity::ProviderName;
use lastmile_providers::{Carrier, Doors, Guarded, Watched};
use lastmile_testkit::carrier::ScriptedCarrier;
use lastmile_testkit::chance::Counting;
use lastmile_testkit::virtual_time::VirtualTime;

use crate::scripted::{FIGURES, Guard, Script, always_no, not_served, question, term};

fn always(answer: TermAnswer) -> Script {
    Arc::new(move |_, _| answer.clone())
}

fn ask_one(guard: &Guard, terms: &[u16]) -> PriceAnswer {
    let mut replies = guard.time.run(guard.carrier.price(&[question(1, terms)]));
    let reply = replies.pop().and_then(Reply::answered);
    reply.expect("one question has one answer")
}

#[test]
fn answers_are_never_asked_again() {
    let answers = [
        not_served(),
        TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        TermAnswer::AddressUnknown {
            why: UnknownReason::NotFound.into(),
            alternatives: Vec::new(),
        },
        TermAnswer::AskPerson(AskPersonReason::NoPrice.into()),
    ];
    for answer in answers {
        let guard = Guard::new(FIGURES, 1, always(answer.clone()));
        assert_eq!(ask_one(&guard, &[12]).terms[0].1, answer);
        assert_eq!(guard.calls(), 1, "{answer:?}");
    }
}

#[test]
fn a_failure_is_asked_again_only_if_it_may_pass() {
    for reason in FailureReason::ALL {
        let guard = Guard::new(FIGURES, 1, always(TermAnswer::failed(reason)));
        let answer = ask_one(&guard, &[12]);
        assert_eq!(answer.terms[0].1, TermAnswer::failed(reason));
        let again = reason.retry() != Retry::No && reason != FailureReason::BreakerOpen;
        assert_eq!(guard.calls(), if again { 3 } else { 1 }, "{reason:?}");
        assert_eq!(guard.carrier.health().outcomes.failed, 1, "counted once");
    }
}

#[test]
fn a_rest_that_the_carrier_asks_for_is_kept_and_a_long_one_left_to_the_asker() {
    for (rest_s, calls) in [(2, 3), (4, 1)] {
        let answer = TermAnswer::Failed {
            why: FailureReason::RateLimited.into(),
            retry: Retry::After(Duration::from_secs(rest_s)),
        };
        let guard = Guard::new(FIGURES, 1, always(answer.clone()));
        assert_eq!(ask_one(&guard, &[12]).terms[0].1, answer);
        assert_eq!(guard.calls(), calls, "{rest_s}");
        let begun = guard.seen.begun_at.lock().unwrap();
        for pair in begun.windows(2) {
            let between = pair[1].duration_since(pair[0]).as_secs();
            assert!(
                between > 2,
                "a second for the call and two of rest: {between}"
            );
        }
    }
}

#[test]
fn of_several_terms_only_those_that_failed_are_asked_again() {
    let script: Script = Arc::new(|call, term| {
        if call == 0 && term.months() != 24 {
            TermAnswer::failed(FailureReason::Dropped)
        } else {
            not_served()
        }
    });
    let guard = Guard::new(FIGURES, 1, script);
    let answer = ask_one(&guard, &[12, 24, 36]);
    let asked = guard.seen.asked.lock().unwrap();
    let terms: Vec<Vec<u16>> = asked
        .iter()
        .map(|question| question.terms.iter().map(|term| term.months()).collect())
        .collect();
    assert_eq!(terms, [vec![12, 24, 36], vec![12, 36]]);
    let order: Vec<u16> = answer.terms.iter().map(|(term, _)| term.months()).collect();
    assert_eq!(order, [12, 24, 36]);
    assert!(
        answer
            .terms
            .iter()
            .all(|(_, answer)| answer.outcome() == Outcome::NotServed)
    );
}

#[test]
fn in_a_batch_only_the_questions_that_failed_are_asked_again() {
    let script: Script = Arc::new(|call, term| {
        if call == 0 && term.months() == 36 {
            TermAnswer::failed(FailureReason::CarrierFailed)
        } else {
            not_served()
        }
    });
    let guard = Guard::new(FIGURES, 3, script);
    let batch = [question(1, &[12]), question(2, &[36]), question(3, &[12])];
    let replies = guard.time.run(guard.carrier.price(&batch));
    let outcomes: Vec<Outcome> = replies
        .into_iter()
        .map(|reply| reply.answered().unwrap().terms[0].1.outcome())
        .collect();
    assert_eq!(outcomes, [Outcome::NotServed; 3]);
    let asked = guard.seen.asked.lock().unwrap();
    assert_eq!(asked.len(), 4);
    assert_eq!(asked[3], batch[1]);
}

/// Begun, and to be asked on about at once.
fn begun(time: &VirtualTime, id: &str) -> Pending {
    Pending {
        step: Step::Quote,
        id: CarrierReference::new(id).expect("it is one"),
        item: 0,
        place: None,
        confidence: None,
        ask_again_at: time.now(),
        settled: Vec::new(),
    }
}

/// A carrier that answers by a script, behind its guard.
fn scripted(
    time: &VirtualTime,
    script: impl Fn(&PriceQuestion, u32) -> Reply<PriceAnswer> + Send + Sync + 'static,
) -> Guarded<ScriptedCarrier> {
    let name = ProviderName::new("Alden").expect("it is a name");
    let carrier = ScriptedCarrier::new(name.clone(), script);
    let doors = Doors {
        clock: Arc::new(time.clone()),
        timer: Arc::new(time.clone()),
        random: Arc::new(Counting::default()),
    };
    Guarded::new(carrier, name, FIGURES, doors)
}

#[test]
fn regression_what_needs_time_only_when_it_is_asked_again_is_pending() {
    let time = VirtualTime::default();
    let begun = begun(&time, "Q-2");
    let expected = Reply::Pending(begun.clone());
    let guarded = scripted(&time, move |question, before| {
        if before == 0 {
            let failed = TermAnswer::failed(FailureReason::CarrierFailed);
            let at = begun.ask_again_at;
            return Reply::Answered(PriceAnswer::same(&question.terms, &failed, at));
        }
        Reply::Pending(begun.clone())
    });
    let replies = time.run(guarded.price(&[question(1, &[12, 36])]));
    assert_eq!(replies, [expected]);
}

#[test]
fn regression_a_term_that_is_refused_takes_no_other_with_it_that_needs_time() {
    let time = VirtualTime::default();
    let begun = begun(&time, "Q-3");
    let reply = begun.clone();
    let guarded = scripted(&time, move |question, _| {
        if !question.terms.contains(&term(12)) {
            return Reply::Pending(reply.clone());
        }
        let answer = |term: &Term| match term.months() {
            12 => not_served(),
            _ => TermAnswer::failed(FailureReason::Dropped),
        };
        let terms = question.terms.iter();
        Reply::Answered(PriceAnswer {
            terms: terms.map(|term| (*term, answer(term))).collect(),
            answered_at: reply.ask_again_at,
        })
    });
    let replies = time.run(guarded.price(&[question(1, &[36, 12, 24])]));
    let rest = Pending {
        settled: vec![(term(12), not_served())],
        ..begun
    };
    assert_eq!(replies, [Reply::Pending(rest)]);
    assert_eq!(guarded.health().outcomes.total(), 1, "that of 12 months");
}

#[test]
fn a_question_stays_pending_while_asking_on_fails() {
    for reason in [FailureReason::CarrierFailed, FailureReason::Unreachable] {
        let guard = Guard::new(FIGURES, 1, always(TermAnswer::failed(reason)));
        let before = begun(&guard.time, "Q-1");
        let asked = question(1, &[12]);
        let reply = guard
            .time
            .run(guard.carrier.continue_price(&asked, &before));
        let Reply::Pending(after) = reply else {
            panic!("{reply:?}");
        };
        assert_eq!((&after.id, after.step), (&before.id, before.step));
        assert!(after.ask_again_at > guard.time.now());
        assert_eq!(guard.calls(), 3);
        assert_eq!(guard.carrier.health().outcomes.total(), 0, "no answer yet");
    }
}

#[test]
fn what_a_carrier_forgot_is_no_longer_pending() {
    let forgotten = TermAnswer::failed(FailureReason::Forgotten);
    let guard = Guard::new(FIGURES, 1, always(forgotten.clone()));
    let asked = question(1, &[12]);
    let reply = guard.time.run(
        guard
            .carrier
            .continue_price(&asked, &begun(&guard.time, "Q-1")),
    );
    assert_eq!(reply.answered().unwrap().terms, [(term(12), forgotten)]);
    assert_eq!(guard.calls(), 1, "asking on again would not help");
}

#[test]
fn an_answer_ends_what_was_pending() {
    let guard = Guard::new(FIGURES, 1, always_no());
    let asked = question(1, &[12]);
    let reply = guard.time.run(
        guard
            .carrier
            .continue_price(&asked, &begun(&guard.time, "Q-1")),
    );
    assert_eq!(reply.answered().unwrap().terms, [(term(12), not_served())]);
}
