//! Answers that come later: looked for, and called back about.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{
    FailureReason, Firmness, Pending, PriceQuestion, QualifyAnswer, Reply, Step,
};
use lastmile_providers::{Subscriptions, notification};
use lastmile_simulator::{Behaviour, Destiny};
use tokio::sync::mpsc;

use crate::world::{THINKING, World};

const SURE: Destiny = Destiny::Covered { sure: true };
const DEFERRED: &str = "answers = \"deferred\"";

async fn begun(world: &World, question: &PriceQuestion) -> Pending {
    let replies = world.carrier.price(std::slice::from_ref(question)).await;
    match replies.into_iter().next() {
        Some(Reply::Pending(pending)) => pending,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_firm_price_is_a_qualification_and_then_a_quote() {
    let world = World::with(DEFERRED, Behaviour::default()).await;
    let question = world.question(SURE, &[12, 36]);
    let qualification = begun(&world, &question).await;
    assert_eq!(qualification.step, Step::Qualification);
    assert!(qualification.place.is_some());

    let too_early = world
        .carrier
        .continue_price(&question, &qualification)
        .await;
    assert!(matches!(too_early, Reply::Pending(ref pending) if pending.id == qualification.id));

    tokio::time::sleep(THINKING).await;
    let Reply::Pending(quote) = world
        .carrier
        .continue_price(&question, &qualification)
        .await
    else {
        panic!("the quote takes time, too");
    };
    assert_eq!(quote.step, Step::Quote);
    assert_eq!(quote.place, qualification.place);
    tokio::time::sleep(THINKING).await;
    let answer = world.carrier.continue_price(&question, &quote).await;
    let terms = answer.answered().unwrap().terms;
    assert_eq!(terms.len(), 2);
    assert!(
        terms
            .iter()
            .all(|(_, answer)| answer.outcome() == Outcome::Served)
    );
}

#[tokio::test]
async fn every_outcome_comes_later_as_well() {
    let world = World::with(DEFERRED, Behaviour::default()).await;
    for (destiny, outcome) in [
        (SURE, Outcome::Served),
        (Destiny::NotCovered, Outcome::NotServed),
        (Destiny::Business, Outcome::AskPerson),
        (
            Destiny::UnknownError {
                while_working: true,
            },
            Outcome::Failed,
        ),
    ] {
        let mut question = world.question(destiny, &[12]);
        question.firmness = Firmness::Budgetary;
        let pending = begun(&world, &question).await;
        assert_eq!(pending.step, Step::Quote);
        tokio::time::sleep(THINKING).await;
        let answer = world.carrier.continue_price(&question, &pending).await;
        let answer = answer.answered().unwrap();
        assert_eq!(answer.terms[0].1.outcome(), outcome, "{destiny:?}");

        let asked = question.qualification();
        let replies = world.carrier.qualify(std::slice::from_ref(&asked)).await;
        let Some(Reply::Pending(pending)) = replies.into_iter().next() else {
            panic!("it is deferred");
        };
        tokio::time::sleep(THINKING).await;
        let answer = world.carrier.continue_qualify(&asked, &pending).await;
        let expected = match destiny {
            Destiny::Business => Outcome::Served,
            _ => outcome,
        };
        assert_eq!(
            answer.answered().unwrap().outcome(),
            expected,
            "{destiny:?}"
        );
    }
}

#[tokio::test]
async fn what_is_never_ready_stays_pending_and_what_was_forgotten_fails() {
    let world = World::with(
        DEFERRED,
        Behaviour {
            never_ready: true,
            ..Behaviour::default()
        },
    )
    .await;
    let asked = world.question(SURE, &[12]).qualification();
    let replies = world.carrier.qualify(std::slice::from_ref(&asked)).await;
    let Some(Reply::Pending(pending)) = replies.into_iter().next() else {
        panic!("it is deferred");
    };
    tokio::time::sleep(THINKING).await;
    let reply = world.carrier.continue_qualify(&asked, &pending).await;
    assert!(matches!(reply, Reply::Pending(_)));

    let forgotten = Pending {
        id: lastmile_model::carrier::CarrierReference::new("9999").unwrap(),
        ..pending
    };
    let reply = world.carrier.continue_qualify(&asked, &forgotten).await;
    let Some(QualifyAnswer::Failed { why, .. }) = reply.answered() else {
        panic!("it is not there");
    };
    assert_eq!(why.reason, FailureReason::Forgotten);
}

type Heard = (String, Vec<u8>);

/// Takes whatever is sent to it.
async fn listener() -> (String, mpsc::UnboundedReceiver<Heard>) {
    async fn hear(
        State(heard): State<mpsc::UnboundedSender<Heard>>,
        uri: Uri,
        body: Bytes,
    ) -> StatusCode {
        heard
            .send((uri.path().to_owned(), body.to_vec()))
            .expect("the test sets it up");
        StatusCode::NO_CONTENT
    }
    let (sender, receiver) = mpsc::unbounded_channel();
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("the test sets it up");
    let callback = format!(
        "http://{}/carriers/alden",
        socket.local_addr().expect("the test sets it up")
    );
    let router = Router::new().fallback(hear).with_state(sender);
    tokio::spawn(async move { axum::serve(socket, router).await });
    (callback, receiver)
}

#[tokio::test]
async fn a_seller_calls_back_about_what_to_look_at() {
    let world = World::with(DEFERRED, Behaviour::default()).await;
    let (callback, mut heard) = listener().await;
    let subscriptions = world.carrier.subscribe(&callback).await.unwrap();
    assert!(subscriptions.qualification.is_some() && subscriptions.quote.is_some());

    let mut question = world.question(SURE, &[12]);
    question.firmness = Firmness::Budgetary;
    let pending = begun(&world, &question).await;
    let (path, body) = heard.recv().await.unwrap();
    assert_eq!(
        path,
        "/carriers/alden/mefApi/sonata/quoteNotification/v8/listener/quoteStateChangeEvent"
    );
    let notice = notification::read(&body).unwrap();
    assert_eq!((notice.step, &notice.id), (pending.step, &pending.id));
    let answer = world.carrier.continue_price(&question, &pending).await;
    assert_eq!(
        answer.answered().unwrap().terms[0].1.outcome(),
        Outcome::Served
    );

    world.carrier.unsubscribe(&subscriptions).await.unwrap();
    begun(&world, &question).await;
    tokio::time::sleep(THINKING * 2).await;
    assert!(heard.try_recv().is_err(), "it calls back no more");
}

#[tokio::test]
async fn a_seller_that_does_not_call_back_has_no_subscriptions() {
    let world = World::behaving(Behaviour {
        no_notifications: true,
        ..Behaviour::default()
    })
    .await;
    let subscriptions = world.carrier.subscribe("http://127.0.0.1:9/x").await;
    assert_eq!(subscriptions, Ok(Subscriptions::default()));
}

#[tokio::test]
async fn regression_a_seller_that_refuses_the_address_is_not_one_that_does_not_call_back() {
    let world = World::with(DEFERRED, Behaviour::default()).await;
    let refused = world.carrier.subscribe("not an address").await;
    assert_eq!(refused, Err(FailureReason::Refused));
}
