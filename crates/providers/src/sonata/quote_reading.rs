//! What a quote says, term by term. Pure.

use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    AskPersonReason, CarrierReference, FailureReason, Firmness, NotServedReason, Price,
    PriceQuestion, Term, TermAnswer, UnknownReason,
};
use lastmile_model::money::{Currency, Money};

use super::item::{days, is_elsewhere, months, number};
use super::problem::finding;
use super::wire::answers::{Quote, QuoteItem, QuotePrice};
use super::wire::lenient::{Amount, Scalar, time};
use super::wire::spelling::{ChargePeriod, PriceType, QuoteItemState, QuoteLevel, QuoteState};

/// What a quote says.
pub(super) enum Reading {
    /// Each term of the question once, in its order.
    Answered(Vec<(Term, TermAnswer)>),
    NotYet,
}

/// Reads a quote.
pub(super) fn read(
    question: &PriceQuestion,
    quote: &Quote,
    id: &CarrierReference,
    confidence: Option<Confidence>,
) -> Reading {
    let all = |reason| {
        let answer = TermAnswer::failed(reason);
        let terms = question.terms.iter();
        Reading::Answered(terms.map(|term| (*term, answer.clone())).collect())
    };
    match quote.state.as_deref().and_then(QuoteState::read) {
        Some(QuoteState::Acknowledged | QuoteState::InProgress | QuoteState::Draft) => {
            Reading::NotYet
        }
        Some(
            QuoteState::Answered
            | QuoteState::Orderable
            | QuoteState::OrderableAlternate
            | QuoteState::Accepted
            | QuoteState::UnableToProvide
            | QuoteState::Rejected,
        ) => {
            let whole = Whole {
                id,
                level: quote.quote_level.as_deref().and_then(QuoteLevel::read),
                valid_until: quote
                    .valid_for
                    .as_ref()
                    .and_then(|period| time(period.end_date_time.as_deref()?)),
                confidence,
            };
            Reading::Answered(
                question
                    .terms
                    .iter()
                    .map(|term| (*term, term_answer(*term, question, quote, &whole)))
                    .collect(),
            )
        }
        // Somebody ended it: it must be asked for anew.
        Some(QuoteState::Cancelled | QuoteState::Declined | QuoteState::Expired) => {
            all(FailureReason::Forgotten)
        }
        None => all(FailureReason::NotUnderstood),
    }
}

/// What the quote says of all its items.
struct Whole<'a> {
    id: &'a CarrierReference,
    level: Option<QuoteLevel>,
    valid_until: Option<jiff::Timestamp>,
    confidence: Option<Confidence>,
}

fn term_answer(
    term: Term,
    question: &PriceQuestion,
    quote: &Quote,
    whole: &Whole<'_>,
) -> TermAnswer {
    let items = &quote.quote_item.0;
    let asked = Some(u32::from(term.months()));
    let item = items
        .iter()
        .find(|item| number(item.id.as_ref()) == asked)
        .or_else(|| items.iter().find(|item| offered_months(item) == asked));
    let Some(item) = item else {
        return TermAnswer::failed(FailureReason::NotUnderstood);
    };
    if is_elsewhere(&question.location.address, item.product.as_ref()) {
        return TermAnswer::AddressUnknown {
            why: UnknownReason::OnlyAlternatives.into(),
            alternatives: Vec::new(),
        };
    }
    match item.state.as_deref().and_then(QuoteItemState::read) {
        Some(QuoteItemState::Answered | QuoteItemState::Orderable) => {
            if offered_months(item).is_some_and(|months| Some(months) != asked) {
                return TermAnswer::AskPerson(AskPersonReason::AlternateOffered.into());
            }
            priced(item, whole)
        }
        Some(QuoteItemState::OrderableAlternate) => {
            TermAnswer::AskPerson(AskPersonReason::AlternateOffered.into())
        }
        Some(QuoteItemState::UnableToProvide) => terminated(item)
            .unwrap_or_else(|| TermAnswer::NotServed(NotServedReason::CannotDeliver.into())),
        Some(QuoteItemState::Rejected) => terminated(item)
            .unwrap_or_else(|| TermAnswer::AskPerson(AskPersonReason::MoreInformation.into())),
        Some(QuoteItemState::Abandoned) => TermAnswer::failed(FailureReason::Dropped),
        // The quote is finished and its item is not: another one ended it.
        Some(QuoteItemState::Acknowledged | QuoteItemState::InProgress | QuoteItemState::Draft) => {
            TermAnswer::failed(FailureReason::Dropped)
        }
        None => TermAnswer::failed(FailureReason::NotUnderstood),
    }
}

fn terminated(item: &QuoteItem) -> Option<TermAnswer> {
    let error = item.termination_error.0.first()?;
    Some(finding(error).verdict().into())
}

/// The term that an item is priced for: at its documented place, or as nearly-Sonata carriers write it.
fn offered_months(item: &QuoteItem) -> Option<u32> {
    let documented = item
        .quote_item_term
        .0
        .first()
        .and_then(|term| months(term.duration.as_ref()?));
    documented.or_else(|| item.term.as_ref()?.whole())
}

fn priced(item: &QuoteItem, whole: &Whole<'_>) -> TermAnswer {
    let charges = match charges(item) {
        Ok(charges) => charges,
        Err(NoPrice::IndividualCase) => {
            return TermAnswer::IndividualCase {
                carrier_quote: Some(whole.id.clone()),
            };
        }
        Err(NoPrice::AskPerson(reason)) => return TermAnswer::AskPerson(reason.into()),
        Err(NoPrice::NotUnderstood) => return TermAnswer::failed(FailureReason::NotUnderstood),
    };
    let firmness = firmness(item, whole.level);
    let by_level = if firmness == Firmness::Firm {
        Confidence::Green
    } else {
        Confidence::Yellow
    };
    TermAnswer::Priced(Price {
        mrc: charges.mrc,
        nrc: charges.nrc,
        install_interval_days: item
            .quote_item_installation_interval
            .as_ref()
            .and_then(days),
        confidence: whole.confidence.unwrap_or(by_level),
        firmness,
        carrier_quote: Some(whole.id.clone()),
        valid_until: whole.valid_until,
    })
}

/// A seller that does not say how much its price binds is not bound by it.
fn firmness(item: &QuoteItem, level: Option<QuoteLevel>) -> Firmness {
    let subject_to_feasibility = item
        .subject_to_feasibility_check
        .as_ref()
        .and_then(Scalar::truth)
        == Some(true);
    match level {
        None | Some(QuoteLevel::Budgetary) => Firmness::Budgetary,
        Some(QuoteLevel::FirmSubjectToFeasibilityCheck) => Firmness::FirmSubjectToFeasibility,
        Some(QuoteLevel::Firm) if subject_to_feasibility => Firmness::FirmSubjectToFeasibility,
        Some(QuoteLevel::Firm) => Firmness::Firm,
    }
}

struct Charges {
    mrc: Money,
    nrc: Money,
}

enum NoPrice {
    IndividualCase,
    AskPerson(AskPersonReason),
    NotUnderstood,
}

/// The sum of what is charged each month, and of what is charged once.
fn charges(item: &QuoteItem) -> Result<Charges, NoPrice> {
    let mut monthly = None;
    let mut once = None;
    for price in &item.quote_item_price.0 {
        let charge = charge(price)?;
        let sum = match charge.when {
            When::Monthly => &mut monthly,
            When::Once => &mut once,
        };
        *sum = Some(added(*sum, charge.money)?);
    }
    if item.quote_item_price.0.is_empty() {
        let currency = currency(item.currency.as_deref())?;
        monthly = total(item.total_mrc.as_ref(), currency)?;
        once = total(item.total_nrc.as_ref(), currency)?;
    }
    let mrc = monthly.ok_or(NoPrice::AskPerson(AskPersonReason::NoPrice))?;
    let nothing = Money { minor: 0, ..mrc };
    let nrc = once.unwrap_or(nothing);
    if mrc.currency != nrc.currency {
        return Err(NoPrice::AskPerson(AskPersonReason::Currency));
    }
    Ok(Charges { mrc, nrc })
}

enum When {
    Monthly,
    Once,
}

struct Charge {
    when: When,
    money: Money,
}

fn charge(price: &QuotePrice) -> Result<Charge, NoPrice> {
    let kind = price.price_type.as_deref().and_then(PriceType::read);
    let period = price
        .recurring_charge_period
        .as_deref()
        .map(ChargePeriod::read);
    let when = match (kind, period) {
        (Some(PriceType::Recurring), None | Some(Some(ChargePeriod::Month))) => When::Monthly,
        (Some(PriceType::NonRecurring), _) => When::Once,
        // By use, by the week or by the year: no monthly charge that would be true.
        (Some(PriceType::Recurring | PriceType::UsageBased), _) => {
            return Err(NoPrice::AskPerson(AskPersonReason::NoPrice));
        }
        (None, _) => return Err(NoPrice::NotUnderstood),
    };
    let amount = price
        .price
        .as_ref()
        .and_then(|price| price.duty_free_amount.as_ref())
        .ok_or(NoPrice::AskPerson(AskPersonReason::NoPrice))?;
    let value = amount.value.as_ref().and_then(Scalar::amount);
    match value.ok_or(NoPrice::NotUnderstood)? {
        Amount::IndividualCase => Err(NoPrice::IndividualCase),
        Amount::Cents(minor) => Ok(Charge {
            when,
            money: Money {
                minor,
                currency: currency(amount.unit.as_deref())?,
            },
        }),
    }
}

fn total(value: Option<&Scalar>, currency: Currency) -> Result<Option<Money>, NoPrice> {
    let Some(value) = value else {
        return Ok(None);
    };
    match value.amount().ok_or(NoPrice::NotUnderstood)? {
        Amount::IndividualCase => Err(NoPrice::IndividualCase),
        Amount::Cents(minor) => Ok(Some(Money { minor, currency })),
    }
}

/// Where nothing is said, what carriers of the United States charge in.
fn currency(unit: Option<&str>) -> Result<Currency, NoPrice> {
    let Some(unit) = unit else {
        return Ok(Currency::Usd);
    };
    [Currency::Usd, Currency::Cad]
        .into_iter()
        .find(|currency| currency.code().eq_ignore_ascii_case(unit.trim()))
        .ok_or(NoPrice::AskPerson(AskPersonReason::Currency))
}

fn added(sum: Option<Money>, money: Money) -> Result<Money, NoPrice> {
    let Some(sum) = sum else {
        return Ok(money);
    };
    if sum.currency != money.currency {
        return Err(NoPrice::AskPerson(AskPersonReason::Currency));
    }
    let minor = sum.minor.checked_add(money.minor);
    minor
        .map(|minor| Money { minor, ..sum })
        .ok_or(NoPrice::NotUnderstood)
}
