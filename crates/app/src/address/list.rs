//! The addresses of one street, or of the few that a filter fits.

use lastmile_model::Text;
use lastmile_model::address::{
    Address, AddressKind, Area, BuildingKey, HouseNumber, NormalAddress, NormalStreet, Parts,
    StreetKey,
};
use lastmile_model::availability::KnownAddress;
use lastmile_model::availability::near::Neighbour;
use lastmile_store::{Metered, key};
use thiserror::Error;

use crate::Context;
use crate::availability::limits::{ADDRESSES_PAGE_MAX, STREET_CLAIMS_MAX, STREETS_LISTED_MAX};
use crate::availability::reads::Reads;
use crate::availability::{Lists, StoreFailed};

/// A listing of addresses that could not be made.
#[derive(Debug, Error)]
pub enum ListError {
    /// The filter names no street, so the list would have no bound.
    #[error("name a street: give streetName")]
    NoStreet,
    /// The filter does not say where the street is.
    #[error("say where the street is: give postcode (five digits), or city with stateOrProvince")]
    NoArea,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

/// Some of the buildings of a street, in the order of their numbers; street by street.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedAddresses {
    /// The page.
    pub addresses: Vec<KnownAddress>,
    /// How many there are in all, among those that were read.
    pub total: usize,
    /// Whether there are more streets or claims than one listing reads, so that `total` is "at least".
    pub cut: bool,
}

/// Lists the buildings of the street that `filter` names: its parts hold at least a street, and a ZIP or a
/// city with its state (then the street of every ZIP of the city); with a house number, the buildings of that
/// number. Any spelling that normalises to the street will do. Where no list has the street as it is
/// given, the buildings of each street are listed that fits: what is not given of it may be anything. A
/// street is never corrected; that is what [`validate`](super::validate()) is for.
///
/// # Errors
/// [`ListError::NoStreet`] and [`ListError::NoArea`] where the filter would have no bound.
pub async fn list(
    context: &Context,
    lists: &Lists,
    filter: &Parts,
    offset: usize,
    limit: usize,
) -> Result<Metered<ListedAddresses>, ListError> {
    let mut reads = Reads::new(context, lists);
    let wanted = Wanted::of(filter)?;
    let (claims, cut) = claims_of(&mut reads, &wanted).await?;
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

/// What a filter asks for.
struct Wanted {
    /// The street as it is given.
    key: Option<StreetKey>,
    street: NormalStreet,
    area: Area,
    number: Option<HouseNumber>,
}

impl Wanted {
    fn of(filter: &Parts) -> Result<Self, ListError> {
        let address = Address::from_parts(filter);
        let asked = NormalAddress::of(&address);
        let (key, number) = match asked.building_key() {
            Some(BuildingKey { street, number }) => (Some(street), Some(number)),
            None => (street_of(&address), None),
        };
        // A name alone ("Cedar") is no street line to the parser.
        let street = asked
            .street
            .or_else(|| NormalStreet::parse(&written(filter)));
        Ok(Self {
            street: street.ok_or(ListError::NoStreet)?,
            area: match &key {
                Some(key) => key.area.clone(),
                None => area_of(filter).ok_or(ListError::NoArea)?,
            },
            key,
            number,
        })
    }

    /// Whether a street is the wanted one, so far as that is given.
    fn fits(&self, street: &NormalStreet) -> bool {
        let NormalStreet {
            predirectional,
            name,
            suffix,
            postdirectional,
        } = &self.street;
        let is_free = |given: &Option<Text>, part| given.is_none() || given == part;
        *name == street.name
            && is_free(predirectional, &street.predirectional)
            && is_free(suffix, &street.suffix)
            && is_free(postdirectional, &street.postdirectional)
    }
}

/// The claims of the wanted street (or of one number on it), in order, and whether there are more than are
/// read; where it has none, those of the streets that fit.
async fn claims_of(
    reads: &mut Reads<'_>,
    wanted: &Wanted,
) -> Result<(Vec<Neighbour>, bool), StoreFailed> {
    if let Some(key) = &wanted.key {
        let streets = reads.same_street(key.clone()).await?;
        let (claims, cut) = claims_on(reads, &streets, wanted.number.as_ref()).await?;
        if !claims.is_empty() {
            return Ok((claims, cut));
        }
    }
    let directory = reads.directory(&wanted.area).await?;
    let mut streets: Vec<StreetKey> = directory
        .streets
        .iter()
        .zip(&directory.keys)
        .filter(|(street, _)| wanted.fits(street))
        .flat_map(|(_, keys)| keys.iter().cloned())
        .collect();
    streets.sort_unstable();
    let cut = streets.len() > STREETS_LISTED_MAX;
    streets.truncate(STREETS_LISTED_MAX);
    let (claims, cut_short) = claims_on(reads, &streets, wanted.number.as_ref()).await?;
    Ok((claims, cut || cut_short))
}

/// The claims on these streets (or of one number on each), and whether there are more than are read.
async fn claims_on(
    reads: &mut Reads<'_>,
    streets: &[StreetKey],
    number: Option<&HouseNumber>,
) -> Result<(Vec<Neighbour>, bool), StoreFailed> {
    let mut claims = Vec::new();
    for street in streets {
        match number {
            Some(number) => {
                let building = BuildingKey {
                    street: street.clone(),
                    number: number.clone(),
                };
                claims.append(&mut reads.building(&building).await?);
            }
            None => {
                if read_street(reads, street, &mut claims).await? {
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
            number: Some("1".into()),
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

/// The street as the filter writes it.
fn written(filter: &Parts) -> String {
    let parts = [
        &filter.predirectional,
        &filter.street,
        &filter.suffix,
        &filter.postdirectional,
    ];
    let given = parts.into_iter().filter_map(|part| part.as_deref());
    given.collect::<Vec<_>>().join(" ")
}

/// The area that the filter names: that of any building in it.
fn area_of(filter: &Parts) -> Option<Area> {
    let Parts {
        city, state, zip, ..
    } = filter;
    let any_building = Address {
        kind: AddressKind::Street,
        parts: Parts {
            number: Some("1".into()),
            street: Some("MAIN".into()),
            suffix: Some("ST".into()),
            city: city.clone(),
            state: state.clone(),
            zip: zip.clone(),
            ..Parts::default()
        },
        unparsed: Vec::new(),
    };
    let BuildingKey { street, number: _ } = NormalAddress::of(&any_building).building_key()?;
    Some(street.area)
}
