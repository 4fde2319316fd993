//! An address that stands in a quote more than once.

use std::collections::BTreeMap;
use std::time::Duration;

use lastmile_model::carrier::{
    FailureReason, PriceAnswer, PriceQuestion, Reply, Retry, TermAnswer,
};
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{Cell, CellCounts, Line, QuoteId, QuoteState, Source};

use super::bench::{self, Bench, NOT_SERVED, pending, price, provider, same};

/// Twenty-five locations in two slices; houses 1 to 3 come again in the same slice, and some in the next one.
fn houses() -> impl Iterator<Item = u32> {
    (1..=17).chain(1..=3).chain([18, 17, 1, 19, 18])
}

/// Different houses among them.
const HOUSES: usize = 19;

/// Each house has its own price.
fn by_house(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
    let number = question.location.address.number.as_ref().unwrap();
    same(question, &price(i64::from(number.ordinal())))
}

fn after_a_while(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
    if before < 3 {
        return Reply::Pending(pending());
    }
    by_house(question, before)
}

/// The monthly prices of one provider, location by location.
async fn prices(bench: &Bench, id: QuoteId, provider: &ProviderName) -> Vec<i64> {
    let mut prices = Vec::new();
    for number in 0..2 {
        let slice = bench.slice(id, number).await;
        let mut answers = slice.providers.into_iter();
        let (_, answered) = answers.find(|(name, _)| name == provider).unwrap();
        let cells = answered.lines.iter().flat_map(Line::cells);
        prices.extend(cells.map(|cell| cell.priced().unwrap().price.mrc.minor));
    }
    prices
}

#[tokio::test]
async fn it_is_asked_about_once_and_answered_everywhere() {
    let carriers = [
        ("Acme", by_house as bench::Answer),
        ("Beacon", after_a_while),
    ];
    let bench = Bench::new(carriers);
    let head = bench.ask_at(houses(), &["Acme", "Beacon"], &[12]).await;
    bench.work_on_everything_twice().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.counts().priced, 50);
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
    let expected: Vec<i64> = houses().map(i64::from).collect();
    for (name, times) in [("Acme", 1), ("Beacon", 4)] {
        assert_eq!(prices(&bench, head.id, &provider(name)).await, expected);
        let asked = bench.asked(name);
        assert_eq!(asked.len(), HOUSES);
        assert!(asked.values().all(|asked| *asked == times), "{asked:?}");
    }
}

#[tokio::test]
async fn its_supplier_is_asked_once() {
    let off_net = BTreeMap::from([bench::off_net("Acme", &["Cheap"], 0)]);
    let carriers = [("Acme", NOT_SERVED), ("Cheap", by_house as bench::Answer)];
    let bench = Bench::with_off_net(carriers, off_net);
    let head = bench.ask_at(houses(), &["Acme"], &[12]).await;
    bench.work().await;
    let expected: Vec<i64> = houses().map(i64::from).collect();
    assert_eq!(prices(&bench, head.id, &provider("Acme")).await, expected);
    for carrier in ["Acme", "Cheap"] {
        let asked = bench.asked(carrier);
        assert_eq!(asked.len(), HOUSES);
        assert!(asked.values().all(|asked| *asked == 1), "{asked:?}");
    }
    let slice = bench.slice(head.id, 1).await;
    let cell = &slice.providers[0].1.lines[4].cells()[0];
    let source = Source::Supplier(provider("Cheap"));
    assert_eq!(cell.priced().unwrap().source, source);
}

/// Its slice was left alone until the deadline for another location, and what was answered long before was not looked at.
#[tokio::test]
async fn regression_it_is_answered_though_its_slice_rests_until_the_deadline() {
    fn house(question: &PriceQuestion) -> u32 {
        let number = question.location.address.number.as_ref().unwrap();
        number.ordinal()
    }
    fn answer(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        match house(question) {
            1 => after_a_while(question, before),
            99 => {
                let wait = Duration::from_secs(30 * 60);
                let why = FailureReason::TimedOut.into();
                let retry = Retry::After(wait);
                same(question, &TermAnswer::Failed { why, retry })
            }
            _ => by_house(question, before),
        }
    }
    let bench = Bench::new([("Acme", answer as bench::Answer)]);
    let houses = (1..=20).chain([99, 1]);
    let head = bench.ask_at(houses, &["Acme"], &[12]).await;
    bench.work().await;
    let slice = bench.slice(head.id, 1).await;
    let lines = &slice.providers[0].1.lines;
    assert_eq!(lines[0].cells(), [Cell::Expired]);
    let price = lines[1].cells()[0].priced().unwrap();
    assert_eq!(price.price.mrc.minor, 1);
}

/// Nobody would have rolled up what it was to buy, and nothing would have ended the quote.
#[tokio::test]
async fn regression_it_is_not_bought_by_one_that_buys_no_more() {
    fn not_served_later(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before == 0 {
            return Reply::Pending(pending());
        }
        NOT_SERVED(question, before)
    }
    let off_net = BTreeMap::from([bench::off_net("Acme", &["Cheap"], 0)]);
    let carriers = [
        ("Acme", not_served_later as bench::Answer),
        ("Cheap", by_house),
    ];
    let mut bench = Bench::with_off_net(carriers, off_net);
    let houses = (1..=20).chain([1]);
    let head = bench.ask_at(houses, &["Acme"], &[12]).await;
    // The errand, and the first question about both slices; then the second one about the first slice.
    bench.work_once().await;
    bench.work_once().await;
    bench.clock.advance_seconds(2);
    bench.work_once().await;
    bench.set_off_net(BTreeMap::new());
    // The second slice is looked at before the first one's suppliers are asked.
    bench.clock.advance_seconds(5);
    bench.give_out_once().await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.waiting(), 0);
    assert_ne!(after.head.state, QuoteState::InProgress);
}

#[tokio::test]
async fn it_fails_everywhere() {
    fn fails(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
        same(question, &TermAnswer::failed(FailureReason::TimedOut))
    }
    let bench = Bench::new([("Acme", fails as bench::Answer)]);
    let head = bench.ask_at(houses(), &["Acme"], &[12]).await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    let expected = CellCounts {
        failed: 25,
        ..CellCounts::default()
    };
    assert_eq!(after.counts(), expected);
    let slice = bench.slice(head.id, 1).await;
    let failed = Cell::Failed(FailureReason::TimedOut);
    assert_eq!(
        slice.providers[0].1.lines[1].cells(),
        std::slice::from_ref(&failed)
    );
}
