//! A quote service on a store in memory, whose messages a test gives out itself.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::moves::{self, Move};
use lastmile_app::quotes::person::{self, CaseCell, Said};
use lastmile_app::quotes::read::{self, QuoteProgress, SliceAnswers};
use lastmile_app::quotes::{Asked, Panel, QuoteDesk, QuoteError, Quotes, create};
use lastmile_app::work::relay;
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::availability::Confidence;
use lastmile_model::carrier::{
    CarrierReference, Firmness, Location, NotServedReason, Pending, Price, PriceAnswer,
    PriceQuestion, Product, QuestionKey, Reply, Service, Step, Term, TermAnswer,
};
use lastmile_model::claim::Kbps;
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::money::{Currency, Money};
use lastmile_model::quote::request::Asked as AskedLocation;
use lastmile_model::quote::{Margin, OffNet, QuoteHead, QuoteId, QuoteRequest};
use lastmile_providers::{CALL_BACK_PATH, CallBack, Carriers, SecretSource, Way};
use lastmile_store::key::{Key, QUOTE_ERRAND_SHARDS, QuoteKey, SlicePart, quote_errands};
use lastmile_store::message::Message;
use lastmile_store::queue::QUEUE_BATCH_MAX;
use lastmile_store::record::quotes::{SliceOf, read_slice_item, slice_item};
use lastmile_store::{BatchWrite, Consistency, Queue, QueueName, Store};
use lastmile_testkit::carrier::ScriptedCarrier;
use lastmile_testkit::chance::Counting;
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::store::{ManualClock, MemoryStore};
use tempfile::NamedTempFile;

/// How a carrier answers; the number says how often it was asked the same before.
pub(crate) type Answer = fn(&PriceQuestion, u32) -> Reply<PriceAnswer>;

/// How long quotes have.
const DEADLINE: SignedDuration = SignedDuration::from_mins(10);
/// How far the clock is moved when every message rests.
const STEP_SECONDS: i64 = 20;

/// Says ICB.
pub(crate) const ICB: Answer = |question, _| {
    let case = TermAnswer::IndividualCase {
        carrier_quote: None,
    };
    same(question, &case)
};
/// Cannot deliver anywhere.
pub(crate) const NOT_SERVED: Answer = |question, _| {
    same(
        question,
        &TermAnswer::NotServed(NotServedReason::CannotDeliver.into()),
    )
};
/// Delivers at odd house numbers, dearly.
pub(crate) const ODD_ONLY: Answer = |question, before| {
    let number = question.location.address.number.as_ref();
    let is_odd = number.is_some_and(|number| number.ordinal() % 2 == 1);
    if is_odd {
        same(question, &price(70_000))
    } else {
        NOT_SERVED(question, before)
    }
};

/// See the module.
pub(crate) struct Bench {
    pub(crate) quotes: Quotes,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) tenant: TenantId,
    carriers: BTreeMap<&'static str, ScriptedCarrier>,
    queue: Arc<MemoryQueue>,
    pub(crate) desk: QuoteDesk,
    /// What seals the addresses of carriers that call back; there as long as the bench.
    secret: NamedTempFile,
}

pub(crate) fn provider(name: &str) -> ProviderName {
    ProviderName::new(name).unwrap()
}

/// The same answer for every term.
pub(crate) fn same(question: &PriceQuestion, answer: &TermAnswer) -> Reply<PriceAnswer> {
    let at = Timestamp::UNIX_EPOCH;
    Reply::Answered(PriceAnswer::same(&question.terms, answer, at))
}

pub(crate) fn price(mrc_minor: i64) -> TermAnswer {
    let usd = |minor| Money {
        minor,
        currency: Currency::Usd,
    };
    TermAnswer::Priced(Price {
        mrc: usd(mrc_minor),
        nrc: usd(0),
        install_interval_days: Some(30),
        confidence: Confidence::Green,
        firmness: Firmness::Budgetary,
        carrier_quote: None,
        valid_until: None,
    })
}

/// The carrier needs time, and may be asked on at once.
pub(crate) fn pending() -> Pending {
    Pending {
        step: Step::Quote,
        id: CarrierReference::new("77").unwrap(),
        item: 0,
        place: None,
        confidence: None,
        ask_again_at: Timestamp::UNIX_EPOCH,
        settled: Vec::new(),
    }
}

pub(crate) fn off_net(
    provider_name: &str,
    suppliers: &[&str],
    hundredths_of_percent: u32,
) -> (ProviderName, OffNet) {
    let off_net = OffNet {
        suppliers: suppliers.iter().map(|name| provider(name)).collect(),
        margin: Margin::new(hundredths_of_percent).unwrap(),
    };
    (provider(provider_name), off_net)
}

fn panel(
    carriers: &BTreeMap<&'static str, ScriptedCarrier>,
    off_net: BTreeMap<ProviderName, OffNet>,
) -> Arc<Panel> {
    let ways = carriers
        .iter()
        .map(|(name, carrier)| (provider(name), Way::Live(Arc::new(carrier.clone()))));
    Arc::new(Panel::new(ways.collect::<Carriers>(), off_net))
}

impl Bench {
    pub(crate) fn new<const N: usize>(carriers: [(&'static str, Answer); N]) -> Self {
        Self::with_off_net(carriers, BTreeMap::new())
    }

    pub(crate) fn with_off_net<const N: usize>(
        carriers: [(&'static str, Answer); N],
        off_net: BTreeMap<ProviderName, OffNet>,
    ) -> Self {
        let clock = Arc::new(ManualClock::new());
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new(clock.clone()));
        let context = Context::new(store, clock.clone(), Arc::new(Counting::default()));
        let carriers: BTreeMap<&'static str, ScriptedCarrier> = carriers
            .into_iter()
            .map(|(name, answer)| (name, ScriptedCarrier::new(provider(name), answer)))
            .collect();
        let quotes = Quotes {
            availability: Availability::new(context),
            panel: panel(&carriers, off_net),
        };
        let settings = QueueName::Quotes.settings();
        let queue = Arc::new(MemoryQueue::new(settings, clock.clone()));
        let desk = QuoteDesk::new(quotes.clone(), queue.clone());
        Self {
            quotes,
            clock,
            tenant: TenantId::new("north").unwrap(),
            carriers,
            queue,
            desk,
            secret: NamedTempFile::new().unwrap(),
        }
    }

    /// From now on providers buy from these.
    pub(crate) fn set_off_net(&mut self, off_net: BTreeMap<ProviderName, OffNet>) {
        self.quotes.panel = panel(&self.carriers, off_net);
        self.desk = QuoteDesk::new(self.quotes.clone(), self.queue.clone());
    }

    /// From now on a carrier calls back; gives the token of its address.
    pub(crate) fn calls_back(&mut self, carrier: &'static str) -> String {
        let secret = self.secret.path();
        fs::write(secret, "correct horse battery staple, and more").unwrap();
        let carrier = provider(carrier);
        let call_back = CallBack {
            base_url: String::new(),
            secret: SecretSource::File(secret.to_owned()),
            carriers: [carrier.clone()].into(),
        };
        let url = call_back.url(&carrier).unwrap();
        let panel = Panel::clone(&self.quotes.panel).called_back(Some(call_back));
        self.quotes.panel = Arc::new(panel);
        self.desk = QuoteDesk::new(self.quotes.clone(), self.queue.clone());
        url.strip_prefix(CALL_BACK_PATH).unwrap().to_owned()
    }

    /// Somebody else has just begun to ask a provider about the first slice.
    pub(crate) async fn claim_slice(&self, id: QuoteId, name: &str) {
        let name = provider(name);
        let quote = QuoteKey {
            tenant: &self.tenant,
            id,
        };
        let key = Key::QuoteSlice {
            quote,
            slice: 0,
            part: SlicePart::Own(&name),
        };
        let store = &self.quotes.availability.context.store;
        let read = store.get(&key.primary(), Consistency::Strong).await;
        let mut slice = read_slice_item(&read.unwrap().value.unwrap()).unwrap();
        slice.asked_until = self.now().saturating_add(SignedDuration::from_mins(1)).ok();
        slice.revision += 1;
        let item = slice_item(quote, 0, SliceOf::Provider(&name), &slice);
        let written = store.batch_write(vec![BatchWrite::Put(item)]).await;
        written.unwrap();
    }

    /// From now on those who wait for a carrier will take so long.
    pub(crate) fn crowds(&self, carrier: &'static str, time: Option<Duration>) {
        self.carriers[carrier].crowds(time);
    }

    /// From now on a carrier takes so long for each call, and messages must be done within `within`.
    pub(crate) fn hurry(&mut self, carrier: &'static str, takes: Duration, within: Duration) {
        let slow = self.carriers[carrier].clone().taking(takes);
        self.carriers.insert(carrier, slow);
        self.set_off_net(BTreeMap::new());
        self.desk = self.desk.clone().within(within);
    }

    pub(crate) fn now(&self) -> Timestamp {
        lastmile_store::Clock::now(&*self.clock)
    }

    /// Asks for a quote at the first houses of Main Street.
    pub(crate) async fn ask(&self, locations: u32, providers: &[&str], terms: &[u16]) -> QuoteHead {
        self.ask_at(1..=locations, providers, terms).await
    }

    /// Asks for a quote at these houses of Main Street.
    pub(crate) async fn ask_at(
        &self,
        houses: impl IntoIterator<Item = u32>,
        providers: &[&str],
        terms: &[u16],
    ) -> QuoteHead {
        let location = |number: u32| {
            let written = format!("{number} N Main St, Port Alden, NH 03611");
            AskedLocation {
                label: None,
                location: Location {
                    address: NormalAddress::of(&parse(&written)),
                    coordinates: None,
                    carrier_place: None,
                },
                written,
            }
        };
        let request = QuoteRequest {
            document: "{}".to_owned(),
            locations: houses.into_iter().map(location).collect(),
            providers: providers.iter().map(|name| provider(name)).collect(),
            services: vec![Service {
                product: Product::BasicInternetAccess,
                down: Kbps(100_000),
                up: Kbps(100_000),
                access: None,
            }],
            terms: terms.iter().filter_map(|term| Term::new(*term)).collect(),
            firmness: Firmness::Budgetary,
            deadline: self.now().saturating_add(DEADLINE).unwrap(),
        };
        create(&self.quotes, &self.tenant, request, None)
            .await
            .unwrap()
    }

    pub(crate) async fn progress(&self, id: QuoteId) -> QuoteProgress {
        let read = read::progress(&self.quotes, &self.tenant, id).await;
        read.unwrap().value
    }

    pub(crate) async fn slice(&self, id: QuoteId, number: u32) -> SliceAnswers {
        read::slice(&self.quotes, &self.tenant, id, number)
            .await
            .unwrap()
    }

    pub(crate) async fn make(&self, id: QuoteId, wanted: Move) -> Result<QuoteHead, QuoteError> {
        moves::make(&self.quotes, &self.tenant, id, wanted).await
    }

    pub(crate) async fn say(&self, cell: &CaseCell, said: &Said) -> Result<QuoteHead, QuoteError> {
        person::answer(&self.quotes, &self.tenant, cell, said).await
    }

    /// How often a carrier was asked each question.
    pub(crate) fn asked(&self, carrier: &str) -> HashMap<QuestionKey, u32> {
        self.carriers[carrier].asked()
    }

    /// Sends what stands in the outbox; how much it was.
    async fn relay(&self) -> usize {
        let mut sent = 0;
        for shard in 0..QUOTE_ERRAND_SHARDS {
            let store = &self.quotes.availability.context.store;
            let page = store.query(&quote_errands(shard)).await.unwrap().value;
            for item in &page.items {
                let message = relay::message_of(&item.key, Some(item)).unwrap().unwrap();
                self.queue.send(vec![message.to_new()]).await.unwrap();
                sent += 1;
            }
        }
        sent
    }

    /// Gives out what can be given out, each `times` times; how many messages it was.
    async fn give_out(&self, times: usize) -> usize {
        let received = self.queue.receive(QUEUE_BATCH_MAX, Duration::ZERO).await;
        let messages = received.unwrap();
        for received in &messages {
            let message = Message::read(&received.body).unwrap();
            let last_try = received.tries >= QueueName::Quotes.settings().tries_max;
            let mut asked = Asked::Done;
            for _ in 0..times {
                asked = self.desk.work(&message, last_try).await.unwrap();
            }
            match asked {
                Asked::Done => {
                    let receipts = std::slice::from_ref(&received.receipt);
                    self.queue.delete(receipts).await.unwrap();
                }
                Asked::Later(rest) => {
                    let changed = self.queue.change_visibility(&received.receipt, rest);
                    changed.await.unwrap();
                }
            }
        }
        messages.len()
    }

    /// Gives out one batch of messages.
    pub(crate) async fn give_out_once(&self) {
        self.give_out(1).await;
    }

    /// Relays, and gives out one batch of messages.
    pub(crate) async fn work_once(&self) {
        self.relay().await;
        self.give_out(1).await;
    }

    /// The same, with each message given out twice.
    pub(crate) async fn work_once_on_everything_twice(&self) {
        self.relay().await;
        self.give_out(2).await;
    }

    /// Works until nothing is left to do; the clock goes on while everything rests.
    pub(crate) async fn work(&self) {
        self.work_with(1).await;
    }

    /// The same, with each message given out twice.
    pub(crate) async fn work_on_everything_twice(&self) {
        self.work_with(2).await;
    }

    async fn work_with(&self, times: usize) {
        const ROUNDS: usize = 1_000;
        for _ in 0..ROUNDS {
            let relayed = self.relay().await;
            let given = self.give_out(times).await;
            if relayed + given == 0 {
                let depth = self.queue.depth().await.unwrap();
                if depth.delayed + depth.in_work == 0 {
                    return;
                }
                self.clock.advance_seconds(STEP_SECONDS);
            }
        }
        unreachable!("a quote ends in fewer rounds");
    }
}
