//! Findings as TMF645 items.

use jiff::civil::Date;
use lastmile_model::address::BuildingKey;
use lastmile_model::availability::{
    Answer, Basis, Failure as ModelFailure, Finding, Outcome as ModelOutcome, PlaceAnswer,
    PlaceMatch, Qualification, Source, sentence,
};
use lastmile_model::claim::{AreaHint, ListPrice};
use lastmile_model::geography::Cell;
use serde::Serialize;
use utoipa::ToSchema;

use super::service::{
    Characteristic, DOWN_MBPS, ROLE_INSTALLATION, ROLE_PROVIDER, ROLE_UNDERLYING_PROVIDER,
    RelatedParty, SMALLEST_MBPS, Service, TECHNOLOGY, UP_MBPS,
};
use crate::address::GeographicAddress;
use crate::lookup::near_net;
use crate::names::{
    Confidence, Correction, Failure, Match, Outcome, QualificationResult, UnitFit, UnknownPlace,
};
use crate::shown::{Mbps, Shown};

/// One finding: TMF645 `ServiceQualificationItem` with our extensions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QualificationItem {
    /// Number of the place, a dot, number of the finding.
    #[schema(example = "1.1")]
    pub id: String,
    /// The outcome in TMF's words; absent where the question failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualification_result: Option<QualificationResult>,
    /// Extension: one of the five outcomes.
    pub outcome: Outcome,
    /// Extension: how sure; absent where there is no finding.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Extension: why, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "on-net list of 3 March 2026")]
    pub confidence_reason: Option<String>,
    /// Extension: how the place was found; absent where the question failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_match: Option<PlaceMatchDocument>,
    /// What can be had, from whom, and where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Extension: true where the place has more findings than are given; the best are.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub findings_cut: bool,
    /// Extension: the list's price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Extension: whether the claim is about the asked unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_fit: Option<UnitFit>,
    /// Extension: the building nearby that is on the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub near_net: Option<NearNetDocument>,
    /// Extension: the H3 cell of an area hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub h3_cell: Option<String>,
    /// Extension: which list said so, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceDocument>,
    /// Why the question failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub termination_error: Option<Vec<TerminationError>>,
    /// `ServiceQualificationItem`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: a list price.
#[derive(Debug, Serialize, ToSchema)]
pub struct Price {
    /// Monthly recurring charge: decimal text, exact in minor units.
    #[schema(example = "49.95")]
    pub mrc: String,
    /// ISO 4217 code.
    pub currency: &'static str,
    /// `ListPrice`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: which list said so.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceDocument {
    /// Who gave the list.
    pub provider: String,
    /// Which of its lists.
    pub list: String,
    /// Which import of it.
    pub import: u32,
    /// The day on which it was true.
    #[schema(value_type = String, format = Date)]
    pub as_of: Shown<Date>,
    /// Whether it is older than 180 days.
    pub stale: bool,
    /// `ListSource`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: how the place was found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceMatchDocument {
    /// `exact`, `corrected`, `alternative`, `none`.
    #[serde(rename = "match")]
    pub matched: Match,
    /// The building, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_key: Option<String>,
    /// What was changed to find it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrections: Option<Vec<Correction>>,
    /// Buildings like the asked one, best first; none of them is the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alternatives: Option<Vec<GeographicAddress>>,
    /// Why the place is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<UnknownPlace>,
    /// `PlaceMatch`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// Extension: a building nearby that is on the list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NearNetDocument {
    /// Key of that building.
    pub neighbour: String,
    /// How far, metres, where both places have coordinates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// How many known buildings along the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub houses: Option<u32>,
    /// `NearNet`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

/// TMF645 `TerminationError`.
#[derive(Debug, Serialize, ToSchema)]
pub struct TerminationError {
    /// Which.
    pub id: Failure,
    /// What to do.
    pub value: &'static str,
    /// `TerminationError`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
}

impl QualificationItem {
    /// The items of one place; `place` is its number, from 1.
    #[must_use]
    pub fn of_place(place: usize, answer: &PlaceAnswer) -> Vec<Self> {
        match answer {
            PlaceAnswer::Answered(Answer {
                matched,
                findings,
                findings_cut: _,
            }) if findings.is_empty() => {
                vec![Self {
                    place_match: Some(PlaceMatchDocument::of(matched)),
                    ..Self::bare(format!("{place}.0"), answer.outcome())
                }]
            }
            PlaceAnswer::Answered(Answer {
                matched,
                findings,
                findings_cut,
            }) => {
                let mut items = Self::of_findings(&format!("{place}."), matched, findings);
                for item in &mut items {
                    item.findings_cut = *findings_cut;
                }
                items
            }
            PlaceAnswer::Failed(failure) => vec![Self {
                termination_error: Some(vec![TerminationError::of(*failure)]),
                ..Self::bare(format!("{place}.0"), ModelOutcome::Failed)
            }],
        }
    }

    /// The items of findings, numbered from 1 after `prefix`.
    #[must_use]
    pub fn of_findings(prefix: &str, matched: &PlaceMatch, findings: &[Finding]) -> Vec<Self> {
        let numbered = findings.iter().zip(1..);
        numbered
            .map(|(finding, number)| Self::of(format!("{prefix}{number}"), matched, finding))
            .collect()
    }

    fn of(id: String, matched: &PlaceMatch, finding: &Finding) -> Self {
        let Finding {
            basis,
            outcome,
            confidence,
            reason,
            unit_fit,
            stale,
            source,
        } = finding;
        let (neighbour, distance_m, houses) = near_net(reason);
        let (price, h3_cell) = match basis {
            Basis::Claim(claim) => (claim.price.as_ref().map(Price::of), None),
            Basis::Hint(AreaHint {
                provider: _,
                cell: Cell(cell),
                technology: _,
                down: _,
                up: _,
            }) => (None, Some(format!("{cell:x}"))),
        };
        Self {
            confidence: Some((*confidence).into()),
            confidence_reason: Some(sentence(finding).to_string()),
            place_match: Some(PlaceMatchDocument::of(matched)),
            service: Some(service(matched, basis)),
            price,
            unit_fit: Some((*unit_fit).into()),
            near_net: neighbour.map(|neighbour| NearNetDocument {
                neighbour: neighbour.to_string(),
                distance_m,
                houses,
                type_name: "NearNet",
            }),
            h3_cell,
            source: Some(SourceDocument::of(source, *stale)),
            ..Self::bare(id, *outcome)
        }
    }

    fn bare(id: String, outcome: ModelOutcome) -> Self {
        Self {
            id,
            qualification_result: Qualification::of(outcome).map(Into::into),
            outcome: outcome.into(),
            confidence: None,
            confidence_reason: None,
            place_match: None,
            service: None,
            findings_cut: false,
            price: None,
            unit_fit: None,
            near_net: None,
            h3_cell: None,
            source: None,
            termination_error: None,
            type_name: "ServiceQualificationItem",
        }
    }
}

/// What can be had, from whom, and where.
pub(super) fn service(matched: &PlaceMatch, basis: &Basis) -> Service {
    let technology = basis.technology();
    let mut characteristics = vec![Characteristic::text(TECHNOLOGY, technology.as_str())];
    let bandwidths = [(DOWN_MBPS, basis.down()), (UP_MBPS, basis.up())];
    characteristics.extend(bandwidths.into_iter().filter_map(|(name, bandwidth)| {
        bandwidth.map(|bandwidth| Characteristic::bandwidth(name, Mbps(bandwidth)))
    }));
    let mut parties = vec![RelatedParty::provider(
        basis.provider().as_str(),
        ROLE_PROVIDER,
    )];
    let mut name = technology.as_str().to_owned();
    let mut line = None;
    if let Basis::Claim(claim) = basis {
        let smallest = claim.smallest.map(Mbps);
        characteristics
            .extend(smallest.map(|least| Characteristic::bandwidth(SMALLEST_MBPS, least)));
        if let Some(product) = &claim.product {
            product.as_str().clone_into(&mut name);
        }
        if let Some(underlying) = &claim.underlying_provider {
            parties.push(RelatedParty::provider(
                underlying.as_str(),
                ROLE_UNDERLYING_PROVIDER,
            ));
        }
        let on_it = building(matched).is_some_and(|building| *building == *claim.building);
        line = on_it.then(|| claim.place.one_line());
    }
    let place = building(matched).map(|building| {
        vec![GeographicAddress::referring_to(
            building,
            ROLE_INSTALLATION,
            line,
        )]
    });
    Service {
        name: Some(name),
        service_characteristic: Some(characteristics),
        place,
        related_party: Some(parties),
        type_name: Some("Service".to_owned()),
    }
}

const fn building(matched: &PlaceMatch) -> Option<&BuildingKey> {
    match matched {
        PlaceMatch::Exact(building)
        | PlaceMatch::Corrected {
            building,
            corrections: _,
        } => Some(building),
        PlaceMatch::Alternatives(_) | PlaceMatch::None(_) => None,
    }
}

impl Price {
    fn of(price: &ListPrice) -> Self {
        let ListPrice { mrc } = price;
        Self {
            mrc: mrc.decimal().to_string(),
            currency: mrc.currency.code(),
            type_name: "ListPrice",
        }
    }
}

impl SourceDocument {
    fn of(source: &Source, stale: bool) -> Self {
        let Source {
            list,
            import,
            as_of,
        } = source;
        Self {
            provider: list.provider.to_string(),
            list: list.name.to_string(),
            import: import.0,
            as_of: Shown(*as_of),
            stale,
            type_name: "ListSource",
        }
    }
}

impl PlaceMatchDocument {
    /// The document of a match.
    #[must_use]
    pub fn of(matched: &PlaceMatch) -> Self {
        let (mut corrections, mut alternatives, mut unknown_because) = (None, None, None);
        match matched {
            PlaceMatch::Exact(_) => {}
            PlaceMatch::Corrected {
                building: _,
                corrections: made,
            } => {
                corrections = Some(made.iter().copied().map(Correction::from).collect());
            }
            PlaceMatch::Alternatives(buildings) => {
                let reference =
                    |building| GeographicAddress::referring_to(building, "alternative", None);
                alternatives = Some(buildings.iter().map(reference).collect());
            }
            PlaceMatch::None(why) => unknown_because = Some((*why).into()),
        }
        Self {
            matched: matched.into(),
            building_key: building(matched).map(ToString::to_string),
            corrections,
            alternatives,
            unknown_because,
            type_name: "PlaceMatch",
        }
    }
}

impl TerminationError {
    /// The document of a failure.
    #[must_use]
    pub fn of(failure: ModelFailure) -> Self {
        Self {
            id: failure.into(),
            value: match failure {
                ModelFailure::StoreFailed => "the store could not be read: ask again later",
                ModelFailure::StoreBusy => "the store was busy: ask again after a pause",
            },
            type_name: "TerminationError",
        }
    }
}
