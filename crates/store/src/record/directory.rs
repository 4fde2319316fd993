//! The streets of a ZIP or a city, as they are stored.

use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, StreetKey};
use minicbor::{Decode, Encode};

use super::{attributes, decoded, owned, some_or_corrupt, street};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, Key};

/// A street that an area has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryStreet {
    /// The partition of its claims.
    pub key: StreetKey,
    /// Its parts.
    pub street: NormalStreet,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct DirectoryValue<'b> {
    #[n(0)]
    mask: Option<u8>,
    #[b(1)]
    predirectional: Option<&'b str>,
    #[b(2)]
    name: Option<&'b str>,
    #[b(3)]
    suffix: Option<&'b str>,
    #[b(4)]
    postdirectional: Option<&'b str>,
}

/// Makes the items of a street: under its ZIP, and under its city where that is known.
#[must_use]
pub fn to_items(street: &DirectoryStreet, state_and_city: Option<(&str, &str)>) -> Vec<Item> {
    let DirectoryStreet { key, street } = street;
    let value = value_of(street, &key.street);
    let item = |key: Key<'_>| Item {
        attributes: attributes(&value),
        ..Item::new(key.primary())
    };
    let zip = match &key.area {
        Area::Zip(zip) => Some(zip.as_str()),
        Area::City { .. } => None,
    };
    let by_city = match &key.area {
        Area::Zip(_) => state_and_city,
        Area::City { state, city } => Some((state.as_str(), city.as_str())),
    };
    let street = key.street.as_str();
    let by_zip = zip.map(|zip| item(Key::ZipStreet { zip, street }));
    let by_city = by_city.map(|(state, city)| {
        item(Key::CityStreet {
            state,
            city,
            street,
            zip,
        })
    });
    by_zip.into_iter().chain(by_city).collect()
}

/// Reads a street back, from its ZIP's partition or its city's.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<DirectoryStreet, StoreError> {
    let key = some_or_corrupt(key::read_directory(&item.key), &item.key)?;
    let DirectoryValue {
        mask,
        predirectional,
        name,
        suffix,
        postdirectional,
    } = decoded(item)?;
    let street = match (mask, name) {
        (Some(mask), _) => street::apart(mask, &key.street),
        (None, Some(name)) => Some(NormalStreet {
            predirectional: owned(predirectional),
            name: name.into(),
            suffix: owned(suffix),
            postdirectional: owned(postdirectional),
        }),
        (None, None) => None,
    };
    Ok(DirectoryStreet {
        street: some_or_corrupt(street, &item.key)?,
        key,
    })
}

fn value_of<'b>(normal: &'b NormalStreet, text: &str) -> DirectoryValue<'b> {
    let NormalStreet {
        predirectional,
        name,
        suffix,
        postdirectional,
    } = normal;
    match street::mask_of(normal, text) {
        Some(mask) => DirectoryValue {
            mask: Some(mask),
            predirectional: None,
            name: None,
            suffix: None,
            postdirectional: None,
        },
        None => DirectoryValue {
            mask: None,
            predirectional: predirectional.as_deref(),
            name: Some(name),
            suffix: suffix.as_deref(),
            postdirectional: postdirectional.as_deref(),
        },
    }
}
