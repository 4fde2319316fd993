//! The locations of a slice, and what one provider or supplier answered for them.

use jiff::Timestamp;
use lastmile_model::address::{NormalAddress, parse};
use lastmile_model::carrier::Location;
use lastmile_model::geography::Coordinates;
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::quote::request::Asked;
use lastmile_model::quote::{QuoteId, Slice};
use minicbor::{Decode, Encode};

use super::cell::LineValue;
use super::{expires_at, time};
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{Key, QuoteKey, ReadSlicePart, SlicePart, case_listings, read_slice};
use crate::record::{
    REVISION, VALUE, attributes, coordinates_of, decoded, number, some_or_corrupt, units_of,
};

/// Whose answers they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SliceOf<'a> {
    /// One of the quote's providers.
    Provider(&'a ProviderName),
    /// Somebody from whom one of them buys.
    Supplier(&'a ProviderName),
}

impl<'a> SliceOf<'a> {
    /// Who answers.
    #[must_use]
    pub const fn name(self) -> &'a ProviderName {
        match self {
            Self::Provider(name) | Self::Supplier(name) => name,
        }
    }

    /// Which part of the slice it is.
    #[must_use]
    pub const fn part(self) -> SlicePart<'a> {
        match self {
            Self::Provider(name) => SlicePart::Own(name),
            Self::Supplier(name) => SlicePart::Supply(name),
        }
    }
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct SliceValue<'b> {
    #[n(0)]
    services: u32,
    #[b(1)]
    lines: Vec<LineValue<'b>>,
    /// Microseconds since 1970.
    #[n(2)]
    asked_until: Option<i64>,
    /// None where it has not failed.
    #[n(3)]
    failures: Option<u32>,
}

/// The address is kept as it was written, and read anew: it is the same program that does it.
#[derive(Encode, Decode)]
#[cbor(map)]
struct PlaceValue<'b> {
    #[b(0)]
    written: &'b str,
    #[b(1)]
    label: Option<&'b str>,
    #[n(2)]
    latitude: Option<i32>,
    #[n(3)]
    longitude: Option<i32>,
    #[n(4)]
    repeats: Option<u32>,
}

/// The locations of a slice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// What was asked about.
    pub asked: Vec<Asked>,
    /// For each of them the first location of the quote with its address, where that is another one
    /// ([`lastmile_model::quote::request::repeated`]).
    pub repeats: Vec<Option<u32>>,
}

/// Makes the item of a slice's answers. Conditions look at its revision ([`crate::record::unchanged_since`]).
#[must_use]
pub fn slice_item(quote: QuoteKey<'_>, number: u32, of: SliceOf<'_>, slice: &Slice) -> Item {
    let Slice {
        services,
        lines,
        asked_until,
        failures,
        revision,
    } = slice;
    let value = SliceValue {
        services: u32::try_from(*services).unwrap_or(u32::MAX),
        lines: lines.iter().map(LineValue::of).collect(),
        asked_until: asked_until.map(Timestamp::as_microsecond),
        failures: Some(*failures).filter(|failures| *failures > 0),
    };
    let mut attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(*revision)));
    let key = Key::QuoteSlice {
        quote,
        slice: number,
        part: of.part(),
    };
    Item {
        expires_at: Some(expires_at(quote.id)),
        attributes,
        ..Item::new(key.primary())
    }
}

/// Reads a slice's answers back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_slice_item(item: &Item) -> Result<Slice, StoreError> {
    let value: SliceValue<'_> = decoded(item)?;
    let revision = u32::try_from(number(item, REVISION)?).ok();
    let slice = revision.and_then(|revision| slice_of(&value, revision));
    some_or_corrupt(slice, &item.key)
}

fn slice_of(value: &SliceValue<'_>, revision: u32) -> Option<Slice> {
    Some(Slice {
        services: usize::try_from(value.services).ok()?,
        lines: value
            .lines
            .iter()
            .map(LineValue::read)
            .collect::<Option<_>>()?,
        asked_until: match value.asked_until {
            Some(until) => Some(time(until)?),
            None => None,
        },
        failures: value.failures.unwrap_or_default(),
        revision,
    })
}

/// Makes the item of a slice's locations, and which location each of them repeats.
#[must_use]
pub fn places_item<'a>(
    quote: QuoteKey<'_>,
    slice: u32,
    places: impl Iterator<Item = (&'a Asked, Option<u32>)>,
) -> Item {
    let value: Vec<PlaceValue<'_>> = places
        .map(|(asked, repeats)| place_value(asked, repeats))
        .collect();
    let key = Key::QuoteSlice {
        quote,
        slice,
        part: SlicePart::Places,
    };
    Item {
        expires_at: Some(expires_at(quote.id)),
        attributes: attributes(&value),
        ..Item::new(key.primary())
    }
}

fn place_value(asked: &Asked, repeats: Option<u32>) -> PlaceValue<'_> {
    let Asked {
        label,
        written,
        location:
            Location {
                address: _,
                coordinates,
                carrier_place: _,
            },
    } = asked;
    PlaceValue {
        written,
        label: label.as_deref(),
        latitude: coordinates.map(|point| units_of(point.latitude)),
        longitude: coordinates.map(|point| units_of(point.longitude)),
        repeats,
    }
}

/// Reads a slice's locations back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_places(item: &Item) -> Result<Places, StoreError> {
    let values: Vec<PlaceValue<'_>> = decoded(item)?;
    Ok(Places {
        asked: values.iter().map(asked).collect(),
        repeats: values.iter().map(|value| value.repeats).collect(),
    })
}

fn asked(value: &PlaceValue<'_>) -> Asked {
    let PlaceValue {
        written,
        label,
        latitude,
        longitude,
        repeats: _,
    } = *value;
    let coordinates: Option<Coordinates> = coordinates_of(latitude, longitude);
    Asked {
        label: label.map(str::to_owned),
        written: written.to_owned(),
        location: Location {
            address: NormalAddress::of(&parse(written)),
            coordinates,
            carrier_place: None,
        },
    }
}

/// A person has to give prices of one provider for a slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCase {
    /// Whose quote.
    pub tenant: TenantId,
    /// Which quote.
    pub id: QuoteId,
    /// Which slice of it.
    pub slice: u32,
    /// Whose prices.
    pub provider: ProviderName,
    /// How many cells wait.
    pub cells: u32,
}

/// Makes the item of an open case. It goes when no cell of the slice waits for a person any more.
#[must_use]
pub fn case_item(quote: QuoteKey<'_>, slice: u32, provider: &ProviderName, cells: u64) -> Item {
    let key = Key::QuoteSlice {
        quote,
        slice,
        part: SlicePart::Case(provider),
    };
    let (all, of_provider) = case_listings(quote, slice, provider);
    let mut item = Item::new(key.primary());
    item.index1 = Some(all);
    item.index2 = Some(of_provider);
    item.expires_at = Some(expires_at(quote.id));
    let cells = i64::try_from(cells).unwrap_or(i64::MAX);
    item.attributes.insert(VALUE, Value::N(cells));
    item
}

/// Reads an open case back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_case(item: &Item) -> Result<StoredCase, StoreError> {
    let cells = u32::try_from(number(item, VALUE)?).ok();
    let case = match read_slice(&item.key) {
        Some((tenant, id, slice, ReadSlicePart::Case(provider))) => cells.map(|cells| StoredCase {
            tenant,
            id,
            slice,
            provider,
            cells,
        }),
        Some(_) | None => None,
    };
    some_or_corrupt(case, &item.key)
}
