//! What real carriers do that no document says.

use lastmile_model::availability::{Confidence, Outcome};
use lastmile_model::carrier::{QualifyAnswer, TermAnswer, UnknownReason};
use lastmile_simulator::{Behaviour, Destiny};

use crate::world::World;

const SURE: Destiny = Destiny::Covered { sure: true };

fn minor_units(answer: &TermAnswer) -> [i64; 2] {
    match answer {
        TermAnswer::Priced(price) => [price.mrc.minor, price.nrc.minor],
        other => unreachable!("{other:?}"),
    }
}

#[tokio::test]
async fn the_price_is_the_same_however_it_is_written() {
    let documented = minor_units(&World::new().await.covered().await);
    let base = Behaviour::default();
    for behaviour in [
        Behaviour {
            text_numbers: true,
            ..base
        },
        Behaviour {
            bare_objects: true,
            ..base
        },
        Behaviour {
            trailing_blanks: true,
            ..base
        },
        Behaviour {
            totals: true,
            ..base
        },
        Behaviour {
            text_numbers: true,
            bare_objects: true,
            trailing_blanks: true,
            totals: true,
            swapped_coordinates: true,
            ..base
        },
    ] {
        let world = World::behaving(behaviour).await;
        let answer = world.covered().await;
        assert_eq!(minor_units(&answer), documented, "{behaviour:?}");
    }
}

#[tokio::test]
async fn icb_in_the_place_of_a_price_is_an_individual_case() {
    for totals in [false, true] {
        let world = World::behaving(Behaviour {
            icb: true,
            totals,
            ..Behaviour::default()
        })
        .await;
        let answer = world.covered().await;
        assert!(
            matches!(answer, TermAnswer::IndividualCase { .. }),
            "{answer:?}"
        );
    }
}

#[tokio::test]
async fn a_neighbour_that_is_called_success_is_an_alternative() {
    let inconsistent = Behaviour {
        inconsistent: true,
        ..Behaviour::default()
    };
    let validating = World::behaving(inconsistent).await;
    let answer = validating.covered().await;
    let TermAnswer::AddressUnknown { why, alternatives } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, UnknownReason::OnlyAlternatives);
    assert_eq!(alternatives.len(), 1);

    // Without a validation it shows in the quote, which is about another house.
    let trusting = World::with("validate_addresses = false", inconsistent).await;
    let answer = trusting.covered().await;
    assert!(
        matches!(answer, TermAnswer::AddressUnknown { .. }),
        "{answer:?}"
    );
}

#[tokio::test]
async fn swapped_coordinates_come_out_right() {
    for swapped_coordinates in [false, true] {
        let world = World::behaving(Behaviour {
            swapped_coordinates,
            ..Behaviour::default()
        })
        .await;
        let asked = world.question(SURE, &[12]).qualification();
        let QualifyAnswer::Served { place, .. } = world.qualify(&asked).await else {
            panic!("it is covered");
        };
        let coordinates = place.coordinates.unwrap();
        assert!(
            (42.0..45.0).contains(&coordinates.latitude),
            "{coordinates:?}"
        );
        assert!((-73.0..-70.0).contains(&coordinates.longitude));
    }
}

#[tokio::test]
async fn green_that_means_address_known_counts_as_yellow() {
    let behaviour = Behaviour {
        green_means_address_known: true,
        ..Behaviour::default()
    };
    let world = World::with("green_means = \"address_known\"", behaviour).await;
    for destiny in [SURE, Destiny::NotCovered] {
        let asked = world.question(destiny, &[12]).qualification();
        let QualifyAnswer::Served { confidence, .. } = world.qualify(&asked).await else {
            panic!("such a seller says green");
        };
        assert_eq!(confidence, Confidence::Yellow);
    }
    // The quote still tells the truth.
    let answer = world
        .price(&world.question(Destiny::NotCovered, &[12]))
        .await;
    assert_eq!(answer.terms[0].1.outcome(), Outcome::NotServed);
}

#[tokio::test]
async fn an_address_that_is_refused_with_a_400_is_unknown() {
    let world = World::behaving(Behaviour {
        undocumented_refusals: true,
        ..Behaviour::default()
    })
    .await;
    let unknown = Destiny::NotRecognised { knows_alike: false };
    let answer = world
        .price(&world.question(unknown, &[12]))
        .await
        .terms
        .remove(0)
        .1;
    let TermAnswer::AddressUnknown { why, .. } = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(why.reason, UnknownReason::Refused);
    assert_eq!(why.said.unwrap().as_str(), "can't verify address");
}
