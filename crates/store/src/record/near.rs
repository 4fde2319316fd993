//! Where a list's buildings are.

use lastmile_model::address::BuildingKey;
use lastmile_model::geography::{Cell, Coordinates};
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
