//! The keys of rate cards.
//!
//! Rates of wide zones (everywhere, a state, a list) and of narrow ones (a ZIP code, a building in it) stand apart,
//! so that all that can hold at a building are two ranges of one partition.

use std::fmt::Write as _;

use jiff::civil::Date;
use lastmile_model::address::{Area, BuildingKey, HouseNumber, StreetKey};
use lastmile_model::carrier::{Product, Term};
use lastmile_model::claim::{Kbps, Technology};
use lastmile_model::identity::{ListName, ProviderName};
use lastmile_model::listing::Generation;
use lastmile_model::rate_card::{Rate, Zone};

use super::{
    after_generation, joined, joined_parts, parts_of, push_area, read_area, read_generation,
    technology_letter, technology_of, unescape,
};
use crate::item::PrimaryKey;
use crate::query::{Query, SortKey};

/// Begins the partitions of rates.
const RATES: &str = "RATE";
/// Begins the zones that are wider than a ZIP code.
const WIDE: &str = "w";
/// Begins the zones that are a ZIP code or lie in one.
const NARROW: &str = "n";
/// Kinds of zones, one letter each, never reused.
const EVERYWHERE: &str = "e";
const STATE: &str = "s";
const LIST: &str = "l";
const ZIP: &str = "z";
const BUILDING: &str = "b";
/// Stands for whichever access medium.
const ANY_ACCESS: &str = "*";

/// A provider's rates for a product, of one import of its card, whose zone is a state, a list, or everywhere
/// ([`crate::record::rate`]).
#[must_use]
pub fn wide_rates(provider: &ProviderName, product: Product, generation: Generation) -> Query {
    of_zones(provider, product, after_generation(generation, &[WIDE]))
}

/// Those whose zone is the area, or a building in it ([`crate::record::rate`]).
#[must_use]
pub fn narrow_rates(
    provider: &ProviderName,
    product: Product,
    generation: Generation,
    area: &Area,
) -> Query {
    let mut zones = after_generation(generation, &[NARROW]);
    zones.push('#');
    push_area(&mut zones, area);
    of_zones(provider, product, zones)
}

fn of_zones(provider: &ProviderName, product: Product, mut zones: String) -> Query {
    zones.push('#');
    Query {
        sk: SortKey::Prefix(zones),
        ..Query::partition(partition(provider, product))
    }
}

pub(super) fn partition(provider: &ProviderName, product: Product) -> String {
    joined(RATES, &[provider.as_str(), product.as_str()])
}

pub(super) fn sort(generation: Generation, rate: &Rate) -> String {
    let Rate {
        zone,
        product: _,
        access,
        down: Kbps(down),
        up: Kbps(up),
        term,
        charge: _,
        install_interval_days: _,
        effective,
    } = rate;
    let mut sk = after_generation(generation, &[]);
    sk.push('#');
    push_zone(&mut sk, zone);
    let months = term.months();
    let access = access.map_or_else(
        || ANY_ACCESS.to_owned(),
        |access| technology_letter(access).to_string(),
    );
    let from = effective
        .from
        .map_or_else(String::new, |day| day.to_string());
    // Writing to a text does not fail.
    let _ = write!(sk, "#{access}#{down:010}#{up:010}#{months:03}#{from}");
    sk
}

fn push_zone(sk: &mut String, zone: &Zone) {
    match zone {
        Zone::Everywhere => sk.push_str(&joined_parts(&[WIDE, EVERYWHERE])),
        Zone::List(name) => sk.push_str(&joined_parts(&[WIDE, LIST, name.as_str()])),
        Zone::State(state) => sk.push_str(&joined_parts(&[WIDE, STATE, state])),
        Zone::Zip(zip) => sk.push_str(&joined_parts(&[NARROW, zip, ZIP])),
        Zone::Building(BuildingKey {
            street: StreetKey { area, street },
            number,
        }) => {
            sk.push_str(NARROW);
            sk.push('#');
            push_area(sk, area);
            sk.push('#');
            sk.push_str(&joined_parts(&[BUILDING, street, &number.sort_text()]));
        }
    }
}

/// Whether it is the key of a rate.
pub(super) fn is_rate(key: &PrimaryKey) -> bool {
    let rest = key.pk.strip_prefix(RATES);
    rest.is_some_and(|rest| rest.starts_with('#'))
}

/// The key that the same rate has in another import of its card.
pub(super) fn in_generation(key: &PrimaryKey, generation: Generation) -> Option<PrimaryKey> {
    let end = key.sk.find('#')?;
    let mut sk = after_generation(generation, &[]);
    sk.push_str(&key.sk[end..]);
    Some(PrimaryKey {
        pk: key.pk.clone(),
        sk,
    })
}

/// What the key of a rate says.
pub(crate) struct RateKey {
    pub(crate) generation: Generation,
    pub(crate) provider: ProviderName,
    pub(crate) product: Product,
    pub(crate) zone: Zone,
    pub(crate) access: Option<Technology>,
    pub(crate) down: Kbps,
    pub(crate) up: Kbps,
    pub(crate) term: Term,
    pub(crate) from: Option<Date>,
}

pub(crate) fn read_rate(key: &PrimaryKey) -> Option<RateKey> {
    let mut partition = parts_of(&key.pk);
    if partition.next()? != RATES {
        return None;
    }
    let provider = ProviderName::new(&unescape(partition.next()?)?).ok()?;
    let product = Product::of_name(&unescape(partition.next()?)?)?;
    let mut parts = parts_of(&key.sk);
    let generation = read_generation(parts.next()?)?;
    let zone = read_zone(&mut parts)?;
    let access = match parts.next()? {
        ANY_ACCESS => None,
        letter => Some(technology_of(letter.chars().next()?)?),
    };
    Some(RateKey {
        generation,
        provider,
        product,
        zone,
        access,
        down: Kbps(parts.next()?.parse().ok()?),
        up: Kbps(parts.next()?.parse().ok()?),
        term: Term::new(parts.next()?.parse().ok()?)?,
        from: match parts.next()? {
            "" => None,
            day => Some(day.parse().ok()?),
        },
    })
}

fn read_zone<'k>(parts: &mut impl Iterator<Item = &'k str>) -> Option<Zone> {
    let mut text = || Some(unescape(parts.next()?)?.into_owned());
    if text()? == WIDE {
        return match text()?.as_str() {
            EVERYWHERE => Some(Zone::Everywhere),
            LIST => Some(Zone::List(ListName::new(&text()?).ok()?)),
            STATE => Some(Zone::State(text()?.into())),
            _ => None,
        };
    }
    let area = read_area(&text()?)?;
    match (text()?.as_str(), area) {
        (ZIP, Area::Zip(zip)) => Some(Zone::Zip(zip)),
        (BUILDING, area) => Some(Zone::Building(BuildingKey {
            street: StreetKey {
                area,
                street: text()?.into(),
            },
            number: HouseNumber::from_sort_text(&text()?).ok()?,
        })),
        _ => None,
    }
}
