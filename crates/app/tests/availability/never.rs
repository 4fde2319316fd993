//! What must never happen: a yes that is none.

use std::collections::BTreeSet;

use lastmile_app::availability::{LookupOptions, lookup};
use lastmile_model::availability::{Answer, Basis, NearNet, Outcome, PlaceMatch};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::town::{Listing, Town, asked, normal};

const STREETS: [&str; 9] = [
    "E 26th St",
    "W 26th St",
    "26th St",
    "Thomes Ave",
    "Thomas Ave",
    "Thomes Ct",
    "Park Avenue West",
    "Avenue C",
    "Court St",
];
const PLACES: [&str; 4] = [
    "Cheyenne, WY 82001",
    "Cheyenne, WY 82009",
    "Cheyenne, WY",
    "Fargo, ND 58102",
];

fn house() -> impl Strategy<Value = String> {
    (1..40_u32, select(&STREETS[..]), select(&PLACES[..]))
        .prop_map(|(number, street, place)| format!("{number} {street}, {place}"))
}

/// What people do to addresses: drop or change a letter or a digit of the text.
fn misspelt(text: &str, at: Index, letter: Option<char>) -> String {
    let position = at.index(text.len());
    let mut spelt: String = text.chars().take(position).collect();
    spelt.extend(letter);
    spelt.extend(text.chars().skip(position + 1));
    spelt
}

async fn ask(houses: &BTreeSet<String>, address: &str) -> Answer {
    let town = Town::new();
    let list = houses
        .iter()
        .fold(Listing::of("Acme", 1), |list, house| list.lit(house));
    town.list(&list).await;
    let lists = town.availability.lists().await.expect("the lists are read");
    let options = LookupOptions {
        near_net: NearNet::Always,
    };
    lookup(
        &town.availability.context,
        &lists,
        &asked(address),
        &options,
    )
    .await
    .expect("the store answers")
    .value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_yes_has_the_asked_number_on_a_listed_building(
        houses in proptest::collection::btree_set(house(), 1..40),
        asked_house in house(),
        at in any::<Index>(),
        letter in proptest::option::of(select(vec!['a', 'e', 't', '1', '7', ' '])),
        spelling in any::<bool>(),
    ) {
        let text = if spelling { misspelt(&asked_house, at, letter) } else { asked_house };
        let asked = normal(&text);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let answer = runtime.block_on(ask(&houses, &text));
        let listed: BTreeSet<_> =
            houses.iter().filter_map(|house| normal(house).building_key()).collect();
        if let Some(building) = answer.matched.building() {
            prop_assert_eq!(Some(&building.number), asked.number.as_ref(), "{}", text);
            prop_assert!(listed.contains(building), "{} is {}", text, building);
            if let Some(zip) = &asked.zip {
                let same_zip = building.street.area == lastmile_model::address::Area::Zip(zip.clone());
                let no_zip = matches!(building.street.area, lastmile_model::address::Area::City { .. });
                prop_assert!(same_zip || no_zip, "{} is {}", text, building);
            }
        }
        for finding in answer.findings.iter().filter(|one| one.outcome == Outcome::Served) {
            prop_assert!(
                !matches!(answer.matched, PlaceMatch::Alternatives(_) | PlaceMatch::None(_)),
                "{} is served though it is not known", text
            );
            let Basis::Claim(claim) = &finding.basis else {
                return Err(TestCaseError::fail("a hint serves nothing"));
            };
            prop_assert_eq!(Some(&claim.building.number), asked.number.as_ref());
        }
        // What is listed is found, whatever else is listed.
        if asked.building_key().is_some_and(|key| listed.contains(&key)) && asked.zip.is_some() {
            prop_assert!(matches!(answer.matched, PlaceMatch::Exact(_)));
        }
    }
}
