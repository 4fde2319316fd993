use lastmile_app::Metered;
use lastmile_app::availability::{LookupOptions, lookup};
use lastmile_model::address::parse;
use lastmile_model::availability::{
    Answer, Confidence, NearNet, Outcome, Place, PlaceMatch, UnknownPlace, sentence,
};
use lastmile_model::claim::{Claim, Standing};

use crate::town::{Listing, Town, asked, claim, east, key};

async fn ask(town: &Town, place: &Place, near_net: NearNet) -> Metered<Answer> {
    let lists = town.availability.lists().await.expect("the lists are read");
    let options = LookupOptions { near_net };
    lookup(&town.availability.context, &lists, place, &options)
        .await
        .expect("the store answers")
}

async fn answer(town: &Town, address: &str) -> Answer {
    ask(town, &asked(address), NearNet::default()).await.value
}

fn said(answer: &Answer) -> Vec<(String, &'static str, &'static str, String)> {
    answer
        .findings
        .iter()
        .map(|finding| {
            (
                finding.basis.provider().to_string(),
                finding.outcome.as_str(),
                finding.confidence.as_str(),
                sentence(finding).to_string(),
            )
        })
        .collect()
}

fn line(
    provider: &str,
    outcome: &'static str,
    confidence: &'static str,
    reason: &str,
) -> (String, &'static str, &'static str, String) {
    (provider.to_owned(), outcome, confidence, reason.to_owned())
}

#[tokio::test]
async fn a_listed_building_is_answered_with_every_providers_claim_for_one_read_unit() {
    let town = Town::new();
    let address = "303 E 26th St, Cheyenne, WY 82001";
    town.list(&Listing::of("Acme", 1).lit(address)).await;
    town.list(&Listing::of("Bolt", 2).says(address, Standing::IndividualCase))
        .await;
    town.list(&Listing::of("Cord", 3).says(address, Standing::NotOffered))
        .await;
    let Metered { value, capacity } = ask(
        &town,
        &asked("303 EAST 26TH STREET, CHEYENNE WY 82001"),
        NearNet::default(),
    )
    .await;
    assert_eq!(value.matched, PlaceMatch::Exact(key("82001:E-26TH-ST:303")));
    assert_eq!(
        said(&value),
        [
            line("Acme", "served", "green", "on-net list of 3 March 2026"),
            line(
                "Bolt",
                "ask_person",
                "yellow",
                "priced case by case by a person (ICB), list of 3 March 2026"
            ),
            line(
                "Cord",
                "not_served",
                "red",
                "listed as not available, list of 3 March 2026"
            ),
        ]
    );
    assert!(
        capacity.read_units() <= 1.0,
        "{} read units",
        capacity.read_units()
    );
}

#[tokio::test]
async fn a_building_with_twenty_claims_costs_at_most_one_read_unit() {
    let town = Town::new();
    for (number, provider) in (1..).zip(["Acme", "Bolt", "Cord", "Dull"]) {
        let mut list = Listing::of(provider, number);
        for product in ["Basic", "Business", "Wholesale", "Wave", "Dark"] {
            list = list.with(Claim {
                product: Some(format!("{product} Internet 1000").into()),
                coordinates: Some(east(0.0)),
                ..claim(provider, "303 E 26th St Suite 400, Cheyenne, WY 82001")
            });
        }
        town.list(&list).await;
    }
    let metered = ask(
        &town,
        &asked("303 E 26th St, Cheyenne, WY 82001"),
        NearNet::default(),
    )
    .await;
    assert_eq!(metered.value.findings.len(), 20);
    let units = metered.capacity.read_units();
    assert!(units <= 1.0, "{units} read units");
}

#[tokio::test]
async fn only_the_active_import_of_a_list_is_seen() {
    let town = Town::new();
    let old = Listing::of("Acme", 1).lit("303 E 26th St, Cheyenne, WY 82001");
    let new = Listing {
        import: 2,
        ..Listing::of("Acme", 1).lit("305 E 26th St, Cheyenne, WY 82001")
    };
    town.list(&old).await;
    town.activate(&old, 1).await;
    // The new import's claims are there, but it is not active yet.
    let claims = new.claims.iter();
    let generation = lastmile_model::listing::Generation {
        list: lastmile_model::listing::ListNumber(1),
        import: lastmile_model::identity::ImportNumber(2),
    };
    town.put(
        claims
            .map(|claim| lastmile_store::record::claim::to_item(claim, generation))
            .collect(),
    )
    .await;
    assert!(
        answer(&town, "303 E 26th St, Cheyenne, WY 82001")
            .await
            .is_served()
    );
    assert!(
        !answer(&town, "305 E 26th St, Cheyenne, WY 82001")
            .await
            .is_served()
    );
    town.activate(&new, 2).await;
    assert!(
        !answer(&town, "303 E 26th St, Cheyenne, WY 82001")
            .await
            .is_served()
    );
    assert!(
        answer(&town, "305 E 26th St, Cheyenne, WY 82001")
            .await
            .is_served()
    );
}

#[tokio::test]
async fn a_misspelt_street_is_corrected_where_the_number_is_really_there() {
    let town = Town::new();
    town.list(
        &Listing::of("Acme", 1)
            .lit("1514 Thomes Ave, Cheyenne, WY 82001")
            .lit("200 Warren Ave, Cheyenne, WY 82001"),
    )
    .await;
    let found = answer(&town, "1514 Thomas Ave, Cheyenne, WY 82001").await;
    let PlaceMatch::Corrected {
        building,
        corrections,
    } = &found.matched
    else {
        panic!("{:?}", found.matched);
    };
    assert_eq!(building, &key("82001:THOMES-AVE:1514"));
    assert_eq!(
        corrections
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>(),
        ["spelling"]
    );
    assert!(found.is_served());

    let elsewhere = answer(&town, "200 Thomas Ave, Cheyenne, WY 82001").await;
    assert!(
        elsewhere.matched.building().is_none(),
        "{:?}",
        elsewhere.matched
    );
    assert!(!elsewhere.is_served());
}

#[tokio::test]
async fn a_new_lists_streets_are_known_as_soon_as_it_is_active() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit("200 Warren Ave, Cheyenne, WY 82001"))
        .await;
    let misspelt = "1514 Thomas Ave, Cheyenne, WY 82001";
    assert_eq!(answer(&town, misspelt).await.matched.as_str(), "none");
    town.list(&Listing::of("Bolt", 2).lit("1514 Thomes Ave, Cheyenne, WY 82001"))
        .await;
    assert_eq!(answer(&town, misspelt).await.matched.as_str(), "corrected");
}

#[tokio::test]
async fn another_number_is_an_alternative_never_the_answer() {
    let town = Town::new();
    town.list(
        &Listing::of("Acme", 1)
            .lit("300 W 10th St, Cheyenne, WY 82001")
            .lit("318 W 10th St, Cheyenne, WY 82001"),
    )
    .await;
    let found = answer(&town, "316 W 10th St, Cheyenne, WY 82001").await;
    assert_eq!(
        found.matched,
        PlaceMatch::Alternatives(vec![key("82001:W-10TH-ST:318"), key("82001:W-10TH-ST:300")])
    );
    assert_eq!(
        said(&found),
        [line(
            "Acme",
            "ask_person",
            "yellow",
            "near-net 1 house from 300 W 10TH ST, list of 3 March 2026"
        )]
    );
    assert_eq!(found.outcome(), Outcome::AskPerson);
}

#[tokio::test]
async fn without_a_zip_the_city_finds_the_building() {
    let town = Town::new();
    town.list(
        &Listing::of("Acme", 1)
            .lit("303 E 26th St, Cheyenne, WY 82001")
            .lit("9 Elm St, Cheyenne, WY 82001")
            .lit("9 Elm St, Cheyenne, WY 82009"),
    )
    .await;
    let found = answer(&town, "303 E 26th St, Cheyenne, WY").await;
    let PlaceMatch::Corrected {
        building,
        corrections,
    } = &found.matched
    else {
        panic!("{:?}", found.matched);
    };
    assert_eq!(building, &key("82001:E-26TH-ST:303"));
    assert_eq!(
        corrections
            .iter()
            .map(|one| one.as_str())
            .collect::<Vec<_>>(),
        ["area"]
    );
    assert!(found.is_served());

    let ambiguous = answer(&town, "9 Elm St, Cheyenne, WY").await;
    assert_eq!(
        ambiguous.matched,
        PlaceMatch::Alternatives(vec![key("82001:ELM-ST:9"), key("82009:ELM-ST:9")])
    );
    assert!(!ambiguous.is_served());
}

#[tokio::test]
async fn lists_with_and_without_zip_meet_in_one_building() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit("303 E 26th St, Cheyenne, WY 82001"))
        .await;
    town.list(&Listing::of("Bolt", 2).lit("303 E 26th St, Cheyenne, WY"))
        .await;
    let found = answer(&town, "303 E 26th St, Cheyenne, WY").await;
    assert_eq!(found.matched.building(), Some(&key("82001:E-26TH-ST:303")));
    assert_eq!(found.findings.len(), 2);
    // Another number in the ZIP, which only the list without ZIPs has.
    town.list(&Listing::of("Cord", 3).lit("12 E 26th St, Cheyenne, WY"))
        .await;
    let found = answer(&town, "12 E 26th St, Cheyenne, WY 82001").await;
    assert_eq!(found.matched.as_str(), "corrected");
    assert!(found.is_served());
}

#[tokio::test]
async fn an_unserved_building_shows_the_distance_to_lit_neighbours_and_area_hints() {
    let town = Town::new();
    let unserved = Claim {
        standing: Standing::NotOffered,
        coordinates: Some(east(85.0)),
        ..claim("Cord", "310 W 10th St, Cheyenne, WY 82001")
    };
    town.list(&Listing::of("Acme", 1).lit_at("318 W 10th St, Cheyenne, WY 82001", east(0.0)))
        .await;
    town.list(&Listing::of("Cord", 2).with(unserved)).await;
    town.list(&Listing::of("Hint Cable", 3).hint(east(85.0)))
        .await;
    let found = answer(&town, "310 W 10th St, Cheyenne, WY 82001").await;
    assert_eq!(
        said(&found),
        [
            line(
                "Acme",
                "ask_person",
                "yellow",
                "near-net 85 m from 318 W 10TH ST, list of 3 March 2026"
            ),
            line(
                "Hint Cable",
                "ask_person",
                "yellow",
                "area hint only, list of 3 March 2026"
            ),
            line(
                "Cord",
                "not_served",
                "red",
                "listed as not available, list of 3 March 2026"
            ),
        ]
    );
    let never = ask(
        &town,
        &asked("310 W 10th St, Cheyenne, WY 82001"),
        NearNet::Never,
    )
    .await;
    assert_eq!(never.value.findings.len(), 1);
}

#[tokio::test]
async fn a_lit_building_on_another_street_is_found_by_its_cell() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit_at("5 Back Aly, Cheyenne, WY 82001", east(300.0)))
        .await;
    let place = Place {
        coordinates: Some(east(0.0)),
        ..asked("310 W 10th St, Cheyenne, WY 82001")
    };
    let found = ask(&town, &place, NearNet::default()).await.value;
    assert_eq!(found.matched, PlaceMatch::None(UnknownPlace::StreetUnknown));
    assert_eq!(
        said(&found),
        [line(
            "Acme",
            "ask_person",
            "yellow",
            "near-net 300 m from 5 BACK ALY, list of 3 March 2026"
        )]
    );
    let far = Place {
        coordinates: Some(east(2_000.0)),
        ..place
    };
    assert_eq!(
        ask(&town, &far, NearNet::default()).await.value.findings,
        []
    );
}

#[tokio::test]
async fn a_served_building_shows_its_neighbours_only_when_asked() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit("300 W 10th St, Cheyenne, WY 82001"))
        .await;
    town.list(&Listing::of("Bolt", 2).lit("302 W 10th St, Cheyenne, WY 82001"))
        .await;
    let place = asked("300 W 10th St, Cheyenne, WY 82001");
    let plain = ask(&town, &place, NearNet::WhenUnserved).await.value;
    assert_eq!(plain.findings.len(), 1);
    let always = ask(&town, &place, NearNet::Always).await.value;
    assert_eq!(always.findings.len(), 2);
    assert_eq!(always.findings[1].outcome, Outcome::AskPerson);
}

#[tokio::test]
async fn the_asked_units_claims_come_first_and_another_units_is_yellow() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit("303 E 26th St Apt 4, Cheyenne, WY 82001"))
        .await;
    town.list(&Listing::of("Bolt", 2).lit("303 E 26th St Apt 9, Cheyenne, WY 82001"))
        .await;
    let found = answer(&town, "303 E 26th St Apt 9, Cheyenne, WY 82001").await;
    assert_eq!(
        said(&found),
        [
            line("Bolt", "served", "green", "on-net list of 3 March 2026"),
            line(
                "Acme",
                "served",
                "yellow",
                "on-net list of 3 March 2026, for unit 4 of the building"
            ),
        ]
    );
    let building = answer(&town, "303 E 26th St, Cheyenne, WY 82001").await;
    assert!(
        building
            .findings
            .iter()
            .all(|finding| finding.confidence == Confidence::Green)
    );
}

#[tokio::test]
async fn what_is_no_building_is_unknown() {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit("318 W 10th St, Cheyenne, WY 82001"))
        .await;
    for text in [
        "PO Box 318, Cheyenne, WY 82001",
        "W 10th St, Cheyenne, WY 82001",
        "hello",
        "",
    ] {
        let found = answer(&town, text).await;
        assert_eq!(
            found.matched,
            PlaceMatch::None(UnknownPlace::NotABuilding),
            "{text}"
        );
        assert_eq!(found.outcome(), Outcome::AddressUnknown);
    }
    let elsewhere = Place {
        address: parse("318 W 10th St, Fargo, ND 58102"),
        coordinates: None,
    };
    let found = ask(&town, &elsewhere, NearNet::default()).await.value;
    assert_eq!(found.matched, PlaceMatch::None(UnknownPlace::StreetUnknown));
}
