use lastmile_app::address::{AddressId, ListError, get, list, validate};
use lastmile_model::address::parse;
use lastmile_model::availability::{UnknownPlace, Validation, ValidationVerdict};

use crate::town::{Listing, Town, east};

async fn town() -> Town {
    let town = Town::new();
    town.list(
        &Listing::of("Acme", 1)
            .lit_at("303 E 26th St Apt 4, Cheyenne, WY 82001", east(0.0))
            .lit("303 E 26th St Apt 12, Cheyenne, WY 82001")
            .lit("305 E 26th St, Cheyenne, WY 82001")
            .lit("1200 E 26th St, Cheyenne, WY 82001")
            .lit("303 Thomes Ave, Cheyenne, WY 82001"),
    )
    .await;
    town.list(&Listing::of("Bolt", 2).lit("303 E 26th St, Cheyenne, WY 82001"))
        .await;
    town
}

async fn verdict(town: &Town, address: &str) -> Validation {
    let lists = town.availability.lists().await.expect("the lists are read");
    validate(&town.availability.context, &lists, &parse(address), true)
        .await
        .expect("the store answers")
        .value
}

#[tokio::test]
async fn a_known_address_comes_back_in_standard_form_with_its_units() {
    let town = town().await;
    let found = verdict(
        &town,
        "303 East 26th Street apartment 4, Cheyenne Wyoming 82001",
    )
    .await;
    let ValidationVerdict::Valid(known) = found.verdict else {
        panic!("{found:?}");
    };
    assert_eq!(known.building.to_string(), "82001:E-26TH-ST:303");
    assert_eq!(
        known.address.one_line(),
        "303 E 26TH ST, CHEYENNE, WY 82001"
    );
    assert_eq!(known.coordinates, Some(rounded(east(0.0))));
    let units: Vec<String> = known
        .units
        .iter()
        .map(|unit| unit.key.to_string())
        .collect();
    assert_eq!(units, ["82001:E-26TH-ST:303:12", "82001:E-26TH-ST:303:4"]);
}

/// Coordinates are kept to a centimetre.
fn rounded(
    point: lastmile_model::geography::Coordinates,
) -> lastmile_model::geography::Coordinates {
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    lastmile_model::geography::Coordinates {
        latitude: round(point.latitude),
        longitude: round(point.longitude),
    }
}

#[tokio::test]
async fn an_unknown_unit_or_a_correction_is_partial_and_anything_else_fails() {
    let town = town().await;
    let unit = verdict(&town, "303 E 26th St Apt 99, Cheyenne, WY 82001").await;
    assert!(
        matches!(&unit.verdict, ValidationVerdict::Partial { unit_unknown: true, corrections, .. } if corrections.is_empty()),
        "{unit:?}"
    );
    let misspelt = verdict(&town, "303 Thomas Ave, Cheyenne, WY 82001").await;
    assert_eq!(misspelt.verdict.as_str(), "partial");
    let number = verdict(&town, "307 E 26th St, Cheyenne, WY 82001").await;
    assert_eq!(
        number.verdict,
        ValidationVerdict::Unknown(UnknownPlace::NumberUnknown)
    );
    let like: Vec<String> = number
        .alternatives
        .iter()
        .map(|known| known.building.to_string())
        .collect();
    assert_eq!(like, ["82001:E-26TH-ST:305", "82001:E-26TH-ST:303"]);
    let po_box = verdict(&town, "PO Box 12, Cheyenne, WY 82001").await;
    assert_eq!(
        po_box.verdict,
        ValidationVerdict::Unknown(UnknownPlace::NotABuilding)
    );
    assert_eq!(po_box.alternatives, []);
}

#[tokio::test]
async fn an_address_is_read_by_its_id() {
    let town = town().await;
    let lists = town.availability.lists().await.expect("the lists are read");
    let context = &town.availability.context;
    let find = async |id: &str| {
        let id = AddressId::parse(id).expect("an id");
        get(context, &lists, &id)
            .await
            .expect("the store answers")
            .value
    };
    let building = find("82001:E-26TH-ST:303").await.expect("known");
    assert_eq!(building.units.len(), 2);
    let unit = find("82001:E-26TH-ST:303:4").await.expect("known");
    assert_eq!(unit.units.len(), 1);
    assert_eq!(find("82001:E-26TH-ST:303:5").await, None);
    assert_eq!(find("82001:E-26TH-ST:304").await, None);
    assert!(AddressId::parse("82001").is_err());
}

#[tokio::test]
async fn a_street_is_listed_in_order_and_an_unbounded_list_is_refused() {
    let town = town().await;
    let lists = town.availability.lists().await.expect("the lists are read");
    let context = &town.availability.context;
    let find = async |filter: &str, offset, limit| {
        let listed = list(context, &lists, &parse(filter).parts, offset, limit).await;
        listed.map(|listed| {
            let addresses = listed.value.addresses;
            let keys: Vec<String> = addresses
                .iter()
                .map(|one| one.building.to_string())
                .collect();
            (keys, listed.value.total)
        })
    };
    let street = find("E 26th St, Cheyenne, WY 82001", 0, 2)
        .await
        .expect("one street");
    let keys = ["82001:E-26TH-ST:303", "82001:E-26TH-ST:305"].map(str::to_owned);
    assert_eq!(street, (keys.to_vec(), 3));
    let rest = find("E 26th St, Cheyenne, WY 82001", 2, 2)
        .await
        .expect("one street");
    assert_eq!(rest, (vec!["82001:E-26TH-ST:1200".to_owned()], 3));
    let one = find("305 E 26th St, Cheyenne, WY 82001", 0, 9)
        .await
        .expect("one building");
    assert_eq!(one.1, 1);
    let by_city = find("E 26th St, Cheyenne, WY", 0, 9)
        .await
        .expect("one street");
    assert_eq!(by_city.1, 3);
    let by_city = find("305 E 26th St, Cheyenne, WY", 0, 9)
        .await
        .expect("one building");
    assert_eq!(by_city, (vec!["82001:E-26TH-ST:305".to_owned()], 1));
    for filter in ["Cheyenne, WY 82001", "E 26th St", ""] {
        let refused = find(filter, 0, 9).await;
        assert!(
            matches!(refused, Err(ListError::NoStreet | ListError::NoArea)),
            "{filter}: {refused:?}"
        );
    }
}
