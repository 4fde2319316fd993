//! Is this address real.

use lastmile_model::address::{Address, BuildingKey, NormalAddress};
use lastmile_model::availability::near::Neighbour;
use lastmile_model::availability::{
    KnownAddress, PlaceMatch, UnknownPlace, Validation, ValidationVerdict,
};
use lastmile_store::{Metered, StoreError};

use crate::Context;
use crate::availability::locate::{Located, locate};
use crate::availability::lookup::next_door;
use crate::availability::reads::Reads;
use crate::availability::{Lists, StoreFailed};

/// Validates one address against the buildings that active lists know. Alternatives are looked for only
/// where they are asked for and the address is not known.
///
/// # Errors
/// [`StoreFailed`].
pub async fn validate(
    context: &Context,
    lists: &Lists,
    submitted: &Address,
    provide_alternative: bool,
) -> Result<Metered<Validation>, StoreFailed> {
    let mut reads = Reads::new(context, lists);
    let asked = NormalAddress::of(submitted);
    let validation = match asked.building_key() {
        Some(building) => of_building(&mut reads, &asked, &building, provide_alternative).await?,
        None => unknown(UnknownPlace::NotABuilding),
    };
    Ok(Metered {
        value: validation,
        capacity: reads.spent,
    })
}

async fn of_building(
    reads: &mut Reads<'_>,
    asked: &NormalAddress,
    building: &BuildingKey,
    provide_alternative: bool,
) -> Result<Validation, StoreError> {
    let Located {
        matched,
        claims,
        unknown: why,
    } = locate(reads, asked, building).await?;
    match matched {
        PlaceMatch::Exact(found) => Ok(known(asked, &found, &claims, Vec::new())),
        PlaceMatch::Corrected {
            building: found,
            corrections,
        } => Ok(known(asked, &found, &claims, corrections)),
        PlaceMatch::Alternatives(_) | PlaceMatch::None(_) => {
            let mut validation = unknown(why.unwrap_or(UnknownPlace::NotABuilding));
            if provide_alternative {
                let like = like_it(reads, building, matched).await?;
                validation.alternatives = known_addresses(reads, &like).await?;
            }
            Ok(validation)
        }
    }
}

fn known(
    asked: &NormalAddress,
    found: &BuildingKey,
    claims: &[Neighbour],
    corrections: Vec<lastmile_model::address::matching::Correction>,
) -> Validation {
    let Some(address) = KnownAddress::of(found, claims) else {
        return unknown(UnknownPlace::NumberUnknown);
    };
    let unit_unknown = asked.unit.as_ref().is_some_and(|unit| {
        !address.units.is_empty() && !address.units.iter().any(|known| known.key.unit == *unit)
    });
    let known = Box::new(address);
    let verdict = if corrections.is_empty() && !unit_unknown {
        ValidationVerdict::Valid(known)
    } else {
        ValidationVerdict::Partial {
            known,
            corrections,
            unit_unknown,
        }
    };
    Validation {
        verdict,
        alternatives: Vec::new(),
    }
}

const fn unknown(why: UnknownPlace) -> Validation {
    Validation {
        verdict: ValidationVerdict::Unknown(why),
        alternatives: Vec::new(),
    }
}

/// The same number on like streets; where there is none and the street is known, its nearest numbers.
async fn like_it(
    reads: &mut Reads<'_>,
    building: &BuildingKey,
    matched: PlaceMatch,
) -> Result<Vec<BuildingKey>, StoreError> {
    let like = match matched {
        PlaceMatch::None(UnknownPlace::NumberUnknown) => {
            next_door(building, &reads.neighbours(building).await?)
        }
        other => other,
    };
    Ok(match like {
        PlaceMatch::Alternatives(like) => like,
        PlaceMatch::Exact(_) | PlaceMatch::Corrected { .. } | PlaceMatch::None(_) => Vec::new(),
    })
}

async fn known_addresses(
    reads: &mut Reads<'_>,
    buildings: &[BuildingKey],
) -> Result<Vec<KnownAddress>, StoreError> {
    let mut addresses = Vec::with_capacity(buildings.len());
    for building in buildings {
        let claims = reads.building(building).await?;
        addresses.extend(KnownAddress::of(building, &claims));
    }
    Ok(addresses)
}
