//! One place asked, one answer.

use lastmile_model::address::matching::ALTERNATIVES_MAX;
use lastmile_model::address::{BuildingKey, NormalAddress};
use lastmile_model::availability::assess::{assess, assess_hint, best_first};
use lastmile_model::availability::near::{self, Neighbour, interpolate, near_net};
use lastmile_model::availability::{
    Answer, Criteria, Finding, NearNet, Outcome, Place, PlaceMatch, UnknownPlace,
};
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_store::key::{HINT_RESOLUTION, NEAR_RESOLUTION};
use lastmile_store::{Metered, StoreError};

use crate::Context;
use crate::availability::limits::{
    FINDINGS_MAX, NEAR_BUILDINGS_MAX, NEAR_NET_MAX_M, NEAR_RINGS_MAX,
};
use crate::availability::locate::{Located, locate};
use crate::availability::reads::Reads;
use crate::availability::{Lists, StoreFailed};

/// How a place is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LookupOptions {
    /// When neighbours and hints are looked for.
    pub near_net: NearNet,
}

/// Answers for one place who can serve it.
///
/// One query answers a building that is on a list. Only where it is not, the streets of its ZIP (or city)
/// are compared; only where nobody serves it (or [`NearNet::Always`]), neighbours and area hints are read.
///
/// # Errors
/// [`StoreFailed`] where the store could not be read; nothing is answered then.
pub async fn lookup(
    context: &Context,
    lists: &Lists,
    place: &Place,
    options: &LookupOptions,
) -> Result<Metered<Answer>, StoreFailed> {
    let mut answered = lookup_for(context, lists, place, options, &Criteria::default()).await?;
    answered.value.keep_best(FINDINGS_MAX);
    Ok(answered)
}

/// [`lookup`] on behalf of one who asks for a certain service: neighbours and hints are looked for where
/// *that* service is not served. Every finding is given, whether the criteria admit it or not: cutting them
/// down is for who knows which ones matter.
pub(super) async fn lookup_for(
    context: &Context,
    lists: &Lists,
    place: &Place,
    options: &LookupOptions,
    criteria: &Criteria,
) -> Result<Metered<Answer>, StoreFailed> {
    let asked = NormalAddress::of(&place.address);
    let mut reads = Reads::new(context, lists);
    let answer = match asked.building_key() {
        Some(building) => {
            of_building(&mut reads, place, &asked, &building, options, criteria).await
        }
        None => of_area(&mut reads, place, options).await,
    }?;
    Ok(Metered {
        value: answer,
        capacity: reads.spent,
    })
}

async fn of_building(
    reads: &mut Reads<'_>,
    place: &Place,
    asked: &NormalAddress,
    building: &BuildingKey,
    options: &LookupOptions,
    criteria: &Criteria,
) -> Result<Answer, StoreError> {
    let Located {
        mut matched,
        claims,
        unknown,
    } = locate(reads, asked, building).await?;
    let listed_at = claims.iter().find_map(|listed| listed.claim.coordinates);
    let own = assess_all(claims, asked.unit.as_deref(), reads);
    let look_around = wants_near(options, &own, criteria);
    let number_unknown = matched == PlaceMatch::None(UnknownPlace::NumberUnknown);
    let around = if (look_around || number_unknown) && unknown != Some(UnknownPlace::StreetUnknown)
    {
        reads
            .neighbours(matched.building().unwrap_or(building))
            .await?
    } else {
        Vec::new()
    };
    if number_unknown {
        matched = next_door(building, &around);
    }
    if !look_around {
        return Ok(answer(matched, own));
    }
    let here = matched.building().unwrap_or(building);
    let at = place
        .coordinates
        .or(listed_at)
        .or_else(|| interpolate(here, &around));
    let near = near_findings(reads, here, at, &around).await?;
    let hints = hint_findings(reads, at).await?;
    Ok(answer(matched, near::merge(own, near, hints)))
}

/// No building is named: with coordinates, there are still the hints for their area.
async fn of_area(
    reads: &mut Reads<'_>,
    place: &Place,
    options: &LookupOptions,
) -> Result<Answer, StoreError> {
    let matched = PlaceMatch::None(UnknownPlace::NotABuilding);
    let hints = match options.near_net {
        NearNet::Never => Vec::new(),
        NearNet::WhenUnserved | NearNet::Always => hint_findings(reads, place.coordinates).await?,
    };
    Ok(answer(matched, near::merge(Vec::new(), Vec::new(), hints)))
}

fn assess_all(claims: Vec<Neighbour>, unit: Option<&str>, reads: &Reads<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = claims
        .into_iter()
        .map(|Neighbour { claim, source }| assess(claim, source, unit, reads.today))
        .collect();
    findings.sort_by(best_first);
    findings
}

fn wants_near(options: &LookupOptions, own: &[Finding], criteria: &Criteria) -> bool {
    match options.near_net {
        NearNet::Always => true,
        NearNet::Never => false,
        NearNet::WhenUnserved => !own
            .iter()
            .any(|finding| finding.outcome == Outcome::Served && criteria.admits(finding)),
    }
}

/// The street is known, the number is not: its nearest numbers are alternatives.
pub(crate) fn next_door(building: &BuildingKey, around: &[Neighbour]) -> PlaceMatch {
    let mut numbers: Vec<&BuildingKey> = around
        .iter()
        .map(|neighbour| &*neighbour.claim.building)
        .collect();
    numbers.sort_unstable_by_key(|known| {
        (
            known.number.ordinal().abs_diff(building.number.ordinal()),
            *known,
        )
    });
    numbers.dedup();
    numbers.truncate(ALTERNATIVES_MAX);
    if numbers.is_empty() {
        PlaceMatch::None(UnknownPlace::NumberUnknown)
    } else {
        PlaceMatch::Alternatives(numbers.into_iter().cloned().collect())
    }
}

/// Lit neighbours on the street; where there is none, lit buildings in the H3 cells around.
async fn near_findings(
    reads: &mut Reads<'_>,
    here: &BuildingKey,
    at: Option<Coordinates>,
    around: &[Neighbour],
) -> Result<Vec<Finding>, StoreError> {
    let on_street = near_net(here, at, around, reads.today);
    let Some(at) = at.filter(|_| on_street.is_empty()) else {
        return Ok(on_street);
    };
    let Some(center) = Cell::at(at, NEAR_RESOLUTION) else {
        return Ok(on_street);
    };
    for steps in 0..=NEAR_RINGS_MAX {
        let mut claims = Vec::new();
        for building in nearest_in_ring(reads, center, steps, at, here).await? {
            claims.extend(reads.building(&building).await?);
        }
        let findings = near_net(here, Some(at), &claims, reads.today);
        if !findings.is_empty() {
            return Ok(findings);
        }
    }
    Ok(Vec::new())
}

/// The buildings in the cells `steps` away that lie nearest, near enough to matter.
async fn nearest_in_ring(
    reads: &mut Reads<'_>,
    center: Cell,
    steps: u32,
    at: Coordinates,
    here: &BuildingKey,
) -> Result<Vec<BuildingKey>, StoreError> {
    let mut near = Vec::new();
    for known in reads.near_buildings(center.ring(steps)).await? {
        let distance_m = at.distance_m(known.coordinates);
        if distance_m <= f64::from(NEAR_NET_MAX_M) && known.building != *here {
            near.push((distance_m, known.building));
        }
    }
    near.sort_by(|(left, left_key), (right, right_key)| {
        left.total_cmp(right).then_with(|| left_key.cmp(right_key))
    });
    let mut buildings: Vec<BuildingKey> = near.into_iter().map(|(_, building)| building).collect();
    buildings.dedup();
    buildings.truncate(NEAR_BUILDINGS_MAX);
    Ok(buildings)
}

async fn hint_findings(
    reads: &mut Reads<'_>,
    at: Option<Coordinates>,
) -> Result<Vec<Finding>, StoreError> {
    let Some(cell) = at.and_then(|at| Cell::at(at, HINT_RESOLUTION)) else {
        return Ok(Vec::new());
    };
    let today = reads.today;
    let hints = reads.hints(cell).await?;
    Ok(hints
        .into_iter()
        .map(|(hint, source)| assess_hint(hint, source, today))
        .collect())
}

const fn answer(matched: PlaceMatch, findings: Vec<Finding>) -> Answer {
    Answer {
        matched,
        findings,
        findings_cut: false,
    }
}
