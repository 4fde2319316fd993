//! Last step: what does it cost? One quote asks for one location, one item for each term.

use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    CarrierReference, FailureReason, Firmness, Location, NotServedReason, Pending, Place,
    PriceAnswer, PriceQuestion, QualifyAnswer, Reply, Step, Term, TermAnswer,
};
use serde_json::{Map, Value, json};

use super::Sonata;
use super::problem::{Trouble, Verdict};
use super::product::{Offering, product};
use super::quote_reading::{self, Reading};
use super::request::Api;
use super::validate::{Known, NotKnown};
use super::wire::answers::Quote;
use super::wire::lenient::{Scalar, time};
use crate::exchange::Exchange;

/// Name of the resource, in paths.
const COLLECTION: &str = "quote";

/// What a step before the quote has brought.
struct Before {
    written: Map<String, Value>,
    place: Option<CarrierReference>,
    confidence: Option<Confidence>,
    /// Qualification and item, to be named in the quote.
    qualification: Option<(CarrierReference, u32)>,
}

impl<E: Exchange> Sonata<E> {
    /// All steps that the seller wants, for one question.
    pub(super) async fn price_one(&self, question: &PriceQuestion) -> Reply<PriceAnswer> {
        let Some(offering) = self.settings.offerings.get(&question.service.product) else {
            let not_offered = TermAnswer::NotServed(NotServedReason::ProductNotOffered.into());
            return self.same(question, &not_offered);
        };
        let known = match self.known(&question.location).await {
            Ok(known) => known,
            Err(not_known) => return self.same(question, &not_known.into()),
        };
        if !self.settings.qualify_first.applies(question.firmness) {
            let Known { place, written } = known;
            let before = Before {
                written,
                place: place.id,
                confidence: None,
                qualification: None,
            };
            return self.quote(question, offering, before).await;
        }
        let written = known.written.clone();
        match self.qualify_at(&question.qualification(), known).await {
            Reply::Pending(pending) => Reply::Pending(pending),
            Reply::Answered(answer) => {
                self.quote_if_served(question, offering, written, answer, 0)
                    .await
            }
        }
    }

    /// Goes on where the qualification was left pending.
    pub(super) async fn quote_after_qualification(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer> {
        let Some(offering) = self.settings.offerings.get(&question.service.product) else {
            return self.same(question, &TermAnswer::failed(FailureReason::NotSetUp));
        };
        let asked = question.qualification();
        let answer = match self.qualification_goes_on(&asked, pending).await {
            Reply::Pending(pending) => return Reply::Pending(pending),
            Reply::Answered(answer) => answer,
        };
        // The seller's id of the place, or else the address in full: neither needs a validation.
        let location = Location {
            carrier_place: pending.place.clone(),
            ..question.location.clone()
        };
        let written = match Self::known_again(&location) {
            Ok(written) => written,
            Err(not_known) => return self.same(question, &not_known.into()),
        };
        self.quote_if_served(question, offering, written, answer, pending.item)
            .await
    }

    /// Looks again for a quote that was left pending.
    pub(super) async fn quote_goes_on(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer> {
        match self.get(Api::Quote, COLLECTION, &pending.id).await {
            Ok(quote) => {
                self.read_quote(question, &quote, pending.place.as_ref(), pending.confidence)
            }
            Err(trouble) => self.of_trouble(question, trouble),
        }
    }

    async fn quote_if_served(
        &self,
        question: &PriceQuestion,
        offering: &Offering,
        written: Map<String, Value>,
        answer: QualifyAnswer,
        item: u32,
    ) -> Reply<PriceAnswer> {
        let answer = match answer {
            QualifyAnswer::Served {
                confidence,
                install_interval_days: _,
                carrier_qualification,
                place: Place { id, coordinates: _ },
                valid_until: _,
            } => {
                let before = Before {
                    written,
                    place: id,
                    confidence: Some(confidence),
                    qualification: Some((carrier_qualification, item)),
                };
                return self.quote(question, offering, before).await;
            }
            QualifyAnswer::NotServed(why) => TermAnswer::NotServed(why),
            QualifyAnswer::AddressUnknown { why, alternatives } => {
                TermAnswer::AddressUnknown { why, alternatives }
            }
            QualifyAnswer::AskPerson(why) => TermAnswer::AskPerson(why),
            QualifyAnswer::Failed { why, retry } => TermAnswer::Failed { why, retry },
        };
        self.same(question, &answer)
    }

    async fn quote(
        &self,
        question: &PriceQuestion,
        offering: &Offering,
        before: Before,
    ) -> Reply<PriceAnswer> {
        let body = self.quote_request(question, offering, &before);
        match self.post(Api::Quote, COLLECTION, &body).await {
            Ok(quote) => {
                self.read_quote(question, &quote, before.place.as_ref(), before.confidence)
            }
            Err(trouble) => self.of_trouble(question, trouble),
        }
    }

    fn quote_request(
        &self,
        question: &PriceQuestion,
        offering: &Offering,
        before: &Before,
    ) -> Value {
        let product = product(question.service, offering, before.written.clone());
        let items: Vec<Value> = question
            .terms
            .iter()
            .map(|term| self.quote_item(*term, &product, before))
            .collect();
        let mut body = json!({
            "buyerRequestedQuoteLevel": asked_level(question.firmness),
            "instantSyncQuote": self.settings.immediate,
            "relatedContactInformation": [self.contact("buyerContactInformation")],
            "quoteItem": items,
        });
        if !self.settings.immediate {
            body["requestedQuoteCompletionDate"] = self.completion_date().into();
        }
        body
    }

    /// An item's id is its term, so that an answer can be read without the question's order.
    fn quote_item(&self, term: Term, product: &Value, before: &Before) -> Value {
        let months = term.months();
        let mut item = json!({
            "id": months.to_string(),
            "action": "add",
            "product": product,
            "requestedQuoteItemTerm": {
                "name": format!("{months} months"),
                "duration": { "amount": months, "units": "calendarMonths" },
                "endOfTermAction": "autoRenew",
            },
            "relatedContactInformation": [
                self.contact("quoteItemTechnicalContact"),
                self.contact("quoteItemLocationContact"),
            ],
        });
        if let Some((qualification, number)) = &before.qualification {
            item["productOfferingQualificationItem"] = json!({
                "productOfferingQualificationId": qualification.as_str(),
                "id": number.to_string(),
            });
        }
        item
    }

    fn read_quote(
        &self,
        question: &PriceQuestion,
        quote: &Quote,
        place: Option<&CarrierReference>,
        confidence: Option<Confidence>,
    ) -> Reply<PriceAnswer> {
        let id = quote.id.as_ref().and_then(Scalar::text);
        let Some(id) = id.and_then(|id| CarrierReference::new(&id).ok()) else {
            return self.same(question, &TermAnswer::failed(FailureReason::NotUnderstood));
        };
        match quote_reading::read(question, quote, &id, confidence) {
            Reading::Answered(terms) => Reply::Answered(PriceAnswer {
                terms,
                answered_at: self.clock.now(),
            }),
            Reading::NotYet => Reply::Pending(Pending {
                step: Step::Quote,
                id,
                item: 0,
                place: place.cloned(),
                confidence,
                ask_again_at: self.ask_again_at(
                    quote
                        .expected_quote_completion_date
                        .as_deref()
                        .and_then(time),
                ),
                settled: Vec::new(),
            }),
        }
    }

    /// A request that brought no quote: what was found in a term's item is about that term, and took the
    /// others with it.
    fn of_trouble(&self, question: &PriceQuestion, trouble: Trouble) -> Reply<PriceAnswer> {
        let findings = match trouble {
            Trouble::Failed { why, retry } => {
                return self.same(question, &TermAnswer::Failed { why, retry });
            }
            Trouble::Found(findings) => findings,
        };
        let answer = |index: usize| {
            findings
                .iter()
                .find(|finding| finding.item.is_none_or(|about| about == index))
                .map_or_else(
                    || TermAnswer::failed(FailureReason::Dropped),
                    |finding| finding.clone().verdict().into(),
                )
        };
        let terms = question.terms.iter().enumerate();
        Reply::Answered(PriceAnswer {
            terms: terms.map(|(index, term)| (*term, answer(index))).collect(),
            answered_at: self.clock.now(),
        })
    }

    fn same(&self, question: &PriceQuestion, answer: &TermAnswer) -> Reply<PriceAnswer> {
        Reply::Answered(PriceAnswer::same(&question.terms, answer, self.clock.now()))
    }
}

/// A buyer asks for one of two levels; what binds less than firm is asked for as firm.
const fn asked_level(firmness: Firmness) -> &'static str {
    match firmness {
        Firmness::Budgetary => "budgetary",
        Firmness::FirmSubjectToFeasibility | Firmness::Firm => "firm",
    }
}

impl From<NotKnown> for TermAnswer {
    fn from(not_known: NotKnown) -> Self {
        match not_known {
            NotKnown::AddressUnknown { why, alternatives } => {
                Self::AddressUnknown { why, alternatives }
            }
            NotKnown::Trouble(Trouble::Failed { why, retry }) => Self::Failed { why, retry },
            NotKnown::Trouble(Trouble::Found(findings)) => findings.into_iter().next().map_or_else(
                || Self::failed(FailureReason::NotUnderstood),
                |finding| finding.verdict().into(),
            ),
        }
    }
}

impl From<Verdict> for TermAnswer {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotServed(why) => Self::NotServed(why),
            Verdict::AddressUnknown(why) => Self::AddressUnknown {
                why,
                alternatives: Vec::new(),
            },
            Verdict::AskPerson(why) => Self::AskPerson(why),
            Verdict::Failed { why, retry } => Self::Failed { why, retry },
        }
    }
}
