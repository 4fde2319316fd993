//! What stands around every carrier: how many calls at once, how fast, how long, how often again, when
//! not at all, and each question once.
//!
//! [`breaker`], [`pace`] and [`retry`] decide purely; [`Guarded`] asks them and does as they say. Time and
//! chance come in by their doors, so that all of it runs in simulated time.

mod asking;
pub mod breaker;
mod gauge;
pub mod pace;
pub mod retry;
mod single_flight;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::{Either, join_all, select};
use jiff::Timestamp;
use lastmile_model::carrier::{
    CarrierHealth, FailureReason, Pending, PriceAnswer, PriceQuestion, QualifyAnswer,
    QualifyQuestion, QuestionKey, Reply, Retry,
};
use lastmile_model::identity::ProviderName;
use tokio::sync::Semaphore;

use crate::carrier::{Call, CallShape, Carrier, Subscriptions};
use crate::doors::Doors;
use asking::{Answer, is_ill, outcomes_of};
use breaker::{Breaker, BreakerFigures, CallEnd, Leave};
use gauge::Gauge;
use pace::{Pace, PaceFigures};
use retry::RetryFigures;
use single_flight::{Flight, Flights};

/// Shortest time after which a question that is pending is asked on when asking on failed.
const POLL_AGAIN_MIN: Duration = Duration::from_secs(1);

/// Everything that is allowed of one carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuardFigures {
    /// Calls under way at once, at least one.
    pub concurrent: u32,
    /// How fast requests may follow one another, where the carrier has said so.
    pub pace: Option<PaceFigures>,
    /// How long one call may take, with all its requests.
    pub timeout: Duration,
    /// How often a question is asked again.
    pub retry: RetryFigures,
    /// When the carrier is left alone.
    pub breaker: BreakerFigures,
}

/// A carrier of which it is seen how it is doing.
pub trait Watched: Carrier {
    /// How it is doing.
    fn health(&self) -> CarrierHealth;

    /// About how long those will take that wait for their turn, where they are so many that whoever comes now had
    /// better do something else meanwhile; `None` where it may as well wait.
    fn crowd(&self) -> Option<Duration>;
}

/// A carrier behind its guard. Takes any number of questions and makes calls of them that the carrier
/// takes; cheap to clone.
pub struct Guarded<C> {
    inner: Arc<Inner<C>>,
}

struct Inner<C> {
    carrier: C,
    provider: ProviderName,
    figures: GuardFigures,
    doors: Doors,
    slots: Semaphore,
    breaker: Mutex<Breaker>,
    pace: Option<Mutex<Pace>>,
    gauge: Mutex<Gauge>,
    qualify_flights: Flights<QualifyAnswer>,
    price_flights: Flights<PriceAnswer>,
}

impl<C> Clone for Guarded<C> {
    fn clone(&self) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
        }
    }
}

impl<C: Carrier> Guarded<C> {
    /// Stands around `carrier`.
    #[must_use]
    pub fn new(carrier: C, provider: ProviderName, figures: GuardFigures, doors: Doors) -> Self {
        let slots = usize::try_from(figures.concurrent.max(1)).unwrap_or(usize::MAX);
        Self {
            inner: Arc::new(Inner {
                carrier,
                provider,
                figures,
                doors,
                slots: Semaphore::new(slots.min(Semaphore::MAX_PERMITS)),
                breaker: Mutex::new(Breaker::new(figures.breaker)),
                pace: figures.pace.map(|pace| Mutex::new(Pace::new(pace))),
                gauge: Mutex::default(),
                qualify_flights: Flights::default(),
                price_flights: Flights::default(),
            }),
        }
    }

    /// For each question its place among those that were given, the call that asks it, and its place in
    /// that call. A question that is asked already, also by this very list, is not asked again.
    fn take_off<A: Answer>(
        &self,
        flights: &Flights<A>,
        questions: &[A::Question],
    ) -> Vec<(usize, Flight<A>, usize)> {
        let mut tower = flights.tower();
        let mut waits = Vec::with_capacity(questions.len());
        let mut new: Vec<(QuestionKey, A::Question, Vec<usize>)> = Vec::new();
        let mut new_keys: HashMap<QuestionKey, usize> = HashMap::new();
        for (index, question) in questions.iter().enumerate() {
            let key = A::key(question);
            if let Some((flight, place)) = tower.under_way(&key) {
                self.inner.gauge().shares();
                waits.push((index, flight, place));
            } else if let Some(first) = new_keys.get(&key) {
                self.inner.gauge().shares();
                new[*first].2.push(index);
            } else {
                new_keys.insert(key.clone(), new.len());
                new.push((key, question.clone(), vec![index]));
            }
        }
        let size = self.inner.carrier.shape(A::CALL).questions_max.max(1);
        for chunk in new.chunks(size) {
            let asked = chunk
                .iter()
                .map(|(_, question, _)| question.clone())
                .collect();
            let keys = chunk.iter().map(|(key, _, _)| key.clone()).collect();
            let inner = Arc::clone(&self.inner);
            let call = async move { inner.ask_until_done::<A>(asked).await };
            let flight = tower.take_off(keys, call);
            for (place, (_, _, askers)) in chunk.iter().enumerate() {
                waits.extend(askers.iter().map(|index| (*index, flight.clone(), place)));
            }
        }
        waits
    }

    /// Asks what is not asked already, in calls that the carrier takes, and waits for all of it.
    async fn ask<A: Answer>(
        &self,
        flights: &Flights<A>,
        questions: &[A::Question],
    ) -> Vec<Reply<A>> {
        let waits = self.take_off(flights, questions);
        let arrivals = join_all(waits.into_iter().map(|(index, flight, place)| async move {
            (index, flight.await.get(place).cloned())
        }));
        let mut replies: Vec<(usize, Option<Reply<A>>)> = arrivals.await;
        replies.sort_by_key(|(index, _)| *index);
        let now = self.inner.doors.clock.now();
        replies
            .into_iter()
            .map(|(index, reply)| match reply {
                Some(Reply::Answered(answer)) => {
                    Reply::Answered(answer.for_question(&questions[index]))
                }
                Some(pending @ Reply::Pending(_)) => pending,
                None => not_understood(&questions[index], now),
            })
            .collect()
    }
}

/// The answer in the place of one that the carrier left out.
fn not_understood<A: Answer>(question: &A::Question, now: Timestamp) -> Reply<A> {
    let reason = FailureReason::NotUnderstood;
    Reply::Answered(A::failed(question, reason, reason.retry(), now))
}

impl<C: Carrier> Inner<C> {
    /// Asks, and asks again what may be asked again, until the tries are used up.
    async fn ask_until_done<A: Answer>(&self, questions: Vec<A::Question>) -> Vec<Reply<A>> {
        let mut replies: Vec<Option<Reply<A>>> = vec![None; questions.len()];
        let mut open: Vec<(usize, A::Question)> = questions.iter().cloned().enumerate().collect();
        for tries in 1.. {
            let asked: Vec<A::Question> =
                open.iter().map(|(_, question)| question.clone()).collect();
            let got = self.ask_once::<A>(&asked).await;
            let mut again = Vec::new();
            let mut longest = Duration::ZERO;
            for ((index, question), reply) in open.into_iter().zip(got) {
                if let Some((rest, wait)) = self.to_ask_again(&reply, &question) {
                    longest = longest.max(wait);
                    again.push((index, rest));
                }
                let earlier = replies[index].take();
                replies[index] = Some(joined(earlier, reply));
            }
            let wait = self.figures.retry.wait(tries, longest, self.chance());
            let Some(wait) = wait.filter(|_| !again.is_empty()) else {
                break;
            };
            self.doors.timer.wait(wait).await;
            open = again;
        }
        let now = self.doors.clock.now();
        let replies: Vec<Reply<A>> = replies
            .into_iter()
            .zip(&questions)
            .map(|(reply, question)| reply.unwrap_or_else(|| not_understood(question, now)))
            .collect();
        self.take_note(&replies);
        replies
    }

    /// What of a question is worth another try now. What needs longer is left to whoever asked, and so is
    /// what nobody was asked.
    fn to_ask_again<A: Answer>(
        &self,
        reply: &Reply<A>,
        question: &A::Question,
    ) -> Option<(A::Question, Duration)> {
        let Reply::Answered(answer) = reply else {
            return None;
        };
        let refused =
            |(_, reason): &(_, Option<FailureReason>)| *reason == Some(FailureReason::BreakerOpen);
        if answer.outcomes().iter().any(refused) {
            return None;
        }
        answer
            .again(question)
            .filter(|(_, wait)| *wait <= self.figures.retry.wait_max)
    }

    async fn ask_once<A: Answer>(&self, questions: &[A::Question]) -> Vec<Reply<A>> {
        let requests = self.carrier.shape(A::CALL).requests_max;
        let call = A::ask(&self.carrier, questions);
        self.call(requests, call, |replies| is_ill(replies))
            .await
            .unwrap_or_else(|not_called| {
                let now = self.doors.clock.now();
                let failed = |question| Reply::Answered(not_called.answer(question, now));
                questions.iter().map(failed).collect()
            })
    }

    /// Asks on about one pending question. That asking on failed is no answer to the question: it stays
    /// pending.
    async fn ask_on<A: Answer>(&self, question: &A::Question, pending: &Pending) -> Reply<A> {
        let requests = self.carrier.shape(Call::Continue).requests_max;
        for tries in 1.. {
            let call = A::ask_on(&self.carrier, question, pending);
            let called = self
                .call(requests, call, |reply| is_ill(std::slice::from_ref(reply)))
                .await;
            let reply = called.unwrap_or_else(|not_called| {
                Reply::Answered(not_called.answer(question, self.doors.clock.now()))
            });
            let Some(asked_for) = passing(&reply, question) else {
                self.take_note(std::slice::from_ref(&reply));
                return reply;
            };
            let Some(wait) = self.figures.retry.wait(tries, asked_for, self.chance()) else {
                return self.still_pending(pending, asked_for);
            };
            self.doors.timer.wait(wait).await;
        }
        self.still_pending(pending, POLL_AGAIN_MIN)
    }

    fn still_pending<A>(&self, pending: &Pending, after: Duration) -> Reply<A> {
        let now = self.doors.clock.now();
        let ask_again_at = now
            .saturating_add(after.max(POLL_AGAIN_MIN))
            .unwrap_or(Timestamp::MAX);
        Reply::Pending(Pending {
            ask_again_at,
            ..pending.clone()
        })
    }

    /// Makes one call: waits for a slot, asks the breaker, keeps the pace, ends it in time.
    async fn call<T>(
        &self,
        requests: u32,
        call: impl Future<Output = T>,
        is_ill: impl Fn(&T) -> bool,
    ) -> Result<T, NotCalled> {
        let slot = {
            let _waiting = Waiting::of(self);
            self.slots.acquire().await
        };
        let _slot = slot.expect("the slots are never closed");
        let underway = Underway::begin(self)?;
        if let Some(pace) = &self.pace {
            let wait = locked(pace).take(requests, self.doors.clock.now());
            if wait > Duration::ZERO {
                self.doors.timer.wait(wait).await;
            }
        }
        let timeout = self.doors.timer.wait(self.figures.timeout);
        let call = std::pin::pin!(call);
        let began = self.doors.clock.now();
        let ended = select(call, timeout).await;
        let took = self.doors.clock.now().duration_since(began);
        self.gauge().took(took.unsigned_abs());
        match ended {
            Either::Left((reply, _)) => {
                let end = if is_ill(&reply) {
                    CallEnd::Ill
                } else {
                    CallEnd::Well
                };
                underway.ended(end);
                Ok(reply)
            }
            Either::Right(((), _)) => {
                underway.ended(CallEnd::Ill);
                Err(NotCalled::TimedOut)
            }
        }
    }

    fn take_note<A: Answer>(&self, replies: &[Reply<A>]) {
        let now = self.doors.clock.now();
        let mut gauge = self.gauge();
        for reply in replies {
            let outcomes = match reply {
                Reply::Answered(answer) => answer.outcomes(),
                // What the carrier works on is counted when it has answered that, without these.
                Reply::Pending(pending) => outcomes_of(&pending.settled),
            };
            for (outcome, reason) in outcomes {
                gauge.came_to(outcome);
                if let Some(reason) = reason {
                    gauge.failed(reason, now);
                }
            }
        }
    }

    fn chance(&self) -> u64 {
        let mut bytes = [0; 8];
        self.doors.random.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        locked(&self.breaker)
    }

    fn gauge(&self) -> MutexGuard<'_, Gauge> {
        locked(&self.gauge)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nothing panics under it")
}

/// An earlier answer with the later one to what of the question was asked again. If the carrier needs time for that
/// now, the question is pending, and what was answered before is kept with it.
fn joined<A: Answer>(earlier: Option<Reply<A>>, later: Reply<A>) -> Reply<A> {
    match (earlier, later) {
        (None, later) => later,
        (Some(Reply::Answered(earlier)), Reply::Answered(later)) => {
            Reply::Answered(earlier.with(later))
        }
        (Some(Reply::Answered(earlier)), Reply::Pending(pending)) => {
            Reply::Pending(earlier.beside(pending))
        }
        (Some(earlier @ Reply::Pending(_)), _) => earlier,
    }
}

/// How long to wait before asking on once more, where the reply says only that the carrier is not well.
fn passing<A: Answer>(reply: &Reply<A>, question: &A::Question) -> Option<Duration> {
    let Reply::Answered(answer) = reply else {
        return None;
    };
    let not_well = |(_, reason): &(_, Option<FailureReason>)| {
        reason.is_some_and(|reason| reason.is_ill_health() || reason == FailureReason::BreakerOpen)
    };
    let outcomes = answer.outcomes();
    if outcomes.is_empty() || !outcomes.iter().all(not_well) {
        return None;
    }
    answer.again(question).map(|(_, wait)| wait)
}

/// Why there is no reply to a call.
#[derive(Clone, Copy, Debug)]
enum NotCalled {
    Open { wait: Duration },
    TimedOut,
}

impl NotCalled {
    fn answer<A: Answer>(self, question: &A::Question, now: Timestamp) -> A {
        let (reason, retry) = match self {
            Self::Open { wait } => (FailureReason::BreakerOpen, Retry::After(wait)),
            Self::TimedOut => (FailureReason::TimedOut, FailureReason::TimedOut.retry()),
        };
        A::failed(question, reason, retry, now)
    }
}

/// Counts a call that waits for a slot, also if it is given up.
struct Waiting<'a, C: Carrier>(&'a Inner<C>);

impl<'a, C: Carrier> Waiting<'a, C> {
    fn of(inner: &'a Inner<C>) -> Self {
        inner.gauge().waits();
        Self(inner)
    }
}

impl<C: Carrier> Drop for Waiting<'_, C> {
    fn drop(&mut self) {
        self.0.gauge().waits_no_more();
    }
}

/// A call under way; tells the breaker how it ended, also if it is given up.
struct Underway<'a, C: Carrier> {
    inner: &'a Inner<C>,
    leave: Leave,
    end: CallEnd,
}

impl<'a, C: Carrier> Underway<'a, C> {
    fn begin(inner: &'a Inner<C>) -> Result<Self, NotCalled> {
        let now = inner.doors.clock.now();
        let leave = inner.breaker().begin(now).map_err(|until| {
            let wait = Duration::try_from(until.duration_since(now)).unwrap_or_default();
            NotCalled::Open {
                wait: wait.max(POLL_AGAIN_MIN),
            }
        })?;
        inner.gauge().begins(now);
        Ok(Self {
            inner,
            leave,
            end: CallEnd::Dropped,
        })
    }

    fn ended(mut self, end: CallEnd) {
        self.end = end;
    }
}

impl<C: Carrier> Drop for Underway<'_, C> {
    fn drop(&mut self) {
        let now = self.inner.doors.clock.now();
        self.inner.breaker().ended(self.leave, self.end, now);
        self.inner.gauge().ends();
    }
}

#[async_trait]
impl<C: Carrier> Carrier for Guarded<C> {
    fn shape(&self, call: Call) -> CallShape {
        CallShape {
            questions_max: usize::MAX,
            ..self.inner.carrier.shape(call)
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        self.ask(&self.inner.qualify_flights, questions).await
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        self.ask(&self.inner.price_flights, questions).await
    }

    async fn continue_qualify(
        &self,
        question: &QualifyQuestion,
        pending: &Pending,
    ) -> Reply<QualifyAnswer> {
        self.inner.ask_on(question, pending).await
    }

    async fn continue_price(
        &self,
        question: &PriceQuestion,
        pending: &Pending,
    ) -> Reply<PriceAnswer> {
        self.inner.ask_on(question, pending).await
    }

    async fn subscribe(&self, callback: &str) -> Result<Subscriptions, FailureReason> {
        self.inner.carrier.subscribe(callback).await
    }

    async fn unsubscribe(&self, subscriptions: &Subscriptions) -> Result<(), FailureReason> {
        self.inner.carrier.unsubscribe(subscriptions).await
    }
}

impl<C: Carrier> Watched for Guarded<C> {
    fn health(&self) -> CarrierHealth {
        let inner = &self.inner;
        let breaker = inner.breaker().state();
        let now = inner.doors.clock.now();
        let (provider, figures) = (inner.provider.clone(), &inner.figures);
        inner.gauge().read(provider, figures, breaker, now)
    }

    fn crowd(&self) -> Option<Duration> {
        let requests = self.inner.carrier.shape(Call::Price).requests_max;
        self.inner.gauge().crowd(&self.inner.figures, requests)
    }
}
