//! A claim as it is stored.
//!
//! Building, unit, provider and technology are in the key; the value holds the rest. A claim weighs
//! about 150 bytes, so that the 20 claims of a large building are one read.

use std::sync::Arc;

use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, BuildingKey, NormalAddress};
use lastmile_model::claim::{Claim, Kbps, ListPrice, Standing};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use lastmile_model::money::{Currency, Money};
use minicbor::{Decode, Decoder, Encode, decode};

use super::{attributes, coordinates_of, decoded, owned, some_or_corrupt, street, units_of};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, ClaimKey, Key};

/// A claim and the import that it came with.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredClaim {
    /// Which import of which list.
    pub generation: Generation,
    /// The claim.
    pub claim: Claim,
}

#[derive(Default, Encode)]
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

/// By hand, because a lookup reads many: the derived one asks of every field whether it is null, which is never
/// written.
impl<'b, C> Decode<'b, C> for ClaimValue<'b> {
    fn decode(from: &mut Decoder<'b>, context: &mut C) -> Result<Self, decode::Error> {
        let fields = from.map()?;
        let fields = fields.ok_or_else(|| decode::Error::message("a map without its length"))?;
        let mut value = Self::default();
        for _ in 0..fields {
            match from.u32()? {
                0 => value.standing = Some(from.u8()?),
                1 => value.product = Some(from.str()?),
                2 => value.smallest = Some(from.u64()?),
                3 => value.down = Some(from.u64()?),
                4 => value.up = Some(from.u64()?),
                5 => value.mrc_minor = Some(from.i64()?),
                6 => value.currency = Some(from.u8()?),
                7 => value.latitude = Some(from.i32()?),
                8 => value.longitude = Some(from.i32()?),
                9 => value.provider_building_id = Some(from.str()?),
                10 => value.underlying_provider = Some(from.str()?),
                11 => value.street_mask = Some(from.u8()?),
                12 => value.city = Some(from.str()?),
                13 => value.state = Some(from.str()?),
                14 => value.zip4 = Some(from.str()?),
                15 => value.unit_type = Some(from.str()?),
                16 => value.street_parts = Some(StreetParts::decode(from, context)?),
                _ => from.skip()?,
            }
        }
        Ok(value)
    }
}

/// The street where a mask cannot say it.
#[derive(Clone, Copy, PartialEq, Encode, Decode)]
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
    } = &**place;
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
    let read = ClaimReader::default().read_if(item, Some)?;
    let stored = read.map(|(claim, generation)| StoredClaim { generation, claim });
    some_or_corrupt(stored, &item.key)
}

/// Reads the claims of a page, one after another. What a claim has in common with the one before it, the
/// building and mostly the place, is not read again: the two share it.
#[derive(Default)]
pub struct ClaimReader<'i> {
    before: Option<Before<'i>>,
}

/// What was read last.
struct Before<'i> {
    key: ClaimKey<'i>,
    words: PlaceWords<'i>,
    building: Arc<BuildingKey>,
    place: Arc<NormalAddress>,
    provider: ProviderName,
}

/// What an item says of a place beyond its building.
#[derive(Clone, Copy, PartialEq)]
struct PlaceWords<'i> {
    unit: &'i str,
    unit_type: Option<&'i str>,
    street_mask: Option<u8>,
    street_parts: Option<StreetParts<'i>>,
    city: Option<&'i str>,
    state: Option<&'i str>,
    zip4: Option<&'i str>,
}

impl<'i> ClaimReader<'i> {
    /// Reads a claim if its import is wanted, with what `wanted` says of the import. Of any other one only the
    /// key is looked at.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where the item is not a claim.
    pub fn read_if<W>(
        &mut self,
        item: &'i Item,
        wanted: impl FnOnce(Generation) -> Option<W>,
    ) -> Result<Option<(Claim, W)>, StoreError> {
        let key = some_or_corrupt(ClaimKey::of(&item.key), &item.key)?;
        let generation = some_or_corrupt(key.generation(), &item.key)?;
        let Some(wanted) = wanted(generation) else {
            return Ok(None);
        };
        let value: ClaimValue<'_> = decoded(item)?;
        let claim = some_or_corrupt(self.claim(key, &value), &item.key)?;
        Ok(Some((claim, wanted)))
    }

    fn claim(&mut self, key: ClaimKey<'i>, value: &ClaimValue<'i>) -> Option<Claim> {
        let before = self.before.take();
        let provider = key.provider(before.as_ref().map(|before| &before.provider))?;
        let words = PlaceWords::of(key, value);
        let (building, place) = match before.filter(|before| key.is_beside(&before.key)) {
            Some(beside) if beside.words == words => (beside.building, beside.place),
            beside => {
                let building = match beside {
                    Some(beside) => beside.building,
                    None => Arc::new(key.building()?),
                };
                let place = Arc::new(words.place(key, &building)?);
                (building, place)
            }
        };
        self.before = Some(Before {
            key,
            words,
            building: Arc::clone(&building),
            place: Arc::clone(&place),
            provider: provider.clone(),
        });
        Some(Claim {
            provider,
            building,
            place,
            technology: key.technology()?,
            product: owned(value.product),
            smallest: value.smallest.map(Kbps),
            down: value.down.map(Kbps),
            up: value.up.map(Kbps),
            standing: standing_of(value.standing.unwrap_or_default())?,
            price: price_of(value)?,
            coordinates: coordinates_of(value.latitude, value.longitude),
            provider_building_id: owned(value.provider_building_id),
            underlying_provider: match value.underlying_provider {
                Some(name) => Some(ProviderName::new(name).ok()?),
                None => None,
            },
        })
    }
}

impl<'i> PlaceWords<'i> {
    const fn of(key: ClaimKey<'i>, value: &ClaimValue<'i>) -> Self {
        Self {
            unit: key.unit,
            unit_type: value.unit_type,
            street_mask: value.street_mask,
            street_parts: value.street_parts,
            city: value.city,
            state: value.state,
            zip4: value.zip4,
        }
    }

    fn place(&self, key: ClaimKey<'i>, building: &BuildingKey) -> Option<NormalAddress> {
        let BuildingKey { street, number } = building;
        let (zip, city, state) = match &street.area {
            Area::Zip(zip) => (Some(zip.clone()), owned(self.city), owned(self.state)),
            Area::City { state, city } => (None, Some(city.clone()), Some(state.clone())),
        };
        Some(NormalAddress {
            number: Some(number.clone()),
            street: match (self.street_mask, &self.street_parts) {
                (Some(mask), _) => Some(street::apart(mask, &street.street)?),
                (None, parts) => parts.as_ref().map(normal_street_of),
            },
            unit_type: owned(self.unit_type),
            unit: key.unit()?,
            city,
            state,
            zip,
            zip4: owned(self.zip4),
        })
    }
}

/// `None` where the currency is none that is known; a claim without a price has `Some(None)`.
fn price_of(value: &ClaimValue<'_>) -> Option<Option<ListPrice>> {
    let Some(minor) = value.mrc_minor else {
        return Some(None);
    };
    let currency = currency_of(value.currency.unwrap_or_default())?;
    Some(Some(ListPrice {
        mrc: Money { minor, currency },
    }))
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
        name: (*name).into(),
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
