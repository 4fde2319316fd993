//! The addresses of one street.

use lastmile_model::address::{
    Address, AddressKind, BuildingKey, HouseNumber, NormalAddress, Parts, StreetKey,
};
use lastmile_model::availability::KnownAddress;
use lastmile_model::availability::near::Neighbour;
use lastmile_store::{Metered, key};
use thiserror::Error;

use crate::Context;
use crate::availability::limits::{ADDRESSES_PAGE_MAX, STREET_CLAIMS_MAX};
use crate::availability::reads::Reads;
use crate::availability::{Lists, StoreFailed};

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
/// with its state (then the street of every ZIP of the city); with a house number, the buildings of that
/// number. The street must be one that lists have, in any spelling that normalises to it; correcting it is
/// what [`validate`](super::validate()) is for.
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
    let mut reads = Reads::new(context, lists);
    let asked = NormalAddress::of(filter);
    let (street, number) = match asked.building_key() {
        Some(BuildingKey { street, number }) => (street, Some(number)),
        None => (street_of(filter).ok_or(ListError::Unbounded)?, None),
    };
    let (claims, cut) = claims_of(&mut reads, street, number.as_ref()).await?;
    let buildings: Vec<&[Neighbour]> = claims
        .chunk_by(|left, right| left.claim.building == right.claim.building)
        .collect();
    let addresses = buildings
        .iter()
        .skip(offset)
        .take(limit.min(ADDRESSES_PAGE_MAX))
        .filter_map(|claims| KnownAddress::of(&claims.first()?.claim.building, claims))
        .collect();
    let value = ListedAddresses {
        addresses,
        total: buildings.len(),
        cut,
    };
    Ok(Metered {
        value,
        capacity: reads.spent,
    })
}

/// The claims of a street (or of one number on it), in order, and whether there are more than are read.
async fn claims_of(
    reads: &mut Reads<'_>,
    street: StreetKey,
    number: Option<&HouseNumber>,
) -> Result<(Vec<Neighbour>, bool), StoreFailed> {
    let mut claims = Vec::new();
    for street in reads.same_street(street).await? {
        match number {
            Some(number) => {
                let number = number.clone();
                claims.append(&mut reads.building(&BuildingKey { street, number }).await?);
            }
            None => {
                if read_street(reads, &street, &mut claims).await? {
                    return Ok((claims, true));
                }
            }
        }
    }
    Ok((claims, false))
}

/// Adds the claims of a street; gives back whether there are more than are read.
async fn read_street(
    reads: &mut Reads<'_>,
    street: &StreetKey,
    claims: &mut Vec<Neighbour>,
) -> Result<bool, StoreFailed> {
    let mut query = key::street_claims(street, 0, u32::MAX);
    loop {
        reads.street_page(&mut query, claims).await?;
        if query.after.is_none() {
            return Ok(false);
        }
        if claims.len() >= STREET_CLAIMS_MAX {
            return Ok(true);
        }
    }
}

/// The key of the street that an address without a house number names: that of any building on it.
fn street_of(filter: &Address) -> Option<StreetKey> {
    let any_house = Address {
        kind: AddressKind::Street,
        parts: Parts {
            number: Some("1".to_owned()),
            ..filter.parts.clone()
        },
        unparsed: Vec::new(),
    };
    let BuildingKey { street, number: _ } = NormalAddress::of(&any_house).building_key()?;
    filter
        .parts
        .number
        .as_deref()
        .and_then(HouseNumber::parse)
        .is_none()
        .then_some(street)
}
