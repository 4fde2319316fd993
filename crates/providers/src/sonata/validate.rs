//! First step: does the seller know the address, and as what?

use http::Method;
use lastmile_model::address::NormalAddress;
use lastmile_model::carrier::{CarrierReference, Location, Place, UnknownReason, Unpriced};
use serde_json::{Map, Value, json};

use super::Sonata;
use super::place::{fielded, is_same, place_of, shown};
use super::problem::{Found, Trouble};
use super::request::{Api, Received, Target, as_sent, read};
use super::wire::answers::Validation;
use crate::exchange::Exchange;

/// Most alternatives that are kept of an answer.
const ALTERNATIVES_MAX: usize = 10;

/// A place that further steps can name.
pub(super) struct Known {
    pub(super) place: Place,
    /// How the next steps write it.
    pub(super) written: Map<String, Value>,
}

/// Why there is none.
pub(super) enum NotKnown {
    AddressUnknown {
        why: Unpriced<UnknownReason>,
        alternatives: Vec<NormalAddress>,
    },
    Trouble(Trouble),
}

impl<E: Exchange> Sonata<E> {
    /// How the next steps name the location.
    pub(super) async fn known(&self, location: &Location) -> Result<Known, NotKnown> {
        if let Some(id) = &location.carrier_place {
            return Ok(Known {
                written: reference(id),
                place: Place {
                    id: Some(id.clone()),
                    coordinates: location.coordinates,
                },
            });
        }
        let fields = fielded(&location.address).ok_or_else(not_a_building)?;
        if !self.settings.validate_addresses {
            return Ok(Known {
                place: Place::default(),
                written: fields,
            });
        }
        let validation = self.validate(&fields).await?;
        let place = accepted(&location.address, &validation)?;
        Ok(Known {
            written: place.id.as_ref().map_or(fields, reference),
            place,
        })
    }

    /// How later steps name a location whose address was accepted before.
    pub(super) fn known_again(location: &Location) -> Result<Map<String, Value>, NotKnown> {
        if let Some(id) = &location.carrier_place {
            return Ok(reference(id));
        }
        fielded(&location.address).ok_or_else(not_a_building)
    }

    async fn validate(&self, fields: &Map<String, Value>) -> Result<Validation, NotKnown> {
        let body = json!({ "provideAlternative": true, "submittedGeographicAddress": fields });
        let target = Target::Collection("geographicAddressValidation");
        let received = self
            .send(&Method::POST, Api::Address, &target, Some(&body))
            .await
            .map_err(|trouble| refused(as_sent(trouble)))?;
        match received {
            Received::Body(body) => read(&body).map_err(NotKnown::Trouble),
            Received::UndocumentedRefusal(trouble) => Err(unverifiable(trouble)),
            Received::NotImplemented(trouble) => Err(refused(trouble)),
        }
    }
}

/// A place by the seller's id of it.
fn reference(id: &CarrierReference) -> Map<String, Value> {
    let mut written = Map::new();
    written.insert("@type".to_owned(), "GeographicAddressRef".into());
    written.insert("id".to_owned(), id.as_str().into());
    written
}

fn not_a_building() -> NotKnown {
    NotKnown::AddressUnknown {
        why: UnknownReason::NotABuilding.into(),
        alternatives: Vec::new(),
    }
}

/// The address that the seller has for ours: the best match if it is ours, else the only alternative that
/// is. "success" alone says nothing: sellers take a like one for it.
fn accepted(asked: &NormalAddress, validation: &Validation) -> Result<Place, NotKnown> {
    let best = validation.best_match_geographic_address.as_ref();
    if let Some(best) = best.filter(|best| is_same(asked, best)) {
        return Ok(place_of(best));
    }
    let alternatives = &validation.alternate_geographic_address.0;
    let mut ours = alternatives.iter().filter(|other| is_same(asked, other));
    if let (Some(only), None) = (ours.next(), ours.next()) {
        return Ok(place_of(only));
    }
    let known: Vec<NormalAddress> = best
        .into_iter()
        .chain(alternatives)
        .filter_map(shown)
        .take(ALTERNATIVES_MAX)
        .collect();
    let reason = if known.is_empty() {
        UnknownReason::NotFound
    } else {
        UnknownReason::OnlyAlternatives
    };
    Err(NotKnown::AddressUnknown {
        why: reason.into(),
        alternatives: known,
    })
}

/// A request that was refused because of the address is an answer.
fn refused(trouble: Trouble) -> NotKnown {
    let Trouble::Found(findings) = &trouble else {
        return NotKnown::Trouble(trouble);
    };
    match findings
        .iter()
        .find(|finding| finding.what == Found::Address)
    {
        Some(finding) => NotKnown::AddressUnknown {
            why: Unpriced {
                reason: UnknownReason::Refused,
                said: finding.said.clone(),
            },
            alternatives: Vec::new(),
        },
        None => NotKnown::Trouble(trouble),
    }
}

/// 400 by a code of the seller's own: it cannot verify the address.
fn unverifiable(trouble: Trouble) -> NotKnown {
    let said = match trouble {
        Trouble::Failed { why, .. } => why.said,
        Trouble::Found(_) => None,
    };
    NotKnown::AddressUnknown {
        why: Unpriced {
            reason: UnknownReason::Refused,
            said,
        },
        alternatives: Vec::new(),
    }
}
