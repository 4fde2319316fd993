//! A claim as it is stored.
//!
//! Building, unit, provider and technology are in the key; the value holds the rest. A claim weighs
//! about 150 bytes, so that the 20 claims of a large building are one read.

use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, BuildingKey, NormalAddress};
use lastmile_model::claim::{Claim, Kbps, ListPrice, Standing};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use lastmile_model::money::{Currency, Money};
use minicbor::{Decode, Encode};

use super::{attributes, coordinates_of, decoded, some_or_corrupt, street, units_of};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, Key};

/// A claim and the import that it came with.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredClaim {
    /// Which import of which list.
    pub generation: Generation,
    /// The claim.
    pub claim: Claim,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ClaimValue<'b> {
    #[n(0)]
    standing: Option<u8>,
    #[b(1)]
    product: Option<&'b str>,
    #[n(2)]
    smallest: Option<u64>,
    #[n(3)]
    down: Option<u64>,
    #[n(4)]
    up: Option<u64>,
    #[n(5)]
    mrc_minor: Option<i64>,
    #[n(6)]
    currency: Option<u8>,
    #[n(7)]
    latitude: Option<i32>,
    #[n(8)]
    longitude: Option<i32>,
    #[b(9)]
    provider_building_id: Option<&'b str>,
    #[b(10)]
    underlying_provider: Option<&'b str>,
    #[n(11)]
    street_mask: Option<u8>,
    #[b(12)]
    city: Option<&'b str>,
    #[b(13)]
    state: Option<&'b str>,
    #[b(14)]
    zip4: Option<&'b str>,
    #[b(15)]
    unit_type: Option<&'b str>,
    #[b(16)]
    street_parts: Option<StreetParts<'b>>,
}

/// The street where a mask cannot say it.
#[derive(Encode, Decode)]
#[cbor(array)]
struct StreetParts<'b> {
    #[b(0)]
    predirectional: Option<&'b str>,
    #[b(1)]
    name: &'b str,
    #[b(2)]
    suffix: Option<&'b str>,
    #[b(3)]
    postdirectional: Option<&'b str>,
}

/// Makes the item of a claim.
///
/// The number of `claim.place` is taken to be the building's, and its ZIP the area's.
#[must_use]
pub fn to_item(claim: &Claim, generation: Generation) -> Item {
    let Claim {
        provider,
        building,
        place,
        technology,
        product,
        smallest,
        down,
        up,
        standing,
        price,
        coordinates,
        provider_building_id,
        underlying_provider,
    } = claim;
    let NormalAddress {
        number: _,
        street: normal_street,
        unit_type,
        unit,
        city,
        state,
        zip: _,
        zip4,
    } = place;
    let key = Key::Claim {
        street: &building.street,
        number: &building.number,
        unit: unit.as_deref(),
        generation,
        provider,
        technology: *technology,
        discriminator: key::discriminator_of(claim),
    }
    .primary();
    let in_key = matches!(building.street.area, Area::City { .. });
    let street_mask = normal_street
        .as_ref()
        .and_then(|parts| street::mask_of(parts, &building.street.street));
    let mrc = price.map(|ListPrice { mrc }| mrc);
    let value = ClaimValue {
        standing: Some(standing_code(*standing)).filter(|code| *code != 0),
        product: product.as_deref(),
        smallest: smallest.map(|Kbps(kbps)| kbps),
        down: down.map(|Kbps(kbps)| kbps),
        up: up.map(|Kbps(kbps)| kbps),
        mrc_minor: mrc.map(|money| money.minor),
        currency: mrc
            .map(|money| currency_code(money.currency))
            .filter(|code| *code != 0),
        latitude: coordinates.map(|point| units_of(point.latitude)),
        longitude: coordinates.map(|point| units_of(point.longitude)),
        provider_building_id: provider_building_id.as_deref(),
        underlying_provider: underlying_provider.as_ref().map(ProviderName::as_str),
        street_mask,
        city: city.as_deref().filter(|_| !in_key),
        state: state.as_deref().filter(|_| !in_key),
        zip4: zip4.as_deref(),
        unit_type: unit_type.as_deref(),
        street_parts: normal_street
            .as_ref()
            .filter(|_| street_mask.is_none())
            .map(street_parts),
    };
    Item {
        attributes: attributes(&value),
        ..Item::new(key)
    }
}

/// Reads a claim back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is not a claim.
pub fn from_item(item: &Item) -> Result<StoredClaim, StoreError> {
    let (street, sort) = key::read_claim(&item.key)?;
    let value: ClaimValue<'_> = decoded(item)?;
    let generation = sort.generation;
    let claim = claim_of(street, sort, &value);
    Ok(StoredClaim {
        generation,
        claim: some_or_corrupt(claim, &item.key)?,
    })
}

fn claim_of(
    street: lastmile_model::address::StreetKey,
    sort: key::ClaimSortKey,
    value: &ClaimValue<'_>,
) -> Option<Claim> {
    let key::ClaimSortKey {
        number,
        unit,
        generation: _,
        provider,
        technology,
    } = sort;
    let normal_street = match (value.street_mask, &value.street_parts) {
        (Some(mask), _) => Some(street::apart(mask, &street.street)?),
        (None, parts) => parts.as_ref().map(normal_street_of),
    };
    let (zip, city, state) = match &street.area {
        Area::Zip(zip) => (Some(zip.clone()), owned(value.city), owned(value.state)),
        Area::City { state, city } => (None, Some(city.clone()), Some(state.clone())),
    };
    let place = NormalAddress {
        number: Some(number.clone()),
        street: normal_street,
        unit_type: owned(value.unit_type),
        unit,
        city,
        state,
        zip,
        zip4: owned(value.zip4),
    };
    let price = match value.mrc_minor {
        Some(minor) => Some(ListPrice {
            mrc: Money {
                minor,
                currency: currency_of(value.currency.unwrap_or_default())?,
            },
        }),
        None => None,
    };
    let underlying_provider = match value.underlying_provider {
        Some(name) => Some(ProviderName::new(name).ok()?),
        None => None,
    };
    Some(Claim {
        provider,
        building: BuildingKey { street, number },
        place,
        technology,
        product: owned(value.product),
        smallest: value.smallest.map(Kbps),
        down: value.down.map(Kbps),
        up: value.up.map(Kbps),
        standing: standing_of(value.standing.unwrap_or_default())?,
        price,
        coordinates: coordinates_of(value.latitude, value.longitude),
        provider_building_id: owned(value.provider_building_id),
        underlying_provider,
    })
}

fn owned(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

fn street_parts(street: &NormalStreet) -> StreetParts<'_> {
    let NormalStreet {
        predirectional,
        name,
        suffix,
        postdirectional,
    } = street;
    StreetParts {
        predirectional: predirectional.as_deref(),
        name,
        suffix: suffix.as_deref(),
        postdirectional: postdirectional.as_deref(),
    }
}

fn normal_street_of(parts: &StreetParts<'_>) -> NormalStreet {
    let StreetParts {
        predirectional,
        name,
        suffix,
        postdirectional,
    } = parts;
    NormalStreet {
        predirectional: owned(*predirectional),
        name: (*name).to_owned(),
        suffix: owned(*suffix),
        postdirectional: owned(*postdirectional),
    }
}

const fn standing_code(standing: Standing) -> u8 {
    match standing {
        Standing::Offered => 0,
        Standing::NotOffered => 1,
        Standing::IndividualCase => 2,
        Standing::NearNet => 3,
        Standing::Restricted => 4,
    }
}

const fn standing_of(code: u8) -> Option<Standing> {
    match code {
        0 => Some(Standing::Offered),
        1 => Some(Standing::NotOffered),
        2 => Some(Standing::IndividualCase),
        3 => Some(Standing::NearNet),
        4 => Some(Standing::Restricted),
        _ => None,
    }
}

pub(super) const fn currency_code(currency: Currency) -> u8 {
    match currency {
        Currency::Usd => 0,
        Currency::Cad => 1,
    }
}

pub(super) const fn currency_of(code: u8) -> Option<Currency> {
    match code {
        0 => Some(Currency::Usd),
        1 => Some(Currency::Cad),
        _ => None,
    }
}
