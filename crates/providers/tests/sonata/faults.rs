//! Sellers that are not well, and clients that are not let in.

use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{BreakerState, FailureReason, Retry, TermAnswer};
use lastmile_simulator::{Behaviour, Destiny};

use crate::world::World;

const SURE: Destiny = Destiny::Covered { sure: true };

async fn failure(world: &World) -> (FailureReason, Retry) {
    match world.covered().await {
        TermAnswer::Failed { why, retry } => (why.reason, retry),
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_seller_that_is_down_is_left_alone_after_a_while() {
    let world = World::with(
        "tries = 1\n[provider.breaker]\ncalls_min = 3",
        Behaviour {
            down: true,
            ..Behaviour::default()
        },
    )
    .await;
    for _ in 0..3 {
        assert_eq!(failure(&world).await.0, FailureReason::CarrierFailed);
    }
    let requests = world.market.seller(1).unwrap().requests();
    assert_eq!(failure(&world).await.0, FailureReason::BreakerOpen);
    assert_eq!(world.market.seller(1).unwrap().requests(), requests);
    assert!(matches!(
        world.carrier.health().breaker,
        BreakerState::Open { .. }
    ));
}

#[tokio::test]
async fn a_seller_that_stumbles_is_asked_again() {
    let world = World::with(
        "tries = 10\nqualify_first = \"never\"",
        Behaviour {
            flaky: true,
            ..Behaviour::default()
        },
    )
    .await;
    assert_eq!(world.covered().await.outcome(), Outcome::Served);
}

#[tokio::test]
async fn a_version_that_the_seller_does_not_have_is_a_setting_to_change() {
    let nowhere = World::with(
        "tries = 1\nversions = { address = 6 }",
        Behaviour::default(),
    )
    .await;
    assert_eq!(failure(&nowhere).await, (FailureReason::Refused, Retry::No));
}

#[tokio::test]
async fn silence_is_timed_out_and_nobody_there_unreachable() {
    let world = World::new().await;
    // A listener that takes the connection and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/p1", silent.local_addr().unwrap());
    let slow = world.elsewhere(&base, "tries = 1\ntimeout_ms = 100");
    let question = world.question(SURE, &[12]);
    let replies = slow.price(&[question]).await;
    let answer = replies.into_iter().next().unwrap().answered().unwrap();
    let TermAnswer::Failed { why, .. } = &answer.terms[0].1 else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, FailureReason::TimedOut);

    let address = silent.local_addr().unwrap();
    drop(silent);
    let gone = world.elsewhere(&format!("http://{address}/p1"), "tries = 1");
    let replies = gone.price(&[world.question(SURE, &[12])]).await;
    let answer = replies.into_iter().next().unwrap().answered().unwrap();
    let TermAnswer::Failed { why, .. } = &answer.terms[0].1 else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, FailureReason::Unreachable);
}

#[tokio::test]
async fn a_token_that_is_no_longer_taken_is_renewed_once() {
    let world = World::with(
        "tries = 1",
        Behaviour {
            forgets_tokens: true,
            ..Behaviour::default()
        },
    )
    .await;
    assert_eq!(failure(&world).await, (FailureReason::NotLetIn, Retry::No));
    // Token, refusal, token, refusal.
    assert_eq!(world.market.seller(1).unwrap().requests(), 4);
    world.market.behave(1, Behaviour::default());
    assert_eq!(world.covered().await.outcome(), Outcome::Served);
}

#[tokio::test]
async fn a_wrong_secret_is_not_let_in_and_a_replaced_one_is_read() {
    let world = World::with("tries = 1", Behaviour::default()).await;
    world.set_secret("wrong");
    assert_eq!(failure(&world).await, (FailureReason::NotLetIn, Retry::No));
    world.set_secret(crate::world::SECRET);
    assert_eq!(world.covered().await.outcome(), Outcome::Served);
}

#[tokio::test]
async fn a_secret_may_go_in_the_form() {
    let world = World::with("client_authentication = \"form\"", Behaviour::default()).await;
    assert_eq!(world.covered().await.outcome(), Outcome::Served);
}

#[tokio::test]
async fn a_seller_of_several_wants_the_ids() {
    let wants_ids = Behaviour {
        wants_ids: true,
        ..Behaviour::default()
    };
    let without = World::with("tries = 1", wants_ids).await;
    assert_eq!(failure(&without).await, (FailureReason::Refused, Retry::No));
    let with = World::with("buyer_id = \"b 1\"\nseller_id = \"s&1\"", wants_ids).await;
    assert_eq!(with.covered().await.outcome(), Outcome::Served);
}
