//! A process that fills a quote is killed at any moment and started again, many times: the quote ends with the grid
//! that it has where nobody is killed. Nothing is lost, and nothing is there twice.
//!
//! The store and the queue are the embedded ones, on disk. The clock goes faster than the machine's, because a message
//! that was in work when its process was killed is hidden for minutes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on says where it stopped"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::idempotency::Once;
use lastmile_app::quotes::read::{self, QuoteProgress};
use lastmile_app::quotes::{Panel, QuoteDesk, Quotes, create};
use lastmile_app::work::relay::Seating;
use lastmile_app::work::{Queues, Workshop, relay, worker};
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_doors::{SystemClock, SystemRandom};
use lastmile_model::carrier::{PriceQuestion, Reply, Service, Term};
use lastmile_model::door::Clock;
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::quote::{Cell, CellCounts, Line, Margin, OffNet, QuoteHead, QuoteState};
use lastmile_providers::{Carriers, Way};
use lastmile_sim::plan::{QuotePlan, Wish};
use lastmile_sim::truth;
use lastmile_store::key::{QUOTE_ERRAND_SHARDS, quote_errands};
use lastmile_store::queue::{QueueDepth, QueueSettings};
use lastmile_store::{Queue, QueueName, Store};
use lastmile_testkit::carrier::ScriptedCarrier;
use lastmile_testkit::killed::{self, acknowledge};
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::store::MemoryStore;

/// Kills; the environment may ask for another number.
const ROUNDS: u64 = 24;
/// Or the kills came too early or too late to show anything.
const ROUNDS_WITH_WORK_MIN: usize = 6;
const LIFE_MAX: Duration = Duration::from_millis(500);
/// How much faster the clock goes than the machine's: the six minutes of a message in work are a few seconds.
const FASTER: i32 = 150;
const SEED: u64 = 7;
const LOCATIONS: u32 = 280;
/// How long a carrier thinks.
const THINKS: Duration = Duration::from_millis(2);
const AT_ONCE: usize = 8;
/// As the product's, but that a kill is no reason to give a message up.
const SETTINGS: QueueSettings = QueueSettings {
    visibility: Duration::from_secs(6 * 60),
    tries_max: 1_000,
};
/// Longest wait for the end, by the machine's time.
const END_WITHIN: Duration = Duration::from_secs(300);
const KILLED: &str = "the_process_that_is_killed";
/// What the process says when nothing is left to do.
const DONE: &str = "done";
/// Names the file that says when the fast clock began.
const BEGAN: &str = "began";

/// Cells by slice and provider, line by line.
type Grid = BTreeMap<(u32, ProviderName), Vec<Vec<Cell>>>;

#[test]
fn a_quote_ends_with_the_same_grid_however_often_its_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let began = SystemClock.now().as_microsecond().to_string();
    std::fs::write(folder.path().join(BEGAN), began).unwrap();
    let rounds = killed::rounds(ROUNDS);
    let mut asked: BTreeMap<String, u64> = BTreeMap::new();
    let mut rounds_with_work = 0;
    for round in 0..rounds {
        let said = killed::run(KILLED, folder.path(), round, LIFE_MAX);
        rounds_with_work += usize::from(said.iter().any(|name| name != DONE));
        let is_done = said.iter().any(|name| name == DONE);
        for question in said {
            *asked.entry(question).or_default() += 1;
        }
        if is_done {
            break;
        }
    }
    assert!(
        rounds_with_work >= ROUNDS_WITH_WORK_MIN,
        "{rounds_with_work}"
    );
    let most = asked.values().copied().max().unwrap_or_default();
    assert!(
        most <= rounds,
        "asked again only where a process was killed: {most}"
    );

    let killed = ends_after_kills(folder.path());
    assert_eq!(
        killed,
        ends_without_kills(),
        "nothing is lost, and nothing is there twice"
    );
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn ends_after_kills(folder: &Path) -> Grid {
    let office = Office::on_disk(folder, false);
    office.ends().await
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn ends_without_kills() -> Grid {
    let clock = Arc::new(FastClock {
        began: SystemClock.now(),
    });
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let queue = Arc::new(MemoryQueue::new(SETTINGS, clock.clone()));
    Office::new(store, queue, clock, false).ends().await
}

#[test]
#[ignore = "runs until it is killed: the kill test starts it"]
fn the_process_that_is_killed() {
    let (folder, _) = killed::orders();
    work_until_killed(&folder);
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn work_until_killed(folder: &Path) {
    let office = Office::on_disk(folder, true);
    let head = office.asks().await;
    let says_when_done = async {
        office.waits_until_done(&head).await;
        acknowledge(DONE);
    };
    futures_util::future::join(office.works(), says_when_done).await;
}

/// Goes on from a moment, faster than the machine's clock.
struct FastClock {
    began: Timestamp,
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        let passed = SystemClock.now().duration_since(self.began);
        self.began + passed * FASTER
    }
}

/// A quote service with one quote, and those who work on it.
struct Office {
    quotes: Quotes,
    queue: Arc<dyn Queue>,
    tenant: TenantId,
    plan: QuotePlan,
}

impl Office {
    fn on_disk(folder: &Path, says: bool) -> Self {
        let began = std::fs::read_to_string(folder.join(BEGAN)).unwrap();
        let began = Timestamp::from_microsecond(began.parse().unwrap()).unwrap();
        let clock = Arc::new(FastClock { began });
        let mut options = EmbeddedOptions::new(clock.clone());
        options.cache_bytes = 16 * 1024 * 1024;
        let store = EmbeddedStore::open(folder, options).expect("the store opens after a kill");
        let store = Arc::new(store);
        let queue = Arc::clone(&store).queue_with(QueueName::Quotes, SETTINGS);
        Self::new(store, Arc::new(queue), clock, says)
    }

    /// `says` has its carriers say what they are asked.
    fn new(
        store: Arc<dyn Store>,
        queue: Arc<dyn Queue>,
        clock: Arc<dyn Clock>,
        says: bool,
    ) -> Self {
        let context = Context::new(store, clock, Arc::new(SystemRandom));
        let live = ["Alden", "Beacon", "Cedar", "Dover"].map(|name| {
            let carrier = ScriptedCarrier::new(provider(name), move |question, _| {
                if says {
                    say(question);
                }
                std::thread::sleep(THINKS);
                let answer = truth::answer(SEED, question, Timestamp::UNIX_EPOCH);
                Reply::Answered(answer)
            });
            (provider(name), Way::Live(Arc::new(carrier)))
        });
        let person = [(provider("Elm"), Way::Person)];
        let ways: Carriers = live.into_iter().chain(person).collect();
        let off_net = ["Alden", "Beacon"].map(|buyer| {
            let off_net = OffNet {
                suppliers: vec![provider("Cedar"), provider("Dover")],
                margin: Margin::new(1_000).unwrap(),
            };
            (provider(buyer), off_net)
        });
        let panel = Panel::new(ways, off_net.into());
        Self {
            quotes: Quotes {
                availability: Availability::new(context),
                panel: Arc::new(panel),
            },
            queue,
            tenant: TenantId::new("north").unwrap(),
            plan: plan(),
        }
    }

    /// Asks for the quote; the first time it is taken in.
    async fn asks(&self) -> QuoteHead {
        let now = self.quotes.availability.context.clock.now();
        let request = self.plan.request(now);
        let key = IdempotencyKey::new("the-quote").unwrap();
        let once = Once::new(&self.tenant, "quotes", &key, &[]);
        create(&self.quotes, &self.tenant, request, Some(once))
            .await
            .unwrap()
    }

    /// Relays and works for ever.
    async fn works(&self) {
        let workshop = Workshop::default()
            .quotes(QuoteDesk::new(self.quotes.clone(), Arc::clone(&self.queue)));
        let (queue, never) = (Arc::clone(&self.queue), std::future::pending());
        let works = worker::run(workshop, queue, SETTINGS, AT_ONCE, never);
        let queues = Queues {
            imports: Arc::clone(&self.queue),
            quotes: Arc::clone(&self.queue),
            tasks: Arc::clone(&self.queue),
        };
        let availability = self.quotes.availability.clone();
        let seating = Seating::SoleProcess;
        let relays = relay::run(availability, queues, seating, std::future::pending());
        futures_util::future::join(works, relays).await;
    }

    /// Works until nothing is left to do, and reads the grid.
    async fn ends(&self) -> Grid {
        let head = self.asks().await;
        let is_done = self.waits_until_done(&head);
        tokio::select! {
            () = self.works() => unreachable!("they work for ever"),
            done = tokio::time::timeout(END_WITHIN, is_done) => done.expect("it ends"),
        }
        self.grid(&head).await
    }

    async fn waits_until_done(&self, head: &QuoteHead) {
        while !self.is_done(head).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn progress(&self, head: &QuoteHead) -> QuoteProgress {
        let read = read::progress(&self.quotes, &self.tenant, head.id).await;
        read.unwrap().value
    }

    async fn is_done(&self, head: &QuoteHead) -> bool {
        let mut errands = 0;
        for shard in 0..QUOTE_ERRAND_SHARDS {
            let store = &self.quotes.availability.context.store;
            let page = store.query(&quote_errands(shard)).await.unwrap();
            errands += page.value.items.len();
        }
        let progress = self.progress(head).await;
        let depth = self.queue.depth().await.unwrap();
        errands == 0 && depth == QueueDepth::default() && progress.head.providers_left == 0
    }

    /// All cells; the counts must be theirs.
    async fn grid(&self, head: &QuoteHead) -> Grid {
        let listed = read::list(&self.quotes, &self.tenant, 0, 10, &|_| true).await;
        assert_eq!(listed.unwrap().total, 1, "one quote was asked for");
        let progress = self.progress(head).await;
        assert_eq!(
            progress.head.state,
            QuoteState::Pending,
            "a person is to be asked"
        );
        let mut grid = Grid::new();
        let mut counts = CellCounts::default();
        for number in 0..head.grid.slices() {
            let read = read::slice(&self.quotes, &self.tenant, head.id, number).await;
            for (provider, slice) in read.unwrap().providers {
                counts += slice.counts();
                let lines = slice.lines.iter().map(Line::cells);
                grid.insert((number, provider), lines.map(<[Cell]>::to_vec).collect());
            }
        }
        assert_eq!(progress.counts(), counts);
        assert_eq!(progress.waiting(), 0);
        grid
    }
}

fn plan() -> QuotePlan {
    let all = lastmile_sim::plan::requests::services();
    QuotePlan {
        first_house: 1,
        houses: LOCATIONS,
        locations: LOCATIONS,
        providers: ["Alden", "Beacon", "Cedar", "Elm"].map(provider).into(),
        services: all.collect::<Vec<Service>>(),
        terms: [12, 36].into_iter().filter_map(Term::new).collect(),
        // The clock goes fast, and nothing is to expire.
        deadline: Duration::from_secs(24 * 60 * 60),
        begins: Duration::ZERO,
        wish: Wish::Watch,
        answers_all: false,
    }
}

fn provider(name: &str) -> ProviderName {
    ProviderName::new(name).unwrap()
}

/// In the killed process: says that a carrier was asked.
fn say(question: &PriceQuestion) {
    let carrier = question.provider.as_str();
    let (house, kbps) = (truth::house_of(question), question.service.down.0);
    acknowledge(&format!("{carrier} {house} {kbps}"));
}
