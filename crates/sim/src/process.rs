//! A process: workers and a relay, killed now and then, and started again.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use lastmile_app::Context;
use lastmile_app::availability::Availability;
use lastmile_app::quotes::{Panel, QuoteDesk, Quotes};
use lastmile_app::work::relay::Seating;
use lastmile_app::work::{Queues, Workshop, relay, worker};
use lastmile_providers::{Carriers, Doors, Guarded, Way};
use lastmile_store::QueueName;
use lastmile_testkit::queue::MemoryQueue;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::carrier::SimCarrier;
use crate::dice::Dice;
use crate::gate::{Gate, Life};
use crate::happening::Happening;
use crate::plan::{Manner, ProcessPlan};
use crate::queue::SimQueue;
use crate::store::SimStore;
use crate::world::World;

/// What makes up a life of a process.
struct Alive {
    life: Arc<Life>,
    tasks: Vec<JoinHandle<()>>,
}

/// Lives, dies and lives again, until `end` says that all is over.
pub async fn run(world: Arc<World>, number: usize, end: watch::Receiver<bool>) {
    let plan = world.plan.processes[number];
    let dice = world.plan.dice(&format!("process {number}"));
    for life in 1.. {
        let alive = begin(&world, plan, Life::mortal(format!("p{number}.{life}")));
        let is_over = lives(&world, &alive.life, &dice, end.clone()).await;
        alive.end().await;
        if is_over {
            return;
        }
        let away = dice.up_to(world.plan.storm.away_max);
        let mut end = end.clone();
        tokio::select! {
            biased;
            _ = end.wait_for(|is_over| *is_over) => return,
            () = sleep(away) => {}
        }
    }
}

/// Whether it lived until all was over.
async fn lives(world: &World, life: &Life, dice: &Dice, mut end: watch::Receiver<bool>) -> bool {
    let storm = &world.plan.storm;
    let dies_after = dice.up_to(storm.life_max);
    let storm_left = storm.lasts.saturating_sub(world.time.passed());
    let dies = async {
        if storm.life_max.is_zero() || dies_after >= storm_left {
            pending::<()>().await;
        }
        sleep(dies_after).await;
    };
    tokio::select! {
        biased;
        _ = end.wait_for(|is_over| *is_over) => true,
        () = life.killed() => false,
        () = dies => {
            world.count(Happening::KilledAtTime);
            false
        }
    }
}

fn begin(world: &Arc<World>, plan: ProcessPlan, life: Life) -> Alive {
    let life = Arc::new(life);
    world.count(Happening::Began);
    world.tell(&life.name, format_args!("begins"));
    let quotes = quotes(world, &life);
    let queue: Arc<dyn lastmile_store::Queue> =
        Arc::new(SimQueue::new(Gate::new(world, &life, "queue")));
    let nothing = |name: QueueName| {
        let clock = Arc::new(world.time);
        Arc::new(MemoryQueue::new(name.settings(), clock))
    };
    let queues = Queues {
        imports: nothing(QueueName::Imports),
        quotes: Arc::clone(&queue),
        tasks: nothing(QueueName::Tasks),
    };
    let workshop = Workshop::default().quotes(QuoteDesk::new(quotes.clone(), Arc::clone(&queue)));
    let seating = match world.plan.processes.len() {
        1 => Seating::SoleProcess,
        _ => Seating::OneOfMany,
    };
    let settings = QueueName::Quotes.settings();
    let works = worker::run(workshop, queue, settings, plan.at_once, pending());
    let relays = relay::run(quotes.availability, queues, seating, pending());
    Alive {
        life,
        tasks: vec![tokio::spawn(works), tokio::spawn(relays)],
    }
}

impl Alive {
    async fn end(self) {
        let Self { life, tasks } = self;
        for task in &tasks {
            task.abort();
        }
        for task in tasks {
            // It was cut off, as it was to be.
            let _ = task.await;
        }
        // What it had begun is dropped by the runtime before anything waits for longer.
        sleep(Duration::from_millis(1)).await;
        life.ends();
    }
}

/// The quote service of one life.
pub fn quotes(world: &Arc<World>, life: &Arc<Life>) -> Quotes {
    let store = Arc::new(SimStore::new(Gate::new(world, life, "store")));
    let random = Arc::new(world.plan.dice(&format!("{} random", life.name)));
    let time = Arc::new(world.time);
    let context = Context::new(store, time.clone(), random.clone());
    let doors = Doors {
        clock: time.clone(),
        timer: time,
        random,
    };
    let parties = &world.plan.market.parties;
    let ways = parties.iter().map(|party| {
        let way = match &party.manner {
            Manner::List => Way::Coverage,
            Manner::Person => Way::Person,
            Manner::Live(temper) => {
                let gate = Gate::new(world, life, party.name.as_str());
                let carrier = SimCarrier::new(gate, (**temper).clone());
                let name = party.name.clone();
                let guarded = Guarded::new(carrier, name, temper.guard, doors.clone());
                Way::Live(Arc::new(guarded))
            }
        };
        (party.name.clone(), way)
    });
    let off_net = parties
        .iter()
        .filter_map(|party| Some((party.name.clone(), party.off_net.clone()?)));
    let panel = Panel::new(ways.collect::<Carriers>(), off_net.collect());
    Quotes {
        availability: Availability::new(context),
        panel: Arc::new(panel),
    }
}
