//! What a carrier or a list answers in the end, whatever goes wrong on the way: it depends on nothing but the seed
//! and the question, so that every cell of a quote can be compared with it.

use jiff::{SignedDuration, Timestamp};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    AskPersonReason, FailureReason, Firmness, NotServedReason, Price, PriceAnswer, PriceQuestion,
    Retry, Term, TermAnswer, UnknownReason, Unpriced,
};
use lastmile_model::identity::ProviderName;
use lastmile_model::money::{Currency, Money};
use lastmile_testkit::store::clock::MANUAL_CLOCK_START_SECOND;

use crate::dice::folded;
use crate::limits::PRICE_ENDS_MAX;

/// The house that a question is about.
#[must_use]
pub fn house_of(question: &PriceQuestion) -> u32 {
    let number = question.location.address.number.as_ref();
    number.map_or(0, |number| number.ordinal())
}

/// What a carrier answers to a question, if nothing goes wrong.
#[must_use]
pub fn answer(seed: u64, question: &PriceQuestion, now: Timestamp) -> PriceAnswer {
    let house = house_of(question);
    let kbps = question.service.down.0;
    let terms = question.terms.iter();
    let answered = |term: &Term| {
        (
            *term,
            term_answer(seed, &question.provider, house, kbps, *term),
        )
    };
    PriceAnswer {
        terms: terms.map(answered).collect(),
        answered_at: now,
    }
}

/// The same for one term.
#[must_use]
pub fn term_answer(
    seed: u64,
    carrier: &ProviderName,
    house: u32,
    kbps: u64,
    term: Term,
) -> TermAnswer {
    let line = number(seed, carrier, house, &[kbps]);
    match line % 100 {
        0..25 => return TermAnswer::NotServed(NotServedReason::CannotDeliver.into()),
        25..32 => {
            return TermAnswer::AddressUnknown {
                why: UnknownReason::NotFound.into(),
                alternatives: Vec::new(),
            };
        }
        _ => {}
    }
    let cell = number(seed, carrier, house, &[kbps, u64::from(term.months())]);
    match cell % 100 {
        0..75 => TermAnswer::Priced(price(cell / 100)),
        75..85 => TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        85..90 => TermAnswer::NotServed(NotServedReason::TermNotOffered.into()),
        90..96 => TermAnswer::AskPerson(AskPersonReason::NoPrice.into()),
        _ => TermAnswer::Failed {
            why: Unpriced::from(FailureReason::Refused),
            retry: Retry::No,
        },
    }
}

/// What a provider's list says of a house: nothing, that it serves it, or also for how much.
#[must_use]
pub fn listed(seed: u64, provider: &ProviderName, house: u32) -> Option<Option<Money>> {
    let number = number(seed, provider, house, &[]);
    match number % 100 {
        0..40 => None,
        40..50 => Some(None),
        _ => Some(Some(price(number / 100).mrc)),
    }
}

fn price(number: u64) -> Price {
    let usd = |minor: u64| Money {
        minor: i64::try_from(minor).unwrap_or_default(),
        currency: Currency::Usd,
    };
    let begin = Timestamp::from_second(MANUAL_CLOCK_START_SECOND).unwrap_or_default();
    let most = u64::try_from(PRICE_ENDS_MAX.as_hours()).unwrap_or(1);
    // Not before a day is over: no quote of a run takes so long.
    let hours = i64::try_from(24 + (number / 7) % most).unwrap_or(24);
    let ends = begin.saturating_add(SignedDuration::from_hours(hours)).ok();
    Price {
        mrc: usd(1_000 + number % 90_000),
        nrc: usd(number % 3 * 10_000),
        install_interval_days: Some(30),
        confidence: Confidence::Green,
        firmness: Firmness::Budgetary,
        carrier_quote: None,
        valid_until: ends.filter(|_| number.is_multiple_of(2)),
    }
}

fn number(seed: u64, name: &ProviderName, house: u32, more: &[u64]) -> u64 {
    let of_name = folded(seed, name.as_str().as_bytes());
    let more = more.iter().flat_map(|part| part.to_be_bytes());
    let bytes: Vec<u8> = house.to_be_bytes().into_iter().chain(more).collect();
    folded(of_name, &bytes)
}
