//! What is asked for, and what whoever asked does with it.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::carrier::{Firmness, Location, Product, Service, Term};
use lastmile_model::claim::Kbps;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::QuoteRequest;
use lastmile_model::quote::request::Asked;

use super::Market;
use crate::dice::Dice;
use crate::limits::{HOUSES_A_QUOTE, LOCATIONS_MAX, PROVIDERS_MAX, QUOTES_MAX};

/// Speeds that are asked for.
const SPEEDS_KBPS: [u64; 2] = [100_000, 500_000];
/// How many quotes of a thousand name houses more than once.
const REPEATS_PERMILLE: u16 = 300;
/// Terms that are asked for, in months.
const MONTHS: [u16; 3] = [12, 24, 36];

/// One quote of a run.
#[derive(Clone, Debug)]
pub struct QuotePlan {
    /// Where its houses begin.
    pub first_house: u32,
    /// How many locations there are.
    pub locations: u32,
    /// How many houses: where they are fewer than the locations, they come again in the same order.
    pub houses: u32,
    /// Who is asked.
    pub providers: Vec<ProviderName>,
    /// What is asked for.
    pub services: Vec<Service>,
    /// For how long.
    pub terms: Vec<Term>,
    /// How long it may take.
    pub deadline: Duration,
    /// When it is asked for.
    pub begins: Duration,
    /// What becomes of it.
    pub wish: Wish,
    /// Whether every case of a person is answered in the end.
    pub answers_all: bool,
}

/// What whoever asked does with a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Looks at it.
    Watch,
    /// Cancels it at a time after it was asked for.
    Cancel(Duration),
    /// Accepts it as soon as that can be.
    Accept,
    /// Rejects it as soon as that can be.
    Reject,
}

pub(super) fn drawn(dice: &Dice, repeats: &Dice, market: &Market) -> Vec<QuotePlan> {
    let many = dice.between(1, QUOTES_MAX);
    (0..many)
        .map(|number| quote(dice, repeats, market, number))
        .collect()
}

fn quote(dice: &Dice, repeats: &Dice, market: &Market, number: u64) -> QuotePlan {
    let locations = match dice.below(3) {
        0 => dice.between(1, 5),
        1 => dice.between(6, 20),
        _ => dice.between(21, LOCATIONS_MAX),
    };
    let deadline = Duration::from_secs(match dice.below(6) {
        0 => dice.between(10, 120),
        1 | 2 => dice.between(120, 600),
        _ => dice.between(600, 3_600),
    });
    let wish = match dice.below(10) {
        0..2 => Wish::Cancel(dice.up_to(deadline)),
        2..5 => Wish::Accept,
        5 => Wish::Reject,
        _ => Wish::Watch,
    };
    // Odd in the first quote and even in the second, so that the referee knows one from the other.
    let locations = (locations - 1) / QUOTES_MAX * QUOTES_MAX + 1 + number;
    let number = u32::try_from(number).unwrap_or_default();
    let houses = if repeats.permille(REPEATS_PERMILLE) {
        repeats.between(1, locations)
    } else {
        locations
    };
    QuotePlan {
        first_house: 1 + number * HOUSES_A_QUOTE,
        locations: u32::try_from(locations).unwrap_or(1),
        houses: u32::try_from(houses).unwrap_or(1),
        providers: providers(dice, market),
        services: some(dice, &SPEEDS_KBPS).map(service).collect(),
        terms: some(dice, &MONTHS).filter_map(Term::new).collect(),
        deadline,
        begins: dice.up_to(Duration::from_secs(60)),
        wish,
        answers_all: dice.permille(600),
    }
}

fn providers(dice: &Dice, market: &Market) -> Vec<ProviderName> {
    let mut names: Vec<ProviderName> = market
        .parties
        .iter()
        .map(|party| party.name.clone())
        .collect();
    let most = u64::try_from(names.len()).unwrap_or(1).min(PROVIDERS_MAX);
    let many = usize::try_from(dice.between(1.max(most / 2), most)).unwrap_or(1);
    while names.len() > many {
        let gone = dice.below(u64::try_from(names.len()).unwrap_or(1));
        names.remove(usize::try_from(gone).unwrap_or_default());
    }
    names
}

/// At least one of these.
fn some<'a, T: Copy>(dice: &'a Dice, of: &'a [T]) -> impl Iterator<Item = T> + 'a {
    let always = dice.below(u64::try_from(of.len()).unwrap_or(1));
    (0..)
        .zip(of)
        .filter(move |(position, _)| *position == always || dice.permille(500))
        .map(|(_, one)| *one)
}

/// Everything that is asked for in some run.
pub fn services() -> impl Iterator<Item = Service> {
    SPEEDS_KBPS.into_iter().map(service)
}

const fn service(kbps: u64) -> Service {
    Service {
        product: Product::BasicInternetAccess,
        down: Kbps(kbps),
        up: Kbps(kbps / 5),
        access: None,
    }
}

/// The address of a house.
#[must_use]
pub fn written(house: u32) -> String {
    format!("{house} N Main St, Port Alden, NH 03611")
}

impl QuotePlan {
    /// What is sent at this time.
    #[must_use]
    pub fn request(&self, now: Timestamp) -> QuoteRequest {
        let asked = |position: u32| {
            let written = written(self.house_of(position));
            Asked {
                label: None,
                location: Location {
                    address: NormalAddress::of(&parse(&written)),
                    coordinates: None,
                    carrier_place: None,
                },
                written,
            }
        };
        let deadline = SignedDuration::try_from(self.deadline).unwrap_or_default();
        QuoteRequest {
            document: format!("{} houses", self.locations),
            locations: (0..self.locations).map(asked).collect(),
            providers: self.providers.clone(),
            services: self.services.clone(),
            terms: self.terms.clone(),
            firmness: Firmness::Budgetary,
            deadline: now.saturating_add(deadline).unwrap_or(now),
        }
    }

    /// The house of a location.
    #[must_use]
    pub const fn house_of(&self, location: u32) -> u32 {
        self.first_house + location % self.houses
    }

    /// Which of its locations a house is: the first one.
    #[must_use]
    pub fn location_of(&self, house: u32) -> Option<u32> {
        let location = house.checked_sub(self.first_house)?;
        (location < self.houses).then_some(location)
    }
}
