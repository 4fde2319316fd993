//! What every carrier can do, whichever way it is asked.

use async_trait::async_trait;
use lastmile_model::carrier::{
    Pending, PriceAnswer, PriceQuestion, QualifyAnswer, QualifyQuestion, Reply,
};

/// A provider that answers by API.
///
/// No call fails: what went wrong is an answer of its own, because one location that fails must not take
/// the others with it. Calls may be dropped at any time; the carrier may then have got the question.
/// Nothing here waits for a deferred answer: whoever asks keeps the [`Pending`] and asks on.
#[async_trait]
pub trait Carrier: Send + Sync + 'static {
    /// How many questions one call takes; more are asked in several calls.
    fn batch_max(&self) -> Batch;

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
}

/// How many questions one call takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Of [`Carrier::qualify`]; at least one.
    pub qualify: usize,
    /// Of [`Carrier::price`]; at least one.
    pub price: usize,
}

impl Batch {
    /// One question a call.
    pub const SINGLE: Self = Self {
        qualify: 1,
        price: 1,
    };
}
