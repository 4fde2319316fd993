//! Who waits for what a carrier is doing.

use jiff::Timestamp;
use lastmile_model::carrier::{CarrierReference, Step};

use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::Key;
use crate::message::{Ask, Message};
use crate::record::{VALUE, some_or_corrupt};

/// What a carrier is doing, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waited {
    /// What it is doing.
    pub step: Step,
    /// Its id of that.
    pub reference: CarrierReference,
    /// Who is asked about what.
    pub ask: Ask,
}

/// Makes the item; it is of no use after `until`.
#[must_use]
pub fn wait_item(waited: &Waited, until: Timestamp) -> Item {
    let Waited {
        step,
        reference,
        ask,
    } = waited;
    let key = Key::CarrierWait {
        carrier: &ask.carrier,
        step: *step,
        reference,
    };
    let mut item = Item::new(key.primary());
    item.expires_at = Some(until.as_second());
    // What is asked is already a text that can be read back: that of its message.
    let text = Message::AskCarrier(ask.clone()).to_new().body;
    item.attributes.insert(VALUE, Value::S(text));
    item
}

/// Who is asked about what.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_wait(item: &Item) -> Result<Ask, StoreError> {
    let text = item.attributes.text(VALUE);
    let ask = match text.map(Message::read) {
        Some(Ok(Message::AskCarrier(ask))) => Some(ask),
        Some(Ok(_) | Err(_)) | None => None,
    };
    some_or_corrupt(ask, &item.key)
}

#[cfg(test)]
mod tests {
    use lastmile_model::identity::{ProviderName, TenantId};

    use super::*;

    #[test]
    fn who_waits_is_read_back() {
        let ask = Ask {
            tenant: TenantId::new("north").unwrap(),
            quote: "019cb391f0e000000000000000000001".parse().unwrap(),
            slice: 3,
            carrier: ProviderName::new("Acme & Co. Fiber").unwrap(),
            as_supplier: true,
        };
        let waited = Waited {
            step: Step::Quote,
            reference: CarrierReference::new("Q-1").unwrap(),
            ask,
        };
        let until = Timestamp::from_second(1_800_000_000).unwrap();
        let mut item = wait_item(&waited, until);
        assert_eq!(item.expires_at, Some(1_800_000_000));
        assert_eq!(read_wait(&item).unwrap(), waited.ask);
        item.attributes.insert(VALUE, Value::S("{}".to_owned()));
        assert!(matches!(read_wait(&item), Err(StoreError::Corrupt { .. })));
    }
}
