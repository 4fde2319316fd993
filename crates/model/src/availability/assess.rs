//! One claim, or one hint, into one finding.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use crate::availability::{
    Basis, Confidence, Finding, Outcome, Reason, STALE_AFTER_DAYS, Source, UnitFit,
};
use crate::claim::{AreaHint, Claim, Standing};

/// Says what a claim about the building means for whoever asks about `unit` of it (in standard form;
/// `None` asks about the building).
///
/// | the list says | outcome | confidence | reason |
/// |---|---|---|---|
/// | on-net, `Y` | served | green | on-net |
/// | `ICB` | ask a person | yellow | individual case |
/// | stubbed, fiber only | ask a person | yellow | near-net by the list |
/// | `N` | not served | red | the list says no |
/// | restricted | not served | red | restricted |
///
/// Green becomes yellow where the list is older than [`STALE_AFTER_DAYS`] on `today`, and where the claim
/// names another unit than the asked one. Nothing ever rises.
#[must_use]
pub fn assess(
    claim: impl Into<Box<Claim>>,
    source: Source,
    unit: Option<&str>,
    today: Date,
) -> Finding {
    let claim = claim.into();
    let (outcome, confidence, reason) = match claim.standing {
        Standing::Offered => (Outcome::Served, Confidence::Green, Reason::OnNet),
        Standing::IndividualCase => (
            Outcome::AskPerson,
            Confidence::Yellow,
            Reason::IndividualCase,
        ),
        Standing::NearNet => (
            Outcome::AskPerson,
            Confidence::Yellow,
            Reason::ListSaysNearNet,
        ),
        Standing::NotOffered => (Outcome::NotServed, Confidence::Red, Reason::ListSaysNo),
        Standing::Restricted => (Outcome::NotServed, Confidence::Red, Reason::Restricted),
    };
    let unit_fit = fit(unit, claim.place.unit.as_deref());
    let stale = is_stale(source.as_of, today);
    let doubtful = stale || unit_fit == UnitFit::Other;
    Finding {
        basis: Basis::Claim(claim),
        outcome,
        confidence: if doubtful {
            lowered(confidence)
        } else {
            confidence
        },
        reason,
        unit_fit,
        stale,
        source,
    }
}

/// Says what an area hint means: ask a person, yellow at best.
#[must_use]
pub fn assess_hint(hint: AreaHint, source: Source, today: Date) -> Finding {
    Finding {
        basis: Basis::Hint(hint),
        outcome: Outcome::AskPerson,
        confidence: Confidence::Yellow,
        reason: Reason::AreaHint,
        unit_fit: UnitFit::Building,
        stale: is_stale(source.as_of, today),
        source,
    }
}

/// Whether a list that was true on `as_of` is too old on `today`.
#[must_use]
pub fn is_stale(as_of: Date, today: Date) -> bool {
    as_of
        .until(today)
        .is_ok_and(|age| age.get_days() > STALE_AFTER_DAYS)
}

fn fit(asked: Option<&str>, claimed: Option<&str>) -> UnitFit {
    match (asked, claimed) {
        (Some(asked), Some(claimed)) if asked == claimed => UnitFit::Same,
        (Some(_), Some(_)) => UnitFit::Other,
        (None, _) | (_, None) => UnitFit::Building,
    }
}

const fn lowered(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Green | Confidence::Yellow => Confidence::Yellow,
        Confidence::Red => Confidence::Red,
    }
}

/// The order in which findings are shown: served, ask a person, failed, not served; within them the surer
/// one, what the asked unit has, claims before near-net (the nearer first) before hints, the greater
/// bandwidth, then provider, technology and product, so that the order never depends on the store's.
#[must_use]
pub fn best_first(left: &Finding, right: &Finding) -> Ordering {
    let (left_basis, right_basis) = (&left.basis, &right.basis);
    rank(left)
        .cmp(&rank(right))
        .then_with(|| left_basis.provider().cmp(right_basis.provider()))
        .then_with(|| left_basis.technology().cmp(&right_basis.technology()))
        .then_with(|| product(left).cmp(&product(right)))
}

type Rank = (u8, u8, UnitFit, u8, u32, Reverse<u64>, Reverse<u64>);

fn rank(finding: &Finding) -> Rank {
    let outcome = match finding.outcome {
        Outcome::Served => 0,
        Outcome::AskPerson => 1,
        Outcome::Failed => 2,
        Outcome::AddressUnknown => 3,
        Outcome::NotServed => 4,
    };
    let confidence = match finding.confidence {
        Confidence::Green => 0,
        Confidence::Yellow => 1,
        Confidence::Red => 2,
    };
    let (kind, distance_m) = match &finding.reason {
        Reason::NearNet { distance_m, .. } => (1, distance_m.unwrap_or(u32::MAX)),
        Reason::AreaHint => (2, 0),
        Reason::OnNet
        | Reason::ListSaysNo
        | Reason::IndividualCase
        | Reason::ListSaysNearNet
        | Reason::Restricted => (0, 0),
    };
    let speed = |kbps: Option<crate::claim::Kbps>| Reverse(kbps.map_or(0, |kbps| kbps.0));
    (
        outcome,
        confidence,
        finding.unit_fit,
        kind,
        distance_m,
        speed(finding.basis.down()),
        speed(finding.basis.up()),
    )
}

fn product(finding: &Finding) -> Option<&str> {
    match &finding.basis {
        Basis::Claim(claim) => claim.product.as_deref(),
        Basis::Hint(_) => None,
    }
}
