//! Is this address real, and which building is it.

use lastmile_model::address::key::BadKey;
use lastmile_model::address::{Address, BuildingKey, UnitKey};
use lastmile_model::availability::{KnownAddress, Validation};
use lastmile_store::{Metered, StoreError};
use thiserror::Error;

use crate::Context;
use crate::availability::{Lists, StoreFailed};

/// Validates one address against the buildings that active lists know. Alternatives are looked for only
/// where they are asked for.
///
/// # Errors
/// [`StoreFailed`].
pub async fn validate(
    context: &Context,
    lists: &Lists,
    submitted: &Address,
    provide_alternative: bool,
) -> Result<Metered<Validation>, StoreFailed> {
    let _ = (context, lists, submitted, provide_alternative);
    Err(StoreError::Throttled.into())
}

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
        match text.match_indices(':').nth(2) {
            None => text.parse().map(Self::Building),
            Some((_, "")) => Err(BadKey),
            Some((at, _)) => {
                let building = text[..at].parse()?;
                Ok(Self::Unit(UnitKey {
                    building,
                    unit: text[at + 1..].to_owned(),
                }))
            }
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
    let _ = (context, lists, id);
    Err(StoreError::Throttled.into())
}

/// A listing of addresses that could not be made.
#[derive(Debug, Error)]
pub enum ListError {
    /// The filter does not name one street, so the list would have no bound.
    #[error("name one street: give streetName with postcode, or with city and stateOrProvince")]
    Unbounded,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// Some of the buildings of a street, in the order of their numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedAddresses {
    /// The page.
    pub addresses: Vec<KnownAddress>,
    /// How many there are in all, among those that were read.
    pub total: usize,
    /// Whether the street has more claims than one listing reads, so that `total` is "at least".
    pub cut: bool,
}

/// Lists the buildings of one street: `filter` is an address with at least a street, and a ZIP or a city
/// with its state; with a house number, that building alone. The street must be spelt as the lists have it (in any
/// spelling that normalises to it); correcting it is what [`validate`] is for.
///
/// # Errors
/// [`ListError::Unbounded`] where the filter names no street.
pub async fn list(
    context: &Context,
    lists: &Lists,
    filter: &Address,
    offset: usize,
    limit: usize,
) -> Result<Metered<ListedAddresses>, ListError> {
    let _ = (context, lists, filter, offset, limit);
    Err(ListError::Unbounded)
}
