//! Which suppliers are asked about which lines of a slice.

use lastmile_model::identity::ProviderName;
use lastmile_model::quote::{LineSet, SupplyPlan};
use minicbor::{Decode, Encode};

use super::expires_at;
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{Key, QuoteKey, SlicePart};
use crate::record::{REVISION, attributes, decoded, number, some_or_corrupt};

#[derive(Encode, Decode)]
#[cbor(map)]
struct SuppliesValue<'b> {
    #[n(0)]
    own_left: u32,
    #[n(1)]
    suppliers_left: u32,
    /// Supplier, and the lines as two halves of 64 bits, the higher first.
    #[b(2)]
    wanted: Vec<WantedValue<'b>>,
}

#[derive(Encode, Decode)]
#[cbor(array)]
struct WantedValue<'b> {
    #[b(0)]
    supplier: &'b str,
    #[n(1)]
    high: u64,
    #[n(2)]
    low: u64,
}

impl<'b> WantedValue<'b> {
    fn of(supplier: &'b ProviderName, lines: LineSet) -> Self {
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
        Self {
            supplier: supplier.as_str(),
            high: half(lines.bits() >> 64),
            low: half(lines.bits()),
        }
    }

    fn read(&self) -> Option<(ProviderName, LineSet)> {
        let bits = (u128::from(self.high) << 64) | u128::from(self.low);
        Some((
            ProviderName::new(self.supplier).ok()?,
            LineSet::from_bits(bits),
        ))
    }
}

/// Makes the item of a plan. Conditions look at its revision ([`crate::record::unchanged_since`]).
#[must_use]
pub fn supplies_item(quote: QuoteKey<'_>, slice: u32, plan: &SupplyPlan) -> Item {
    let SupplyPlan {
        own_left,
        wanted,
        suppliers_left,
        revision,
    } = plan;
    let wanted = wanted.iter();
    let value = SuppliesValue {
        own_left: *own_left,
        suppliers_left: *suppliers_left,
        wanted: wanted
            .map(|(supplier, lines)| WantedValue::of(supplier, *lines))
            .collect(),
    };
    let mut attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(*revision)));
    let key = Key::QuoteSlice {
        quote,
        slice,
        part: SlicePart::Supplies,
    };
    Item {
        expires_at: Some(expires_at(quote.id)),
        attributes,
        ..Item::new(key.primary())
    }
}

/// Reads a plan back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_supplies(item: &Item) -> Result<SupplyPlan, StoreError> {
    let value: SuppliesValue<'_> = decoded(item)?;
    let revision = u32::try_from(number(item, REVISION)?).ok();
    let wanted = value.wanted.iter().map(WantedValue::read).collect();
    let plan = revision.zip(wanted).map(|(revision, wanted)| SupplyPlan {
        own_left: value.own_left,
        wanted,
        suppliers_left: value.suppliers_left,
        revision,
    });
    some_or_corrupt(plan, &item.key)
}
