//! An area hint as it is stored.

use lastmile_model::claim::{AreaHint, Kbps};
use lastmile_model::listing::Generation;
use minicbor::{Decode, Encode};

use super::{attributes, decoded, some_or_corrupt};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, Key};

/// A hint and the import that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHint {
    /// Which import of which list.
    pub generation: Generation,
    /// The hint.
    pub hint: AreaHint,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct HintValue {
    #[n(0)]
    down: Option<u64>,
    #[n(1)]
    up: Option<u64>,
}

/// Makes the item of a hint.
#[must_use]
pub fn to_item(hint: &AreaHint, generation: Generation) -> Item {
    let AreaHint {
        provider,
        cell,
        technology,
        down,
        up,
    } = hint;
    let key = Key::AreaHint {
        cell: *cell,
        generation,
        provider,
        technology: *technology,
    };
    Item {
        attributes: attributes(&HintValue {
            down: down.map(|Kbps(kbps)| kbps),
            up: up.map(|Kbps(kbps)| kbps),
        }),
        ..Item::new(key.primary())
    }
}

/// Reads a hint back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<StoredHint, StoreError> {
    let parts = some_or_corrupt(key::read_hint(&item.key), &item.key)?;
    let HintValue { down, up } = decoded(item)?;
    Ok(StoredHint {
        generation: key::leading_generation(&item.key)?,
        hint: AreaHint {
            provider: parts.provider,
            cell: parts.cell,
            technology: parts.technology,
            down: down.map(Kbps),
            up: up.map(Kbps),
        },
    })
}
