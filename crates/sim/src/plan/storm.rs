//! What goes wrong, how often, and for how long.

use std::time::Duration;

use lastmile_testkit::store::Faults;

use super::{seldom, swarm};
use crate::dice::Dice;
use crate::limits::{PROCESSES_MAX, STORM_MAX};

/// What goes wrong until the storm is over. After it everything works, so that everything must come to its end.
#[derive(Clone, Debug)]
pub struct Storm {
    /// How long it lasts.
    pub lasts: Duration,
    /// How calls of the store fail.
    pub store: Faults,
    /// How calls of the queue fail.
    pub queue: Faults,
    /// How long a call of the store takes, at most.
    pub store_latency_max: Duration,
    /// The same for the few calls that take long.
    pub store_stall_max: Duration,
    /// How many calls take long, in a thousand.
    pub stalling_permille: u16,
    /// How often a message is sent twice.
    pub twice_permille: u16,
    /// How often a message comes late.
    pub late_permille: u16,
    /// How late, at most; so messages come out of order.
    pub late_max: Duration,
    /// How often a message is given out again although it is in work.
    pub again_permille: u16,
    /// How many in ten thousand calls kill the process that makes them, before or after they happen.
    pub killing_per_myriad: u16,
    /// How long a process lives at most; zero for ever.
    pub life_max: Duration,
    /// How long it is away at most when it was killed.
    pub away_max: Duration,
}

/// One process.
#[derive(Clone, Copy, Debug)]
pub struct ProcessPlan {
    /// How many messages it works on at once.
    pub at_once: usize,
}

impl Storm {
    pub(super) fn drawn(dice: &Dice) -> Self {
        let least = Duration::from_secs(30);
        Self {
            lasts: least + dice.up_to(STORM_MAX - least),
            store: faults(dice),
            queue: faults(dice),
            store_latency_max: Duration::from_millis(*dice.pick(&[0, 5, 40])),
            store_stall_max: seldom(dice, 300, Duration::from_secs(30)),
            stalling_permille: swarm(dice, 20),
            twice_permille: swarm(dice, 150),
            late_permille: swarm(dice, 300),
            late_max: dice.up_to(Duration::from_secs(240)),
            again_permille: swarm(dice, often(dice, 150)),
            killing_per_myriad: swarm(dice, often(dice, 40)),
            life_max: seldom(dice, 400, Duration::from_secs(300)),
            away_max: dice.up_to(Duration::from_secs(60)),
        }
    }
}

/// So much in most runs; in some it is so bad that messages die of it.
fn often(dice: &Dice, most: u16) -> u16 {
    if dice.permille(100) { 900 } else { most }
}

fn faults(dice: &Dice) -> Faults {
    Faults {
        before_permille: swarm(dice, 20),
        after_permille: swarm(dice, 20),
        throttled_permille: swarm(dice, 20),
    }
}

pub(super) fn processes(dice: &Dice) -> Vec<ProcessPlan> {
    let many = dice.between(1, PROCESSES_MAX);
    let at_once = |_| ProcessPlan {
        at_once: usize::try_from(*dice.pick(&[1, 2, 4, 16])).unwrap_or(1),
    };
    (0..many).map(at_once).collect()
}
