//! The same question is asked once.

use std::time::Duration;

use futures_util::future::{join3, select};
use lastmile_model::carrier::PriceQuestion;
use lastmile_model::door::Timer;
use lastmile_providers::{Carrier, Watched};

use crate::scripted::{FIGURES, Guard, always_no, question};

#[test]
fn whoever_asks_the_same_while_it_is_under_way_gets_the_same_answer() {
    let guard = Guard::new(FIGURES, 1, always_no());
    let one = [question(1, &[12, 36])];
    let other_order = [question(1, &[36, 12])];
    let (first, second, third) = guard.time.run(join3(
        guard.carrier.price(&one),
        guard.carrier.price(&other_order),
        async {
            guard.time.wait(Duration::from_millis(500)).await;
            guard.carrier.price(&one).await
        },
    ));
    assert_eq!(guard.calls(), 1);
    assert_eq!(guard.carrier.health().shared, 2);
    assert_eq!(first, third);
    let months = |replies: Vec<lastmile_model::carrier::Reply<_>>| -> Vec<u16> {
        let answer: lastmile_model::carrier::PriceAnswer =
            replies.into_iter().next().unwrap().answered().unwrap();
        answer.terms.iter().map(|(term, _)| term.months()).collect()
    };
    assert_eq!(months(first), [12, 36]);
    assert_eq!(
        months(second),
        [36, 12],
        "each in the order of its question"
    );
}

#[test]
fn a_question_that_stands_twice_in_one_list_is_asked_once() {
    let guard = Guard::new(FIGURES, 10, always_no());
    let list: Vec<PriceQuestion> = [1, 2, 1, 3, 2].map(|house| question(house, &[12])).into();
    let replies = guard.time.run(guard.carrier.price(&list));
    assert_eq!(replies.len(), 5);
    assert_eq!(guard.seen.asked.lock().unwrap().len(), 3);
}

#[test]
fn an_answer_is_not_kept_and_another_question_is_another_call() {
    let guard = Guard::new(FIGURES, 1, always_no());
    guard.time.run(async {
        guard.carrier.price(&[question(1, &[12])]).await;
        guard.carrier.price(&[question(1, &[12])]).await;
        guard.carrier.price(&[question(1, &[24])]).await;
        guard
            .carrier
            .qualify(&[question(1, &[12]).qualification()])
            .await;
    });
    assert_eq!(guard.calls(), 4);
}

#[test]
fn an_asker_who_gives_up_takes_the_call_from_nobody_else() {
    let guard = Guard::new(FIGURES, 1, always_no());
    let one = [question(1, &[12])];
    guard.time.run(async {
        let gives_up = guard.carrier.price(&one);
        let patient = async {
            guard.time.wait(Duration::from_millis(100)).await;
            guard.carrier.price(&one).await
        };
        let patient = Box::pin(patient);
        let soon = guard.time.wait(Duration::from_millis(300));
        let both = Box::pin(select(gives_up, soon));
        let (_, replies) = futures_util::future::join(
            async {
                drop(both.await);
            },
            patient,
        )
        .await;
        assert!(replies[0].clone().answered().is_some());
        assert_eq!(guard.calls(), 1);

        // Where nobody waits any longer the call is given up, and may be made anew.
        let alone = guard.carrier.price(&one);
        let soon = guard.time.wait(Duration::from_millis(300));
        drop(select(alone, soon).await);
        assert_eq!(guard.carrier.health().in_flight, 0);
        guard.carrier.price(&one).await;
        assert_eq!(guard.calls(), 3);
    });
}
