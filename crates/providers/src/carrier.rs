//! What every carrier can do, whichever way it is asked.

use async_trait::async_trait;
use lastmile_model::carrier::{
    CarrierReference, FailureReason, Pending, PriceAnswer, PriceQuestion, QualifyAnswer,
    QualifyQuestion, Reply,
};

/// A provider that answers by API.
///
/// No call fails: what went wrong is an answer of its own, because one location that fails must not take
/// the others with it. Calls may be dropped at any time; the carrier may then have got the question.
/// Nothing here waits for a deferred answer: whoever asks keeps the [`Pending`] and asks on.
#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// How a call of this kind is made. [`Guarded`](crate::guard::Guarded) takes any number of questions
    /// and makes calls of this shape of them.
    fn shape(&self, call: Call) -> CallShape;

    /// Asks whether it can deliver; one reply for each question, in their order.
    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>>;

    /// Asks what it costs; one reply for each question, in their order.
    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>>;

    /// Asks on about what [`Carrier::qualify`] left pending.
    async fn continue_qualify(
        &self,
        question: &QualifyQuestion,
        pending: &Pending,
    ) -> Reply<QualifyAnswer>;

    /// Asks on about what [`Carrier::price`] left pending. The reply may be pending again, for this step
    /// or the next one.
    async fn continue_price(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer>;

    /// Asks the carrier to call back when something that is pending changes: it sends to `callback`,
    /// followed by `/mefApi/sonata/…/listener/{event}`, what
    /// [`notification::read`](crate::sonata::notification::read) reads. A carrier that does not call
    /// back has no subscriptions; its answers are looked for anyway.
    ///
    /// # Errors
    /// Why it could not be asked.
    async fn subscribe(&self, callback: &str) -> Result<Subscriptions, FailureReason>;

    /// Asks it to call back no more.
    ///
    /// # Errors
    /// Why it could not be asked.
    async fn unsubscribe(&self, subscriptions: &Subscriptions) -> Result<(), FailureReason>;
}

/// What a carrier calls back about, by its ids of the subscriptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subscriptions {
    /// To qualifications.
    pub qualification: Option<CarrierReference>,
    /// To quotes.
    pub quote: Option<CarrierReference>,
}

/// The kinds of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// [`Carrier::qualify`].
    Qualify,
    /// [`Carrier::price`].
    Price,
    /// [`Carrier::continue_qualify`] and [`Carrier::continue_price`].
    Continue,
}

/// How a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallShape {
    /// How many questions it takes, at least one.
    pub questions_max: usize,
    /// How many requests reach the carrier by it, one after the other, at most.
    pub requests_max: u32,
}
