//! Near-net: the nearest lit neighbour of each provider, for a building that nobody (or not everybody)
//! serves. Pure over a list of neighbours' claims; who fetched them, and how far, is the caller's business.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::address::BuildingKey;
use crate::availability::assess::{best_first, is_stale};
use crate::availability::criteria::Category;
use crate::availability::{Basis, Confidence, Finding, Outcome, Reason, Source, UnitFit};
use crate::claim::{Claim, Standing, Technology};
use crate::geography::Coordinates;
use crate::identity::ProviderName;

/// A lit building further away than this is not near.
pub const NEAR_NET_MAX_M: u32 = 500;
/// Where distances are not known: a lit building more known buildings away than this is not near.
pub const NEAR_NET_MAX_HOUSES: u32 = 10;
/// Most near-net findings of one answer.
pub const NEAR_NET_FINDINGS_MAX: usize = 10;
/// Coordinates are interpolated only between neighbours that are at most this far apart, in metres: on a
/// longer stretch a straight line says nothing.
pub const INTERPOLATION_MAX_M: f64 = 1_000.0;

/// A claim about another building.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbour {
    /// The claim; boxed as a finding's is, which most that are read become.
    pub claim: Box<Claim>,
    /// Where it comes from.
    pub source: Source,
}

/// Whether a claim makes its neighbours near-net: the building is lit, by something that has a line to
/// extend (wireless has none).
#[must_use]
pub fn is_lit(claim: &Claim) -> bool {
    claim.standing == Standing::Offered
        && Category::Wired.technologies().contains(&claim.technology)
}

/// Where the asked building is, judged by the geocoded buildings before and after it on its street:
/// in proportion to their numbers. `None` unless there is one on either side.
#[must_use]
pub fn interpolate(asked: &BuildingKey, neighbours: &[Neighbour]) -> Option<Coordinates> {
    let ordinal = asked.number.ordinal();
    let mut below: Option<(u32, Coordinates)> = None;
    let mut above: Option<(u32, Coordinates)> = None;
    for Neighbour { claim, .. } in neighbours {
        let Some(point) = claim.coordinates else {
            continue;
        };
        if claim.building.street != asked.street {
            continue;
        }
        let at = claim.building.number.ordinal();
        if at <= ordinal && below.is_none_or(|(best, _)| at > best) {
            below = Some((at, point));
        }
        if at >= ordinal && above.is_none_or(|(best, _)| at < best) {
            above = Some((at, point));
        }
    }
    let ((low, from), (high, to)) = (below?, above?);
    if from.distance_m(to) > INTERPOLATION_MAX_M {
        return None;
    }
    if low == high {
        return Some(from);
    }
    Some(from.towards(to, f64::from(ordinal - low) / f64::from(high - low)))
}

/// One finding per provider and technology: its nearest lit neighbour, nearest first. With the coordinates
/// of the asked place, distances decide; a neighbour on the same street whose distance is not known is
/// judged by the number of known buildings between.
#[must_use]
pub fn near_net(
    asked: &BuildingKey,
    at: Option<Coordinates>,
    neighbours: &[Neighbour],
    today: Date,
) -> Vec<Finding> {
    let along = Along::of(asked, neighbours);
    let mut nearest: BTreeMap<(&ProviderName, Technology), (Distance, &Neighbour)> =
        BTreeMap::new();
    for neighbour in neighbours {
        let claim = &neighbour.claim;
        if !is_lit(claim) || *claim.building == *asked {
            continue;
        }
        let Some(distance) = Distance::of(claim, at, &along) else {
            continue;
        };
        let key = (&claim.provider, claim.technology);
        let nearer = nearest.get(&key).is_none_or(|(best, held)| {
            let order = distance.rank().cmp(&best.rank());
            order.then_with(|| held.claim.down.cmp(&claim.down)).is_lt()
        });
        if nearer {
            nearest.insert(key, (distance, neighbour));
        }
    }
    let mut findings: Vec<Finding> = nearest
        .into_values()
        .map(|(distance, neighbour)| finding(distance, neighbour, today))
        .collect();
    findings.sort_by(best_first);
    findings.truncate(NEAR_NET_FINDINGS_MAX);
    findings
}

/// Puts near-net findings and hints beside what is known of the building itself, best first. What a
/// provider's own claim about the building (or a near-net finding) says of a technology is not said again by less: a
/// restricted building stays restricted, however near its neighbour is.
#[must_use]
pub fn merge(own: Vec<Finding>, near: Vec<Finding>, hints: Vec<Finding>) -> Vec<Finding> {
    let mut all = own;
    for weaker in [near, hints] {
        let said = all.len();
        for finding in weaker {
            if !all[..said]
                .iter()
                .any(|stronger| says_of_the_same(stronger, &finding))
            {
                all.push(finding);
            }
        }
    }
    all.sort_by(best_first);
    all
}

fn says_of_the_same(left: &Finding, right: &Finding) -> bool {
    left.basis.technology() == right.basis.technology()
        && left
            .basis
            .provider()
            .as_str()
            .eq_ignore_ascii_case(right.basis.provider().as_str())
}

fn finding(distance: Distance, neighbour: &Neighbour, today: Date) -> Finding {
    let Neighbour { claim, source } = neighbour;
    let (distance_m, houses) = match distance {
        Distance::Metres { metres, houses } => (Some(metres), houses),
        Distance::Houses(houses) => (None, Some(houses)),
    };
    Finding {
        outcome: Outcome::AskPerson,
        confidence: Confidence::Yellow,
        reason: Reason::NearNet {
            distance_m,
            houses,
            neighbour: Arc::clone(&claim.building),
        },
        unit_fit: UnitFit::Building,
        stale: is_stale(source.as_of, today),
        basis: Basis::Claim(claim.clone()),
        source: source.clone(),
    }
}

/// The known buildings of the asked street, in order.
struct Along<'a> {
    asked: &'a BuildingKey,
    buildings: Vec<&'a BuildingKey>,
}

impl<'a> Along<'a> {
    fn of(asked: &'a BuildingKey, neighbours: &'a [Neighbour]) -> Self {
        let mut buildings: Vec<&BuildingKey> = neighbours
            .iter()
            .map(|neighbour| &*neighbour.claim.building)
            .filter(|building| building.street == asked.street && *building != asked)
            .collect();
        buildings.sort_unstable();
        buildings.dedup();
        Self { asked, buildings }
    }

    /// 1 for the next known building on either side; `None` on another street.
    fn houses(&self, building: &BuildingKey) -> Option<u32> {
        let position = self.buildings.binary_search(&building).ok()?;
        let split = self.buildings.partition_point(|known| *known < self.asked);
        let away = if position < split {
            split - position
        } else {
            position - split + 1
        };
        u32::try_from(away).ok()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Distance {
    Metres { metres: u32, houses: Option<u32> },
    Houses(u32),
}

impl Distance {
    /// `None` where the neighbour is not near, or nothing says how near it is.
    fn of(claim: &Claim, at: Option<Coordinates>, along: &Along<'_>) -> Option<Self> {
        let houses = along.houses(&claim.building);
        if let (Some(at), Some(point)) = (at, claim.coordinates) {
            let metres = whole_metres(at.distance_m(point));
            return (metres <= NEAR_NET_MAX_M).then_some(Self::Metres { metres, houses });
        }
        houses
            .filter(|houses| *houses <= NEAR_NET_MAX_HOUSES)
            .map(Self::Houses)
    }

    /// Known distances before counted houses.
    const fn rank(self) -> (u8, u32) {
        match self {
            Self::Metres { metres, .. } => (0, metres),
            Self::Houses(houses) => (1, houses),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance on Earth is at most 2e7 m and not negative; a cast of NaN gives 0"
)]
fn whole_metres(metres: f64) -> u32 {
    metres.round() as u32
}
