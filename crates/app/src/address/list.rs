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
/// with its state; with a house number, that building alone. The street must be one that lists have, in any
/// spelling that normalises to it; correcting it is what [`validate`](super::validate()) is for.
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
    let (claims, cut) = match asked.building_key() {
        Some(building) => (
            reads.building(&building).await.map_err(StoreFailed::from)?,
            false,
        ),
        None => of_street(&mut reads, &street_of(filter).ok_or(ListError::Unbounded)?).await?,
    };
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

async fn of_street(
    reads: &mut Reads<'_>,
    street: &StreetKey,
) -> Result<(Vec<Neighbour>, bool), StoreFailed> {
    let mut query = key::street_claims(street, 0, u32::MAX);
    let mut claims = Vec::new();
    loop {
        reads.street_page(&mut query, &mut claims).await?;
        if query.after.is_none() {
            return Ok((claims, false));
        }
        if claims.len() >= STREET_CLAIMS_MAX {
            return Ok((claims, true));
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
