//! A carrier that answers as a test says, and remembers what it was asked.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use lastmile_model::carrier::{
    BreakerState, CarrierHealth, CarrierReference, FailureCounts, FailureReason, OutcomeCounts,
    Pending, PriceAnswer, PriceQuestion, QualifyAnswer, QualifyQuestion, QuestionKey, Reply,
};
use lastmile_model::identity::ProviderName;
use lastmile_providers::{Call, CallShape, Carrier, Subscriptions, Watched};

/// What a question is answered with; the number says how often it was asked before.
pub type Script = dyn Fn(&PriceQuestion, u32) -> Reply<PriceAnswer> + Send + Sync;

/// A carrier that answers by a script. Cheap to clone; clones share what they remember.
#[derive(Clone)]
pub struct ScriptedCarrier {
    name: ProviderName,
    script: Arc<Script>,
    takes: Duration,
    asked: Arc<Mutex<HashMap<QuestionKey, u32>>>,
    crowd: Arc<Mutex<Option<Duration>>>,
}

impl ScriptedCarrier {
    /// Answers as the script says.
    #[must_use]
    pub fn new(
        name: ProviderName,
        script: impl Fn(&PriceQuestion, u32) -> Reply<PriceAnswer> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            script: Arc::new(script),
            takes: Duration::ZERO,
            asked: Arc::default(),
            crowd: Arc::default(),
        }
    }

    /// The same carrier, which takes so long for each call.
    #[must_use]
    pub const fn taking(mut self, time: Duration) -> Self {
        self.takes = time;
        self
    }

    /// Says from now on that those who wait for their turn will take so long.
    pub fn crowds(&self, time: Option<Duration>) {
        *self.crowd.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    /// How often each question was asked, asking on included.
    #[must_use]
    pub fn asked(&self) -> HashMap<QuestionKey, u32> {
        self.remembered().clone()
    }

    /// Others may do something meanwhile, as they would where a carrier is far away.
    async fn think(&self) {
        if self.takes == Duration::ZERO {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(self.takes).await;
        }
    }

    fn remembered(&self) -> MutexGuard<'_, HashMap<QuestionKey, u32>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, question: &PriceQuestion) -> Reply<PriceAnswer> {
        let before = {
            let mut asked = self.remembered();
            let times = asked.entry(question.key()).or_default();
            *times += 1;
            *times - 1
        };
        (self.script)(question, before)
    }
}

#[async_trait]
impl Carrier for ScriptedCarrier {
    fn shape(&self, _: Call) -> CallShape {
        CallShape {
            questions_max: 1,
            requests_max: 1,
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        let refused = QualifyAnswer::failed(FailureReason::Refused);
        vec![Reply::Answered(refused); questions.len()]
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        self.think().await;
        questions
            .iter()
            .map(|question| self.answer(question))
            .collect()
    }

    async fn continue_qualify(&self, _: &QualifyQuestion, _: &Pending) -> Reply<QualifyAnswer> {
        Reply::Answered(QualifyAnswer::failed(FailureReason::Refused))
    }

    async fn continue_price(&self, question: &PriceQuestion, _: &Pending) -> Reply<PriceAnswer> {
        self.think().await;
        self.answer(question)
    }

    async fn subscribe(&self, _: &str) -> Result<Subscriptions, FailureReason> {
        Ok(Subscriptions {
            qualification: None,
            quote: CarrierReference::new("1").ok(),
        })
    }

    async fn unsubscribe(&self, _: &Subscriptions) -> Result<(), FailureReason> {
        Ok(())
    }
}

impl Watched for ScriptedCarrier {
    fn health(&self) -> CarrierHealth {
        let asked = self.remembered();
        CarrierHealth {
            provider: self.name.clone(),
            breaker: BreakerState::Closed,
            in_flight: 0,
            in_flight_max: 1,
            waiting: 0,
            calls_last_minute: 0,
            requests_per_second_max: None,
            calls: asked.values().copied().map(u64::from).sum(),
            shared: 0,
            outcomes: OutcomeCounts::default(),
            failures: FailureCounts::default(),
            last_failure: None,
            latency: None,
        }
    }

    fn crowd(&self) -> Option<Duration> {
        *self.crowd.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
