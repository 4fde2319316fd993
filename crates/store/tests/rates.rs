//! Keys and values of rates: round trips, exact prefixes, weight.

use jiff::civil::{Date, date};
use lastmile_model::address::{Area, BuildingKey, HouseNumber, StreetKey};
use lastmile_model::carrier::{Product, Term};
use lastmile_model::claim::{Kbps, Technology};
use lastmile_model::identity::{ImportNumber, ListName, ProviderName};
use lastmile_model::listing::{Generation, ListNumber};
use lastmile_model::money::{Currency, Money};
use lastmile_model::rate_card::{Charge, Effective, Rate, Zone};
use lastmile_store::{PrimaryKey, Query, SortKey, key, record};
use proptest::prelude::*;
use proptest::{option, sample};

fn providers() -> impl Strategy<Value = ProviderName> {
    "[A-Za-z][A-Za-z0-9&.' ]{0,10}[a-z]".prop_map(|name| ProviderName::new(&name).expect("a name"))
}

fn generations() -> impl Strategy<Value = Generation> {
    (any::<u32>(), any::<u32>()).prop_map(|(list, import)| Generation {
        list: ListNumber(list),
        import: ImportNumber(import),
    })
}

/// Few, so that two of them are often the same.
fn areas() -> impl Strategy<Value = Area> {
    let city = |city: &str| Area::City {
        state: "WY".into(),
        city: city.into(),
    };
    let zips = ["82001", "8200"].map(|zip| Area::Zip(zip.into()));
    sample::select([&zips[..], &[city("CODY"), city("CO#DY~")]].concat())
}

fn buildings() -> impl Strategy<Value = BuildingKey> {
    let number = "[1-9][0-9]{0,4}([A-C]|-[0-9]{1,3}| 1/2)?"
        .prop_map(|text| HouseNumber::parse(&text).expect("it has a figure"));
    (areas(), "[A-Z0-9#~]{1,6}( [A-Z]{1,4})?", number).prop_map(|(area, street, number)| {
        BuildingKey {
            street: StreetKey {
                area,
                street: street.into(),
            },
            number,
        }
    })
}

fn zones() -> impl Strategy<Value = Zone> {
    prop_oneof![
        Just(Zone::Everywhere),
        "[A-Z]{2}".prop_map(|state| Zone::State(state.into())),
        sample::select(vec!["82001", "8200", "82002"]).prop_map(|zip| Zone::Zip(zip.into())),
        "[A-Za-z0-9&.']{1,8}".prop_map(|name| Zone::List(ListName::new(&name).expect("a name"))),
        buildings().prop_map(Zone::Building),
    ]
}

fn days() -> impl Strategy<Value = Option<Date>> {
    option::of((1990..2090_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| date(y, m, d)))
}

fn charges() -> impl Strategy<Value = Charge> {
    let amounts = (
        0..i64::MAX,
        0..3_i64,
        sample::select(Currency::ALL.to_vec()),
    );
    let priced = amounts.prop_map(|(mrc, nrc, currency)| {
        let money = |minor| Money { minor, currency };
        Charge::Priced {
            mrc: money(mrc),
            nrc: money(nrc),
        }
    });
    prop_oneof![4 => priced, 1 => Just(Charge::IndividualCase)]
}

fn rates() -> impl Strategy<Value = Rate> {
    let product = sample::select(Product::ALL.to_vec());
    let access = option::of(sample::select(Technology::ALL.to_vec()));
    let speed = || any::<u64>().prop_map(Kbps);
    let term = (1..=120_u16).prop_map(|months| Term::new(months).expect("a term"));
    (
        (zones(), product, access, speed(), speed(), term),
        (charges(), option::of(0..=1_000_u32), days(), days()),
    )
        .prop_map(|((zone, product, access, down, up, term), said)| {
            let (charge, install_interval_days, from, until) = said;
            Rate {
                zone,
                product,
                access,
                down,
                up,
                term,
                charge,
                install_interval_days,
                effective: Effective { from, until },
            }
        })
}

fn is_in(key: &PrimaryKey, query: &Query) -> bool {
    match &query.sk {
        SortKey::Prefix(prefix) => key.pk == query.pk && key.sk.starts_with(prefix),
        // Rates are read by prefixes.
        SortKey::Any | SortKey::Equals(_) | SortKey::Between(..) => false,
    }
}

proptest! {
    #[test]
    fn a_rate_comes_back_as_it_was(
        provider in providers(), rate in rates(), generation in generations(),
    ) {
        let item = record::rate::to_item(&provider, &rate, generation);
        let stored = record::rate::from_item(&item).expect("a rate");
        prop_assert_eq!(
            (stored.provider, stored.rate, stored.generation),
            (provider, rate, generation)
        );
    }

    #[test]
    fn a_rate_has_the_same_key_in_another_import_but_for_the_import(
        provider in providers(), rate in rates(), one in generations(), other in generations(),
    ) {
        let key = record::rate::to_item(&provider, &rate, one).key;
        let moved = key::in_generation(&key, other).expect("a rate's key");
        prop_assert_eq!(moved, record::rate::to_item(&provider, &rate, other).key);
    }

    /// The two queries of a price find what can hold in the area, of this provider, product and import only.
    #[test]
    fn what_can_hold_in_an_area_is_exactly_two_prefixes(
        (provider, other_provider) in (providers(), providers()),
        rate in rates(), product in sample::select(Product::ALL.to_vec()),
        (generation, other) in (generations(), generations()), area in areas(),
    ) {
        let key = record::rate::to_item(&provider, &rate, generation).key;
        for (asked, of) in [(&provider, generation), (&provider, other), (&other_provider, generation)] {
            let same = *asked == provider && of == generation && product == rate.product;
            let wide = is_in(&key, &key::wide_rates(asked, product, of));
            prop_assert_eq!(wide, same && rate.zone.area().is_none());
            let narrow = is_in(&key, &key::narrow_rates(asked, product, of, &area));
            prop_assert_eq!(narrow, same && rate.zone.area().as_ref() == Some(&area));
        }
    }

    #[test]
    fn rates_that_are_named_alike_have_one_key_and_others_have_not(
        provider in providers(), one in rates(), other in rates(), generation in generations(),
    ) {
        let key = |rate: &Rate| record::rate::to_item(&provider, rate, generation).key;
        let priced_otherwise = Rate {
            charge: other.charge,
            install_interval_days: other.install_interval_days,
            effective: Effective { until: other.effective.until, ..one.effective },
            ..one.clone()
        };
        prop_assert_eq!(key(&one), key(&priced_otherwise));
        let zoned = Rate { zone: other.zone.clone(), ..one };
        prop_assert_eq!(key(&one) == key(&zoned), one.zone == other.zone);
        let begun = Rate { effective: other.effective, ..one.clone() };
        prop_assert_eq!(key(&one) == key(&begun), one.effective.from == other.effective.from);
        let sold = Rate { access: other.access, up: other.up, term: other.term, ..one.clone() };
        let same = (one.access, one.up, one.term) == (other.access, other.up, other.term);
        prop_assert_eq!(key(&one) == key(&sold), same);
    }
}

/// Every bandwidth of a usual card for every usual term, in one zone, is a few read units.
#[test]
fn a_rate_is_light() {
    let money = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    let rate = Rate {
        zone: Zone::State("NH".into()),
        product: Product::AdvancedInternetAccess,
        access: Some(Technology::Fiber),
        down: Kbps(10_000_000),
        up: Kbps(10_000_000),
        term: Term::new(36).expect("a term"),
        charge: Charge::Priced {
            mrc: money(122_057),
            nrc: money(110_000),
        },
        install_interval_days: Some(90),
        effective: Effective {
            from: Some(date(2026, 1, 1)),
            until: Some(date(2026, 12, 31)),
        },
    };
    let provider = ProviderName::new("Granite State Fiber").expect("a name");
    let generation = Generation {
        list: ListNumber(40),
        import: ImportNumber(12),
    };
    let weight = record::rate::to_item(&provider, &rate, generation).weight();
    assert!(weight < 160, "{weight} bytes");
}
