//! Where a list's buildings are, and which of them a provider's own id means.

use lastmile_model::address::BuildingKey;
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use minicbor::{Decode, Encode};

use super::{attributes, decoded, degrees_of, some_or_corrupt, units_of};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, Key};

/// A building of known coordinates that an import has claims for.
#[derive(Clone, Debug, PartialEq)]
pub struct NearBuilding {
    /// Which import of which list.
    pub generation: Generation,
    /// The building; its claims are in its street's partition.
    pub building: BuildingKey,
    /// Where it is.
    pub coordinates: Coordinates,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct NearValue<'b> {
    #[b(0)]
    buildings: Vec<PlacedBuilding<'b>>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct PlacedBuilding<'b> {
    /// The text of the building's key.
    #[b(0)]
    building: &'b str,
    #[n(1)]
    latitude: i32,
    #[n(2)]
    longitude: i32,
}

/// Makes the item of the buildings that one chunk of an import has in a cell (resolution
/// [`key::NEAR_RESOLUTION`]).
#[must_use]
pub fn to_item(
    cell: Cell,
    generation: Generation,
    chunk: u32,
    buildings: &[(BuildingKey, Coordinates)],
) -> Item {
    let key = Key::NearBuildings {
        cell,
        generation,
        chunk,
    };
    let texts: Vec<String> = buildings
        .iter()
        .map(|(building, _)| building.to_string())
        .collect();
    let buildings = texts
        .iter()
        .zip(buildings)
        .map(|(building, (_, coordinates))| PlacedBuilding {
            building,
            latitude: units_of(coordinates.latitude),
            longitude: units_of(coordinates.longitude),
        })
        .collect();
    Item {
        attributes: attributes(&NearValue { buildings }),
        ..Item::new(key.primary())
    }
}

/// Reads the buildings back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<Vec<NearBuilding>, StoreError> {
    let generation = key::leading_generation(&item.key)?;
    let value: NearValue<'_> = decoded(item)?;
    let read = |placed: &PlacedBuilding<'_>| {
        Some(NearBuilding {
            generation,
            building: placed.building.parse().ok()?,
            coordinates: Coordinates {
                latitude: degrees_of(placed.latitude),
                longitude: degrees_of(placed.longitude),
            },
        })
    };
    let buildings = value.buildings.iter().map(read).collect();
    some_or_corrupt(buildings, &item.key)
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ProviderBuildingValue<'b> {
    #[b(0)]
    building: &'b str,
}

/// Makes the item that leads from a provider's own id to its building.
#[must_use]
pub fn to_provider_item(
    provider: &ProviderName,
    id: &str,
    building: &BuildingKey,
    generation: Generation,
) -> Item {
    let key = Key::ProviderBuilding {
        provider,
        id,
        generation,
    };
    Item {
        attributes: attributes(&ProviderBuildingValue {
            building: &building.to_string(),
        }),
        ..Item::new(key.primary())
    }
}

/// Reads the import and the building behind a provider's own id.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_provider_item(item: &Item) -> Result<(Generation, BuildingKey), StoreError> {
    let value: ProviderBuildingValue<'_> = decoded(item)?;
    let building = value.building.parse().ok();
    Ok((
        key::leading_generation(&item.key)?,
        some_or_corrupt(building, &item.key)?,
    ))
}
