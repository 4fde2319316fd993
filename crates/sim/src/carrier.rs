//! A carrier as one process reaches it.
//!
//! What it answers in the end is [`truth`]; on the way it is slow, away, busy, or needs time. What it was asked it
//! remembers for all processes together ([`crate::referee::Questions`]).

use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use lastmile_model::carrier::{
    CarrierReference, FailureReason, NotServedReason, Pending, PriceAnswer, PriceQuestion,
    QualifyAnswer, QualifyQuestion, Reply, Retry, Step, TermAnswer, Unpriced,
};
use lastmile_providers::{Call, CallShape, Carrier, Subscriptions};
use tokio::time::sleep;

use crate::gate::Gate;
use crate::happening::Happening;
use crate::plan::Temper;
use crate::referee::{Asking, Heard, QuestionOf};
use crate::sabotage::Sabotage;
use crate::truth;

/// See the module.
pub struct SimCarrier {
    gate: Gate,
    temper: Temper,
}

/// Questions of a call that is under way. If it is given up, nobody has heard the answer.
struct UnderWay<'a> {
    carrier: &'a SimCarrier,
    questions: Vec<QuestionOf>,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let world = &self.carrier.gate.world;
        for question in &self.questions {
            let mut questions = world.questions();
            questions.heard(question, &Heard::Nothing, world.now());
        }
    }
}

impl UnderWay<'_> {
    fn ends(mut self, replies: &[Reply<PriceAnswer>]) {
        let world = &self.carrier.gate.world;
        for (question, reply) in std::mem::take(&mut self.questions).iter().zip(replies) {
            let mut questions = world.questions();
            questions.heard(question, &Heard::Reply(reply), world.now());
        }
    }
}

impl SimCarrier {
    /// Reached through this gate.
    #[must_use]
    pub const fn new(gate: Gate, temper: Temper) -> Self {
        Self { gate, temper }
    }

    fn begins(&self, asked: &[PriceQuestion], on: Option<&CarrierReference>) -> UnderWay<'_> {
        let world = &self.gate.world;
        let questions: Vec<QuestionOf> = asked.iter().map(question_of).collect();
        for question in &questions {
            let asking = Asking {
                life: &self.gate.life,
                now: world.now(),
                on,
            };
            let verdict = {
                let book = world.book();
                world.questions().asked(question, &asking, &book)
            };
            let QuestionOf {
                carrier,
                house,
                kbps,
            } = question;
            let why = verdict.as_ref().ok();
            self.gate.tell(format_args!(
                "asks {} at {house} for {kbps}: {why:?}",
                carrier.as_str()
            ));
            why.into_iter().for_each(|why| world.count(*why));
            world.judge(verdict.map(|_| ()));
        }
        UnderWay {
            carrier: self,
            questions,
        }
    }

    /// Lets the time pass that it takes; why there is no answer, if there is none.
    async fn thinks(&self) -> Option<TermAnswer> {
        let temper = &self.temper;
        if self.gate.strikes(temper.hanging_permille) {
            self.gate.world.count(Happening::Hung);
            std::future::pending::<()>().await;
        }
        if self.gate.world.is_sabotaged(Sabotage::DrawsElsewhere) {
            sleep(Duration::from_millis(drawn_elsewhere())).await;
        }
        self.gate.takes(temper.latency_max).await;
        if self.is_away() {
            self.gate.world.count(Happening::WasAway);
            return Some(TermAnswer::failed(FailureReason::Unreachable));
        }
        if self.gate.strikes(temper.limiting_permille) {
            return Some(TermAnswer::Failed {
                why: Unpriced::from(FailureReason::RateLimited),
                retry: Retry::After(self.gate.dice().up_to(temper.told_to_wait_max)),
            });
        }
        None
    }

    fn is_away(&self) -> bool {
        let passed = self.gate.world.time.passed();
        let outage = self.temper.outage.filter(|_| !self.gate.world.is_calm());
        outage.is_some_and(|(begins, lasts)| begins <= passed && passed < begins + lasts)
    }

    /// What it says to one question: some of its terms may fail for now.
    fn says(&self, question: &PriceQuestion) -> PriceAnswer {
        let world = &self.gate.world;
        let mut answer = truth::answer(world.plan.seed, question, world.now());
        if self.gate.strikes(self.temper.failing_permille) {
            let reasons = [
                FailureReason::CarrierFailed,
                FailureReason::Dropped,
                FailureReason::NotInTime,
            ];
            let failed = TermAnswer::failed(*self.gate.dice().pick(&reasons));
            let is_whole = self.gate.dice().permille(500);
            let terms = answer.terms.iter_mut();
            let failing = terms.take(if is_whole { usize::MAX } else { 1 });
            failing.for_each(|(_, answer)| *answer = failed.clone());
        }
        answer
    }

    /// Needs time for a question, and says when to ask on. Its id says how often it is still to be asked.
    fn begins_work(&self, polls: u64, item: u32) -> Option<Reply<PriceAnswer>> {
        let deferral = self.temper.deferral?;
        let world = &self.gate.world;
        let number = self.gate.dice().draw();
        let wait = self.gate.dice().up_to(deferral.between_max);
        Some(Reply::Pending(Pending {
            step: Step::Quote,
            id: CarrierReference::new(&format!("{polls}-{number:x}")).ok()?,
            item,
            place: None,
            confidence: None,
            ask_again_at: after(world.now(), wait),
            settled: Vec::new(),
        }))
    }
}

#[async_trait]
impl Carrier for SimCarrier {
    fn shape(&self, _: Call) -> CallShape {
        CallShape {
            questions_max: self.temper.questions_max,
            requests_max: 1,
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        let no = QualifyAnswer::NotServed(NotServedReason::CannotDeliver.into());
        vec![Reply::Answered(no); questions.len()]
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        if self.gate.world.is_sabotaged(Sabotage::AsksTwice) {
            self.begins(questions, None).ends(&[]);
        }
        let under_way = self.begins(questions, None);
        let failed = self.thinks().await;
        let now = self.gate.world.now();
        let polls_max = self
            .temper
            .deferral
            .map_or(1, |deferral| deferral.polls_max);
        let mut replies: Vec<Reply<PriceAnswer>> = (0..)
            .zip(questions)
            .map(|(item, question)| match &failed {
                Some(failed) => Reply::Answered(PriceAnswer::same(&question.terms, failed, now)),
                None => self
                    .begins_work(self.gate.dice().between(1, polls_max), item)
                    .unwrap_or_else(|| Reply::Answered(self.says(question))),
            })
            .collect();
        if self.gate.world.is_sabotaged(Sabotage::SwapsAnswers) {
            replies.reverse();
        }
        self.gate.leave().await;
        under_way.ends(&replies);
        replies
    }

    async fn continue_qualify(&self, _: &QualifyQuestion, _: &Pending) -> Reply<QualifyAnswer> {
        Reply::Answered(QualifyAnswer::failed(FailureReason::Forgotten))
    }

    async fn continue_price(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer> {
        let asked = std::slice::from_ref(question);
        let under_way = self.begins(asked, Some(&pending.id));
        let world = &self.gate.world;
        if let Some(failed) = self.thinks().await {
            let reply = PriceAnswer::same(&question.terms, &failed, world.now());
            let wait = match failed.retry() {
                Retry::After(wait) => wait,
                Retry::No => Duration::ZERO,
            };
            let reply = Reply::Answered(reply);
            self.gate.leave().await;
            under_way.ends(std::slice::from_ref(&reply));
            let (now, not_before) = (world.now(), after(world.now(), wait));
            let of = question_of(question);
            world.questions().goes_on(&of, &pending.id, not_before, now);
            return reply;
        }
        let forgets = self.gate.strikes(self.temper.forgetting_permille);
        let polls = pending
            .id
            .as_str()
            .split_once('-')
            .and_then(|(polls, _)| polls.parse().ok());
        let reply = match polls {
            Some(_) | None if forgets => {
                world.count(Happening::Forgot);
                let forgotten = TermAnswer::failed(FailureReason::Forgotten);
                Reply::Answered(PriceAnswer::same(&question.terms, &forgotten, world.now()))
            }
            Some(polls @ 2_u64..) => self
                .begins_work(polls - 1, pending.item)
                .unwrap_or_else(|| Reply::Answered(self.says(question))),
            Some(_) | None => Reply::Answered(self.says(question)),
        };
        self.gate.leave().await;
        under_way.ends(std::slice::from_ref(&reply));
        reply
    }

    async fn subscribe(&self, _: &str) -> Result<Subscriptions, FailureReason> {
        Ok(Subscriptions::default())
    }

    async fn unsubscribe(&self, _: &Subscriptions) -> Result<(), FailureReason> {
        Ok(())
    }
}

fn question_of(question: &PriceQuestion) -> QuestionOf {
    QuestionOf {
        carrier: question.provider.clone(),
        house: truth::house_of(question),
        kbps: question.service.down.0,
    }
}

fn after(now: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or_default();
    now.saturating_add(wait).unwrap_or(now)
}

/// Chance that no seed gives: what a simulation must not have.
fn drawn_elsewhere() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(0) % 100
}
