//! Who can be asked, how each of them is, and who buys from whom.

use std::time::Duration;

use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{Margin, OffNet};
use lastmile_providers::guard::GuardFigures;
use lastmile_providers::guard::breaker::BreakerFigures;
use lastmile_providers::guard::pace::PaceFigures;
use lastmile_providers::guard::retry::RetryFigures;

use super::{seldom, swarm};
use crate::dice::Dice;
use crate::limits::{PARTIES_MAX, STORM_MAX, TOLD_TO_WAIT_MAX};

/// Names of those who can be asked.
const NAMES: [&str; PARTIES_MAX] = [
    "Alden", "Beacon", "Cedar", "Dover", "Elm", "Fjord", "Grove", "Haven",
];

/// All who can be asked.
#[derive(Clone, Debug)]
pub struct Market {
    /// In the order of their names.
    pub parties: Vec<Party>,
}

/// One who can be asked.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its name.
    pub name: ProviderName,
    /// How it is asked.
    pub manner: Manner,
    /// From whom it buys, if it does.
    pub off_net: Option<OffNet>,
}

/// How a party is asked.
#[derive(Clone, Debug)]
pub enum Manner {
    /// From its list.
    List,
    /// By a person.
    Person,
    /// By its API.
    Live(Box<Temper>),
}

/// How a carrier is.
#[derive(Clone, Debug)]
pub struct Temper {
    /// How long it thinks at most.
    pub latency_max: Duration,
    /// How many questions it takes at once.
    pub questions_max: usize,
    /// Whether it answers later, and how.
    pub deferral: Option<Deferral>,
    /// How often it fails for now.
    pub failing_permille: u16,
    /// How often it does not answer at all.
    pub hanging_permille: u16,
    /// How often it is asked too much, as it says.
    pub limiting_permille: u16,
    /// The longest time it tells somebody to wait.
    pub told_to_wait_max: Duration,
    /// How often it forgets what it began.
    pub forgetting_permille: u16,
    /// When it is not there: from, and for how long.
    pub outage: Option<(Duration, Duration)>,
    /// How it is guarded.
    pub guard: GuardFigures,
}

/// How a carrier answers later.
#[derive(Clone, Copy, Debug)]
pub struct Deferral {
    /// How often it has to be asked on, at most.
    pub polls_max: u64,
    /// How long it tells somebody to wait between, at most.
    pub between_max: Duration,
}

impl Market {
    /// Draws some parties; about every third buys.
    #[must_use]
    pub fn drawn(dice: &Dice) -> Self {
        let most = u64::try_from(NAMES.len()).unwrap_or(u64::MAX);
        let many = usize::try_from(dice.between(2, most)).unwrap_or(NAMES.len());
        let names: Vec<ProviderName> = NAMES
            .iter()
            .filter_map(|name| ProviderName::new(name).ok())
            .take(many)
            .collect();
        let party = |name: &ProviderName| Party {
            name: name.clone(),
            manner: manner(dice),
            off_net: off_net(dice, name, &names),
        };
        Self {
            parties: names.iter().map(party).collect(),
        }
    }

    /// The party of this name.
    #[must_use]
    pub fn party(&self, name: &ProviderName) -> Option<&Party> {
        self.parties.iter().find(|party| party.name == *name)
    }
}

fn manner(dice: &Dice) -> Manner {
    match dice.below(100) {
        0..20 => Manner::List,
        20..28 => Manner::Person,
        _ => Manner::Live(Box::new(temper(dice))),
    }
}

fn off_net(dice: &Dice, buyer: &ProviderName, names: &[ProviderName]) -> Option<OffNet> {
    if !dice.permille(350) {
        return None;
    }
    let others = names.iter().filter(|name| *name != buyer);
    let suppliers: Vec<ProviderName> = others.filter(|_| dice.permille(450)).cloned().collect();
    let margin = Margin::new(u32::try_from(dice.below(5_000)).unwrap_or_default())?;
    Some(OffNet { suppliers, margin })
}

fn temper(dice: &Dice) -> Temper {
    let quick = Duration::from_millis(800);
    let deferral = Deferral {
        polls_max: dice.between(1, 5),
        between_max: dice.up_to(Duration::from_secs(90)),
    };
    let outage = (
        dice.up_to(STORM_MAX / 2),
        dice.up_to(Duration::from_secs(240)),
    );
    Temper {
        latency_max: quick + seldom(dice, 300, Duration::from_secs(240)),
        questions_max: usize::try_from(*dice.pick(&[1, 1, 4, 20])).unwrap_or(1),
        deferral: dice.permille(300).then_some(deferral),
        failing_permille: swarm(dice, 200),
        hanging_permille: swarm(dice, 40),
        limiting_permille: swarm(dice, 60),
        told_to_wait_max: *dice.pick(&[
            Duration::from_secs(1),
            Duration::from_secs(20),
            TOLD_TO_WAIT_MAX,
        ]),
        forgetting_permille: swarm(dice, 60),
        outage: dice.permille(250).then_some(outage),
        guard: guard(dice),
    }
}

fn guard(dice: &Dice) -> GuardFigures {
    let rate = u32::try_from(dice.between(1, 20)).unwrap_or(1);
    GuardFigures {
        concurrent: u32::try_from(*dice.pick(&[1, 2, 8, 40])).unwrap_or(1),
        pace: dice.permille(300).then_some(PaceFigures {
            requests_per_second: rate,
            burst: rate,
        }),
        timeout: Duration::from_secs(*dice.pick(&[2, 30, 30, 300])),
        retry: RetryFigures {
            tries_max: u32::try_from(dice.between(1, 4)).unwrap_or(1),
            wait_first: Duration::from_millis(200),
            wait_max: Duration::from_secs(5),
        },
        breaker: BreakerFigures {
            window_calls: 20,
            calls_min: 10,
            ill_percent: 50,
            open_for: Duration::from_secs(5),
            open_for_max: Duration::from_secs(300),
            trials: 2,
        },
    }
}
