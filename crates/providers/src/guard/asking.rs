//! What the guard must know of a question and its answer, so that it is written once for both kinds.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lastmile_model::availability::Outcome;
use lastmile_model::carrier::{
    FailureReason, Pending, PriceAnswer, PriceQuestion, QualifyAnswer, QualifyQuestion,
    QuestionKey, Reply, Retry, Term, TermAnswer,
};

use crate::carrier::{Call, Carrier};

/// An answer, and the question that it answers.
#[async_trait]
pub(super) trait Answer: Clone + Send + Sync + Sized + 'static {
    /// The question.
    type Question: Clone + Send + Sync + 'static;
    /// How it is asked.
    const CALL: Call;

    async fn ask<C: Carrier>(carrier: &C, questions: &[Self::Question]) -> Vec<Reply<Self>>;

    async fn ask_on<C: Carrier>(
        carrier: &C,
        question: &Self::Question,
        pending: &Pending,
    ) -> Reply<Self>;

    fn key(question: &Self::Question) -> QuestionKey;

    /// The whole question failed.
    fn failed(
        question: &Self::Question,
        reason: FailureReason,
        retry: Retry,
        now: Timestamp,
    ) -> Self;

    /// Outcomes, and the reasons of those that failed.
    fn outcomes(&self) -> Vec<(Outcome, Option<FailureReason>)>;

    /// What of the question may be asked again, and after how long.
    fn again(&self, question: &Self::Question) -> Option<(Self::Question, Duration)>;

    /// Later answers to what was asked again, in the places of the earlier ones.
    fn with(self, later: Self) -> Self;

    /// The carrier works on a part of the question that was asked apart; this is the answer to the others.
    fn beside(self, pending: Pending) -> Pending;

    /// The same answer for somebody who asked the same question in other words.
    fn for_question(&self, question: &Self::Question) -> Self;
}

/// Outcomes, and the reasons of those that failed.
pub(super) fn outcomes_of(terms: &[(Term, TermAnswer)]) -> Vec<(Outcome, Option<FailureReason>)> {
    let outcome = |answer: &TermAnswer| {
        let reason = match answer {
            TermAnswer::Failed { why, .. } => Some(why.reason),
            TermAnswer::Priced(_)
            | TermAnswer::IndividualCase { .. }
            | TermAnswer::NotServed(_)
            | TermAnswer::AddressUnknown { .. }
            | TermAnswer::AskPerson(_) => None,
        };
        (answer.outcome(), reason)
    };
    terms.iter().map(|(_, answer)| outcome(answer)).collect()
}

/// Whether nothing but the carrier's ill health was learnt.
pub(super) fn is_ill<A: Answer>(replies: &[Reply<A>]) -> bool {
    let ill = |reply: &Reply<A>| match reply {
        Reply::Answered(answer) => answer
            .outcomes()
            .iter()
            .all(|(_, reason)| reason.is_some_and(FailureReason::is_ill_health)),
        Reply::Pending(_) => false,
    };
    !replies.is_empty() && replies.iter().all(ill)
}

#[async_trait]
impl Answer for QualifyAnswer {
    type Question = QualifyQuestion;
    const CALL: Call = Call::Qualify;

    async fn ask<C: Carrier>(carrier: &C, questions: &[QualifyQuestion]) -> Vec<Reply<Self>> {
        carrier.qualify(questions).await
    }

    async fn ask_on<C: Carrier>(
        carrier: &C,
        question: &QualifyQuestion,
        pending: &Pending,
    ) -> Reply<Self> {
        carrier.continue_qualify(question, pending).await
    }

    fn key(question: &QualifyQuestion) -> QuestionKey {
        question.key()
    }

    fn failed(_: &QualifyQuestion, reason: FailureReason, retry: Retry, _: Timestamp) -> Self {
        Self::Failed {
            why: reason.into(),
            retry,
        }
    }

    fn outcomes(&self) -> Vec<(Outcome, Option<FailureReason>)> {
        let reason = match self {
            Self::Failed { why, .. } => Some(why.reason),
            Self::Served { .. }
            | Self::NotServed(_)
            | Self::AddressUnknown { .. }
            | Self::AskPerson(_) => None,
        };
        vec![(self.outcome(), reason)]
    }

    fn again(&self, question: &QualifyQuestion) -> Option<(QualifyQuestion, Duration)> {
        match self.retry() {
            Retry::After(wait) => Some((question.clone(), wait)),
            Retry::No => None,
        }
    }

    fn with(self, later: Self) -> Self {
        later
    }

    fn beside(self, pending: Pending) -> Pending {
        pending
    }

    fn for_question(&self, _: &QualifyQuestion) -> Self {
        self.clone()
    }
}

#[async_trait]
impl Answer for PriceAnswer {
    type Question = PriceQuestion;
    const CALL: Call = Call::Price;

    async fn ask<C: Carrier>(carrier: &C, questions: &[PriceQuestion]) -> Vec<Reply<Self>> {
        carrier.price(questions).await
    }

    async fn ask_on<C: Carrier>(
        carrier: &C,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<Self> {
        carrier.continue_price(question, pending).await
    }

    fn key(question: &PriceQuestion) -> QuestionKey {
        question.key()
    }

    fn failed(
        question: &PriceQuestion,
        reason: FailureReason,
        retry: Retry,
        now: Timestamp,
    ) -> Self {
        let answer = TermAnswer::Failed {
            why: reason.into(),
            retry,
        };
        Self::same(&question.terms, &answer, now)
    }

    fn outcomes(&self) -> Vec<(Outcome, Option<FailureReason>)> {
        outcomes_of(&self.terms)
    }

    fn again(&self, question: &PriceQuestion) -> Option<(PriceQuestion, Duration)> {
        let (terms, wait) = self.to_ask_again()?;
        Some((question.for_terms(terms), wait))
    }

    fn with(self, later: Self) -> Self {
        self.with(later)
    }

    fn beside(self, mut pending: Pending) -> Pending {
        pending.settled.extend(self.settled());
        pending
    }

    fn for_question(&self, question: &PriceQuestion) -> Self {
        let place = |term| question.terms.iter().position(|asked| *asked == term);
        let mut answer = self.clone();
        answer.terms.sort_by_key(|(term, _)| place(*term));
        answer
    }
}
