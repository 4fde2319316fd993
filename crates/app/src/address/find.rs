//! One address by its id.

use lastmile_model::address::key::BadKey;
use lastmile_model::address::{BuildingKey, UnitKey};
use lastmile_model::availability::KnownAddress;
use lastmile_store::Metered;

use crate::Context;
use crate::availability::reads::Reads;
use crate::availability::{Lists, StoreFailed};

/// The id of an address (a building key) or of a sub-address (a unit key).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AddressId {
    /// A building.
    Building(BuildingKey),
    /// A unit of a building.
    Unit(UnitKey),
}

impl AddressId {
    /// Reads `AREA:STREET:NUMBER` or `AREA:STREET:NUMBER:UNIT`.
    ///
    /// # Errors
    /// [`BadKey`] for any other text; to a client that is an id that does not exist.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        match text.parse() {
            Ok(building) => Ok(Self::Building(building)),
            Err(BadKey) => text.parse().map(Self::Unit),
        }
    }
}

/// Reads one building with its units; for a unit's id, with that unit alone. `None` where no active list
/// has it.
///
/// # Errors
/// [`StoreFailed`].
pub async fn get(
    context: &Context,
    lists: &Lists,
    id: &AddressId,
) -> Result<Metered<Option<KnownAddress>>, StoreFailed> {
    let mut reads = Reads::new(context, lists);
    let building = match id {
        AddressId::Building(building) => building,
        AddressId::Unit(unit) => &unit.building,
    };
    let claims = reads.building(building).await?;
    let known = KnownAddress::of(building, &claims);
    let value = match id {
        AddressId::Building(_) => known,
        AddressId::Unit(unit) => known.and_then(|known| only(known, unit)),
    };
    Ok(Metered {
        value,
        capacity: reads.spent,
    })
}

fn only(known: KnownAddress, unit: &UnitKey) -> Option<KnownAddress> {
    let asked = known.units.iter().find(|known| known.key == *unit)?.clone();
    Some(KnownAddress {
        units: vec![asked],
        units_cut: false,
        ..known
    })
}
