//! Where a list's buildings are, and which of them a provider's own id means.

use lastmile_model::address::BuildingKey;
use lastmile_model::geography::{Cell, Coordinates};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use minicbor::{Decode, Encode};

use super::{attributes, coordinates_of, decoded, some_or_corrupt, units_of};
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
struct NearValue {
    #[n(0)]
    latitude: Option<i32>,
    #[n(1)]
    longitude: Option<i32>,
}

/// Makes the item of a building in its cell (resolution [`key::NEAR_RESOLUTION`]).
#[must_use]
pub fn to_item(near: &NearBuilding, cell: Cell) -> Item {
    let NearBuilding {
        generation,
        building,
        coordinates: Coordinates {
            latitude,
            longitude,
        },
    } = near;
    let key = Key::NearBuilding {
        cell,
        generation: *generation,
        building,
    };
    Item {
        attributes: attributes(&NearValue {
            latitude: Some(units_of(*latitude)),
            longitude: Some(units_of(*longitude)),
        }),
        ..Item::new(key.primary())
    }
}

/// Reads a building back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<NearBuilding, StoreError> {
    let NearValue {
        latitude,
        longitude,
    } = decoded(item)?;
    Ok(NearBuilding {
        generation: key::leading_generation(&item.key)?,
        building: some_or_corrupt(key::read_near(&item.key), &item.key)?,
        coordinates: some_or_corrupt(coordinates_of(latitude, longitude), &item.key)?,
    })
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
