//! Providers that are answered from their lists of buildings and their rate cards.

use std::io::{self, Cursor, Read};
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lastmile_app::imports::{ClaimsOf, LoadRequest, RowSource, Summary, Unobserved, load, undo};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{AskPersonReason, Firmness};
use lastmile_model::identity::{ListId, ListName, TenantId};
use lastmile_model::listing::{Format, Holds};
use lastmile_model::money::Money;
use lastmile_model::quote::{Cell, Line, Priced, QuoteState, Source};

use crate::bench::{Bench, provider};

const OFFERS: &str = "address_full,provider,price,speed_down,speed_up,technology";
const CARD: &str = "product,bandwidth,access,term,mrc,nrc,install_interval,zone,address,effective_from,effective_until,currency";

/// A file in memory.
struct Text(String);

impl RowSource for Text {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Cursor::new(self.0.clone().into_bytes())))
    }

    fn length_bytes(&self) -> Option<u64> {
        None
    }
}

async fn import(bench: &Bench, name: &str, format: Format, rows: &[&str]) -> Summary {
    let header = match format.holds() {
        Holds::Buildings => OFFERS,
        Holds::Rates => CARD,
    };
    let request = LoadRequest {
        list: ListId {
            provider: provider("Acme"),
            name: ListName::new(name).unwrap(),
        },
        tenant: TenantId::default(),
        claims_of: ClaimsOf::Anyone,
        format: Some(format),
        column_map: None,
        as_of: None,
        file_name: "list.csv".to_owned(),
        file_date: None,
    };
    let text = Text([&[header], rows].concat().join("\n"));
    let context = &bench.quotes.availability.context;
    let loaded = load(context, &request, Arc::new(text), Arc::new(Unobserved)).await;
    let summary = loaded.unwrap();
    assert_eq!(summary.counts.rejected, 0);
    summary
}

/// A world in which Acme reaches the first houses of Main Street by fiber, at 50.00 a month as its list says.
async fn served(houses: u32, rates: &[&str]) -> Bench {
    let bench = Bench::new([]);
    let rows: Vec<String> = (1..=houses)
        .map(|house| {
            format!("\"{house} N Main St, Port Alden, NH 03611\",Acme,50.00,1000,1000,Fiber")
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    import(&bench, "main", Format::Offers, &rows).await;
    if !rates.is_empty() {
        import(&bench, "rates", Format::Rates, rates).await;
    }
    bench
}

/// What Acme answers for a house and some terms, for 100 Mbps.
async fn answers(bench: &Bench, terms: &[u16]) -> Vec<Cell> {
    let head = bench.ask(1, &["Acme"], terms).await;
    bench.work().await;
    first_house(bench, &head).await
}

async fn first_house(bench: &Bench, head: &lastmile_model::quote::QuoteHead) -> Vec<Cell> {
    let slice = bench.slice(head.id, 0).await;
    let (_, answered) = &slice.providers[0];
    answered.lines[0].cells().to_vec()
}

fn priced(cell: &Cell) -> &Priced {
    cell.priced().unwrap()
}

/// Monthly and once, in cents; nothing where there is no price.
fn cents(cells: &[Cell]) -> Vec<Option<(i64, i64)>> {
    let price = |cell: &Cell| {
        let priced = cell.priced()?;
        Some((priced.price.mrc.minor, priced.price.nrc.minor))
    };
    cells.iter().map(price).collect()
}

fn today(bench: &Bench) -> Date {
    bench.now().to_zoned(TimeZone::UTC).date()
}

#[tokio::test]
async fn each_term_has_the_price_of_the_card() {
    let bench = served(
        1,
        &[
            "basic_internet_access,100,fiber,12,100.00,250.00,45,,,,,",
            "basic_internet_access,100,fiber,36,80.00,0,30,,,,,CAD",
            "basic_internet_access,100,fiber,60,ICB,,,,,,,",
        ],
    )
    .await;
    let cells = answers(&bench, &[12, 24, 36, 60]).await;
    let one_year = priced(&cells[0]);
    assert_eq!(one_year.source, Source::RateCard);
    let price = &one_year.price;
    assert_eq!((price.mrc.minor, price.nrc.minor), (10_000, 25_000));
    assert_eq!(price.install_interval_days, Some(45));
    assert_eq!(price.confidence, Confidence::Green);
    assert_eq!(price.firmness, Firmness::FirmSubjectToFeasibility);
    assert_eq!(price.valid_until, None);
    let not_on_card = AskPersonReason::TermNotOnRateCard;
    assert_eq!(cells[1], Cell::IcbPending(Some(not_on_card)));
    let Money { minor, currency } = priced(&cells[2]).price.mrc;
    assert_eq!((minor, currency.code()), (8_000, "CAD"));
    assert_eq!(cells[3], Cell::IcbPending(None));
}

#[tokio::test]
async fn without_a_card_the_list_has_one_price_for_all_terms() {
    let bench = served(1, &[]).await;
    let cells = answers(&bench, &[12, 36]).await;
    assert_eq!(cents(&cells), [Some((5_000, 0)); 2]);
    assert_eq!(priced(&cells[0]).price.firmness, Firmness::Budgetary);
}

#[tokio::test]
async fn what_is_not_on_the_card_is_asked_of_a_person_and_what_is_not_served_is_not() {
    let bench = served(
        1,
        &[
            "basic_internet_access,50,fiber,12,10.00,,,,,,,",
            "basic_internet_access,100,copper,12,10.00,,,,,,,",
            "access_e_line,100,fiber,12,10.00,,,,,,,",
            "basic_internet_access,2000,fiber,12,10.00,,,,,,,",
            "basic_internet_access,100,fiber,12,10.00,,,VT,,,,",
            "basic_internet_access,100,fiber,12,10.00,,,,\"2 N Main St, Port Alden, NH 03611\",,,",
        ],
    )
    .await;
    let lines = [
        "\"1 N Main St, Port Alden, NH 03611\",Acme,50.00,1000,1000,Fiber",
        "\"2 N Main St, Port Alden, NH 03611\",Acme,20.00,10,10,Fiber",
    ];
    import(&bench, "main", Format::Offers, &lines).await;
    let head = bench.ask(2, &["Acme"], &[12]).await;
    bench.work().await;
    let slice = bench.slice(head.id, 0).await;
    let cells: Vec<&Cell> = slice.providers[0]
        .1
        .lines
        .iter()
        .flat_map(Line::cells)
        .collect();
    let not_on_card = AskPersonReason::NotOnRateCard;
    assert_eq!(cells[0], &Cell::IcbPending(Some(not_on_card)));
    assert!(matches!(cells[1], Cell::NotServed(Some(_))), "{cells:?}");
    assert_eq!(
        bench.progress(head.id).await.head.state,
        QuoteState::Pending
    );
}

#[tokio::test]
async fn the_closest_zone_and_the_smallest_bandwidth_decide() {
    let everywhere = "basic_internet_access,100,fiber,12,100.00,,,,,,,";
    let state = "basic_internet_access,200,fiber,12,200.00,,,NH,,,,";
    let zip = "basic_internet_access,500,fiber,12,500.00,,,03610 03611,,,,";
    let zip_close = "basic_internet_access,300,fiber,12,600.00,,,03611,,,,";
    let list = "basic_internet_access,300,fiber,12,700.00,,,list:main,,,,";
    let building = "basic_internet_access,1G,fiber,12,900.00,,,,\"1 North Main Street, Port Alden, NH 03611\",,,";
    let rates = [everywhere, state, zip, zip_close, list, building];
    for (rates, price) in [
        (&rates[..1], 10_000),
        (&rates[..2], 20_000),
        (&rates[..3], 50_000),
        (&rates[..4], 60_000),
        (&rates[..5], 70_000),
        (&rates[..6], 90_000),
    ] {
        let cells = answers(&served(1, rates).await, &[12]).await;
        assert_eq!(cents(&cells), [Some((price, 0))], "{rates:?}");
    }
}

#[tokio::test]
async fn rates_hold_on_their_days() {
    let bench = served(1, &[]).await;
    let today = today(&bench);
    let (yesterday, tomorrow) = (today.saturating_sub(1.day()), today.saturating_add(1.day()));
    let row = |term, mrc, from: &str, until: &str| {
        format!("basic_internet_access,100,fiber,{term},{mrc},,,,,{from},{until},")
    };
    let (day, before, after) = (
        today.to_string(),
        yesterday.to_string(),
        tomorrow.to_string(),
    );
    let rates = [
        row(12, "1.00", "", &before),
        row(24, "2.00", &after, ""),
        row(36, "3.00", &day, &day),
        row(60, "9.00", "", ""),
        row(60, "6.00", &before, ""),
        row(60, "5.00", &after, ""),
    ];
    let rates: Vec<&str> = rates.iter().map(String::as_str).collect();
    import(&bench, "rates", Format::Rates, &rates).await;
    let cells = answers(&bench, &[12, 24, 36, 60]).await;
    let gone = AskPersonReason::TermNotOnRateCard;
    assert_eq!(cells[0], Cell::IcbPending(Some(gone)));
    assert_eq!(cells[1], Cell::IcbPending(Some(gone)));
    assert_eq!(cents(&cells[2..]), [Some((300, 0)), Some((600, 0))]);
    let midnight = tomorrow.to_zoned(TimeZone::UTC).unwrap().timestamp();
    assert_eq!(priced(&cells[2]).price.valid_until, Some(midnight));

    bench.clock.advance_seconds(24 * 60 * 60);
    let cells = answers(&bench, &[24, 36, 60]).await;
    assert_eq!(
        cents(&cells),
        [Some((200, 0)), None, Some((500, 0))],
        "{cells:?}"
    );
}

#[tokio::test]
async fn a_new_card_and_one_taken_back_are_seen_by_the_next_quote() {
    let rate = |mrc: &str| format!("basic_internet_access,100,fiber,12,{mrc},,,,,,,");
    let bench = served(1, &[&rate("100.00")]).await;
    assert_eq!(cents(&answers(&bench, &[12]).await), [Some((10_000, 0))]);
    let second = import(&bench, "rates", Format::Rates, &[&rate("90.00")]).await;
    assert_eq!(cents(&answers(&bench, &[12]).await), [Some((9_000, 0))]);
    let context = &bench.quotes.availability.context;
    let undone = undo(context, &second.id).await.unwrap();
    assert_eq!(cents(&answers(&bench, &[12]).await), [Some((10_000, 0))]);
    undo(context, &undone.active.unwrap()).await.unwrap();
    // Without a card the price of the list counts again.
    assert_eq!(cents(&answers(&bench, &[12]).await), [Some((5_000, 0))]);
}

#[tokio::test]
async fn several_cards_of_a_provider_are_one() {
    let bench = served(1, &["basic_internet_access,100,fiber,12,100.00,,,,,,,"]).await;
    let cheaper = [
        "basic_internet_access,100,fiber,12,70.00,,,,,,,",
        "basic_internet_access,100,fiber,36,60.00,,,,,,,",
    ];
    import(&bench, "wholesale", Format::Rates, &cheaper).await;
    let cells = answers(&bench, &[12, 36]).await;
    assert_eq!(cents(&cells), [Some((7_000, 0)), Some((6_000, 0))]);
}
