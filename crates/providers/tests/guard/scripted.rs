//! A carrier that answers as a script says, and counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::carrier::{
    FailureReason, Firmness, Location, NotServedReason, Pending, PriceAnswer, PriceQuestion,
    Product, QualifyAnswer, QualifyQuestion, Reply, Service, Term, TermAnswer,
};
use lastmile_model::claim::Kbps;
use lastmile_model::door::{Clock, Random, Timer};
use lastmile_model::identity::ProviderName;
use lastmile_providers::guard::GuardFigures;
use lastmile_providers::guard::breaker::BreakerFigures;
use lastmile_providers::guard::retry::RetryFigures;
use lastmile_providers::{Call, CallShape, Carrier, Doors, Guarded, Subscriptions};
use lastmile_testkit::virtual_time::VirtualTime;

/// What the carrier says to one term at its n-th call, from 0.
pub(crate) type Script = Arc<dyn Fn(u64, Term) -> TermAnswer + Send + Sync>;

/// What was seen of a carrier.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) calls: AtomicU64,
    in_flight: AtomicU64,
    pub(crate) in_flight_most: AtomicU64,
    pub(crate) begun_at: Mutex<Vec<Timestamp>>,
    pub(crate) asked: Mutex<Vec<PriceQuestion>>,
}

pub(crate) struct Scripted {
    pub(crate) time: VirtualTime,
    pub(crate) latency: Duration,
    pub(crate) batch: usize,
    pub(crate) script: Script,
    pub(crate) seen: Arc<Seen>,
}

/// Counts a call also if it is dropped.
struct InFlight(Arc<Seen>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Scripted {
    async fn called(&self) -> u64 {
        let seen = &self.seen;
        let call = seen.calls.fetch_add(1, Ordering::SeqCst);
        let now = seen.in_flight.fetch_add(1, Ordering::SeqCst) + 1;
        let _in_flight = InFlight(Arc::clone(seen));
        seen.in_flight_most.fetch_max(now, Ordering::SeqCst);
        seen.begun_at
            .lock()
            .expect("nothing panics under it")
            .push(self.time.now());
        self.time.wait(self.latency).await;
        call
    }

    fn answer(&self, call: u64, question: &PriceQuestion) -> Reply<PriceAnswer> {
        let terms = question.terms.iter();
        Reply::Answered(PriceAnswer {
            terms: terms
                .map(|term| (*term, (self.script)(call, *term)))
                .collect(),
            answered_at: self.time.now(),
        })
    }
}

#[async_trait]
impl Carrier for Scripted {
    fn shape(&self, _: Call) -> CallShape {
        CallShape {
            questions_max: self.batch,
            requests_max: 1,
        }
    }

    async fn qualify(&self, questions: &[QualifyQuestion]) -> Vec<Reply<QualifyAnswer>> {
        self.called().await;
        let no = QualifyAnswer::NotServed(NotServedReason::CannotDeliver.into());
        vec![Reply::Answered(no); questions.len()]
    }

    async fn price(&self, questions: &[PriceQuestion]) -> Vec<Reply<PriceAnswer>> {
        self.seen
            .asked
            .lock()
            .expect("nothing panics under it")
            .extend_from_slice(questions);
        let call = self.called().await;
        questions
            .iter()
            .map(|question| self.answer(call, question))
            .collect()
    }

    async fn continue_qualify(&self, _: &QualifyQuestion, _: &Pending) -> Reply<QualifyAnswer> {
        self.called().await;
        Reply::Answered(QualifyAnswer::failed(FailureReason::CarrierFailed))
    }

    async fn continue_price(&self, question: &PriceQuestion, _: &Pending) -> Reply<PriceAnswer> {
        let call = self.called().await;
        self.answer(call, question)
    }

    async fn subscribe(&self, _: &str) -> Result<Subscriptions, FailureReason> {
        Ok(Subscriptions::default())
    }

    async fn unsubscribe(&self, _: &Subscriptions) -> Result<(), FailureReason> {
        Ok(())
    }
}

/// The same chance, always: the longest wait.
struct Most;

impl Random for Most {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0x7f);
    }
}

pub(crate) const FIGURES: GuardFigures = GuardFigures {
    concurrent: 4,
    pace: None,
    timeout: Duration::from_secs(10),
    retry: RetryFigures {
        tries_max: 3,
        wait_first: Duration::from_millis(100),
        wait_max: Duration::from_secs(3),
    },
    breaker: BreakerFigures {
        window_calls: 10,
        calls_min: 5,
        ill_percent: 50,
        open_for: Duration::from_secs(60),
        open_for_max: Duration::from_secs(600),
        trials: 1,
    },
};

/// A guarded carrier, and what is seen behind the guard.
pub(crate) struct Guard {
    pub(crate) time: VirtualTime,
    pub(crate) carrier: Guarded<Scripted>,
    pub(crate) seen: Arc<Seen>,
}

impl Guard {
    pub(crate) fn new(figures: GuardFigures, batch: usize, script: Script) -> Self {
        Self::with_latency(figures, batch, Duration::from_secs(1), script)
    }

    pub(crate) fn with_latency(
        figures: GuardFigures,
        batch: usize,
        latency: Duration,
        script: Script,
    ) -> Self {
        let time = VirtualTime::default();
        let seen = Arc::new(Seen::default());
        let scripted = Scripted {
            time: time.clone(),
            latency,
            batch,
            script,
            seen: Arc::clone(&seen),
        };
        let doors = Doors {
            clock: Arc::new(time.clone()),
            timer: Arc::new(time.clone()),
            random: Arc::new(Most),
        };
        let provider = ProviderName::new("Alden").expect("it is a name");
        Self {
            time,
            carrier: Guarded::new(scripted, provider, figures, doors),
            seen,
        }
    }

    pub(crate) fn calls(&self) -> u64 {
        self.seen.calls.load(Ordering::SeqCst)
    }
}

pub(crate) fn term(months: u16) -> Term {
    Term::new(months).expect("it is a term")
}

/// Question about a house on Main Street.
pub(crate) fn question(house: usize, terms: &[u16]) -> PriceQuestion {
    let address = format!("{house} N Main St, Port Alden, NH 03611");
    PriceQuestion {
        provider: ProviderName::new("Alden").expect("it is a name"),
        location: Location {
            address: NormalAddress::of(&parse(&address)),
            coordinates: None,
            carrier_place: None,
        },
        service: Service {
            product: Product::BasicInternetAccess,
            down: Kbps(100_000),
            up: Kbps(100_000),
            access: None,
        },
        terms: terms.iter().map(|months| term(*months)).collect(),
        firmness: Firmness::Firm,
    }
}

pub(crate) fn not_served() -> TermAnswer {
    TermAnswer::NotServed(NotServedReason::CannotDeliver.into())
}

/// Says no to everything.
pub(crate) fn always_no() -> Script {
    Arc::new(|_, _| not_served())
}
