//! Second step: can the seller deliver it there, and how sure is it?

use lastmile_model::address::NormalAddress;
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    CarrierReference, CarrierWords, FailureReason, NotServedReason, Pending, Place, QualifyAnswer,
    QualifyQuestion, Reply, Step, UnknownReason, Unpriced,
};
use serde_json::{Value, json};

use super::Sonata;
use super::item::{days, is_elsewhere, number};
use super::problem::{Trouble, Verdict, finding};
use super::product::product;
use super::request::Api;
use super::validate::{Known, NotKnown};
use super::wire::answers::{Qualification, QualificationItem};
use super::wire::lenient::{Scalar, time};
use super::wire::spelling::{Colour, QualificationItemState, QualificationState};
use crate::exchange::Exchange;

/// Name of the resource, in paths.
const COLLECTION: &str = "productOfferingQualification";

/// One question on its way through the step: its place among the questions, and the location.
struct Candidate<'a> {
    index: usize,
    question: &'a QualifyQuestion,
    known: Known,
}

/// What one item says.
enum Reading {
    Answered(QualifyAnswer),
    NotYet,
}

impl<E: Exchange> Sonata<E> {
    /// Validates each location, then asks about all that are known in one request.
    pub(super) async fn qualify_all(
        &self,
        questions: &[QualifyQuestion],
    ) -> Vec<Reply<QualifyAnswer>> {
        let mut replies = vec![Reply::Answered(NOT_ASKED); questions.len()];
        let mut candidates = Vec::new();
        for (index, question) in questions.iter().enumerate() {
            if !self.sells(question) {
                replies[index] = Reply::Answered(not_offered());
                continue;
            }
            match self.known(&question.location).await {
                Ok(known) => candidates.push(Candidate {
                    index,
                    question,
                    known,
                }),
                Err(not_known) => replies[index] = Reply::Answered(not_known.into()),
            }
        }
        if candidates.is_empty() {
            return replies;
        }
        let found = self.qualify_known(&candidates).await;
        for (candidate, reply) in candidates.iter().zip(found) {
            replies[candidate.index] = reply;
        }
        replies
    }

    /// Asks about one location that is known already.
    pub(super) async fn qualify_at(
        &self,
        question: &QualifyQuestion,
        known: Known,
    ) -> Reply<QualifyAnswer> {
        let candidate = Candidate {
            index: 0,
            question,
            known,
        };
        let replies = self.qualify_known(&[candidate]).await;
        replies
            .into_iter()
            .next()
            .unwrap_or(Reply::Answered(NOT_ASKED))
    }

    /// Looks again for what a seller left pending.
    pub(super) async fn qualification_goes_on(
        &self,
        question: &QualifyQuestion,
        pending: &Pending,
    ) -> Reply<QualifyAnswer> {
        match self.get(Api::Qualification, COLLECTION, &pending.id).await {
            Ok(qualification) => {
                let place = Place {
                    id: pending.place.clone(),
                    coordinates: question.location.coordinates,
                };
                let asked = &question.location.address;
                self.read_item(&qualification, pending.item, asked, place)
            }
            Err(trouble) => Reply::Answered(of_trouble(trouble, 0)),
        }
    }

    fn sells(&self, question: &QualifyQuestion) -> bool {
        self.settings
            .offerings
            .contains_key(&question.service.product)
    }

    async fn qualify_known(&self, candidates: &[Candidate<'_>]) -> Vec<Reply<QualifyAnswer>> {
        let body = self.qualification_request(candidates);
        match self.post(Api::Qualification, COLLECTION, &body).await {
            Ok(qualification) => candidates
                .iter()
                .zip(0..)
                .map(|(candidate, item)| {
                    let asked = &candidate.question.location.address;
                    self.read_item(&qualification, item, asked, candidate.known.place.clone())
                })
                .collect(),
            Err(trouble) => (0..candidates.len())
                .map(|item| Reply::Answered(of_trouble(trouble.clone(), item)))
                .collect(),
        }
    }

    fn qualification_request(&self, candidates: &[Candidate<'_>]) -> Value {
        let items: Vec<Value> = candidates
            .iter()
            .enumerate()
            .filter_map(|(item, candidate)| {
                let service = candidate.question.service;
                let offering = self.settings.offerings.get(&service.product)?;
                Some(json!({
                    "id": item.to_string(),
                    "action": "add",
                    "product": product(service, offering, candidate.known.written.clone()),
                    "relatedContactInformation": [self.contact("locationContact")],
                }))
            })
            .collect();
        let mut body = json!({
            "instantSyncQualification": self.settings.immediate,
            "provideAlternative": true,
            "relatedContactInformation": [self.contact("buyerContactInformation")],
            "productOfferingQualificationItem": items,
        });
        if !self.settings.immediate {
            body["requestedPOQCompletionDate"] = self.completion_date().into();
        }
        body
    }

    fn read_item(
        &self,
        qualification: &Qualification,
        item_number: u32,
        asked: &NormalAddress,
        place: Place,
    ) -> Reply<QualifyAnswer> {
        let id = qualification.id.as_ref().and_then(Scalar::text);
        let Some(id) = id.and_then(|id| CarrierReference::new(&id).ok()) else {
            return Reply::Answered(not_understood());
        };
        let place_id = place.id.clone();
        match self.reading(qualification, &id, item_number, asked, place) {
            Reading::Answered(answer) => Reply::Answered(answer),
            Reading::NotYet => Reply::Pending(Pending {
                step: Step::Qualification,
                id,
                item: item_number,
                place: place_id,
                confidence: None,
                ask_again_at: self.ask_again_at(
                    qualification
                        .expected_completion_date
                        .as_deref()
                        .and_then(time),
                ),
                settled: Vec::new(),
            }),
        }
    }

    fn reading(
        &self,
        qualification: &Qualification,
        id: &CarrierReference,
        item_number: u32,
        asked: &NormalAddress,
        place: Place,
    ) -> Reading {
        let state = qualification.state.as_deref();
        let Some(state) = state.and_then(QualificationState::read) else {
            return Reading::Answered(not_understood());
        };
        match state {
            QualificationState::Acknowledged | QualificationState::InProgress => {
                return Reading::NotYet;
            }
            QualificationState::Ready
            | QualificationState::UnableToProvide
            | QualificationState::TerminatedWithError => {}
        }
        let items = &qualification.product_offering_qualification_item.0;
        let item = items
            .iter()
            .find(|item| number(item.id.as_ref()) == Some(item_number));
        Reading::Answered(match item {
            Some(item) => self.item_answer(item, state, id, asked, place),
            None => not_understood(),
        })
    }

    /// What an item says once the whole is finished.
    fn item_answer(
        &self,
        item: &QualificationItem,
        whole: QualificationState,
        id: &CarrierReference,
        asked: &NormalAddress,
        place: Place,
    ) -> QualifyAnswer {
        if is_elsewhere(asked, item.product.as_ref()) {
            return QualifyAnswer::AddressUnknown {
                why: UnknownReason::OnlyAlternatives.into(),
                alternatives: Vec::new(),
            };
        }
        let state = item.state.as_deref().and_then(QualificationItemState::read);
        match state {
            Some(QualificationItemState::Ready) => self.ready(item, id, place),
            Some(QualificationItemState::TerminatedWithError) => item
                .termination_error
                .0
                .first()
                .map_or_else(not_understood, |error| finding(error).verdict().into()),
            Some(QualificationItemState::Abandoned) => {
                QualifyAnswer::failed(FailureReason::Dropped)
            }
            Some(QualificationItemState::Acknowledged | QualificationItemState::InProgress)
                if whole == QualificationState::UnableToProvide =>
            {
                QualifyAnswer::failed(FailureReason::NotInTime)
            }
            Some(QualificationItemState::Acknowledged | QualificationItemState::InProgress)
            | None => not_understood(),
        }
    }

    fn ready(
        &self,
        item: &QualificationItem,
        id: &CarrierReference,
        place: Place,
    ) -> QualifyAnswer {
        let colour = item.serviceability_confidence.as_deref();
        let said = item
            .serviceability_confidence_reason
            .as_deref()
            .and_then(CarrierWords::new);
        let confidence = match colour.and_then(Colour::read) {
            Some(Colour::Green) if self.settings.green_means_address_known => Confidence::Yellow,
            Some(Colour::Green) => Confidence::Green,
            Some(Colour::Yellow) => Confidence::Yellow,
            Some(Colour::Red) => {
                let alternatives = &item.alternate_product_offering_proposal.0;
                let reason = if alternatives.is_empty() {
                    NotServedReason::CannotDeliver
                } else {
                    NotServedReason::OnlyAlternatives
                };
                return QualifyAnswer::NotServed(Unpriced { reason, said });
            }
            None => return not_understood(),
        };
        QualifyAnswer::Served {
            confidence,
            install_interval_days: item.installation_interval.as_ref().and_then(days),
            carrier_qualification: id.clone(),
            place,
            valid_until: item.guaranteed_until_date.as_deref().and_then(time),
        }
    }
}

/// Stands in a list until the real answer is there.
const NOT_ASKED: QualifyAnswer = QualifyAnswer::Failed {
    why: Unpriced {
        reason: FailureReason::NotUnderstood,
        said: None,
    },
    retry: lastmile_model::carrier::Retry::No,
};

const fn not_understood() -> QualifyAnswer {
    NOT_ASKED
}

fn not_offered() -> QualifyAnswer {
    QualifyAnswer::NotServed(NotServedReason::ProductNotOffered.into())
}

/// What a request that brought no answer means for one of its items: what was found in that item, or that
/// another one took it with it.
fn of_trouble(trouble: Trouble, item: usize) -> QualifyAnswer {
    match trouble {
        Trouble::Failed { why, retry } => QualifyAnswer::Failed { why, retry },
        Trouble::Found(findings) => findings
            .into_iter()
            .find(|finding| finding.item.is_none_or(|about| about == item))
            .map_or_else(
                || QualifyAnswer::failed(FailureReason::Dropped),
                |finding| finding.verdict().into(),
            ),
    }
}

impl From<NotKnown> for QualifyAnswer {
    fn from(not_known: NotKnown) -> Self {
        match not_known {
            NotKnown::AddressUnknown { why, alternatives } => {
                Self::AddressUnknown { why, alternatives }
            }
            NotKnown::Trouble(trouble) => of_trouble(trouble, 0),
        }
    }
}

impl From<Verdict> for QualifyAnswer {
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
