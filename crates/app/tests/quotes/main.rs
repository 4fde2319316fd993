//! Quotes from end to end: taken in, asked, rolled up, priced by persons, accepted; on a store and queues in
//! memory, with carriers that answer by a script.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

mod bench;
mod rates;
mod repeated;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_app::quotes::moves::{self, Move};
use lastmile_app::quotes::person::{self, CaseCell, Said};
use lastmile_app::quotes::{QuoteError, notice, read};
use lastmile_model::carrier::{
    FailureReason, NotServedReason, Pending, PriceAnswer, PriceQuestion, Reply, Retry, Term,
    TermAnswer, Unpriced,
};
use lastmile_model::identity::TenantId;
use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::{Cell, CellCounts, Line, MoveRefused, QuoteState, Source};

use bench::{Bench, ICB, NOT_SERVED, pending, price, provider, same};

fn priced(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
    same(question, &price(5_000))
}

#[tokio::test]
async fn a_quote_is_filled_and_accepted() {
    let bench = Bench::new([("Acme", priced as bench::Answer), ("Beacon", priced)]);
    let head = bench.ask(45, &["Acme", "Beacon"], &[12, 36]).await;
    assert_eq!(head.state, QuoteState::InProgress);
    let before = bench.progress(head.id).await;
    assert_eq!((before.waiting(), before.counts().total()), (180, 0));
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.waiting(), 0);
    let expected = CellCounts {
        priced: 180,
        ..CellCounts::default()
    };
    assert_eq!(after.counts(), expected);
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
    let slice = bench.slice(head.id, 2).await;
    assert_eq!((slice.places.len(), slice.providers.len()), (5, 2));
    let accepted = bench.make(head.id, Move::Accept).await.unwrap();
    assert!(matches!(accepted.state, QuoteState::Accepted { .. }));
    let refused = bench.make(head.id, Move::Cancel).await.unwrap_err();
    assert!(matches!(
        refused,
        QuoteError::Refused(MoveRefused::NotFrom { .. })
    ));
    for times in bench.asked("Acme").into_values() {
        assert_eq!(times, 1);
    }
}

#[tokio::test]
async fn another_tenant_sees_nothing() {
    let bench = Bench::new([("Acme", priced as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    let other = TenantId::new("south").unwrap();
    let progress = read::progress(&bench.quotes, &other, head.id).await;
    assert!(matches!(progress, Err(QuoteError::NotFound)));
    let slice = read::slice(&bench.quotes, &other, head.id, 0).await;
    assert!(matches!(slice, Err(QuoteError::NotFound)));
    let moved = moves::make(&bench.quotes, &other, head.id, Move::Cancel).await;
    assert!(matches!(moved, Err(QuoteError::NotFound)));
    let listed = read::list(&bench.quotes, &other, 0, 10, &|_| true).await;
    assert_eq!(listed.unwrap().total, 0);
    let listed = read::list(&bench.quotes, &bench.tenant, 0, 10, &|_| true).await;
    assert_eq!(listed.unwrap().page, [head]);
}

#[tokio::test]
async fn a_message_that_comes_again_changes_nothing() {
    let bench = Bench::new([("Acme", priced as bench::Answer)]);
    let head = bench.ask(25, &["Acme"], &[12]).await;
    bench.work_on_everything_twice().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.counts().priced, 25);
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
    for times in bench.asked("Acme").into_values() {
        assert_eq!(times, 1);
    }
}

#[tokio::test]
async fn what_failed_is_asked_again_and_then_has_failed() {
    fn fails_once(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before == 0 {
            return same(question, &TermAnswer::failed(FailureReason::CarrierFailed));
        }
        priced(question, before)
    }
    fn fails_always(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
        let failed = TermAnswer::Failed {
            why: Unpriced::from(FailureReason::Unreachable),
            retry: Retry::After(Duration::from_millis(1)),
        };
        same(question, &failed)
    }
    let bench = Bench::new([
        ("Acme", fails_once as bench::Answer),
        ("Beacon", fails_always),
    ]);
    let head = bench.ask(2, &["Acme", "Beacon"], &[12]).await;
    bench.work().await;
    let counts = bench.progress(head.id).await.counts();
    assert_eq!((counts.priced, counts.failed), (2, 2));
    assert!(bench.asked("Acme").into_values().all(|times| times == 2));
    assert!(bench.asked("Beacon").into_values().all(|times| times == 10));
}

#[tokio::test]
async fn regression_a_carrier_is_left_alone_for_as_long_as_it_said() {
    const SAID_SECONDS: i64 = 150;
    fn busy_once(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before > 0 {
            return priced(question, before);
        }
        let busy = TermAnswer::Failed {
            why: Unpriced::from(FailureReason::RateLimited),
            retry: Retry::After(Duration::from_secs(SAID_SECONDS.unsigned_abs())),
        };
        same(question, &busy)
    }
    let bench = Bench::new([("Acme", busy_once as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    let asked = || bench.asked("Acme").into_values().collect::<Vec<u32>>();
    // The errand; then the question, whose message comes twice, as from two queues.
    bench.work_once().await;
    bench.work_once_on_everything_twice().await;
    assert_eq!(asked(), [1], "the second message finds that it is to rest");
    for _ in 0..2 {
        bench.clock.advance_seconds(SAID_SECONDS / 2 - 1);
        bench.work_once().await;
        assert_eq!(asked(), [1]);
    }
    bench.clock.advance_seconds(2);
    bench.work().await;
    assert_eq!(asked(), [2]);
    assert_eq!(bench.progress(head.id).await.counts().priced, 1);
}

#[tokio::test]
async fn a_carrier_that_needs_time_is_asked_on_without_counting_tries() {
    fn late(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before < 15 {
            return Reply::Pending(pending());
        }
        priced(question, before)
    }
    let bench = Bench::new([("Acme", late as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12, 24]).await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.counts().priced, 2);
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
}

/// What a carrier sends when something may be done.
#[tokio::test]
async fn regression_a_carrier_that_begins_anew_each_time_and_fails_has_failed() {
    fn fails_later(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before.is_multiple_of(2) {
            return Reply::Pending(pending());
        }
        same(question, &TermAnswer::failed(FailureReason::CarrierFailed))
    }
    let bench = Bench::new([("Acme", fails_later as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work().await;
    assert_eq!(bench.progress(head.id).await.counts().failed, 1);
    assert!(bench.now() < head.deadline);
    let asked: Vec<u32> = bench.asked("Acme").into_values().collect();
    assert_eq!(asked, [20], "ten times, and each time once more");
}

#[tokio::test]
async fn regression_what_nobody_was_asked_is_no_failure() {
    fn left_alone(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before == 15 {
            return priced(question, before);
        }
        let nobody_asked = TermAnswer::Failed {
            why: Unpriced::from(FailureReason::BreakerOpen),
            retry: Retry::After(Duration::from_secs(1)),
        };
        same(question, &nobody_asked)
    }
    let bench = Bench::new([("Acme", left_alone as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 1);
}

#[tokio::test]
async fn a_carrier_with_a_crowd_before_it_is_asked_when_half_of_it_has_gone() {
    let bench = Bench::new([
        ("Acme", priced as bench::Answer),
        ("Bay", priced as bench::Answer),
    ]);
    bench.crowds("Acme", Some(Duration::from_secs(60)));
    let head = bench.ask(1, &["Acme", "Bay"], &[12]).await;
    bench.work_once().await;
    bench.work_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 1, "Bay's");
    assert!(bench.asked("Acme").is_empty());
    bench.crowds("Acme", None);
    bench.clock.advance_seconds(29);
    bench.work_once().await;
    assert!(bench.asked("Acme").is_empty(), "the message rests");
    bench.clock.advance_seconds(1);
    bench.work_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 2);
}

/// Begins, and then refuses 12 months, by which it drops the others; of those it gives a price, if `done`, after it has
/// begun again.
fn refuses_a_year(question: &PriceQuestion, before: u32, done: bool) -> Reply<PriceAnswer> {
    let year = Term::new(12).unwrap();
    if before == 0 {
        return Reply::Pending(pending());
    }
    if !question.terms.contains(&year) {
        return if done {
            priced(question, before)
        } else {
            Reply::Pending(pending())
        };
    }
    let answer = |term: Term| match term {
        term if term == year => TermAnswer::NotServed(NotServedReason::TermNotOffered.into()),
        _ => TermAnswer::failed(FailureReason::Dropped),
    };
    let terms = question.terms.iter();
    Reply::Answered(PriceAnswer {
        terms: terms.map(|term| (*term, answer(*term))).collect(),
        answered_at: Timestamp::UNIX_EPOCH,
    })
}

#[tokio::test]
async fn regression_a_term_that_is_refused_later_takes_no_other_with_it() {
    let answers: [(bench::Answer, u64, u64); 2] = [
        (
            |question, before| refuses_a_year(question, before, true),
            2,
            0,
        ),
        (
            |question, before| refuses_a_year(question, before, false),
            0,
            2,
        ),
    ];
    for (answer, priced, expired) in answers {
        let bench = Bench::new([("Acme", answer)]);
        let head = bench.ask(1, &["Acme"], &[24, 12, 36]).await;
        bench.work().await;
        let counts = bench.progress(head.id).await.counts();
        assert_eq!(
            (counts.priced, counts.not_served, counts.expired),
            (priced, 1, expired)
        );
        let whole = bench.asked("Acme").into_iter();
        let whole: Vec<u32> = whole.map(|(_, times)| times).collect();
        assert!(whole.contains(&2), "all terms are asked twice: {whole:?}");
    }
}

fn notification(id: &str) -> Vec<u8> {
    format!(r#"{{"eventId":"1","eventType":"quoteStateChangeEvent","event":{{"id":"{id}"}}}}"#)
        .into_bytes()
}

/// Says that it needs years for what is done in a moment.
fn done_soon(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
    if before > 0 {
        return priced(question, before);
    }
    Reply::Pending(Pending {
        ask_again_at: Timestamp::from_second(4_000_000_000).unwrap(),
        ..pending()
    })
}

#[tokio::test]
async fn a_carrier_that_calls_back_is_asked_on_at_once() {
    let mut bench = Bench::new([("Acme", done_soon as bench::Answer)]);
    let token = bench.calls_back("Acme");
    let head = bench.ask(1, &["Acme"], &[36]).await;
    bench.work_once().await;
    bench.work_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 0);

    let acme = notice::caller(&bench.quotes, &token).unwrap();
    assert_eq!(acme, provider("Acme"));
    let stranger = notice::caller(&bench.quotes, "QQ.QQ").unwrap_err();
    assert_eq!(stranger.to_string(), "no carrier calls back here");
    let unreadable = notice::take(&bench.quotes, &acme, b"{}").await;
    assert_eq!(
        unreadable.unwrap_err().to_string(),
        "a notification has eventType and event.id"
    );
    notice::take(&bench.quotes, &acme, &notification("78"))
        .await
        .unwrap();
    bench.work_once().await;
    assert_eq!(
        bench.progress(head.id).await.counts().priced,
        0,
        "nobody waits for 78"
    );

    for _ in 0..2 {
        notice::take(&bench.quotes, &acme, &notification("77"))
            .await
            .unwrap();
    }
    bench.work_once_on_everything_twice().await;
    let progress = bench.progress(head.id).await;
    assert_eq!(progress.counts().priced, 1);
    assert!(matches!(progress.head.state, QuoteState::Approved { .. }));
    assert!(bench.asked("Acme").values().all(|times| *times == 2));

    // What comes late changes nothing.
    notice::take(&bench.quotes, &acme, &notification("77"))
        .await
        .unwrap();
    bench.work().await;
    assert!(bench.asked("Acme").values().all(|times| *times == 2));
}

/// Needs a moment, then years, and then has a price.
fn done_while_asked(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
    match before {
        0 => Reply::Pending(pending()),
        1 => done_soon(question, 0),
        _ => priced(question, before),
    }
}

#[tokio::test(start_paused = true)]
async fn regression_a_notification_that_comes_while_its_carrier_is_asked_is_not_lost() {
    let mut bench = Bench::new([("Acme", done_while_asked as bench::Answer)]);
    bench.hurry("Acme", Duration::from_secs(2), Duration::from_secs(45));
    bench.calls_back("Acme");
    let acme = provider("Acme");
    let head = bench.ask(1, &["Acme"], &[36]).await;
    bench.work_once().await;
    bench.work_once().await;
    bench.clock.advance_seconds(1);
    let called_back = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        notice::take(&bench.quotes, &acme, &notification("77"))
            .await
            .unwrap();
        bench.work_once().await;
    };
    // The carrier is asked, and says that it needs years, before it has sent the notification.
    tokio::join!(bench.give_out_once(), called_back);
    assert_eq!(bench.progress(head.id).await.counts().priced, 0);
    bench.clock.advance_seconds(1);
    bench.give_out_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 1);
    assert!(bench.asked("Acme").values().all(|times| *times == 3));
}

#[tokio::test]
async fn a_notification_outlives_that_somebody_else_is_asking() {
    let mut bench = Bench::new([("Acme", done_soon as bench::Answer)]);
    bench.calls_back("Acme");
    let acme = provider("Acme");
    let head = bench.ask(1, &["Acme"], &[36]).await;
    bench.work_once().await;
    bench.work_once().await;
    bench.claim_slice(head.id, "Acme").await;
    notice::take(&bench.quotes, &acme, &notification("77"))
        .await
        .unwrap();
    bench.work_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 0);
    // The other one dies, and its time passes. The message is enough: nothing is relayed again.
    bench.clock.advance_seconds(60);
    bench.give_out_once().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 1);
}

#[tokio::test]
async fn the_deadline_ends_what_is_still_open() {
    fn never(_: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
        Reply::Pending(pending())
    }
    let bench = Bench::new([("Acme", never as bench::Answer), ("Beacon", priced)]);
    let head = bench.ask(1, &["Acme", "Beacon"], &[12]).await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!((after.counts().expired, after.counts().priced), (1, 1));
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
    assert!(bench.now() >= head.deadline);
}

#[tokio::test]
async fn nobody_can_deliver() {
    let bench = Bench::new([("Acme", NOT_SERVED)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work().await;
    let state = bench.progress(head.id).await.head.state;
    assert!(matches!(state, QuoteState::Rejected { .. }));
}

#[tokio::test]
async fn a_cancelled_quote_stays_cancelled() {
    let bench = Bench::new([("Acme", priced as bench::Answer)]);
    let head = bench.ask(30, &["Acme"], &[12]).await;
    bench.work_once().await;
    bench.make(head.id, Move::Cancel).await.unwrap();
    bench.work().await;
    let state = bench.progress(head.id).await.head.state;
    assert!(matches!(state, QuoteState::Cancelled { .. }));
    assert!(bench.asked("Acme").is_empty());
}

#[tokio::test]
async fn a_person_gives_the_price() {
    let bench = Bench::new([("Acme", ICB), ("Beacon", priced)]);
    let head = bench.ask(1, &["Acme", "Beacon"], &[12, 24]).await;
    bench.work().await;
    assert_eq!(
        bench.progress(head.id).await.head.state,
        QuoteState::Pending
    );
    let cases = person::cases(&bench.quotes, &bench.tenant, Some(&provider("Acme")), 0, 20).await;
    let [case] = &cases.unwrap().page[..] else {
        panic!("one case");
    };
    assert_eq!((case.id, case.slice, case.cells), (head.id, 0, 2));
    let cell = |months| CaseCell {
        quote: head.id,
        provider: provider("Acme"),
        location: 0,
        service: 0,
        term: Term::new(months).unwrap(),
    };
    let usd = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    let said = Said::Price {
        mrc: usd(9_900),
        nrc: usd(0),
        install_interval_days: Some(60),
        valid_until: None,
        note: Some("by telephone".to_owned()),
    };
    let after = bench.say(&cell(12), &said).await.unwrap();
    assert_eq!(after.state, QuoteState::Pending);
    let again = bench.say(&cell(12), &said).await.unwrap_err();
    assert!(matches!(again, QuoteError::NoSuchCase));
    let after = bench.say(&cell(24), &Said::NotServed).await.unwrap();
    assert!(matches!(after.state, QuoteState::Approved { .. }));
    let counts = bench.progress(head.id).await.counts();
    assert_eq!(
        (counts.priced, counts.not_served, counts.icb_pending),
        (3, 1, 0)
    );
    let cases = person::cases(&bench.quotes, &bench.tenant, None, 0, 20).await;
    assert_eq!(cases.unwrap().total, 0);
    let slice = bench.slice(head.id, 0).await;
    let cell = &slice.providers[0].1.lines[0].cells()[0];
    assert_eq!(cell.priced().unwrap().source, Source::Person);
}

#[tokio::test]
async fn suppliers_are_asked_once_for_everybody() {
    fn supplies(question: &PriceQuestion, _: u32) -> Reply<PriceAnswer> {
        same(question, &price(1_000))
    }
    let off_net = BTreeMap::from([
        bench::off_net("Acme", &["Cheap", "Dear"], 1_000),
        bench::off_net("Beacon", &["Cheap", "Dear"], 2_000),
    ]);
    let carriers = [
        ("Acme", NOT_SERVED),
        ("Beacon", bench::ODD_ONLY),
        ("Cheap", supplies as bench::Answer),
        ("Dear", priced),
    ];
    let bench = Bench::with_off_net(carriers, off_net);
    let head = bench.ask(40, &["Acme", "Beacon"], &[12, 36]).await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.counts().priced, 160);
    assert!(matches!(after.head.state, QuoteState::Approved { .. }));
    // Acme buys everything, so that each supplier is asked about each location, and once.
    for supplier in ["Cheap", "Dear"] {
        let asked = bench.asked(supplier);
        assert_eq!(asked.len(), 40);
        assert!(asked.into_values().all(|times| times == 1));
    }
    let slice = bench.slice(head.id, 0).await;
    let first = |number: usize| {
        let (_, answers) = &slice.providers[number];
        answers.lines[0].cells()[0].priced().unwrap().clone()
    };
    assert_eq!(first(0).price.mrc.minor, 1_100);
    assert_eq!(first(0).source, Source::Supplier(provider("Cheap")));
    let bought = slice.providers[1].1.lines.iter().filter(|line| {
        let cell = line.cells()[0].priced().unwrap();
        cell.source == Source::Supplier(provider("Cheap")) && cell.price.mrc.minor == 1_200
    });
    assert_eq!(bought.count(), 10);
}

/// A provider that had no suppliers when the quote was made, and one whose suppliers were taken away.
#[tokio::test]
async fn a_quote_ends_though_the_settings_change_meanwhile() {
    let carriers = [("Acme", NOT_SERVED), ("Cheap", priced as bench::Answer)];
    let buys = || BTreeMap::from([bench::off_net("Acme", &["Cheap"], 0)]);
    let mut bench = Bench::new(carriers);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.set_off_net(buys());
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert!(matches!(after.head.state, QuoteState::Rejected { .. }));
    // Acme has said that it buys when its supplier is taken away.
    let mut bench = Bench::with_off_net(carriers, buys());
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work_once().await;
    bench.work_once().await;
    let said = &bench.slice(head.id, 0).await.providers[0].1.lines[0];
    assert_eq!(said, &Line::OffNet);
    bench.set_off_net(BTreeMap::new());
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!(after.counts().not_served, 1);
    assert!(matches!(after.head.state, QuoteState::Rejected { .. }));
}

/// Where the work of a message must end in time, whoever is too slow has failed, but not for good at once.
#[tokio::test]
async fn a_carrier_that_outlasts_a_turn_is_asked_again_and_then_has_failed() {
    let carriers = [("Acme", priced as bench::Answer), ("Beacon", priced)];
    let mut bench = Bench::new(carriers);
    bench.hurry("Acme", Duration::from_secs(60), Duration::from_millis(20));
    let head = bench.ask(3, &["Acme", "Beacon"], &[12]).await;
    bench.work().await;
    let after = bench.progress(head.id).await;
    assert_eq!((after.counts().priced, after.counts().failed), (3, 3));
    assert!(bench.now() < head.deadline);
    let slice = bench.slice(head.id, 0).await;
    let cell = &slice.providers[0].1.lines[0].cells()[0];
    assert_eq!(cell, &Cell::Failed(FailureReason::TimedOut));
}

/// What a carrier has begun is not begun a second time because it was looked for too briefly.
#[tokio::test]
async fn regression_a_carrier_that_outlasts_a_turn_goes_on_with_what_it_has_begun() {
    let mut bench = Bench::new([("Acme", begins_once as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work_once().await;
    bench.work_once().await;
    bench.hurry("Acme", Duration::from_secs(60), Duration::from_millis(20));
    for _ in 0..15 {
        bench.clock.advance_seconds(2);
        bench.give_out_once().await;
    }
    let slice = bench.slice(head.id, 0).await;
    let line = &slice.providers[0].1.lines[0];
    assert!(
        matches!(line, Line::Pending(begun) if begun.id == pending().id),
        "{line:?}"
    );
    bench.hurry("Acme", Duration::ZERO, Duration::from_secs(45));
    bench.work().await;
    assert_eq!(bench.progress(head.id).await.counts().priced, 1);

    fn begins_once(question: &PriceQuestion, before: u32) -> Reply<PriceAnswer> {
        if before == 0 {
            return Reply::Pending(pending());
        }
        priced(question, before)
    }
}

#[tokio::test]
async fn regression_nobody_is_asked_for_the_prices_of_a_quote_that_is_cancelled() {
    let bench = Bench::new([("Acme", ICB), ("Beacon", ICB)]);
    let head = bench.ask(30, &["Acme", "Beacon"], &[12]).await;
    bench.work().await;
    let cases = async || {
        let cases = person::cases(&bench.quotes, &bench.tenant, None, 0, 20).await;
        cases.unwrap().total
    };
    assert_eq!(cases().await, 4);
    bench.make(head.id, Move::Cancel).await.unwrap();
    assert_eq!(cases().await, 0);
    let cell = CaseCell {
        quote: head.id,
        provider: provider("Acme"),
        location: 0,
        service: 0,
        term: Term::new(12).unwrap(),
    };
    let late = bench.say(&cell, &Said::NotServed).await.unwrap_err();
    assert!(matches!(late, QuoteError::NoSuchCase));
}

#[tokio::test]
async fn without_suppliers_a_provider_that_cannot_deliver_does_not() {
    let bench = Bench::new([("Acme", NOT_SERVED), ("Beacon", priced)]);
    let head = bench.ask(1, &["Acme", "Beacon"], &[12]).await;
    bench.work().await;
    let slice = bench.slice(head.id, 0).await;
    let cell = &slice.providers[0].1.lines[0].cells()[0];
    let expected = Cell::NotServed(Some(NotServedReason::CannotDeliver));
    assert_eq!(cell, &expected);
}

#[tokio::test]
async fn an_expired_quote_is_not_accepted() {
    let bench = Bench::new([("Acme", priced as bench::Answer)]);
    let head = bench.ask(1, &["Acme"], &[12]).await;
    bench.work().await;
    bench.clock.advance_seconds(31 * 24 * 60 * 60);
    let refused = bench.make(head.id, Move::Accept).await.unwrap_err();
    assert!(matches!(
        refused,
        QuoteError::Refused(MoveRefused::Expired { .. })
    ));
    assert!(bench.now() > Timestamp::UNIX_EPOCH);
}
