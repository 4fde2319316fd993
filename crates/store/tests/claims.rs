//! Keys and values of claims and what leads to them: order, prefixes, round trips, weight.

use std::sync::Arc;

use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, BuildingKey, HouseNumber, NormalAddress, StreetKey};
use lastmile_model::claim::{AreaHint, Claim, Kbps, ListPrice, Standing, Technology};
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::{ImportNumber, ProviderName};
use lastmile_model::listing::{Generation, ListNumber};
use lastmile_model::money::{Currency, Money};
use lastmile_model::{Spell as _, Text};
use lastmile_store::limits::READ_UNIT_BYTES;
use lastmile_store::record::claim::ClaimReader;
use lastmile_store::record::directory::DirectoryStreet;
use lastmile_store::{PrimaryKey, SortKey, key, record};
use proptest::prelude::*;
use proptest::{option, sample};

fn numbers() -> impl Strategy<Value = HouseNumber> {
    "[1-9][0-9]{0,4}([A-C]|-[0-9]{1,3}| 1/2)?"
        .prop_map(|text| HouseNumber::parse(&text).expect("it has a figure"))
}

fn areas() -> impl Strategy<Value = Area> {
    prop_oneof![
        "[0-9]{5}".prop_map(|zip| Area::Zip(zip.into())),
        "[A-Z]{1,8}( [A-Z#~]{1,5})?".prop_map(|city| Area::City {
            state: "WY".into(),
            city: city.into()
        }),
    ]
}

fn streets() -> impl Strategy<Value = NormalStreet> {
    let side = || option::of(sample::select(vec!["N", "SE"]).prop_map(Text::new));
    let suffix = option::of(sample::select(vec!["ST", "AVE"]).prop_map(Text::new));
    (side(), "[A-Z0-9#~]{1,6}( [A-Z]{1,4})?", suffix, side()).prop_map(
        |(predirectional, name, suffix, postdirectional)| NormalStreet {
            predirectional,
            name: name.into(),
            suffix,
            postdirectional,
        },
    )
}

fn names() -> impl Strategy<Value = ProviderName> {
    "[A-Za-z][A-Za-z0-9&.' ]{0,10}[a-z]".prop_map(|name| ProviderName::new(&name).expect("a name"))
}

fn generations() -> impl Strategy<Value = Generation> {
    (any::<u32>(), any::<u32>()).prop_map(|(list, import)| Generation {
        list: ListNumber(list),
        import: ImportNumber(import),
    })
}

fn places() -> impl Strategy<Value = (BuildingKey, NormalAddress)> {
    let unit = option::of("[0-9A-Z#~ -]{1,5}".prop_map(Text::from));
    (numbers(), streets(), areas(), unit, any::<bool>()).prop_map(
        |(number, street, area, unit, known)| {
            let (city, state, zip) = match &area {
                Area::Zip(zip) => {
                    let city = known.then(|| Text::new("CHEYENNE"));
                    (city, known.then(|| Text::new("WY")), Some(zip.clone()))
                }
                Area::City { state, city } => (Some(city.clone()), Some(state.clone()), None),
            };
            let building = BuildingKey {
                street: StreetKey {
                    area,
                    street: street.spelled(),
                },
                number: number.clone(),
            };
            let place = NormalAddress {
                number: Some(number),
                street: Some(street),
                unit_type: unit.as_ref().map(|_| "APT".into()),
                unit,
                city,
                state,
                zip,
                zip4: known.then(|| "1234".into()),
            };
            (building, place)
        },
    )
}

fn claims() -> impl Strategy<Value = Claim> {
    let standing = sample::select(vec![
        Standing::Offered,
        Standing::NotOffered,
        Standing::IndividualCase,
        Standing::NearNet,
        Standing::Restricted,
    ]);
    let speed = || option::of(any::<u64>().prop_map(Kbps));
    let price = option::of((any::<i64>(), any::<bool>())).prop_map(|price| {
        price.map(|(minor, us)| ListPrice {
            mrc: Money {
                minor,
                currency: if us { Currency::Usd } else { Currency::Cad },
            },
        })
    });
    let point = option::of((
        -900_000_000..900_000_000_i32,
        -1_800_000_000..1_800_000_000_i32,
    ));
    (
        (places(), names(), sample::select(Technology::ALL.to_vec())),
        (
            option::of(".{1,20}".prop_map(Text::from)),
            speed(),
            speed(),
            speed(),
            standing,
        ),
        (
            price,
            point,
            option::of("[A-Z0-9#]{1,8}".prop_map(Text::from)),
            option::of(names()),
        ),
    )
        .prop_map(|((place, provider, technology), said, more)| {
            let (product, smallest, down, up, standing) = said;
            let (price, point, provider_building_id, underlying_provider) = more;
            Claim {
                provider,
                building: place.0.into(),
                place: place.1.into(),
                technology,
                product,
                smallest,
                down,
                up,
                standing,
                price,
                coordinates: point.map(|(latitude, longitude)| Coordinates {
                    latitude: f64::from(latitude) / 1e7,
                    longitude: f64::from(longitude) / 1e7,
                }),
                provider_building_id,
                underlying_provider,
            }
        })
}

fn is_in(key: &PrimaryKey, query: &lastmile_store::Query) -> bool {
    let in_range = match &query.sk {
        SortKey::Any => true,
        SortKey::Equals(sk) => key.sk == *sk,
        SortKey::Prefix(prefix) => key.sk.starts_with(prefix),
        SortKey::Between(first, last) => (first..=last).contains(&&key.sk),
    };
    key.pk == query.pk && in_range
}

proptest! {
    #[test]
    fn a_claim_comes_back_as_it_was(claim in claims(), generation in generations()) {
        let item = record::claim::to_item(&claim, generation);
        let stored = record::claim::from_item(&item).expect("a claim");
        prop_assert_eq!(&stored.claim, &claim);
        prop_assert_eq!(stored.generation, generation);
    }

    #[test]
    fn claims_read_after_one_another_share_their_place_and_nothing_else(
        one in claims(), other in claims(), unit in option::of("[A-Z0-9]{1,4}".prop_map(Text::from)), generation in generations(),
    ) {
        let beside = Claim {
            building: Arc::clone(&one.building),
            place: Arc::clone(&one.place),
            ..other.clone()
        };
        let mut in_unit = one.clone();
        Arc::make_mut(&mut in_unit.place).unit = unit;
        let claims = [one, beside, in_unit, other];
        let items = claims.each_ref().map(|claim| record::claim::to_item(claim, generation));
        let mut reader = ClaimReader::default();
        let mut read = Vec::new();
        for item in &items {
            let (claim, wanted) = reader.read_if(item, Some).expect("a claim").expect("wanted");
            prop_assert_eq!(wanted, generation);
            read.push(claim);
        }
        prop_assert_eq!(&read[..], &claims[..]);
        prop_assert!(Arc::ptr_eq(&read[0].place, &read[1].place));
        prop_assert!(Arc::ptr_eq(&read[0].building, &read[2].building));
        let unwanted = reader.read_if(&items[0], |_| None::<()>).expect("a claim");
        prop_assert_eq!(unwanted, None);
    }

    #[test]
    fn a_claim_has_the_same_key_in_another_import_but_for_the_import(
        claim in claims(), one in generations(), other in generations(),
    ) {
        let key = record::claim::to_item(&claim, one).key;
        let moved = key::claim_in(&key, other).expect("a claim's key");
        prop_assert_eq!(moved, record::claim::to_item(&claim, other).key);
    }

    #[test]
    fn a_building_is_exactly_its_prefix(
        one in claims(), other in places(), generation in generations(), same_street in any::<bool>(),
    ) {
        let key = record::claim::to_item(&one, generation).key;
        let mut asked = other.0;
        if same_street {
            asked.street = one.building.street.clone();
        }
        prop_assert_eq!(is_in(&key, &key::building_claims(&asked)), asked == *one.building);
        prop_assert!(is_in(&key, &key::building_claims(&one.building)));
    }

    #[test]
    fn a_range_of_a_street_is_exact(claim in claims(), from in 0..99_999_u32, width in 0..2_000_u32) {
        let key = record::claim::to_item(&claim, Generation {
            list: ListNumber(1),
            import: ImportNumber(1),
        }).key;
        let number = claim.building.number.ordinal();
        let range = key::street_claims(&claim.building.street, from, from + width);
        prop_assert_eq!(is_in(&key, &range), (from..=from + width).contains(&number));
        prop_assert!(is_in(&key, &key::street_claims(&claim.building.street, number, u32::MAX)));
    }

    #[test]
    fn claims_stand_in_the_order_of_the_street(one in claims(), other in claims()) {
        let generation = Generation { list: ListNumber(1), import: ImportNumber(1) };
        let one_key = record::claim::to_item(&one, generation).key;
        let other_key = record::claim::to_item(&other, generation).key;
        if one.building.number.ordinal() != other.building.number.ordinal() {
            prop_assert_eq!(
                one_key.sk < other_key.sk,
                one.building.number.ordinal() < other.building.number.ordinal()
            );
        }
    }

    #[test]
    fn a_hint_comes_back_as_it_was(
        provider in names(), cell in any::<u64>(), down in option::of(any::<u64>()),
        technology in sample::select(Technology::ALL.to_vec()), generation in generations(),
    ) {
        let hint = AreaHint { provider, cell: Cell(cell), technology, down: down.map(Kbps), up: None };
        let item = record::hint::to_item(&hint, generation);
        prop_assert!(is_in(&item.key, &key::area_hints(Cell(cell))));
        let stored = record::hint::from_item(&item).expect("a hint");
        prop_assert_eq!((stored.hint, stored.generation), (hint, generation));
    }

    #[test]
    fn a_street_comes_back_from_its_zip_and_its_city(place in places()) {
        let (building, normal) = place;
        let street = DirectoryStreet {
            key: building.street,
            street: normal.street.expect("a street"),
        };
        let city = normal.state.as_deref().zip(normal.city.as_deref());
        for item in record::directory::to_items(&street, city) {
            prop_assert_eq!(record::directory::from_item(&item).expect("a street"), street.clone());
        }
    }

    #[test]
    fn the_keys_of_a_chunk_come_back(
        claims in proptest::collection::vec(claims(), 0..20), generation in generations(),
    ) {
        let keys: Vec<_> = claims
            .iter()
            .map(|claim| record::claim::to_item(claim, generation).key)
            .collect();
        let parts = record::chunk::to_items(generation, 7, &keys);
        let mut read = Vec::new();
        for part in &parts {
            prop_assert!(is_in(&part.key, &key::chunk_parts(generation, 7)));
            read.extend(record::chunk::from_item(part).expect("keys"));
        }
        prop_assert_eq!(read, keys);
    }
}

/// "At most 1 read unit for a building with up to 20 claims": with the import before it kept for an
/// undo, a building holds twice as many, and an eventually consistent unit reads 8 KB.
#[test]
fn twenty_claims_of_a_building_fit_in_four_kilobytes() {
    let number = HouseNumber::parse("12017").expect("a number");
    let street = NormalStreet {
        predirectional: Some("N".into()),
        name: "MARTIN LUTHER KING".into(),
        suffix: Some("BLVD".into()),
        postdirectional: None,
    };
    let building = Arc::new(BuildingKey {
        street: StreetKey {
            area: Area::Zip("82001".into()),
            street: street.spelled(),
        },
        number: number.clone(),
    });
    let generation = Generation {
        list: ListNumber(40),
        import: ImportNumber(12),
    };
    let weight: usize = (0..20)
        .map(|index| {
            let claim = Claim {
                provider: ProviderName::new("CenturyLink").expect("a name"),
                building: Arc::clone(&building),
                place: Arc::new(NormalAddress {
                    number: Some(number.clone()),
                    street: Some(street.clone()),
                    unit_type: Some("STE".into()),
                    unit: Some(format!("{}", 100 + index).into()),
                    city: Some("CHEYENNE".into()),
                    state: Some("WY".into()),
                    zip: Some("82001".into()),
                    zip4: Some("1234".into()),
                }),
                technology: Technology::Fiber,
                product: Some("HSI Upto 10 Mbps/750 Kbps Prepaid".into()),
                smallest: None,
                down: Some(Kbps(10_000)),
                up: Some(Kbps(750)),
                standing: Standing::Offered,
                price: Some(ListPrice {
                    mrc: Money {
                        minor: 143_469,
                        currency: Currency::Usd,
                    },
                }),
                coordinates: Coordinates::new(41.142_801_5, -104.817_316),
                provider_building_id: Some("CHYNWYMA".into()),
                underlying_provider: None,
            };
            record::claim::to_item(&claim, generation).weight()
        })
        .sum();
    assert!(weight <= READ_UNIT_BYTES, "20 claims weigh {weight} bytes");
}
