//! What is to be done for a quote: the outbox of the pipeline.

use lastmile_model::identity::TenantId;
use lastmile_model::quote::QuoteId;

use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{self, Errand, Key};
use crate::record::{VALUE, some_or_corrupt};

/// An errand and whose quote it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredErrand {
    /// Whose.
    pub tenant: TenantId,
    /// Which quote.
    pub id: QuoteId,
    /// What is to be done.
    pub errand: Errand,
}

/// Makes the item of an errand; its making is in the change feed.
#[must_use]
pub fn errand_item(stored: &StoredErrand) -> Item {
    let StoredErrand { tenant, id, errand } = stored;
    let key = Key::QuoteErrand { id: *id, errand };
    let mut item = Item::new(key.primary());
    item.streamed = true;
    item.attributes
        .insert(VALUE, Value::S(tenant.as_str().to_owned()));
    item
}

/// Reads an errand back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_errand_item(item: &Item) -> Result<StoredErrand, StoreError> {
    let tenant = item.attributes.text(VALUE);
    let tenant = tenant.and_then(|tenant| TenantId::new(tenant).ok());
    let read = tenant.zip(key::read_errand(&item.key));
    let stored = read.map(|(tenant, (id, errand))| StoredErrand { tenant, id, errand });
    some_or_corrupt(stored, &item.key)
}
