//! What to take of what was offered, and the arithmetic behind it.
//!
//! For one term at a time. What an offer costs is what is paid over the whole term:
//! `MRC x months + NRC`. Offers in different currencies are not compared: only those in the currency
//! that most offers have are looked at, and the others are counted as left out.

use std::collections::{BTreeMap, BTreeSet};

use crate::carrier::Term;
use crate::claim::Kbps;
use crate::identity::ProviderName;
use crate::money::{Currency, Money};

/// One price at one location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which location of the quote, from 0.
    pub location: u32,
    /// Which service of the quote, from 0.
    pub service: usize,
    /// Download bandwidth of that service.
    pub down: Kbps,
    /// Who offers it.
    pub provider: ProviderName,
    /// Whose line it is, where the provider buys it.
    pub supplier: Option<ProviderName>,
    /// Each month.
    pub mrc: Money,
    /// Once.
    pub nrc: Money,
}

impl Offer {
    /// What is paid over the term, in minor units; the largest number there is where it would be more.
    #[must_use]
    pub fn total_minor(&self, term: Term) -> i64 {
        self.mrc
            .minor
            .saturating_mul(i64::from(term.months()))
            .saturating_add(self.nrc.minor)
    }

    /// Whose line it is in the end.
    fn carrier(&self) -> &ProviderName {
        self.supplier.as_ref().unwrap_or(&self.provider)
    }
}

/// What is recommended for one term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The term.
    pub term: Term,
    /// The currency of every amount.
    pub currency: Currency,
    /// For each location that has an offer, in their order.
    pub locations: Vec<LocationPick>,
    /// For all locations together, the cheapest offer at each.
    pub cheapest: WholePick,
    /// For all locations together, with as few providers as a greedy choice finds: each time the provider who
    /// covers most of the locations that are left.
    pub fewest_providers: WholePick,
    /// Offers that were left out because of their currency.
    pub other_currency: usize,
}

/// What is recommended at one location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocationPick {
    /// Which location of the quote, from 0.
    pub location: u32,
    /// The least that is paid over the term.
    pub cheapest: Pick,
    /// The most bandwidth for the money.
    pub best_value: Pick,
    /// The cheapest of another carrier, as a second way in; its line is not the first one's.
    pub second_carrier: Option<Pick>,
}

/// An offer that is recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The offer.
    pub offer: Offer,
    /// What is paid over the term, in minor units.
    pub total_minor: i64,
    /// Bandwidth for one unit of a month's money: kbit/s for each 100 minor units of the total divided by the months.
    pub kbps_per_money: u64,
}

/// A choice for all locations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WholePick {
    /// Who delivers, in the order of their names.
    pub providers: Vec<ProviderName>,
    /// How many locations are delivered.
    pub locations: u32,
    /// What is paid over the term for all of them, in minor units.
    pub total_minor: i64,
}

/// Compares the offers for one term; `None` where there is none.
#[must_use]
pub fn recommend(term: Term, offers: Vec<Offer>) -> Option<Recommendation> {
    let currency = usual_currency(&offers)?;
    let before = offers.len();
    let offers: Vec<Offer> = offers
        .into_iter()
        .filter(|offer| offer.mrc.currency == currency && offer.nrc.currency == currency)
        .collect();
    let other_currency = before - offers.len();
    let mut by_location: BTreeMap<u32, Vec<&Offer>> = BTreeMap::new();
    for offer in &offers {
        by_location.entry(offer.location).or_default().push(offer);
    }
    let locations: Vec<LocationPick> = by_location
        .iter()
        .filter_map(|(location, offers)| at_location(*location, offers, term))
        .collect();
    let all = offers.iter().map(|offer| &offer.provider).collect();
    Some(Recommendation {
        term,
        currency,
        cheapest: whole(&by_location, &all, term),
        fewest_providers: whole(&by_location, &few_providers(&by_location, term), term),
        locations,
        other_currency,
    })
}

fn usual_currency(offers: &[Offer]) -> Option<Currency> {
    let mut counts = [(Currency::Usd, 0_usize), (Currency::Cad, 0)];
    for offer in offers {
        for (currency, count) in &mut counts {
            *count += usize::from(offer.mrc.currency == *currency);
        }
    }
    // The first of equals, so that the same offers always give the same answer.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 0)
        .map(|(currency, _)| currency)
}

fn at_location(location: u32, offers: &[&Offer], term: Term) -> Option<LocationPick> {
    let cheapest = cheapest(offers.iter().copied(), term)?;
    let best = offers.iter().copied().max_by(|one, other| {
        let value = |offer: &Offer| kbps_per_money(offer, term);
        value(one)
            .cmp(&value(other))
            .then_with(|| order(other, term).cmp(&order(one, term)))
    })?;
    let others = offers.iter().copied().filter(|offer| {
        offer.provider != cheapest.provider && offer.carrier() != cheapest.carrier()
    });
    Some(LocationPick {
        location,
        cheapest: pick(cheapest, term),
        best_value: pick(best, term),
        second_carrier: self::cheapest(others, term).map(|offer| pick(offer, term)),
    })
}

fn pick(offer: &Offer, term: Term) -> Pick {
    Pick {
        total_minor: offer.total_minor(term),
        kbps_per_money: kbps_per_money(offer, term),
        offer: offer.clone(),
    }
}

fn kbps_per_money(offer: &Offer, term: Term) -> u64 {
    let total = u128::try_from(offer.total_minor(term)).unwrap_or_default();
    let bandwidth = u128::from(offer.down.0) * u128::from(term.months()) * 100;
    let value = bandwidth.checked_div(total).unwrap_or(u128::MAX);
    u64::try_from(value).unwrap_or(u64::MAX)
}

/// Cheapest first; of equals the one with more bandwidth, then by name.
fn order(offer: &Offer, term: Term) -> (i64, std::cmp::Reverse<Kbps>, &ProviderName, usize) {
    let bandwidth = std::cmp::Reverse(offer.down);
    let total = offer.total_minor(term);
    (total, bandwidth, &offer.provider, offer.service)
}

fn cheapest<'a>(offers: impl Iterator<Item = &'a Offer>, term: Term) -> Option<&'a Offer> {
    offers.min_by(|one, other| order(one, term).cmp(&order(other, term)))
}

fn whole(
    by_location: &BTreeMap<u32, Vec<&Offer>>,
    allowed: &BTreeSet<&ProviderName>,
    term: Term,
) -> WholePick {
    let mut providers = BTreeSet::new();
    let (mut locations, mut total_minor) = (0, 0_i64);
    for offers in by_location.values() {
        let of_allowed = offers
            .iter()
            .copied()
            .filter(|offer| allowed.contains(&offer.provider));
        if let Some(offer) = cheapest(of_allowed, term) {
            providers.insert(offer.provider.clone());
            locations += 1;
            total_minor = total_minor.saturating_add(offer.total_minor(term));
        }
    }
    WholePick {
        providers: providers.into_iter().collect(),
        locations,
        total_minor,
    }
}

/// A greedy cover: who covers most of what is left, the cheaper of two that cover as much.
fn few_providers<'a>(
    by_location: &BTreeMap<u32, Vec<&'a Offer>>,
    term: Term,
) -> BTreeSet<&'a ProviderName> {
    let mut left: BTreeSet<u32> = by_location.keys().copied().collect();
    let mut chosen = BTreeSet::new();
    while !left.is_empty() {
        let mut covered: BTreeMap<&ProviderName, BTreeMap<u32, i64>> = BTreeMap::new();
        for location in &left {
            for offer in &by_location[location] {
                let total = offer.total_minor(term);
                let least = covered.entry(&offer.provider).or_default();
                let least = least.entry(*location).or_insert(total);
                *least = total.min(*least);
            }
        }
        let best = covered.iter().max_by(|(name, one), (other_name, other)| {
            let cost =
                |at: &BTreeMap<u32, i64>| -> i128 { at.values().map(|x| i128::from(*x)).sum() };
            one.len()
                .cmp(&other.len())
                .then_with(|| cost(other).cmp(&cost(one)))
                .then_with(|| other_name.cmp(name))
        });
        let Some((name, locations)) = best else {
            break;
        };
        chosen.insert(*name);
        left.retain(|location| !locations.contains_key(location));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(location: u32, provider: &str, mrc: i64, down_kbps: u64) -> Offer {
        let usd = |minor| Money {
            minor,
            currency: Currency::Usd,
        };
        Offer {
            location,
            service: 0,
            down: Kbps(down_kbps),
            provider: ProviderName::new(provider).unwrap(),
            supplier: None,
            mrc: usd(mrc),
            nrc: usd(1_000),
        }
    }

    fn term() -> Term {
        Term::new(12).unwrap()
    }

    fn names(pick: &WholePick) -> Vec<&str> {
        pick.providers.iter().map(ProviderName::as_str).collect()
    }

    #[test]
    fn a_location_has_its_cheapest_its_best_value_and_a_second_carrier() {
        let offers = vec![
            offer(0, "Acme", 5_000, 100_000),
            offer(0, "Beacon", 6_000, 1_000_000),
            offer(0, "Cable", 7_000, 100_000),
        ];
        let recommendation = recommend(term(), offers).unwrap();
        let [at] = &recommendation.locations[..] else {
            panic!("one location");
        };
        assert_eq!(at.cheapest.offer.provider.as_str(), "Acme");
        assert_eq!(at.cheapest.total_minor, 12 * 5_000 + 1_000);
        assert_eq!(at.best_value.offer.provider.as_str(), "Beacon");
        // 1,000,000 kbit/s x 12 months x 100 over 73,000 cents.
        assert_eq!(at.best_value.kbps_per_money, 16_438);
        let second = at.second_carrier.as_ref().unwrap();
        assert_eq!(second.offer.provider.as_str(), "Beacon");
    }

    #[test]
    fn the_same_line_bought_by_another_is_no_second_carrier() {
        let first = offer(0, "Acme", 5_000, 100_000);
        let resold = Offer {
            supplier: Some(first.provider.clone()),
            ..offer(0, "Beacon", 5_500, 100_000)
        };
        let recommendation = recommend(term(), vec![first, resold]).unwrap();
        assert_eq!(recommendation.locations[0].second_carrier, None);
    }

    #[test]
    fn few_providers_may_cost_more() {
        let offers = vec![
            offer(0, "Acme", 1_000, 1),
            offer(1, "Beacon", 1_000, 1),
            offer(2, "Cable", 1_000, 1),
            offer(0, "Wide", 2_000, 1),
            offer(1, "Wide", 2_000, 1),
            offer(2, "Wide", 2_000, 1),
        ];
        let recommendation = recommend(term(), offers).unwrap();
        assert_eq!(names(&recommendation.cheapest), ["Acme", "Beacon", "Cable"]);
        assert_eq!(recommendation.cheapest.total_minor, 3 * 13_000);
        assert_eq!(names(&recommendation.fewest_providers), ["Wide"]);
        assert_eq!(recommendation.fewest_providers.total_minor, 3 * 25_000);
        assert_eq!(recommendation.fewest_providers.locations, 3);
    }

    #[test]
    fn currencies_are_not_mixed() {
        let mut dollars = offer(0, "Acme", 5_000, 1);
        dollars.mrc.currency = Currency::Cad;
        dollars.nrc.currency = Currency::Cad;
        let offers = vec![dollars, offer(0, "Beacon", 9_000, 1)];
        let recommendation = recommend(term(), offers).unwrap();
        assert_eq!(recommendation.other_currency, 1);
        assert_eq!(recommendation.currency, Currency::Usd);
        assert_eq!(names(&recommendation.cheapest), ["Beacon"]);
        assert_eq!(recommend(term(), Vec::new()), None);
    }
}
