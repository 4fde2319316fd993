//! Which building the asked address is.
//!
//! The very building is looked for first and needs one query. Only where it is not there are the streets of its
//! ZIP (or, without a ZIP, of its city) compared with the asked one. Whatever is found that way counts
//! only if the asked number is really there; another number or another street is an alternative.

use lastmile_model::address::matching::{
    ALTERNATIVES_MAX, Candidate, Correction, StreetMatch, match_street, similar_streets,
};
use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, BuildingKey, NormalAddress, StreetKey};
use lastmile_model::availability::near::Neighbour;
use lastmile_model::availability::{PlaceMatch, UnknownPlace};
use lastmile_store::StoreError;

use crate::availability::directory::Directory;
use crate::availability::limits::ZIPS_PER_STREET_MAX;
use crate::availability::reads::Reads;

/// Which building it is, and what lists say of it.
pub(crate) struct Located {
    /// The match; alternatives are on other streets.
    pub(crate) matched: PlaceMatch,
    /// The building's claims; empty unless it is known.
    pub(crate) claims: Vec<Neighbour>,
    /// Why it is not known; set with alternatives too.
    pub(crate) unknown: Option<UnknownPlace>,
}

impl Located {
    const fn known(matched: PlaceMatch, claims: Vec<Neighbour>) -> Self {
        Self {
            matched,
            claims,
            unknown: None,
        }
    }

    fn unknown(why: UnknownPlace, alternatives: Vec<BuildingKey>) -> Self {
        let matched = if alternatives.is_empty() {
            PlaceMatch::None(why)
        } else {
            PlaceMatch::Alternatives(alternatives)
        };
        Self {
            matched,
            claims: Vec::new(),
            unknown: Some(why),
        }
    }
}

/// Finds the building of an address in standard form, whose key is `building`.
pub(crate) async fn locate(
    reads: &mut Reads<'_>,
    asked: &NormalAddress,
    building: &BuildingKey,
) -> Result<Located, StoreError> {
    match &building.street.area {
        Area::Zip(_) => locate_in_zip(reads, asked, building).await,
        Area::City { .. } => locate_in_city(reads, asked, building).await,
    }
}

async fn locate_in_zip(
    reads: &mut Reads<'_>,
    asked: &NormalAddress,
    building: &BuildingKey,
) -> Result<Located, StoreError> {
    let claims = reads.building(building).await?;
    if !claims.is_empty() {
        return Ok(Located::known(PlaceMatch::Exact(building.clone()), claims));
    }
    let directory = reads.directory(&building.street.area).await?;
    let similar = match &asked.street {
        Some(street) => locate_similar(reads, street, building, &directory, &[]).await?,
        None => Located::unknown(UnknownPlace::NotABuilding, Vec::new()),
    };
    match (&similar.unknown, without_zip(asked, building)) {
        // A list without ZIPs has it in the asked city.
        (Some(_), Some(in_city)) => {
            let claims = reads.building(&in_city).await?;
            if claims.is_empty() {
                return Ok(similar);
            }
            let matched = PlaceMatch::Corrected {
                building: in_city,
                corrections: vec![Correction::Area],
            };
            Ok(Located::known(matched, claims))
        }
        (None, _) | (_, None) => Ok(similar),
    }
}

async fn locate_in_city(
    reads: &mut Reads<'_>,
    asked: &NormalAddress,
    building: &BuildingKey,
) -> Result<Located, StoreError> {
    let own = reads.building(building).await?;
    let directory = reads.directory(&building.street.area).await?;
    let Some(street) = &asked.street else {
        return Ok(Located::unknown(UnknownPlace::NotABuilding, Vec::new()));
    };
    let position = directory.streets.iter().position(|known| known == street);
    let keys = position.map_or(&[][..], |position| &directory.keys[position]);
    let mut in_zips = with_number(reads, building, keys).await?;
    match (own.is_empty(), in_zips.len()) {
        (true, 0) => {
            let area = [Correction::Area];
            locate_similar(reads, street, building, &directory, &area).await
        }
        (false, 0) => Ok(Located::known(PlaceMatch::Exact(building.clone()), own)),
        (_, 1) => {
            let (found, mut claims) = in_zips.swap_remove(0);
            claims.extend(own);
            let corrections = vec![Correction::Area];
            let matched = PlaceMatch::Corrected {
                building: found,
                corrections,
            };
            Ok(Located::known(matched, claims))
        }
        // The city has the street in several ZIPs with this number: which one is meant is not known.
        (_, _) => {
            let found = in_zips.into_iter().map(|(building, _)| building);
            let alternatives = found.take(ALTERNATIVES_MAX).collect();
            Ok(Located::unknown(UnknownPlace::NumberUnknown, alternatives))
        }
    }
}

/// Compares the asked street with the others of its area. `before` are the corrections already made.
async fn locate_similar(
    reads: &mut Reads<'_>,
    street: &NormalStreet,
    building: &BuildingKey,
    directory: &Directory,
    before: &[Correction],
) -> Result<Located, StoreError> {
    let (unknown, candidates) = match match_street(street, &directory.streets) {
        StreetMatch::One(candidate) if candidate.corrections.is_empty() => (
            UnknownPlace::NumberUnknown,
            similar_streets(street, &directory.streets),
        ),
        StreetMatch::One(candidate) => {
            let found = with_number(reads, building, keys_of(directory, &candidate)).await?;
            if let [(found, claims)] = &found[..] {
                let corrections = [before, &candidate.corrections].concat();
                let matched = PlaceMatch::Corrected {
                    building: found.clone(),
                    corrections,
                };
                return Ok(Located::known(matched, claims.clone()));
            }
            (UnknownPlace::StreetUnknown, vec![candidate])
        }
        StreetMatch::Alternatives(candidates) => (UnknownPlace::StreetUnknown, candidates),
        StreetMatch::None => (UnknownPlace::StreetUnknown, Vec::new()),
    };
    let mut alternatives = Vec::new();
    for candidate in &candidates {
        let found = with_number(reads, building, keys_of(directory, candidate)).await?;
        alternatives.extend(found.into_iter().map(|(building, _)| building));
        if alternatives.len() >= ALTERNATIVES_MAX {
            break;
        }
    }
    alternatives.truncate(ALTERNATIVES_MAX);
    Ok(Located::unknown(unknown, alternatives))
}

fn keys_of<'a>(directory: &'a Directory, candidate: &Candidate) -> &'a [StreetKey] {
    directory
        .keys
        .get(candidate.index)
        .map_or(&[], Vec::as_slice)
}

/// The buildings with the asked number on the given streets, with their claims; the asked building itself
/// is not read again.
async fn with_number(
    reads: &mut Reads<'_>,
    asked: &BuildingKey,
    streets: &[StreetKey],
) -> Result<Vec<(BuildingKey, Vec<Neighbour>)>, StoreError> {
    let mut found = Vec::new();
    let others = streets.iter().filter(|street| **street != asked.street);
    for street in others.take(ZIPS_PER_STREET_MAX) {
        let building = BuildingKey {
            street: street.clone(),
            number: asked.number.clone(),
        };
        let claims = reads.building(&building).await?;
        if !claims.is_empty() {
            found.push((building, claims));
        }
    }
    Ok(found)
}

/// The same address where a list keeps it that has no ZIP.
fn without_zip(asked: &NormalAddress, building: &BuildingKey) -> Option<BuildingKey> {
    let area = Area::City {
        state: asked.state.clone()?,
        city: asked.city.clone()?,
    };
    Some(BuildingKey {
        street: StreetKey {
            area,
            street: building.street.street.clone(),
        },
        number: building.number.clone(),
    })
}
