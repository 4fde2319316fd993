//! MEF LSO Sonata, the buyer's side: address validation, product offering qualification, quote.
//!
//! `wire` has the documents' names. `place`, `product` and `problem` translate purely; `validate`,
//! `qualify` and `quote` are the steps; [`notification`] and `hub` are how a seller calls back.

mod bearer;
mod hub;
mod item;
pub mod notification;
mod place;
mod problem;
pub mod product;
mod qualify;
mod quote;
mod quote_reading;
mod request;
pub mod settings;
pub mod token;
mod validate;
mod wire;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use lastmile_model::carrier::{
    FailureReason, Pending, PriceAnswer, PriceQuestion, QualifyAnswer, QualifyQuestion, Reply, Step,
};
use lastmile_model::door::Clock;
use serde_json::{Value, json};

use crate::carrier::{Call, CallShape, Carrier, Subscriptions};
use crate::exchange::Exchange;
use settings::{Contact, SonataSettings};
use token::Tokens;

/// One seller. Asks as it is told; how often and how fast is the guard's business.
pub struct Sonata<E> {
    settings: SonataSettings,
    exchange: E,
    clock: Arc<dyn Clock>,
    tokens: Tokens,
}

impl<E: Exchange> Sonata<E> {
    /// A seller that is reached by `exchange`.
    #[must_use]
    pub fn new(settings: SonataSettings, exchange: E, clock: Arc<dyn Clock>) -> Self {
        let tokens = Tokens::new(settings.token.clone());
        Self {
            settings,
            exchange,
            clock,
            tokens,
        }
    }

    /// When to look for a deferred answer: when the seller expects to have it, but not before the next
    /// look and not later than [`POLLS_SKIPPED_MAX`] of them.
    fn ask_again_at(&self, expected: Option<Timestamp>) -> Timestamp {
        let now = self.clock.now();
        let after = |polls: u32| {
            let wait = self.settings.poll_every.saturating_mul(polls);
            now.saturating_add(wait).unwrap_or(Timestamp::MAX)
        };
        let (soonest, latest) = (after(1), after(POLLS_SKIPPED_MAX));
        expected.map_or(soonest, |expected| expected.clamp(soonest, latest))
    }

    /// When a deferred answer must be there.
    fn completion_date(&self) -> String {
        let now = self.clock.now();
        now.saturating_add(self.settings.answer_within)
            .unwrap_or(Timestamp::MAX)
            .to_string()
    }

    /// One member of `relatedContactInformation`.
    fn contact(&self, role: &str) -> Value {
        let Contact { name, email, phone } = &self.settings.contact;
        json!({ "role": role, "name": name, "emailAddress": email, "number": phone })
    }
}

/// A deferred answer is looked for at least each so many polls, whatever the seller expects: it may be
/// done before.
const POLLS_SKIPPED_MAX: u32 = 20;

#[async_trait]
impl<E: Exchange> Carrier for Sonata<E> {
    fn shape(&self, call: Call) -> CallShape {
        let settings = &self.settings;
        let validates = u32::from(settings.validate_addresses);
        let batch = u32::try_from(settings.qualify_batch.max(1)).unwrap_or(u32::MAX);
        let (questions_max, requests_max) = match call {
            Call::Qualify => (settings.qualify_batch.max(1), validates * batch + 1),
            Call::Price => {
                let qualifies = settings.qualify_first != settings::QualifyFirst::Never;
                (1, validates + u32::from(qualifies) + 1)
            }
            Call::Continue => (1, 2),
        };
        // The token, one request an hour, is not counted.
        CallShape {
            questions_max,
            requests_max,
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        self.qualify_all(questions).await
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        let mut replies = Vec::with_capacity(questions.len());
        for question in questions {
            replies.push(self.price_one(question).await);
        }
        replies
    }

    async fn continue_qualify(
        &self,
        question: &QualifyQuestion,
        pending: &Pending,
    ) -> Reply<QualifyAnswer> {
        self.qualification_goes_on(question, pending).await
    }

    async fn continue_price(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer> {
        match pending.step {
            Step::Qualification => self.quote_after_qualification(question, pending).await,
            Step::Quote => self.quote_goes_on(question, pending).await,
        }
    }

    async fn subscribe(&self, callback: &str) -> Result<Subscriptions, FailureReason> {
        self.subscribe_to_both(callback).await
    }

    async fn unsubscribe(&self, subscriptions: &Subscriptions) -> Result<(), FailureReason> {
        self.end_subscriptions(subscriptions).await
    }
}
