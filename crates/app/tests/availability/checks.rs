use lastmile_app::availability::{LookupOptions, check};
use lastmile_model::availability::{CheckVerdict, Criteria, Outcome};
use lastmile_model::claim::{Claim, Kbps, Standing, Technology};

use crate::town::{Listing, Town, asked, claim, provider};

const ADDRESS: &str = "303 E 26th St, Cheyenne, WY 82001";

async fn town() -> Town {
    let town = Town::new();
    let cable = Claim {
        technology: Technology::Cable,
        down: Some(Kbps(300_000)),
        ..claim("Bolt", ADDRESS)
    };
    town.list(&Listing::of("Acme", 1).says(ADDRESS, Standing::NotOffered))
        .await;
    town.list(&Listing::of("Bolt", 2).with(cable)).await;
    town.list(&Listing::of("Cord", 3).says(ADDRESS, Standing::IndividualCase))
        .await;
    town
}

async fn verdict(
    town: &Town,
    address: &str,
    criteria: &Criteria,
    alternative: bool,
) -> CheckVerdict {
    let lists = town.availability.lists().await.expect("the lists are read");
    let context = &town.availability.context;
    let options = LookupOptions::default();
    check(
        context,
        &lists,
        &asked(address),
        criteria,
        alternative,
        &options,
    )
    .await
    .expect("the store answers")
    .value
}

#[tokio::test]
async fn a_check_is_about_the_asked_service_only() {
    let town = town().await;
    let of = |name: &str| Criteria {
        providers: vec![provider(name)],
        ..Criteria::default()
    };
    let cases = [
        (Criteria::default(), Outcome::Served),
        (of("acme"), Outcome::NotServed),
        (of("Bolt"), Outcome::Served),
        (of("Cord"), Outcome::AskPerson),
        (of("Nobody"), Outcome::NotServed),
        (
            Criteria {
                min_down: Some(Kbps(500_000)),
                ..of("Bolt")
            },
            Outcome::NotServed,
        ),
    ];
    for (criteria, wanted) in cases {
        let found = verdict(&town, ADDRESS, &criteria, false).await;
        assert_eq!(found.outcome, wanted, "{criteria:?}");
        assert_eq!(found.alternates, []);
    }
    let unknown = verdict(
        &town,
        "9 Elm St, Cheyenne, WY 82001",
        &Criteria::default(),
        true,
    )
    .await;
    assert_eq!(unknown.outcome, Outcome::AddressUnknown);
}

#[tokio::test]
async fn alternates_are_what_else_can_be_had() {
    let town = town().await;
    let fiber = Criteria {
        technologies: vec![Technology::Fiber],
        providers: vec![provider("Acme")],
        ..Criteria::default()
    };
    let found = verdict(&town, ADDRESS, &fiber, true).await;
    let names: Vec<&str> = found
        .alternates
        .iter()
        .map(|finding| finding.basis.provider().as_str())
        .collect();
    assert_eq!(
        (found.outcome, names),
        (Outcome::NotServed, vec!["Bolt", "Cord"])
    );
}
