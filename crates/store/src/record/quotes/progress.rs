//! How far one provider of a quote is.

use lastmile_model::quote::{CellCounts, ProviderProgress};
use minicbor::{Decode, Encode};

use super::{expires_at, time};
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{self, Key, QuoteKey, QuotePart};
use crate::record::{REVISION, attributes, decoded, number, some_or_corrupt};

/// An array: all progress of a quote is read at once, and must stay small.
#[derive(Encode, Decode)]
#[cbor(array)]
struct ProgressValue {
    #[n(0)]
    slices_left: u32,
    #[n(1)]
    priced: u64,
    #[n(2)]
    icb_pending: u64,
    #[n(3)]
    not_served: u64,
    #[n(4)]
    address_unknown: u64,
    #[n(5)]
    failed: u64,
    #[n(6)]
    expired: u64,
    /// Microseconds since 1970.
    #[n(7)]
    valid_until: Option<i64>,
}

/// Makes the item of a provider's progress: of the one at this place in the quote's head. Conditions look at its revision ([`crate::record::unchanged_since`]).
#[must_use]
pub fn progress_item(quote: QuoteKey<'_>, place: u8, progress: &ProviderProgress) -> Item {
    let ProviderProgress {
        slices_left,
        counts:
            CellCounts {
                priced,
                icb_pending,
                not_served,
                address_unknown,
                failed,
                expired,
            },
        valid_until,
        revision,
    } = *progress;
    let value = ProgressValue {
        slices_left,
        priced,
        icb_pending,
        not_served,
        address_unknown,
        failed,
        expired,
        valid_until: valid_until.map(|until| until.as_microsecond()),
    };
    let mut attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(revision)));
    let key = Key::Quote {
        quote,
        part: QuotePart::Progress(place),
    };
    Item {
        expires_at: Some(expires_at(quote.id)),
        attributes,
        ..Item::new(key.primary())
    }
}

/// Reads a provider's progress back, and at which place in the quote's head it stands.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_progress_item(item: &Item) -> Result<(u8, ProviderProgress), StoreError> {
    let value: ProgressValue = decoded(item)?;
    let revision = u32::try_from(number(item, REVISION)?).ok();
    let place = key::read_progress(&item.key);
    let read = place.zip(revision.and_then(|revision| progress_of(&value, revision)));
    some_or_corrupt(read, &item.key)
}

fn progress_of(value: &ProgressValue, revision: u32) -> Option<ProviderProgress> {
    let ProgressValue {
        slices_left,
        priced,
        icb_pending,
        not_served,
        address_unknown,
        failed,
        expired,
        valid_until,
    } = *value;
    Some(ProviderProgress {
        slices_left,
        counts: CellCounts {
            priced,
            icb_pending,
            not_served,
            address_unknown,
            failed,
            expired,
        },
        valid_until: match valid_until {
            Some(until) => Some(time(until)?),
            None => None,
        },
        revision,
    })
}
