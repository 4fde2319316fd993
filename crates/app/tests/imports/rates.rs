//! Rate cards: lists of another kind, by the same engine.

use std::io::Write as _;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use lastmile_app::imports::limits::{RATE_CARDS_OF_PROVIDER_MAX, RATES_MAX};
use lastmile_app::imports::{
    LoadError, LoadRequest, active, get, list as list_imports, sweep, undo,
};
use lastmile_model::carrier::Product;
use lastmile_model::identity::{ListId, ListName, ProviderName};
use lastmile_model::listing::layout::LayoutError;
use lastmile_model::listing::{Format, Holds, ImportState};
use lastmile_model::rate_card::{Charge, Rate};
use lastmile_store::{key, record};

use crate::world::{Watcher, World, request};

const HEADER: &str = "product,bandwidth,access,term,mrc,nrc,zone\n";

fn card(provider: &str) -> LoadRequest {
    card_named(provider, "rates")
}

fn card_named(provider: &str, name: &str) -> LoadRequest {
    LoadRequest {
        list: ListId {
            provider: ProviderName::new(provider).expect("a name"),
            name: ListName::new(name).expect("a name"),
        },
        format: Some(Format::Rates),
        ..request(provider)
    }
}

/// A card of one bandwidth everywhere: what it costs for each term.
fn prices(prices: &[(u16, &str)]) -> String {
    let row =
        |(term, mrc): &(u16, &str)| format!("basic_internet_access,100,fiber,{term},{mrc},0,\n");
    HEADER.to_owned() + &prices.iter().map(row).collect::<String>()
}

/// The rates of everywhere that readers see, as term and cents; nothing for what a person prices.
async fn seen(world: &World, provider: &str) -> Vec<(u16, Option<i64>)> {
    world.context.lists.forget();
    let provider = ProviderName::new(provider).expect("a name");
    let lists = active::active_lists(&world.context).await.expect("lists");
    let mut rates = Vec::new();
    for generation in lists.rate_cards(&provider) {
        let query = key::wide_rates(&provider, Product::BasicInternetAccess, generation);
        let page = world.context.store.query(&query).await.expect("a page");
        for item in &page.value.items {
            let Rate { term, charge, .. } = record::rate::from_item(item).expect("a rate").rate;
            let cents = match charge {
                Charge::Priced { mrc, .. } => Some(mrc.minor),
                Charge::IndividualCase => None,
            };
            rates.push((term.months(), cents));
        }
    }
    rates
}

#[tokio::test]
async fn a_card_replaces_the_one_before_and_can_be_taken_back() {
    let (world, store) = World::new();
    let first = prices(&[(12, "100.00"), (36, "80.00")]);
    let first = world.load(&card("Acme"), first).await.expect("loaded");
    assert_eq!(first.id.to_string(), "Acme.rates.1");
    assert_eq!((first.format, first.counts.claims), (Format::Rates, 2));
    assert_eq!(
        seen(&world, "Acme").await,
        [(12, Some(10_000)), (36, Some(8_000))]
    );

    let second = prices(&[(12, "100.00"), (24, "ICB"), (36, "75.5")]);
    let second = world.load(&card("Acme"), second).await.expect("loaded");
    let counts = second.counts;
    assert_eq!((counts.imported, counts.unchanged), (2, 1));
    assert_eq!(
        seen(&world, "Acme").await,
        [(12, Some(10_000)), (24, None), (36, Some(7_550))]
    );

    undo(&world.context, &second.id).await.expect("undone");
    assert_eq!(
        seen(&world, "Acme").await,
        [(12, Some(10_000)), (36, Some(8_000))]
    );
    assert_eq!(sweep(&world.context).await.expect("swept"), [second.id]);
    let rates = store.items().into_iter();
    let rates = rates.filter(|item| item.key.pk.starts_with("RATE#"));
    assert_eq!(rates.count(), 2, "nothing of the undone card is left");
    undo(&world.context, &first.id).await.expect("undone");
    assert_eq!(seen(&world, "Acme").await, []);
}

#[tokio::test]
async fn rows_are_counted_as_those_of_other_lists() {
    let (world, _) = World::new();
    let mut text = prices(&[(12, "100.00"), (12, "90.00"), (0, "1"), (36, "-5")]);
    text.push_str("basic_internet_access,100,fiber,60,70,0,NH; VT 03431\n");
    text.push_str("basic_internet_access,100,fiber,60,70,0,New England\n");
    let watcher = Arc::new(Watcher::default());
    let request = card("Acme");
    let summary = world.watch(&request, text.clone(), Arc::clone(&watcher));
    let summary = summary.await.expect("loaded");
    let counts = summary.counts;
    assert_eq!(
        (
            counts.rows,
            counts.imported,
            counts.duplicates,
            counts.rejected,
            counts.claims
        ),
        (6, 2, 1, 3, 4)
    );
    assert_eq!(
        watcher.rejected(),
        [(4, "bad_term"), (5, "bad_price"), (7, "bad_zone")]
    );
    let twelve = seen(&world, "Acme").await.into_iter();
    let twelve: Vec<_> = twelve.filter(|(term, _)| *term == 12).collect();
    assert_eq!(twelve, [(12, Some(9_000))], "the last row wins");

    let again = world
        .load(&card("Acme"), text.clone())
        .await
        .expect("known");
    assert!(!again.changed);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).expect("memory");
    let packed = packed.finish().expect("memory");
    let packed = world.load(&card("Acme"), packed).await.expect("loaded");
    assert_eq!((packed.counts.unchanged, packed.counts.imported), (2, 0));
}

#[tokio::test]
async fn a_card_and_a_list_of_buildings_do_not_take_each_others_place() {
    let (world, _) = World::new();
    let text = prices(&[(12, "100.00")]);
    let as_list = world.load(&request("Acme"), text.clone()).await;
    assert!(matches!(
        as_list,
        Err(LoadError::Layout(LayoutError::IsRateCard))
    ));
    let offers = "address_full,provider,price,speed_down,speed_up\n\
        \"303 E 26TH ST, CHEYENNE, WY 82001\",Acme,50.0,10,1.0\n";
    let as_card = world.load(&card("Acme"), offers).await;
    let Err(LoadError::Layout(LayoutError::NotThatFormat {
        looks_like: Some(Format::Offers),
        ..
    })) = as_card
    else {
        panic!("{as_card:?}");
    };
    world.load(&request("Acme"), offers).await.expect("loaded");
    let over_list = world.load(&card_named("Acme", "main"), text.clone()).await;
    let Err(LoadError::OtherKind { holds, given, .. }) = &over_list else {
        panic!("{over_list:?}");
    };
    assert_eq!((*holds, *given), (Holds::Buildings, Holds::Rates));
    world.load(&card("Acme"), text).await.expect("loaded");
    let over_card = LoadRequest {
        list: card("Acme").list,
        ..request("Acme")
    };
    let over_card = world.load(&over_card, offers).await;
    assert!(matches!(over_card, Err(LoadError::OtherKind { .. })));
    assert_eq!(seen(&world, "Acme").await, [(12, Some(10_000))]);
    let claims = world.claims("303 E 26TH ST, CHEYENNE, WY 82001").await;
    assert_eq!(claims.len(), 1, "both are seen");
    let imports = list_imports(&world.context, None, 10).await.expect("read");
    let kinds: Vec<_> = imports
        .imports
        .iter()
        .map(|import| (import.id.to_string(), import.format.holds()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("Acme.main.1".to_owned(), Holds::Buildings),
            ("Acme.rates.1".to_owned(), Holds::Rates)
        ]
    );
}

/// Each row is a rate for so many ZIP codes.
fn wide_card(rows: u64, zones: u64) -> String {
    let mut text = HEADER.to_owned();
    for row in 0..rows {
        text.push_str(&format!("access_e_line,{},,12,1,0,", row + 1));
        for zone in 0..zones {
            text.push_str(&format!("{:05} ", 10_000 + zone));
        }
        text.push('\n');
    }
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_that_is_too_long_is_not_shown_and_stands_in_nobodys_way() {
    let (world, store) = World::new();
    let small = prices(&[(12, "100.00")]);
    world.load(&card("Acme"), small).await.expect("loaded");
    let before = store.items().len();
    let zones = 250;
    let long = wide_card(RATES_MAX / zones + 1, zones);
    let refused = world.load(&card("Acme"), long.clone()).await;
    assert!(matches!(refused, Err(LoadError::TooManyRates { .. })));
    assert_eq!(seen(&world, "Acme").await, [(12, Some(10_000))]);
    let id = "Acme.rates.2".parse().expect("an id");
    let given_up = get(&world.context, &id).await.expect("an import");
    assert_eq!(given_up.state, ImportState::Interrupted);
    assert_eq!(store.items().len(), before + 1, "its history is left");
    let again = world.load(&card("Acme"), long).await;
    assert!(matches!(again, Err(LoadError::TooManyRates { .. })));
    let other = prices(&[(12, "90.00")]);
    world.load(&card("Acme"), other).await.expect("loaded");
    assert_eq!(seen(&world, "Acme").await, [(12, Some(9_000))]);
}

#[tokio::test]
async fn a_provider_has_so_many_cards() {
    let (world, _) = World::new();
    for number in 0..RATE_CARDS_OF_PROVIDER_MAX {
        let card = card_named("Acme", &format!("rates {number}"));
        let price = prices(&[(12, "100.00")]);
        world.load(&card, price).await.expect("loaded");
    }
    assert_eq!(seen(&world, "Acme").await.len(), RATE_CARDS_OF_PROVIDER_MAX);
    let one_more = world.load(&card("Acme"), prices(&[(12, "90.00")])).await;
    assert!(matches!(one_more, Err(LoadError::TooManyRateCards { .. })));
    let again = card_named("Acme", "rates 0");
    world
        .load(&again, prices(&[(12, "90.00")]))
        .await
        .expect("loaded");
    world
        .load(&card("Bolt"), prices(&[(12, "90.00")]))
        .await
        .expect("loaded");
}
