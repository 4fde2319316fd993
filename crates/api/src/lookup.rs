//! Our own lookup: one address asked, one answer, nothing stored.
//!
//! The names are those of the batch output's columns. The answer borrows from the model and is written
//! straight to bytes ([`LookupAnswer::to_json`]): this is the path that has to be fast.

mod text;

use jiff::civil::Date;
use lastmile_model::address::normal::OneLine;
use lastmile_model::address::{Address, BuildingKey, NormalAddress, Parts, Unparsed};
use lastmile_model::availability::sentence::Sentence;
use lastmile_model::availability::{
    Answer, Basis, Finding, Place, PlaceMatch, Reason, Source, sentence,
};
use lastmile_model::claim::{AreaHint, Claim, Kbps, ListPrice};
use lastmile_model::geography::Cell;
use lastmile_model::identity::ListId;
use lastmile_model::money::{Decimal, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::{
    AddressKind, Confidence, Correction, Match, Outcome, Technology, UnitFit, UnknownPlace,
};
use crate::shown::{Mbps, Shown};

/// Who can serve an address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AvailabilityAnswer)]
pub struct LookupAnswer<'a> {
    /// `AvailabilityAnswer`.
    #[serde(rename = "@type")]
    pub type_name: &'static str,
    /// What was read out of the question.
    pub address: AddressParts<'a>,
    /// How the place was found. An `alternative` is never the answer: the building is not known.
    #[serde(rename = "match")]
    pub matched: Match,
    /// The building, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "82001:E-26TH-ST:303")]
    pub building_key: Option<Shown<&'a BuildingKey>>,
    /// What was changed to find it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub corrections: Vec<Correction>,
    /// Buildings like the asked one, best first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>, required = false)]
    pub alternatives: Vec<Shown<&'a BuildingKey>>,
    /// Why the place is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown_because: Option<UnknownPlace>,
    /// The outcome of the place as a whole: the best of its findings.
    #[schema(value_type = Outcome)]
    pub outcome: &'static str,
    /// One per claim, best first, never merged.
    pub findings: Vec<LookupFinding<'a>>,
    /// Set where there are more findings than an answer holds; those given are the best.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub findings_cut: bool,
}

/// The parts of an address as they were written.
#[derive(Debug, Serialize, ToSchema)]
pub struct AddressParts<'a> {
    /// What the text names.
    pub kind: AddressKind,
    /// House number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<&'a str>,
    /// Directional before the street name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predirectional: Option<&'a str>,
    /// Street name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<&'a str>,
    /// Street suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<&'a str>,
    /// Directional after the street name or suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postdirectional: Option<&'a str>,
    /// Unit designator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_type: Option<&'a str>,
    /// Unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'a str>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<&'a str>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'a str>,
    /// Five-digit ZIP code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip: Option<&'a str>,
    /// The four digits after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip4: Option<&'a str>,
    /// What is in none of the parts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub unparsed: Vec<UnparsedText<'a>>,
}

/// A piece of the question that is in none of the parts.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnparsedText<'a> {
    /// As written.
    pub text: &'a str,
    /// Why it was set aside: `recipient`, `box`, `cross_street`, `country`, `second_unit`, `not_understood`.
    pub reason: &'static str,
}

/// One provider's service at the place.
#[derive(Debug, Serialize, ToSchema)]
pub struct LookupFinding<'a> {
    /// Who claims it.
    pub provider: &'a str,
    /// What follows from the claim.
    #[schema(value_type = Outcome)]
    pub outcome: &'static str,
    /// How sure.
    #[schema(value_type = Confidence)]
    pub confidence: &'static str,
    /// Why, for people.
    #[schema(value_type = String, example = "on-net list of 3 March 2026")]
    pub reason: Shown<Sentence<'a>>,
    /// How it gets there.
    #[schema(value_type = Technology)]
    pub technology: &'static str,
    /// Product, as the list names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<&'a str>,
    /// Smallest bandwidth that is sold, Mbit/s, where the list gives a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub smallest_mbps: Option<Mbps>,
    /// Highest download bandwidth, Mbit/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub down_mbps: Option<Mbps>,
    /// Highest upload bandwidth, Mbit/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>)]
    pub up_mbps: Option<Mbps>,
    /// Monthly recurring charge: decimal text, exact in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, example = "49.95")]
    pub mrc: Option<Shown<Decimal>>,
    /// ISO 4217 code of its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<&'static str>,
    /// The place in the words of the list; for near-net, the neighbour's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub place: Option<Shown<OneLine<'a>>>,
    /// Whether the claim is about the asked unit.
    #[schema(value_type = UnitFit)]
    pub unit_fit: &'static str,
    /// The provider's own id of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_building_id: Option<&'a str>,
    /// The carrier whose line is resold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub underlying_provider: Option<&'a str>,
    /// Near-net: the building that is on the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub neighbour: Option<Shown<&'a BuildingKey>>,
    /// Near-net: how far it is, metres, where both places have coordinates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// Near-net: how many known buildings along the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub houses: Option<u32>,
    /// Area hint: the H3 cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub h3_cell: Option<String>,
    /// Whether the list is older than 180 days.
    pub stale: bool,
    /// The list, `provider/list`.
    #[schema(value_type = String, example = "CenturyLink/main")]
    pub source: Shown<&'a ListId>,
    /// Which import of it.
    pub import: u32,
    /// The day on which the list was true.
    #[schema(value_type = String, format = Date)]
    pub as_of: Shown<Date>,
}

impl<'a> LookupAnswer<'a> {
    /// The document of an answer.
    #[must_use]
    pub fn of(place: &'a Place, answer: &'a Answer) -> Self {
        let Place {
            address,
            coordinates: _,
        } = place;
        let Answer {
            matched,
            findings,
            findings_cut,
        } = answer;
        let (mut building_key, mut corrections) = (None, Vec::new());
        let (mut alternatives, mut unknown_because) = (Vec::new(), None);
        match matched {
            PlaceMatch::Exact(building) => building_key = Some(Shown(building)),
            PlaceMatch::Corrected {
                building,
                corrections: made,
            } => {
                building_key = Some(Shown(building));
                corrections = made.iter().copied().map(Correction::from).collect();
            }
            PlaceMatch::Alternatives(buildings) => {
                alternatives = buildings.iter().map(Shown).collect();
            }
            PlaceMatch::None(why) => unknown_because = Some(UnknownPlace::from(*why)),
        }
        Self {
            type_name: "AvailabilityAnswer",
            address: AddressParts::of(address),
            matched: Match::from(matched),
            building_key,
            corrections,
            alternatives,
            unknown_because,
            outcome: answer.outcome().as_str(),
            findings: findings.iter().map(LookupFinding::of).collect(),
            findings_cut: *findings_cut,
        }
    }
}

impl<'a> AddressParts<'a> {
    /// The document of an address's parts.
    #[must_use]
    pub fn of(address: &'a Address) -> Self {
        let Address {
            kind,
            parts,
            unparsed,
        } = address;
        let Parts {
            number,
            predirectional,
            street,
            suffix,
            postdirectional,
            unit_type,
            unit,
            city,
            state,
            zip,
            zip4,
        } = parts;
        Self {
            kind: (*kind).into(),
            number: number.as_deref(),
            predirectional: predirectional.as_deref(),
            street: street.as_deref(),
            suffix: suffix.as_deref(),
            postdirectional: postdirectional.as_deref(),
            unit_type: unit_type.as_deref(),
            unit: unit.as_deref(),
            city: city.as_deref(),
            state: state.as_deref(),
            zip: zip.as_deref(),
            zip4: zip4.as_deref(),
            unparsed: unparsed.iter().map(UnparsedText::of).collect(),
        }
    }
}

impl<'a> UnparsedText<'a> {
    fn of(unparsed: &'a Unparsed) -> Self {
        let Unparsed { text, reason } = unparsed;
        Self {
            text,
            reason: reason.as_str(),
        }
    }
}

/// What a claim adds to a finding; an area hint has none of it.
#[derive(Default)]
struct OfClaim<'a> {
    product: Option<&'a str>,
    smallest: Option<Kbps>,
    price: Option<Money>,
    place: Option<&'a NormalAddress>,
    provider_building_id: Option<&'a str>,
    underlying_provider: Option<&'a str>,
}

impl<'a> OfClaim<'a> {
    fn read(claim: &'a Claim) -> Self {
        let Claim {
            provider: _,
            building: _,
            place,
            technology: _,
            product,
            smallest,
            down: _,
            up: _,
            standing: _,
            price,
            coordinates: _,
            provider_building_id,
            underlying_provider,
        } = claim;
        Self {
            product: product.as_deref(),
            smallest: *smallest,
            price: price.map(|ListPrice { mrc }| mrc),
            place: Some(place),
            provider_building_id: provider_building_id.as_deref(),
            underlying_provider: underlying_provider
                .as_ref()
                .map(|provider| provider.as_str()),
        }
    }
}

impl<'a> LookupFinding<'a> {
    /// The document of a finding.
    #[must_use]
    pub fn of(finding: &'a Finding) -> Self {
        let Finding {
            basis,
            outcome,
            confidence,
            reason,
            unit_fit,
            stale,
            source,
        } = finding;
        let Source {
            list,
            import,
            as_of,
        } = source;
        let (claim, h3_cell) = match basis {
            Basis::Claim(claim) => (OfClaim::read(claim), None),
            Basis::Hint(AreaHint {
                provider: _,
                cell: Cell(cell),
                technology: _,
                down: _,
                up: _,
            }) => (OfClaim::default(), Some(format!("{cell:x}"))),
        };
        let OfClaim {
            product,
            smallest,
            price,
            place,
            provider_building_id,
            underlying_provider,
        } = claim;
        let (neighbour, distance_m, houses) = near_net(reason);
        Self {
            provider: basis.provider().as_str(),
            outcome: outcome.as_str(),
            confidence: confidence.as_str(),
            reason: Shown(sentence(finding)),
            technology: basis.technology().as_str(),
            product,
            smallest_mbps: smallest.map(Mbps),
            down_mbps: basis.down().map(Mbps),
            up_mbps: basis.up().map(Mbps),
            mrc: price.map(|price| Shown(price.decimal())),
            currency: price.map(|price| price.currency.code()),
            place: place.map(|place| Shown(OneLine(place))),
            unit_fit: unit_fit.as_str(),
            provider_building_id,
            underlying_provider,
            neighbour: neighbour.map(Shown),
            distance_m,
            houses,
            h3_cell,
            stale: *stale,
            source: Shown(list),
            import: import.0,
            as_of: Shown(*as_of),
        }
    }
}

/// Neighbour, distance in metres and in houses of a near-net reason.
pub(crate) fn near_net(reason: &Reason) -> (Option<&BuildingKey>, Option<u32>, Option<u32>) {
    match reason {
        Reason::NearNet {
            distance_m,
            houses,
            neighbour,
        } => (Some(neighbour), *distance_m, *houses),
        Reason::OnNet
        | Reason::ListSaysNo
        | Reason::IndividualCase
        | Reason::ListSaysNearNet
        | Reason::Restricted
        | Reason::AreaHint => (None, None, None),
    }
}
