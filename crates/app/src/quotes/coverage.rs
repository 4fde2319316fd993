//! Prices of providers that are answered from their lists, which are in our own store.
//!
//! The list of buildings says whether the provider can deliver. What it costs says the provider's rate card, term by
//! term, where it has one; else the list itself, if it has prices.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lastmile_model::Text;
use lastmile_model::address::normal::OneLine;
use lastmile_model::address::{Area, BuildingKey, parse};
use lastmile_model::availability::{
    Answer, Basis, Confidence, Finding, NearNet, Outcome, Place, PlaceMatch,
};
use lastmile_model::carrier::{
    AskPersonReason, Firmness, Location, NotServedReason, Price, PriceAnswer, PriceQuestion, Term,
    TermAnswer, UnknownReason,
};
use lastmile_model::claim::ListPrice;
use lastmile_model::money::Money;
use lastmile_model::rate_card::{Charge, Choice, Deliverable, Rate, RateQuestion, Site, choose};
use lastmile_store::StoreError;

use super::Quotes;
use super::rates::RateCards;
use crate::availability::{Lists, LookupOptions, StoreFailed, lookup};

/// Answers each question from the provider's lists; all are about one provider, and those about one location come
/// one after the other.
///
/// # Errors
/// [`StoreError`] of the reads.
pub async fn price(
    quotes: &Quotes,
    questions: &[PriceQuestion],
) -> Result<Vec<PriceAnswer>, StoreError> {
    let Some(first) = questions.first() else {
        return Ok(Vec::new());
    };
    let context = &quotes.availability.context;
    let lists = quotes
        .availability
        .lists()
        .await
        .map_err(StoreFailed::into_source)?;
    let cards = lists.rate_cards(&first.provider);
    let mut cards = RateCards::new(context, &first.provider, cards);
    // The services of a location come one after the other, and its claims are read once for all of them.
    let mut last: Option<(&Location, Answer)> = None;
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let location = &question.location;
        let found = match last.take().filter(|(read, _)| *read == location) {
            Some((_, found)) => found,
            None => found(quotes, &lists, location).await?,
        };
        answers.push(answer(&found, question, &mut cards, context.clock.now()).await?);
        last = Some((location, found));
    }
    Ok(answers)
}

async fn found(quotes: &Quotes, lists: &Lists, location: &Location) -> Result<Answer, StoreError> {
    let place = Place {
        address: parse(&OneLine(&location.address).to_string()),
        coordinates: location.coordinates,
    };
    let options = LookupOptions {
        near_net: NearNet::Never,
    };
    let found = lookup(&quotes.availability.context, lists, &place, &options).await;
    Ok(found.map_err(StoreFailed::into_source)?.value)
}

async fn answer(
    found: &Answer,
    question: &PriceQuestion,
    cards: &mut RateCards<'_>,
    now: Timestamp,
) -> Result<PriceAnswer, StoreError> {
    let served = match served(found, question) {
        Ok(served) => served,
        Err(answer) => return Ok(PriceAnswer::same(&question.terms, &answer, now)),
    };
    if cards.is_empty() {
        // A list has one monthly price, whatever the term.
        let answer = list_priced(served.best);
        return Ok(PriceAnswer::same(&question.terms, &answer, now));
    }
    let area = &served.building.street.area;
    let rates = cards.rates(question.service.product, area).await?;
    let day = now.to_zoned(TimeZone::UTC).date();
    let asked = served.rate_question(question, day);
    let priced = |term: &Term| {
        let choice = choose(rates.clone(), &asked, *term);
        (*term, card_priced(choice, &served))
    };
    Ok(PriceAnswer {
        terms: question.terms.iter().map(priced).collect(),
        answered_at: now,
    })
}

/// What the provider can deliver of what is asked for, at the building that is meant.
struct Served<'a> {
    building: &'a BuildingKey,
    best: &'a Finding,
    /// Best first.
    others: Vec<&'a Finding>,
}

impl Served<'_> {
    fn findings(&self) -> impl Iterator<Item = &Finding> {
        let others = self.others.iter().copied();
        std::iter::once(self.best).chain(others)
    }

    fn rate_question<'s>(&'s self, question: &'s PriceQuestion, day: Date) -> RateQuestion<'s> {
        let address = &question.location.address;
        let in_key = match &self.building.street.area {
            Area::Zip(zip) => Some(zip),
            Area::City { .. } => None,
        };
        let state = self.findings().find_map(|finding| match &finding.basis {
            Basis::Claim(claim) => claim.place.state.as_deref(),
            Basis::Hint(_) => None,
        });
        RateQuestion {
            service: question.service,
            site: Site {
                building: self.building,
                zip: in_key.or(address.zip.as_ref()).map(Text::as_str),
                state: address.state.as_deref().or(state),
            },
            deliverables: self.findings().map(deliverable).collect(),
            day,
        }
    }
}

fn deliverable(finding: &Finding) -> Deliverable<'_> {
    let Finding { basis, source, .. } = finding;
    let is_own = source.list.provider == *basis.provider();
    Deliverable {
        technology: basis.technology(),
        down: basis.down(),
        up: basis.up(),
        list: is_own.then_some(&source.list.name),
    }
}

/// What the provider's claims at the building say, where they do not say that it can be delivered.
fn served<'a>(answer: &'a Answer, question: &PriceQuestion) -> Result<Served<'a>, TermAnswer> {
    let unknown = |why: UnknownReason| TermAnswer::AddressUnknown {
        why: why.into(),
        alternatives: Vec::new(),
    };
    let building = match &answer.matched {
        PlaceMatch::Exact(building) | PlaceMatch::Corrected { building, .. } => building,
        PlaceMatch::Alternatives(_) => return Err(unknown(UnknownReason::OnlyAlternatives)),
        PlaceMatch::None(_) => return Err(unknown(UnknownReason::NotFound)),
    };
    let fits = |finding: &&Finding| {
        let basis = &finding.basis;
        *basis.provider() == question.provider
            && basis
                .down()
                .is_none_or(|down| down >= question.service.down)
            && basis.up().is_none_or(|up| up >= question.service.up)
            && question
                .service
                .access
                .is_none_or(|access| access == basis.technology())
    };
    // Findings are best first.
    let mut fitting = answer.findings.iter().filter(fits);
    let Some(best) = fitting.next() else {
        return Err(TermAnswer::NotServed(NotServedReason::CannotDeliver.into()));
    };
    match best.outcome {
        Outcome::Served => Ok(Served {
            building,
            best,
            others: fitting
                .filter(|finding| finding.outcome == Outcome::Served)
                .collect(),
        }),
        Outcome::AskPerson => Err(TermAnswer::IndividualCase {
            carrier_quote: None,
        }),
        Outcome::NotServed | Outcome::AddressUnknown | Outcome::Failed => {
            Err(TermAnswer::NotServed(NotServedReason::CannotDeliver.into()))
        }
    }
}

/// What a list without a rate card says.
fn list_priced(finding: &Finding) -> TermAnswer {
    match list_price(&finding.basis) {
        Some(mrc) => TermAnswer::Priced(Price {
            mrc,
            nrc: Money { minor: 0, ..mrc },
            install_interval_days: None,
            confidence: confidence(finding),
            firmness: Firmness::Budgetary,
            carrier_quote: None,
            valid_until: None,
        }),
        None => TermAnswer::AskPerson(AskPersonReason::NoPrice.into()),
    }
}

fn list_price(basis: &Basis) -> Option<Money> {
    match basis {
        Basis::Claim(claim) => claim.price.map(|ListPrice { mrc }| mrc),
        Basis::Hint(_) => None,
    }
}

/// What a rate card says for one term.
fn card_priced(choice: Choice<'_>, served: &Served<'_>) -> TermAnswer {
    let (rate, deliverable) = match choice {
        Choice::Rate { rate, deliverable } => (rate, deliverable),
        Choice::TermNotOnCard => {
            return TermAnswer::AskPerson(AskPersonReason::TermNotOnRateCard.into());
        }
        Choice::NotOnCard => return TermAnswer::AskPerson(AskPersonReason::NotOnRateCard.into()),
    };
    let finding = served.findings().nth(deliverable).unwrap_or(served.best);
    match rate.charge {
        Charge::IndividualCase => TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        Charge::Priced { mrc, nrc } => TermAnswer::Priced(Price {
            mrc,
            nrc,
            install_interval_days: rate.install_interval_days,
            confidence: confidence(finding),
            // The provider has said the price; nobody has looked at the building.
            firmness: Firmness::FirmSubjectToFeasibility,
            carrier_quote: None,
            valid_until: end_of_last_day(rate),
        }),
    }
}

/// When a rate holds no longer, where its card says.
fn end_of_last_day(rate: &Rate) -> Option<Timestamp> {
    let after = rate.effective.until?.tomorrow().ok()?;
    Some(after.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

const fn confidence(finding: &Finding) -> Confidence {
    match finding.confidence {
        Confidence::Green => Confidence::Green,
        Confidence::Yellow | Confidence::Red => Confidence::Yellow,
    }
}
