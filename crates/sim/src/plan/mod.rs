//! What a seed stands for: who is in the run, what is asked for, and what goes wrong.

pub mod market;
pub mod requests;
pub mod storm;

use std::time::Duration;

pub use market::{Deferral, Manner, Market, Party, Temper};
pub use requests::{QuotePlan, Wish};
pub use storm::{ProcessPlan, Storm};

use crate::dice::Dice;

/// Everything about a run that is decided before it begins.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What it was drawn from.
    pub seed: u64,
    /// Who can be asked.
    pub market: Market,
    /// What is asked for.
    pub quotes: Vec<QuotePlan>,
    /// What goes wrong.
    pub storm: Storm,
    /// Who works.
    pub processes: Vec<ProcessPlan>,
}

impl Plan {
    /// The plan of a seed.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let dice = Dice::of(seed, "plan");
        let market = Market::drawn(&dice);
        let quotes = requests::drawn(&dice, &Dice::of(seed, "repeats"), &market);
        let storm = Storm::drawn(&dice);
        let processes = storm::processes(&dice);
        Self {
            seed,
            market,
            quotes,
            storm,
            processes,
        }
    }

    /// Dice for somebody of this name.
    #[must_use]
    pub fn dice(&self, name: &str) -> Dice {
        Dice::of(self.seed, name)
    }
}

/// Nothing in most runs; otherwise a time up to `most`.
fn seldom(dice: &Dice, permille: u16, most: Duration) -> Duration {
    if dice.permille(permille) {
        dice.up_to(most)
    } else {
        Duration::ZERO
    }
}

/// Nothing in half of the runs, so that each fault is also seen without the others; otherwise up to `most`.
fn swarm(dice: &Dice, most: u16) -> u16 {
    if dice.permille(500) {
        u16::try_from(dice.between(1, u64::from(most))).unwrap_or(most)
    } else {
        0
    }
}
