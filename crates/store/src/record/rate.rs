//! A rate as it is stored. What names it is in the key; the value holds the price.

use jiff::civil::Date;
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;
use lastmile_model::money::Money;
use lastmile_model::rate_card::{Charge, Effective, Rate};
use minicbor::{Decode, Encode};

use super::claim::{currency_code, currency_of};
use super::{attributes, decoded, some_or_corrupt};
use crate::error::StoreError;
use crate::item::Item;
use crate::key::{self, Key, RateKey};

/// A rate, whose it is, and the import that it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRate {
    /// Which import of which list.
    pub generation: Generation,
    /// Who takes that price.
    pub provider: ProviderName,
    /// The rate.
    pub rate: Rate,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct RateValue {
    /// Missing where a person prices it.
    #[n(0)]
    mrc_minor: Option<i64>,
    /// 0 where it is missing.
    #[n(1)]
    nrc_minor: Option<i64>,
    #[n(2)]
    currency: Option<u8>,
    #[n(3)]
    install_interval_days: Option<u32>,
    /// `[year, month, day]`.
    #[n(4)]
    until: Option<(i16, i8, i8)>,
}

/// Makes the item of a rate.
#[must_use]
pub fn to_item(provider: &ProviderName, rate: &Rate, generation: Generation) -> Item {
    let key = Key::Rate {
        provider,
        generation,
        rate,
    };
    let (mrc, nrc) = match rate.charge {
        Charge::Priced { mrc, nrc } => (Some(mrc), Some(nrc)),
        Charge::IndividualCase => (None, None),
    };
    let value = RateValue {
        mrc_minor: mrc.map(|money| money.minor),
        nrc_minor: nrc.map(|money| money.minor).filter(|minor| *minor != 0),
        currency: mrc.map(|money| currency_code(money.currency)),
        install_interval_days: rate.install_interval_days,
        until: rate
            .effective
            .until
            .map(|day| (day.year(), day.month(), day.day())),
    };
    Item {
        attributes: attributes(&value),
        ..Item::new(key.primary())
    }
}

/// Reads a rate back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<StoredRate, StoreError> {
    let parts = some_or_corrupt(key::read_rate(&item.key), &item.key)?;
    let value: RateValue = decoded(item)?;
    let generation = parts.generation;
    let provider = parts.provider.clone();
    Ok(StoredRate {
        generation,
        provider,
        rate: some_or_corrupt(rate_of(parts, &value), &item.key)?,
    })
}

fn rate_of(parts: RateKey, value: &RateValue) -> Option<Rate> {
    let RateKey {
        generation: _,
        provider: _,
        product,
        zone,
        access,
        down,
        up,
        term,
        from,
    } = parts;
    let charge = match value.mrc_minor {
        None => Charge::IndividualCase,
        Some(mrc) => {
            let currency = currency_of(value.currency?)?;
            let money = |minor| Money { minor, currency };
            Charge::Priced {
                mrc: money(mrc),
                nrc: money(value.nrc_minor.unwrap_or_default()),
            }
        }
    };
    let until = match value.until {
        None => None,
        Some((year, month, day)) => Some(Date::new(year, month, day).ok()?),
    };
    Some(Rate {
        zone,
        product,
        access,
        down,
        up,
        term,
        charge,
        install_interval_days: value.install_interval_days,
        effective: Effective { from, until },
    })
}
