//! Every documented answer comes to its outcome.

use lastmile_model::availability::{Confidence, Outcome};
use lastmile_model::carrier::{
    FailureReason, Firmness, NotServedReason, Price, Product, QualifyAnswer, Reply, TermAnswer,
    UnknownReason,
};
use lastmile_model::money::Currency;
use lastmile_simulator::{Behaviour, Destiny};

use crate::world::{World, question};

const SURE: Destiny = Destiny::Covered { sure: true };
const BELIEVED: Destiny = Destiny::Covered { sure: false };

fn price(answer: &TermAnswer) -> &Price {
    match answer {
        TermAnswer::Priced(price) => price,
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn a_covered_building_has_a_price_for_every_term_from_one_quote() {
    let world = World::new().await;
    let answer = world.price(&world.question(SURE, &[12, 36, 60])).await;
    let months: Vec<u16> = answer.terms.iter().map(|(term, _)| term.months()).collect();
    assert_eq!(months, [12, 36, 60]);
    let prices: Vec<&Price> = answer
        .terms
        .iter()
        .map(|(_, answer)| price(answer))
        .collect();
    assert!(prices.is_sorted_by(|shorter, longer| shorter.mrc.minor > longer.mrc.minor));
    for price in &prices {
        assert_eq!(price.mrc.currency, Currency::Usd);
        assert_eq!(price.firmness, Firmness::Firm);
        assert_eq!(price.confidence, Confidence::Green);
        assert!((20..90).contains(&price.install_interval_days.unwrap()));
        let days = price
            .valid_until
            .unwrap()
            .duration_since(answer.answered_at)
            .as_hours()
            / 24;
        assert!((29..=30).contains(&days), "{days}");
        assert_eq!(price.carrier_quote, prices[0].carrier_quote, "one quote");
    }
    assert_eq!(prices[0].nrc.minor, 110_000);
    assert_eq!(prices[1].nrc.minor, 0);
    // Token, validation, qualification, quote.
    assert_eq!(world.market.seller(1).unwrap().requests(), 4);
}

#[tokio::test]
async fn the_level_of_a_price_is_what_the_seller_stands_by() {
    let world = World::new().await;
    let believed = world.price(&world.question(BELIEVED, &[12])).await;
    let believed = price(&believed.terms[0].1);
    assert_eq!(believed.firmness, Firmness::FirmSubjectToFeasibility);
    assert_eq!(believed.confidence, Confidence::Yellow);
    let mut budgetary = world.question(SURE, &[12]);
    budgetary.firmness = Firmness::Budgetary;
    let answer = world.price(&budgetary).await;
    let answer = price(&answer.terms[0].1);
    assert_eq!(answer.firmness, Firmness::Budgetary);
    assert_eq!(
        answer.confidence,
        Confidence::Yellow,
        "no qualification was asked for"
    );
}

#[tokio::test]
async fn what_is_not_covered_is_not_served_with_and_without_a_qualification() {
    let world = World::new().await;
    for firmness in [Firmness::Firm, Firmness::Budgetary] {
        let mut asked = world.question(Destiny::NotCovered, &[12, 24]);
        asked.firmness = firmness;
        for (_, answer) in world.price(&asked).await.terms {
            let TermAnswer::NotServed(why) = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(why.reason, NotServedReason::CannotDeliver);
        }
    }
}

#[tokio::test]
async fn an_address_that_is_not_recognised_is_unknown_and_a_like_one_never_taken() {
    let world = World::new().await;
    for (knows_alike, expected) in [
        (false, UnknownReason::NotFound),
        (true, UnknownReason::OnlyAlternatives),
    ] {
        let asked = world.question(Destiny::NotRecognised { knows_alike }, &[12]);
        let answer = world.price(&asked).await.terms.remove(0).1;
        let TermAnswer::AddressUnknown { why, alternatives } = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(why.reason, expected);
        assert_eq!(alternatives.len(), usize::from(knows_alike));
        for other in alternatives {
            assert_ne!(other.number, asked.location.address.number);
            assert_eq!(other.street, asked.location.address.street);
        }
    }
}

#[tokio::test]
async fn what_fails_is_a_failure_whether_at_once_or_while_working() {
    let patient = "[provider.breaker]\ncalls_min = 1000";
    let world = World::with(patient, Behaviour::default()).await;
    for (while_working, expected) in [
        (false, FailureReason::CarrierFailed),
        (true, FailureReason::GivenUp),
    ] {
        for firmness in [Firmness::Firm, Firmness::Budgetary] {
            let mut asked = world.question(Destiny::UnknownError { while_working }, &[12]);
            asked.firmness = firmness;
            let answer = world.price(&asked).await.terms.remove(0).1;
            let TermAnswer::Failed { why, .. } = answer else {
                panic!("{answer:?}");
            };
            assert_eq!(why.reason, expected);
            assert!(why.said.is_some(), "in the carrier's words");
        }
    }
}

#[tokio::test]
async fn a_price_by_a_person_is_an_individual_case() {
    let world = World::new().await;
    let answer = world.price(&world.question(Destiny::Business, &[12])).await;
    let TermAnswer::IndividualCase { carrier_quote } = &answer.terms[0].1 else {
        panic!("{answer:?}");
    };
    assert!(carrier_quote.is_some());
    assert_eq!(answer.terms[0].1.outcome(), Outcome::AskPerson);
}

#[tokio::test]
async fn a_term_that_is_not_sold_does_not_take_the_others_with_it() {
    let world = World::new().await;
    let answer = world.price(&world.question(SURE, &[12, 120, 36])).await;
    let outcomes: Vec<Outcome> = answer.terms.iter().map(|(_, a)| a.outcome()).collect();
    assert_eq!(
        outcomes,
        [Outcome::Served, Outcome::NotServed, Outcome::Served],
        "the seller dropped the other terms, and they were asked for again"
    );
    let TermAnswer::NotServed(why) = &answer.terms[1].1 else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, NotServedReason::TermNotOffered);
}

#[tokio::test]
async fn every_product_is_asked_for_and_one_that_is_not_sold_is_refused_by_name() {
    let world = World::new().await;
    let mut asked = world.question(SURE, &[12]);
    asked.service.product = Product::AccessELine;
    assert_eq!(
        world.price(&asked).await.terms[0].1.outcome(),
        Outcome::Served
    );
    asked.service.product = Product::AdvancedInternetAccess;
    for firmness in [Firmness::Firm, Firmness::Budgetary] {
        asked.firmness = firmness;
        let answer = world.price(&asked).await.terms.remove(0).1;
        let TermAnswer::NotServed(why) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!(why.reason, NotServedReason::ProductNotOffered);
    }
}

#[tokio::test]
async fn one_qualification_asks_about_many_locations() {
    let world = World::with("qualify_batch = 20", Behaviour::default()).await;
    let destinies = [
        SURE,
        BELIEVED,
        Destiny::NotCovered,
        Destiny::NotRecognised { knows_alike: true },
        Destiny::Business,
        Destiny::UnknownError {
            while_working: true,
        },
    ];
    let questions: Vec<_> = destinies
        .into_iter()
        .map(|destiny| question(world.location(destiny, 1), &[12]).qualification())
        .collect();
    let replies = world.carrier.qualify(&questions).await;
    let answers: Vec<QualifyAnswer> = replies.into_iter().filter_map(Reply::answered).collect();
    let outcomes: Vec<Outcome> = answers.iter().map(QualifyAnswer::outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Served,
            Outcome::Served,
            Outcome::NotServed,
            Outcome::AddressUnknown,
            Outcome::Served,
            Outcome::Failed
        ]
    );
    let QualifyAnswer::Served {
        confidence, place, ..
    } = &answers[0]
    else {
        panic!("{answers:?}");
    };
    assert_eq!(*confidence, Confidence::Green);
    assert!(place.id.is_some() && place.coordinates.is_some());
}

#[tokio::test]
async fn a_place_that_is_known_is_not_validated_again() {
    let world = World::new().await;
    let mut asked = world.question(SURE, &[12]);
    let QualifyAnswer::Served { place, .. } = world.qualify(&asked.qualification()).await else {
        panic!("it is covered");
    };
    let before = world.market.seller(1).unwrap().requests();
    asked.location.carrier_place = place.id;
    assert_eq!(
        world.price(&asked).await.terms[0].1.outcome(),
        Outcome::Served
    );
    let requests = world.market.seller(1).unwrap().requests() - before;
    assert_eq!(requests, 2, "qualification and quote");
}

#[tokio::test]
async fn an_address_may_be_sent_in_full_and_one_that_is_no_building_is_not_sent() {
    let world = World::with("validate_addresses = false", Behaviour::default()).await;
    assert_eq!(world.covered().await.outcome(), Outcome::Served);
    let before = world.market.seller(1).unwrap().requests();
    let mut asked = world.question(SURE, &[12]);
    asked.location.address.number = None;
    let answer = world.price(&asked).await.terms.remove(0).1;
    let TermAnswer::AddressUnknown { why, .. } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, UnknownReason::NotABuilding);
    assert_eq!(world.market.seller(1).unwrap().requests(), before);
}

#[tokio::test]
async fn health_counts_what_the_terms_came_to() {
    let world = World::new().await;
    world.price(&world.question(SURE, &[12, 36])).await;
    world
        .price(&world.question(Destiny::NotCovered, &[12]))
        .await;
    let health = world.carrier.health();
    assert_eq!((health.outcomes.served, health.outcomes.not_served), (2, 1));
    assert_eq!((health.calls, health.in_flight), (2, 0));
}
