//! Which rate of a card answers a question.
//!
//! Of the rates that fit, the one of the closest zone; of those, the one of the smallest bandwidth that covers
//! the asked one; of those, the cheapest over the whole term. A rate that begins later takes the place of an
//! earlier one of the same zone, access medium, bandwidth and term.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use crate::address::BuildingKey;
use crate::carrier::{Service, Term};
use crate::claim::{Kbps, Technology};
use crate::identity::ListName;

use super::{Charge, Rate, Zone};

/// What a rate is looked for that fits.
#[derive(Clone, Debug, PartialEq)]
pub struct RateQuestion<'q> {
    /// What is asked for.
    pub service: Service,
    /// Where.
    pub site: Site<'q>,
    /// What the provider can deliver there, best first.
    pub deliverables: Vec<Deliverable<'q>>,
    /// On which day.
    pub day: Date,
}

/// The building that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site<'q> {
    /// The building.
    pub building: &'q BuildingKey,
    /// Its ZIP code, where it is known.
    pub zip: Option<&'q str>,
    /// The two letters of its state, where it is known.
    pub state: Option<&'q str>,
}

/// What a provider's list says that it can deliver at the building.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deliverable<'q> {
    /// How it gets there; [`Technology::Other`] where the list does not say.
    pub technology: Technology,
    /// Highest download bandwidth, where said.
    pub down: Option<Kbps>,
    /// Highest upload bandwidth, where said.
    pub up: Option<Kbps>,
    /// Which of the provider's own lists says so; `None` for a list of somebody else.
    pub list: Option<&'q ListName>,
}

/// What a card says for one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'r> {
    /// This rate.
    Rate {
        /// The rate.
        rate: &'r Rate,
        /// The first of the deliverables that it is for, counted from 0.
        deliverable: usize,
    },
    /// The card has rates for this, but none for the term.
    TermNotOnCard,
    /// The card has no rate for this.
    NotOnCard,
}

/// The rate for one term.
#[must_use]
pub fn choose<'r>(
    rates: impl IntoIterator<Item = &'r Rate>,
    question: &RateQuestion<'_>,
    term: Term,
) -> Choice<'r> {
    let mut other_terms = false;
    let mut fitting = Vec::new();
    for rate in rates {
        let Some(deliverable) = fits(rate, question) else {
            continue;
        };
        if rate.term == term {
            fitting.push((rate, deliverable));
        } else {
            other_terms = true;
        }
    }
    let offers = |rate: &Rate| (rate.zone.closeness(), rate.down, rate.up, rate.access);
    fitting.sort_by_key(|(rate, _)| (offers(rate), Reverse(rate.effective.from)));
    fitting.dedup_by(|(later, _), (first, _)| {
        offers(later) == offers(first) && later.effective.from < first.effective.from
    });
    let best = fitting.into_iter().min_by(|(one, _), (other, _)| {
        let wide = |rate: &Rate| (rate.zone.closeness(), rate.down, rate.up);
        wide(one)
            .cmp(&wide(other))
            .then_with(|| cheaper(one, other))
    });
    match best {
        Some((rate, deliverable)) => Choice::Rate { rate, deliverable },
        None if other_terms => Choice::TermNotOnCard,
        None => Choice::NotOnCard,
    }
}

/// For which of the deliverables the rate is an answer, whatever its term; `None` where for none.
fn fits(rate: &Rate, question: &RateQuestion<'_>) -> Option<usize> {
    let RateQuestion {
        service,
        site,
        deliverables,
        day,
    } = question;
    let asked = rate.product == service.product
        && rate.down >= service.down
        && rate.up >= service.up
        && rate.effective.holds_on(*day);
    if !asked {
        return None;
    }
    deliverables.iter().position(|deliverable| {
        is_deliverable(rate, service.access, deliverable)
            && match &rate.zone {
                Zone::Everywhere => true,
                Zone::State(state) => site.state == Some(state),
                Zone::Zip(zip) => site.zip == Some(zip),
                Zone::List(list) => deliverable.list == Some(list),
                Zone::Building(building) => site.building == building,
            }
    })
}

/// A rate sells no more than the line to the building can carry, and no other medium.
fn is_deliverable(rate: &Rate, asked: Option<Technology>, deliverable: &Deliverable<'_>) -> bool {
    let Deliverable {
        technology,
        down,
        up,
        list: _,
    } = *deliverable;
    let is_wide_enough =
        down.is_none_or(|down| rate.down <= down) && up.is_none_or(|up| rate.up <= up);
    let fits_list = |access| technology == Technology::Other || technology == access;
    let fits_asked = |access| asked.is_none_or(|asked| asked == access);
    is_wide_enough
        && rate
            .access
            .is_none_or(|access| fits_list(access) && fits_asked(access))
}

/// Amounts before what a person prices, the usual currency before others; of one currency, the lower sum over the term. What is left depends on
/// nothing but the two rates, so that the order in which they are read does not matter.
fn cheaper(one: &Rate, other: &Rate) -> Ordering {
    let rank = |rate: &Rate| {
        let price = match rate.charge {
            Charge::Priced { mrc, nrc } => {
                let months = i128::from(rate.term.months());
                let total = i128::from(mrc.minor) * months + i128::from(nrc.minor);
                (0, Some(mrc.currency), total)
            }
            Charge::IndividualCase => (1, None, 0),
        };
        let days = rate.install_interval_days.unwrap_or(u32::MAX);
        (price, days, rate.effective.until.map(Reverse), rate.access)
    };
    rank(one).cmp(&rank(other))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::address::{NormalAddress, parse};
    use crate::carrier::Product;
    use crate::money::{Currency, Money};
    use crate::rate_card::Effective;

    const DAY: Date = date(2026, 3, 3);

    fn building(number: u32) -> BuildingKey {
        let written = format!("{number} N Main St, Port Alden, NH 03611");
        NormalAddress::of(&parse(&written)).building_key().unwrap()
    }

    fn list(name: &str) -> ListName {
        ListName::new(name).unwrap()
    }

    fn months(term: u16) -> Term {
        Term::new(term).unwrap()
    }

    fn usd(minor: i64) -> Charge {
        charge(minor, Currency::Usd)
    }

    fn charge(minor: i64, currency: Currency) -> Charge {
        let money = |minor| Money { minor, currency };
        Charge::Priced {
            mrc: money(minor),
            nrc: money(0),
        }
    }

    /// 100 Mbps everywhere by fiber for three years at 100.00.
    fn rate() -> Rate {
        Rate {
            zone: Zone::Everywhere,
            product: Product::BasicInternetAccess,
            access: Some(Technology::Fiber),
            down: Kbps(100_000),
            up: Kbps(100_000),
            term: months(36),
            charge: usd(10_000),
            install_interval_days: None,
            effective: Effective::default(),
        }
    }

    fn service() -> Service {
        Service {
            product: Product::BasicInternetAccess,
            down: Kbps(50_000),
            up: Kbps(50_000),
            access: None,
        }
    }

    fn fiber() -> Deliverable<'static> {
        Deliverable {
            technology: Technology::Fiber,
            down: Some(Kbps(1_000_000)),
            up: Some(Kbps(1_000_000)),
            list: None,
        }
    }

    fn question(building: &BuildingKey) -> RateQuestion<'_> {
        RateQuestion {
            service: service(),
            site: Site {
                building,
                zip: Some("03611"),
                state: Some("NH"),
            },
            deliverables: vec![fiber()],
            day: DAY,
        }
    }

    /// What is chosen at the first building for three years.
    fn chosen(rates: &[Rate]) -> Option<&Rate> {
        let building = building(1);
        match choose(rates, &question(&building), months(36)) {
            Choice::Rate { rate, .. } => Some(rate),
            Choice::TermNotOnCard | Choice::NotOnCard => None,
        }
    }

    #[test]
    fn the_closest_zone_decides_then_the_bandwidth_then_the_price() {
        let with = |zone, down, minor| Rate {
            zone,
            down: Kbps(down),
            charge: usd(minor),
            ..rate()
        };
        // The best comes first: each is chosen of itself and all that follow.
        let rates = [
            with(Zone::Building(building(1)), 500_000, 90_000),
            with(Zone::Zip("03611".into()), 100_000, 80_000),
            with(Zone::Zip("03611".into()), 200_000, 1_000),
            with(Zone::State("NH".into()), 60_000, 70_000),
            with(Zone::Everywhere, 60_000, 100),
            Rate {
                access: None,
                ..with(Zone::Everywhere, 60_000, 101)
            },
            with(Zone::Everywhere, 70_000, 99),
        ];
        for (best, expected) in rates.iter().enumerate() {
            assert_eq!(chosen(&rates[best..]), Some(expected), "{best}");
        }
    }

    #[test]
    fn regression_the_usual_currency_is_taken_whatever_the_other_amount_is() {
        let other = Rate {
            charge: charge(100, Currency::Cad),
            ..rate()
        };
        assert_eq!(chosen(&[other.clone(), rate()]), Some(&rate()));
        assert_eq!(chosen(&[rate(), other]), Some(&rate()));
    }

    #[test]
    fn what_does_not_fit_is_no_answer() {
        let (zip, state) = ("03612", "VT");
        for other in [
            Rate {
                zone: Zone::Building(building(2)),
                ..rate()
            },
            Rate {
                zone: Zone::Zip(zip.into()),
                ..rate()
            },
            Rate {
                zone: Zone::State(state.into()),
                ..rate()
            },
            Rate {
                zone: Zone::List(list("main")),
                ..rate()
            },
            Rate {
                product: Product::AccessELine,
                ..rate()
            },
            Rate {
                access: Some(Technology::Copper),
                ..rate()
            },
            Rate {
                down: Kbps(49_999),
                ..rate()
            },
            Rate {
                up: Kbps(49_999),
                ..rate()
            },
            // The line carries no more than a gigabit.
            Rate {
                down: Kbps(1_000_001),
                ..rate()
            },
            Rate {
                effective: Effective {
                    from: DAY.tomorrow().ok(),
                    until: None,
                },
                ..rate()
            },
            Rate {
                effective: Effective {
                    from: None,
                    until: DAY.yesterday().ok(),
                },
                ..rate()
            },
        ] {
            assert_eq!(chosen(std::slice::from_ref(&other)), None, "{other:?}");
            let building = building(1);
            let choice = choose([&other], &question(&building), months(36));
            assert_eq!(choice, Choice::NotOnCard);
        }
    }

    #[test]
    fn a_term_that_is_not_on_the_card_is_told_apart() {
        let (rates, building) = ([rate()], building(1));
        let choice = choose(&rates, &question(&building), months(24));
        assert_eq!(choice, Choice::TermNotOnCard);
    }

    #[test]
    fn a_later_rate_takes_the_place_of_an_earlier_one_and_gives_it_back() {
        let from = |from, until, minor| Rate {
            charge: usd(minor),
            effective: Effective { from, until },
            ..rate()
        };
        let usual = from(Some(date(2026, 1, 1)), None, 10_000);
        let dearer = from(Some(date(2026, 3, 1)), Some(date(2026, 3, 31)), 20_000);
        let rates = [usual.clone(), dearer.clone()];
        assert_eq!(chosen(&rates), Some(&dearer));
        let building = building(1);
        let april = RateQuestion {
            day: date(2026, 4, 1),
            ..question(&building)
        };
        let choice = choose(&rates, &april, months(36));
        assert_eq!(
            choice,
            Choice::Rate {
                rate: &usual,
                deliverable: 0
            }
        );
        // Of another medium it is another rate, and the cheaper one counts.
        let copper = Rate {
            access: None,
            ..usual
        };
        assert_eq!(chosen(&[copper.clone(), dearer]), Some(&copper));
    }

    #[test]
    fn an_amount_goes_before_what_a_person_prices_but_not_before_a_closer_zone() {
        let icb = Rate {
            access: None,
            charge: Charge::IndividualCase,
            ..rate()
        };
        assert_eq!(chosen(&[icb.clone(), rate()]), Some(&rate()));
        let closer = Rate {
            zone: Zone::State("NH".into()),
            ..icb
        };
        assert_eq!(chosen(&[rate(), closer.clone()]), Some(&closer));
    }

    #[test]
    fn the_medium_fits_the_line_and_the_question() {
        let building = building(1);
        let copper = Deliverable {
            technology: Technology::Copper,
            ..fiber()
        };
        let unsaid = Deliverable {
            technology: Technology::Other,
            ..fiber()
        };
        let by_copper = Rate {
            access: Some(Technology::Copper),
            ..rate()
        };
        let ask = |deliverables, access, rate: &Rate| {
            let question = RateQuestion {
                service: Service {
                    access,
                    ..service()
                },
                deliverables,
                ..question(&building)
            };
            match choose([rate], &question, months(36)) {
                Choice::Rate { deliverable, .. } => Some(deliverable),
                Choice::TermNotOnCard | Choice::NotOnCard => None,
            }
        };
        assert_eq!(ask(vec![fiber(), copper], None, &by_copper), Some(1));
        assert_eq!(ask(vec![fiber()], None, &by_copper), None);
        assert_eq!(ask(vec![unsaid], None, &by_copper), Some(0));
        let fiber = Some(Technology::Fiber);
        assert_eq!(ask(vec![unsaid], fiber, &by_copper), None);
        assert_eq!(ask(vec![], None, &rate()), None);
    }

    #[test]
    fn a_list_is_a_zone_of_the_buildings_that_it_names() {
        let (building, on_net, other) = (building(1), list("on net"), list("main"));
        let zoned = Rate {
            zone: Zone::List(list("on net")),
            ..rate()
        };
        let said_by = |list| RateQuestion {
            deliverables: vec![Deliverable { list, ..fiber() }],
            ..question(&building)
        };
        let is_chosen = |list| {
            let choice = choose([&zoned], &said_by(list), months(36));
            matches!(choice, Choice::Rate { .. })
        };
        assert!(is_chosen(Some(&on_net)));
        assert!(!is_chosen(Some(&other)));
        assert!(!is_chosen(None));
    }

    fn rates() -> impl Strategy<Value = Rate> {
        let zones = select(vec![
            Zone::Everywhere,
            Zone::State("NH".into()),
            Zone::State("VT".into()),
            Zone::Zip("03611".into()),
            Zone::Building(building(1)),
            Zone::Building(building(2)),
        ]);
        let access = select(vec![
            None,
            Some(Technology::Fiber),
            Some(Technology::Copper),
        ]);
        let speed = || select(vec![10_000, 50_000, 100_000, 2_000_000]).prop_map(Kbps);
        let charge = prop_oneof![
            4 => (0..5_i64).prop_map(usd),
            1 => Just(Charge::IndividualCase),
        ];
        let day = || {
            let day = select(vec![date(2026, 2, 1), DAY, date(2026, 4, 1)]);
            proptest::option::of(day)
        };
        (
            (zones, access, speed(), speed()),
            (select(vec![12, 36]), charge, day(), day()),
        )
            .prop_map(
                |((zone, access, down, up), (term, charge, from, until))| Rate {
                    zone,
                    access,
                    down,
                    up,
                    term: months(term),
                    charge,
                    effective: Effective { from, until },
                    ..rate()
                },
            )
    }

    proptest! {
        #[test]
        fn the_order_of_the_rates_does_not_matter(
            rates in prop::collection::vec(rates(), 0..12),
            turn in 0..12_usize,
        ) {
            let building = building(1);
            let question = question(&building);
            let choice = choose(&rates, &question, months(36));
            let mut turned = rates.clone();
            turned.rotate_left(turn.min(rates.len()));
            turned.reverse();
            let again = choose(&turned, &question, months(36));
            match (choice, again) {
                (Choice::Rate { rate: one, .. }, Choice::Rate { rate: other, .. }) => {
                    prop_assert_eq!(cheaper(one, other), Ordering::Equal);
                    prop_assert_eq!((&one.zone, one.down, one.up), (&other.zone, other.down, other.up));
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }

        #[test]
        fn nothing_that_fits_is_of_a_closer_zone_or_closer_to_what_is_asked(
            rates in prop::collection::vec(rates(), 0..12),
        ) {
            let building = building(1);
            let question = question(&building);
            let fitting: Vec<&Rate> = rates.iter().filter(|rate| fits(rate, &question).is_some()).collect();
            let of_term: Vec<&Rate> = fitting.iter().copied().filter(|rate| rate.term == months(36)).collect();
            match choose(&rates, &question, months(36)) {
                Choice::Rate { rate, deliverable } => {
                    prop_assert_eq!(deliverable, 0);
                    prop_assert!(of_term.contains(&rate));
                    prop_assert!(rate.effective.holds_on(DAY));
                    prop_assert!(rate.down >= question.service.down && rate.up >= question.service.up);
                    let place = |rate: &Rate| (rate.zone.closeness(), rate.down, rate.up);
                    prop_assert!(of_term.iter().all(|other| place(rate) <= place(other)));
                }
                Choice::TermNotOnCard => {
                    prop_assert!(of_term.is_empty() && !fitting.is_empty());
                }
                Choice::NotOnCard => prop_assert!(fitting.is_empty()),
            }
        }

        #[test]
        fn a_rate_of_another_place_changes_nothing(
            rates in prop::collection::vec(rates(), 1..12),
            other in rates(),
        ) {
            let elsewhere = Rate { zone: Zone::Building(building(2)), ..other };
            let building = building(1);
            let question = question(&building);
            let mut more = vec![elsewhere];
            more.extend(rates.iter().cloned());
            prop_assert_eq!(
                choose(&rates, &question, months(36)),
                choose(&more, &question, months(36))
            );
        }
    }
}
