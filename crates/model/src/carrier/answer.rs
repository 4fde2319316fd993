//! What a carrier answers: a price, or one of the reasons why there is none.

use std::time::Duration;

use jiff::Timestamp;

use crate::address::NormalAddress;
use crate::availability::{Confidence, Outcome};
use crate::geography::Coordinates;
use crate::money::Money;

use super::{CarrierReference, CarrierWords, Firmness, Term};

/// What the carrier takes for one term.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// Each month.
    pub mrc: Money,
    /// Once.
    pub nrc: Money,
    /// Whole days from the order to the service, where the carrier says.
    pub install_interval_days: Option<u32>,
    /// How sure the carrier is that it can deliver: green or yellow.
    pub confidence: Confidence,
    /// How much the price binds the carrier; may be less than was asked for.
    pub firmness: Firmness,
    /// The carrier's id of the quote, by which it is ordered.
    pub carrier_quote: Option<CarrierReference>,
    /// After this it cannot be ordered.
    pub valid_until: Option<Timestamp>,
}

/// Why there is no price, and how the carrier put it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced<R> {
    /// Why.
    pub reason: R,
    /// In the carrier's words.
    pub said: Option<CarrierWords>,
}

impl<R> From<R> for Unpriced<R> {
    fn from(reason: R) -> Self {
        Self { reason, said: None }
    }
}

/// What became of one term of a question. Kept apart everywhere; only `Failed` may be asked again.
#[derive(Clone, Debug, PartialEq)]
pub enum TermAnswer {
    /// Here is the price.
    Priced(Price),
    /// A person at the carrier prices it, case by case.
    IndividualCase {
        /// The carrier's id of the case, where it opened one.
        carrier_quote: Option<CarrierReference>,
    },
    /// The carrier cannot deliver it there.
    NotServed(Unpriced<NotServedReason>),
    /// The carrier does not know the address.
    AddressUnknown {
        /// Why.
        why: Unpriced<UnknownReason>,
        /// Addresses it knows that are like it. None of them is the answer.
        alternatives: Vec<NormalAddress>,
    },
    /// The carrier answered what no program should decide on.
    AskPerson(Unpriced<AskPersonReason>),
    /// There is no answer.
    Failed {
        /// Why.
        why: Unpriced<FailureReason>,
        /// Whether the question may be asked again, and when.
        retry: Retry,
    },
}

impl TermAnswer {
    /// A failure without words.
    #[must_use]
    pub fn failed(reason: FailureReason) -> Self {
        Self::Failed {
            why: reason.into(),
            retry: reason.retry(),
        }
    }

    /// Which of the five outcomes it is.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Priced(_) => Outcome::Served,
            Self::IndividualCase { .. } | Self::AskPerson(_) => Outcome::AskPerson,
            Self::NotServed(_) => Outcome::NotServed,
            Self::AddressUnknown { .. } => Outcome::AddressUnknown,
            Self::Failed { .. } => Outcome::Failed,
        }
    }

    /// When it may be asked again; never for an answer.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Failed { retry, .. } => *retry,
            Self::Priced(_)
            | Self::IndividualCase { .. }
            | Self::NotServed(_)
            | Self::AddressUnknown { .. }
            | Self::AskPerson(_) => Retry::No,
        }
    }
}

/// What a carrier answers to one question: each of its terms once, in the order of the question.
#[derive(Clone, Debug, PartialEq)]
pub struct PriceAnswer {
    /// Term by term.
    pub terms: Vec<(Term, TermAnswer)>,
    /// When.
    pub answered_at: Timestamp,
}

impl PriceAnswer {
    /// The same for every term.
    #[must_use]
    pub fn same(terms: &[Term], answer: &TermAnswer, answered_at: Timestamp) -> Self {
        Self {
            terms: terms.iter().map(|term| (*term, answer.clone())).collect(),
            answered_at,
        }
    }

    /// The terms that may be asked again, and the wait that satisfies all of them.
    #[must_use]
    pub fn to_ask_again(&self) -> Option<(Vec<Term>, Duration)> {
        let mut wait = Duration::ZERO;
        let mut again = Vec::new();
        for (term, answer) in &self.terms {
            if let Retry::After(after) = answer.retry() {
                wait = wait.max(after);
                again.push(*term);
            }
        }
        (!again.is_empty()).then_some((again, wait))
    }

    /// The terms that asking again would not change.
    #[must_use]
    pub fn settled(self) -> Vec<(Term, TermAnswer)> {
        let mut terms = self.terms;
        terms.retain(|(_, answer)| answer.retry() == Retry::No);
        terms
    }

    /// Puts later answers to some of the terms in the places of the earlier ones.
    #[must_use]
    pub fn with(mut self, later: Self) -> Self {
        let Self { terms, answered_at } = later;
        for (term, answer) in terms {
            if let Some(place) = self.terms.iter_mut().find(|(asked, _)| *asked == term) {
                place.1 = answer;
            }
        }
        self.answered_at = answered_at;
        self
    }
}

/// What a carrier answers to the question whether it can deliver.
#[derive(Clone, Debug, PartialEq)]
pub enum QualifyAnswer {
    /// It can.
    Served {
        /// How sure: green or yellow.
        confidence: Confidence,
        /// Whole days from the order to the service, where the carrier says.
        install_interval_days: Option<u32>,
        /// The carrier's id of this answer.
        carrier_qualification: CarrierReference,
        /// The place as the carrier has it.
        place: Place,
        /// Until when the carrier stands by it.
        valid_until: Option<Timestamp>,
    },
    /// It cannot.
    NotServed(Unpriced<NotServedReason>),
    /// It does not know the address.
    AddressUnknown {
        /// Why.
        why: Unpriced<UnknownReason>,
        /// Addresses it knows that are like it. None of them is the answer.
        alternatives: Vec<NormalAddress>,
    },
    /// It answered what no program should decide on.
    AskPerson(Unpriced<AskPersonReason>),
    /// There is no answer.
    Failed {
        /// Why.
        why: Unpriced<FailureReason>,
        /// Whether the question may be asked again, and when.
        retry: Retry,
    },
}

impl QualifyAnswer {
    /// A failure without words.
    #[must_use]
    pub fn failed(reason: FailureReason) -> Self {
        Self::Failed {
            why: reason.into(),
            retry: reason.retry(),
        }
    }

    /// Which of the five outcomes it is.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Served { .. } => Outcome::Served,
            Self::NotServed(_) => Outcome::NotServed,
            Self::AddressUnknown { .. } => Outcome::AddressUnknown,
            Self::AskPerson(_) => Outcome::AskPerson,
            Self::Failed { .. } => Outcome::Failed,
        }
    }

    /// When it may be asked again; never for an answer.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::Failed { retry, .. } => *retry,
            Self::Served { .. }
            | Self::NotServed(_)
            | Self::AddressUnknown { .. }
            | Self::AskPerson(_) => Retry::No,
        }
    }
}

/// The asked place as a carrier knows it: number and street are those that were asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The carrier's id of it.
    pub id: Option<CarrierReference>,
    /// Where the carrier says it is.
    pub coordinates: Option<Coordinates>,
}

/// Whether a question that failed may be asked again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It would fail again.
    No,
    /// Not before so much time has passed.
    After(Duration),
}

/// Why a carrier cannot deliver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotServedReason {
    /// It cannot deliver this at this place (red).
    CannotDeliver,
    /// It does not sell the product, or not as it was asked for.
    ProductNotOffered,
    /// It does not sell it for this term.
    TermNotOffered,
    /// It could only deliver something else.
    OnlyAlternatives,
}

impl NotServedReason {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::CannotDeliver,
        Self::ProductNotOffered,
        Self::TermNotOffered,
        Self::OnlyAlternatives,
    ];

    /// `cannot_deliver`, `product_not_offered`, `term_not_offered`, `only_alternatives`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CannotDeliver => "cannot_deliver",
            Self::ProductNotOffered => "product_not_offered",
            Self::TermNotOffered => "term_not_offered",
            Self::OnlyAlternatives => "only_alternatives",
        }
    }
}

/// Why a carrier does not know the address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnknownReason {
    /// Ours names no building: nobody was asked.
    NotABuilding,
    /// It knows nothing like it.
    NotFound,
    /// It knows others like it, or took one of them for it.
    OnlyAlternatives,
    /// It refused the address as it is written.
    Refused,
}

impl UnknownReason {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::NotABuilding,
        Self::NotFound,
        Self::OnlyAlternatives,
        Self::Refused,
    ];

    /// `not_a_building`, `not_found`, `only_alternatives`, `refused`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotABuilding => "not_a_building",
            Self::NotFound => "not_found",
            Self::OnlyAlternatives => "only_alternatives",
            Self::Refused => "refused",
        }
    }
}

/// Why a person must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AskPersonReason {
    /// The carrier offers a longer term, or another product, than was asked for.
    AlternateOffered,
    /// The price is in a currency that we do not keep.
    Currency,
    /// The carrier wants to know more than we have.
    MoreInformation,
    /// It says that it can deliver, and no price.
    NoPrice,
    /// Its rate card has no rate for this product, bandwidth and medium at this place today.
    NotOnRateCard,
    /// Its rate card has rates for this, but none for the term.
    TermNotOnRateCard,
    /// It does not do this by API; or the provider has no API at all.
    ByPersonOnly,
}

impl AskPersonReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::AlternateOffered,
        Self::Currency,
        Self::MoreInformation,
        Self::NoPrice,
        Self::NotOnRateCard,
        Self::TermNotOnRateCard,
        Self::ByPersonOnly,
    ];

    /// `alternate_offered`, `currency`, `more_information`, `no_price`, `not_on_rate_card`,
    /// `term_not_on_rate_card`, `by_person_only`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AlternateOffered => "alternate_offered",
            Self::Currency => "currency",
            Self::MoreInformation => "more_information",
            Self::NoPrice => "no_price",
            Self::NotOnRateCard => "not_on_rate_card",
            Self::TermNotOnRateCard => "term_not_on_rate_card",
            Self::ByPersonOnly => "by_person_only",
        }
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureReason {
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time. The carrier may have got the question.
    TimedOut,
    /// The carrier is asked too much.
    RateLimited,
    /// The carrier failed (5xx).
    CarrierFailed,
    /// The carrier does not let us in.
    NotLetIn,
    /// The carrier refused what we sent: a program or its settings must change.
    Refused,
    /// What came is not what the documents describe.
    NotUnderstood,
    /// Another term of the question made the carrier drop this one.
    Dropped,
    /// The carrier worked on it and gave it up, for a reason of its own.
    GivenUp,
    /// The carrier could not finish it in the time it had.
    NotInTime,
    /// The carrier no longer knows what it had begun.
    Forgotten,
    /// Nobody was asked: the carrier failed too often just now.
    BreakerOpen,
    /// No such carrier is set up.
    NotSetUp,
}

/// Wait before a question is asked again that failed for no reason of ours.
const RETRY_SOON: Duration = Duration::from_millis(250);
/// Wait where the carrier is asked too much and does not say how long.
const RETRY_LATER: Duration = Duration::from_secs(2);

impl FailureReason {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Unreachable,
        Self::TimedOut,
        Self::RateLimited,
        Self::CarrierFailed,
        Self::NotLetIn,
        Self::Refused,
        Self::NotUnderstood,
        Self::Dropped,
        Self::GivenUp,
        Self::NotInTime,
        Self::Forgotten,
        Self::BreakerOpen,
        Self::NotSetUp,
    ];

    /// The name used on every surface: `unreachable`, `timed_out`, …
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::RateLimited => "rate_limited",
            Self::CarrierFailed => "carrier_failed",
            Self::NotLetIn => "not_let_in",
            Self::Refused => "refused",
            Self::NotUnderstood => "not_understood",
            Self::Dropped => "dropped",
            Self::GivenUp => "given_up",
            Self::NotInTime => "not_in_time",
            Self::Forgotten => "forgotten",
            Self::BreakerOpen => "breaker_open",
            Self::NotSetUp => "not_set_up",
        }
    }

    /// Whether to ask again, where the carrier does not say.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self {
            Self::Unreachable
            | Self::TimedOut
            | Self::CarrierFailed
            | Self::GivenUp
            | Self::NotInTime
            | Self::Forgotten => Retry::After(RETRY_SOON),
            Self::RateLimited | Self::BreakerOpen => Retry::After(RETRY_LATER),
            Self::Dropped => Retry::After(Duration::ZERO),
            Self::NotLetIn | Self::Refused | Self::NotUnderstood | Self::NotSetUp => Retry::No,
        }
    }

    /// Whether it says that the carrier itself is not well, rather than this one question.
    #[must_use]
    pub const fn is_ill_health(self) -> bool {
        match self {
            Self::Unreachable
            | Self::TimedOut
            | Self::RateLimited
            | Self::CarrierFailed
            | Self::NotLetIn => true,
            Self::Refused
            | Self::NotUnderstood
            | Self::Dropped
            | Self::GivenUp
            | Self::NotInTime
            | Self::Forgotten
            | Self::BreakerOpen
            | Self::NotSetUp => false,
        }
    }
}

/// What a carrier has begun and will answer later.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// What it is doing.
    pub step: Step,
    /// Its id of that.
    pub id: CarrierReference,
    /// Which item of it is the question's, where one is asked about several locations at once.
    pub item: u32,
    /// Its id of the place, for the steps after this one.
    pub place: Option<CarrierReference>,
    /// How sure it is, where a step before said so.
    pub confidence: Option<Confidence>,
    /// When to ask next, if no notification comes before.
    pub ask_again_at: Timestamp,
    /// Terms that were answered before, and are not asked about again: it works on the others.
    pub settled: Vec<(Term, TermAnswer)>,
}

/// What a carrier does with a question, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Finds out whether it can deliver.
    Qualification,
    /// Finds out the price.
    Quote,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Qualification, Self::Quote];

    /// `qualification`, `quote`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Qualification => "qualification",
            Self::Quote => "quote",
        }
    }
}

/// What comes back from a carrier: the answer, or word that it needs time.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply<A> {
    /// The answer.
    Answered(A),
    /// To be asked on by this.
    Pending(Pending),
}

impl<A> Reply<A> {
    /// The answer, if it is one.
    pub fn answered(self) -> Option<A> {
        match self {
            Self::Answered(answer) => Some(answer),
            Self::Pending(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn names_of_reasons_are_unlike() {
        let mut names = BTreeSet::new();
        for reason in FailureReason::ALL {
            assert!(names.insert(reason.as_str()), "{reason:?}");
        }
        assert_eq!(names.len(), FailureReason::ALL.len());
    }

    #[test]
    fn only_failures_are_asked_again_and_only_those_that_pass() {
        let term = Term::new(12).unwrap();
        let not_served = TermAnswer::NotServed(NotServedReason::CannotDeliver.into());
        let answers = [
            (not_served, false),
            (
                TermAnswer::IndividualCase {
                    carrier_quote: None,
                },
                false,
            ),
            (
                TermAnswer::AskPerson(AskPersonReason::NoPrice.into()),
                false,
            ),
            (TermAnswer::failed(FailureReason::NotLetIn), false),
            (TermAnswer::failed(FailureReason::TimedOut), true),
        ];
        for (answer, again) in answers {
            let whole = PriceAnswer::same(&[term], &answer, at(0));
            assert_eq!(whole.to_ask_again().is_some(), again, "{answer:?}");
        }
    }

    #[test]
    fn later_answers_take_the_place_of_earlier_ones() {
        let terms = [12, 24, 36].map(|months| Term::new(months).unwrap());
        let first = PriceAnswer::same(&terms, &TermAnswer::failed(FailureReason::Dropped), at(0));
        let (again, wait) = first.to_ask_again().unwrap();
        assert_eq!((again.as_slice(), wait), (&terms[..], Duration::ZERO));
        let not_offered = TermAnswer::NotServed(NotServedReason::TermNotOffered.into());
        let whole = first.with(PriceAnswer::same(&terms[1..2], &not_offered, at(1)));
        let outcomes: Vec<Outcome> = whole.terms.iter().map(|(_, a)| a.outcome()).collect();
        assert_eq!(
            outcomes,
            [Outcome::Failed, Outcome::NotServed, Outcome::Failed]
        );
        assert_eq!(whole.answered_at, at(1));
    }
}
