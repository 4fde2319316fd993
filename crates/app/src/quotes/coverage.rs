//! Prices of providers that are answered from their lists, which are in our own store.

use lastmile_model::address::normal::OneLine;
use lastmile_model::address::parse;
use lastmile_model::availability::{
    Answer, Basis, Confidence, Finding, NearNet, Outcome, Place, PlaceMatch,
};
use lastmile_model::carrier::{
    AskPersonReason, Firmness, Location, NotServedReason, Price, PriceAnswer, PriceQuestion,
    TermAnswer, UnknownReason,
};
use lastmile_model::claim::ListPrice;
use lastmile_model::money::Money;
use lastmile_store::StoreError;

use super::Quotes;
use crate::availability::{Lists, LookupOptions, StoreFailed, lookup};

/// Answers each question from the provider's lists.
pub(super) async fn price(
    quotes: &Quotes,
    questions: &[PriceQuestion],
) -> Result<Vec<PriceAnswer>, StoreError> {
    let lists = quotes
        .availability
        .lists()
        .await
        .map_err(StoreFailed::into_source)?;
    // The services of a location come one after the other, and its claims are read once for all of them.
    let mut last: Option<(&Location, Answer)> = None;
    let mut answers = Vec::with_capacity(questions.len());
    for question in questions {
        let location = &question.location;
        let found = match last.take().filter(|(read, _)| *read == location) {
            Some((_, found)) => found,
            None => found(quotes, &lists, location).await?,
        };
        let now = quotes.availability.context.clock.now();
        let answer = term_answer(&found, question);
        answers.push(PriceAnswer::same(&question.terms, &answer, now));
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

/// What the provider's claims at the building say. A list has one monthly price, whatever the term.
fn term_answer(answer: &Answer, question: &PriceQuestion) -> TermAnswer {
    match &answer.matched {
        PlaceMatch::Exact(_) | PlaceMatch::Corrected { .. } => {}
        PlaceMatch::Alternatives(_) => {
            return TermAnswer::AddressUnknown {
                why: UnknownReason::OnlyAlternatives.into(),
                alternatives: Vec::new(),
            };
        }
        PlaceMatch::None(_) => {
            return TermAnswer::AddressUnknown {
                why: UnknownReason::NotFound.into(),
                alternatives: Vec::new(),
            };
        }
    }
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
    let best = answer.findings.iter().find(fits);
    match best.map(|finding| (finding.outcome, finding)) {
        Some((Outcome::Served, finding)) => served(finding),
        Some((Outcome::AskPerson, _)) => TermAnswer::IndividualCase {
            carrier_quote: None,
        },
        Some((Outcome::NotServed | Outcome::AddressUnknown | Outcome::Failed, _)) | None => {
            TermAnswer::NotServed(NotServedReason::CannotDeliver.into())
        }
    }
}

fn served(finding: &Finding) -> TermAnswer {
    match list_price(&finding.basis) {
        Some(mrc) => TermAnswer::Priced(Price {
            mrc,
            nrc: Money { minor: 0, ..mrc },
            install_interval_days: None,
            confidence: match finding.confidence {
                Confidence::Green => Confidence::Green,
                Confidence::Yellow | Confidence::Red => Confidence::Yellow,
            },
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
