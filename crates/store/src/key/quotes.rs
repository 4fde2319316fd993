//! The keys of quotes.
//!
//! The head of a quote and the counts of its providers lie together, so that its progress is one small
//! read. What is large lies apart: slice by slice, so that the answers of a large quote never share a partition.

use jiff::tz::TimeZone;
use lastmile_model::carrier::{CarrierReference, Step};
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::quote::QuoteId;

use super::{joined, part, unescape};
use crate::item::{IndexKey, PrimaryKey};
use crate::query::{Direction, Index, Query, SortKey};

/// Names a quote: the tenant is part of the partition, so that another tenant's quote is not found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuoteKey<'a> {
    /// Whose.
    pub tenant: &'a TenantId,
    /// Which.
    pub id: QuoteId,
}

/// A part of a quote that is there once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotePart {
    /// State, axes, deadline.
    Head,
    /// How far one provider is, by its place among the providers of the head: with its name, the progress of a
    /// large quote would not be one read unit.
    Progress(u8),
    /// What the client sent.
    Document,
}

/// A part of one slice of a quote's locations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlicePart<'a> {
    /// The locations.
    Places,
    /// What one of the quote's providers answers for them.
    Own(&'a ProviderName),
    /// What a supplier answers for those of them that somebody buys from it.
    Supply(&'a ProviderName),
    /// Which suppliers are to be asked about which of them.
    Supplies,
    /// A person has to give prices of one provider.
    Case(&'a ProviderName),
}

/// What is to be done for a quote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Errand {
    /// Ask all providers.
    Start,
    /// Ask the suppliers about a slice.
    AskSuppliers(u32),
    /// Roll up what the suppliers answered about a slice.
    RollUp(u32),
    /// Look now at what a carrier called back about.
    AskOn(Noticed),
}

/// What a carrier that calls back was doing for a quote.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Noticed {
    /// For which slice of its locations.
    pub slice: u32,
    /// Who called back.
    pub carrier: ProviderName,
    /// Whether it is asked as a supplier of the quote's providers.
    pub as_supplier: bool,
    /// Its id of what it was doing.
    pub reference: CarrierReference,
}

/// Over how many partitions the errands of quotes are spread.
pub const QUOTE_ERRAND_SHARDS: u8 = 8;

/// Begins the partitions of errands.
const ERRANDS: &str = "QUOTEQ#";
/// Sort key of the head; begins those of the progress.
const RUN: &str = "run";
const DOCUMENT: &str = "text";
const PLACES: &str = "places";
const OWN: &str = "own#";
const SUPPLY: &str = "supply#";
const SUPPLIES: &str = "supplies";
const CASE: &str = "case#";

impl QuotePart {
    pub(super) fn sort(self) -> String {
        match self {
            Self::Head => RUN.to_owned(),
            Self::Progress(place) => format!("{RUN}#{place:02}"),
            Self::Document => DOCUMENT.to_owned(),
        }
    }
}

impl SlicePart<'_> {
    pub(super) fn sort(self) -> String {
        let of = |prefix: &str, provider: &ProviderName| {
            let mut sk = prefix.to_owned();
            part(&mut sk, provider.as_str());
            sk
        };
        match self {
            Self::Places => PLACES.to_owned(),
            Self::Own(provider) => of(OWN, provider),
            Self::Supply(supplier) => of(SUPPLY, supplier),
            Self::Supplies => SUPPLIES.to_owned(),
            Self::Case(provider) => of(CASE, provider),
        }
    }
}

impl Errand {
    pub(super) fn sort(&self, id: QuoteId) -> String {
        match self {
            Self::Start => format!("{id}#start"),
            Self::AskSuppliers(slice) => format!("{id}#supply#{slice:03}"),
            Self::RollUp(slice) => format!("{id}#rollup#{slice:03}"),
            Self::AskOn(Noticed {
                slice,
                carrier,
                as_supplier,
                reference,
            }) => {
                let role = if *as_supplier { SUPPLY } else { OWN };
                let mut sk = format!("{id}#noticed#{slice:03}#{role}");
                part(&mut sk, carrier.as_str());
                sk.push('#');
                part(&mut sk, reference.as_str());
                sk
            }
        }
    }
}

impl Noticed {
    /// Reads what stands in a sort key behind `noticed#`.
    fn read(text: &str) -> Option<Self> {
        let (slice, rest) = text.split_once('#')?;
        let (as_supplier, names) = match rest.strip_prefix(SUPPLY) {
            Some(names) => (true, names),
            None => (false, rest.strip_prefix(OWN)?),
        };
        let (carrier, reference) = names.split_once('#')?;
        Some(Self {
            slice: slice.parse().ok()?,
            carrier: ProviderName::new(&unescape(carrier)?).ok()?,
            as_supplier,
            reference: CarrierReference::new(&unescape(reference)?).ok()?,
        })
    }
}

pub(super) fn wait_partition(
    carrier: &ProviderName,
    step: Step,
    reference: &CarrierReference,
) -> String {
    joined(
        "WAIT",
        &[carrier.as_str(), step.as_str(), reference.as_str()],
    )
}

pub(super) fn quote_partition(quote: QuoteKey<'_>) -> String {
    joined("QUOTE", &[quote.tenant.as_str(), &quote.id.to_string()])
}

pub(super) fn slice_partition(quote: QuoteKey<'_>, slice: u32) -> String {
    joined(
        "QSLICE",
        &[
            quote.tenant.as_str(),
            &quote.id.to_string(),
            &format!("{slice:03}"),
        ],
    )
}

pub(super) fn errand_partition(id: QuoteId) -> String {
    format!("{ERRANDS}{}", id.low_byte() % QUOTE_ERRAND_SHARDS)
}

/// The head of a quote and the progress of its providers: one read unit, whatever the quote's size (two
/// where the tenant's name, which stands in every key, has more than 36 bytes).
#[must_use]
pub fn quote_progress(quote: QuoteKey<'_>) -> Query {
    Query {
        sk: SortKey::Prefix(RUN.to_owned()),
        ..Query::partition(quote_partition(quote))
    }
}

/// Everything of one slice: its places, and who answered what.
#[must_use]
pub fn quote_slice(quote: QuoteKey<'_>, slice: u32) -> Query {
    Query::partition(slice_partition(quote, slice))
}

/// The errands of one shard (below [`QUOTE_ERRAND_SHARDS`]) that are not done yet.
#[must_use]
pub fn quote_errands(shard: u8) -> Query {
    Query::partition(format!("{ERRANDS}{shard}"))
}

/// Where a quote's head stands in the first index: `QUOTES#<tenant>#<yyyy-mm>` / `<id>`.
#[must_use]
pub fn quote_listing(quote: QuoteKey<'_>) -> IndexKey {
    let created = TimeZone::UTC.to_datetime(quote.id.created());
    IndexKey {
        pk: quotes_partition(quote.tenant, created.year(), created.month()),
        sk: quote.id.to_string(),
    }
}

/// The heads of a tenant's quotes of one month, newest first.
#[must_use]
pub fn quotes_of_month(tenant: &TenantId, year: i16, month: i8) -> Query {
    Query {
        index: Index::One,
        direction: Direction::Backward,
        ..Query::partition(quotes_partition(tenant, year, month))
    }
}

fn quotes_partition(tenant: &TenantId, year: i16, month: i8) -> String {
    joined(
        "QUOTES",
        &[tenant.as_str(), &format!("{year:04}-{month:02}")],
    )
}

/// Where a case stands in the first index (all of a tenant: `CASES#<tenant>`) and in the second (those of
/// one provider: `CASESOF#<tenant>#<provider>`), oldest first. Only open cases stand there.
#[must_use]
pub fn case_listings(
    quote: QuoteKey<'_>,
    slice: u32,
    provider: &ProviderName,
) -> (IndexKey, IndexKey) {
    let mut sk = format!("{}#{slice:03}#", quote.id);
    part(&mut sk, provider.as_str());
    let all = IndexKey {
        pk: joined("CASES", &[quote.tenant.as_str()]),
        sk: sk.clone(),
    };
    let of_provider = IndexKey {
        pk: joined("CASESOF", &[quote.tenant.as_str(), provider.as_str()]),
        sk,
    };
    (all, of_provider)
}

/// The open cases of a tenant, oldest first; of one provider, or of all.
#[must_use]
pub fn open_cases(tenant: &TenantId, provider: Option<&ProviderName>) -> Query {
    match provider {
        None => Query {
            index: Index::One,
            ..Query::partition(joined("CASES", &[tenant.as_str()]))
        },
        Some(provider) => Query {
            index: Index::Two,
            ..Query::partition(joined("CASESOF", &[tenant.as_str(), provider.as_str()]))
        },
    }
}

/// Which quote a part belongs to; `None` where the key is another one.
#[must_use]
pub(crate) fn read_quote(key: &PrimaryKey) -> Option<(TenantId, QuoteId)> {
    let mut parts = key.pk.strip_prefix("QUOTE#")?.split('#');
    let tenant = TenantId::new(&unescape(parts.next()?)?).ok()?;
    Some((tenant, parts.next()?.parse().ok()?))
}

/// The progress of which of the quote's providers it is; `None` where the key is another one.
#[must_use]
pub(crate) fn read_progress(key: &PrimaryKey) -> Option<u8> {
    let place = key.sk.strip_prefix(RUN)?.strip_prefix('#')?;
    place.parse().ok()
}

/// Which quote, slice and part an item of a slice is.
#[must_use]
pub fn read_slice(key: &PrimaryKey) -> Option<(TenantId, QuoteId, u32, ReadSlicePart)> {
    let mut parts = key.pk.strip_prefix("QSLICE#")?.split('#');
    let tenant = TenantId::new(&unescape(parts.next()?)?).ok()?;
    let id = parts.next()?.parse().ok()?;
    let slice = parts.next()?.parse().ok()?;
    let name = |text: &str| ProviderName::new(&unescape(text)?).ok();
    let sk = key.sk.as_str();
    let part = if sk == PLACES {
        ReadSlicePart::Places
    } else if sk == SUPPLIES {
        ReadSlicePart::Supplies
    } else if let Some(provider) = sk.strip_prefix(OWN) {
        ReadSlicePart::Own(name(provider)?)
    } else if let Some(supplier) = sk.strip_prefix(SUPPLY) {
        ReadSlicePart::Supply(name(supplier)?)
    } else {
        ReadSlicePart::Case(name(sk.strip_prefix(CASE)?)?)
    };
    Some((tenant, id, slice, part))
}

/// [`SlicePart`] as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadSlicePart {
    /// [`SlicePart::Places`].
    Places,
    /// [`SlicePart::Own`].
    Own(ProviderName),
    /// [`SlicePart::Supply`].
    Supply(ProviderName),
    /// [`SlicePart::Supplies`].
    Supplies,
    /// [`SlicePart::Case`].
    Case(ProviderName),
}

/// Which quote an errand is for, and what it is; `None` where the key is another one.
#[must_use]
pub fn read_errand(key: &PrimaryKey) -> Option<(QuoteId, Errand)> {
    key.pk.strip_prefix(ERRANDS)?;
    let (id, errand) = key.sk.split_once('#')?;
    let slice = |text: &str| text.parse().ok();
    let errand = match errand.split_once('#') {
        None if errand == "start" => Errand::Start,
        Some(("supply", number)) => Errand::AskSuppliers(slice(number)?),
        Some(("rollup", number)) => Errand::RollUp(slice(number)?),
        Some(("noticed", rest)) => Errand::AskOn(Noticed::read(rest)?),
        None | Some(_) => return None,
    };
    Some((id.parse().ok()?, errand))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::Key;

    fn provider(name: &str) -> ProviderName {
        ProviderName::new(name).unwrap()
    }

    #[test]
    fn keys_read_back() {
        let tenant = TenantId::new("north").unwrap();
        let id = "019cb391f0e000000000000000000001".parse().unwrap();
        let quote = QuoteKey {
            tenant: &tenant,
            id,
        };
        let name = provider("Acme & Co. Fiber");
        let progress = Key::Quote {
            quote,
            part: QuotePart::Progress(39),
        };
        assert_eq!(read_quote(&progress.primary()), Some((tenant.clone(), id)));
        assert_eq!(read_progress(&progress.primary()), Some(39));
        let parts = [
            (SlicePart::Places, ReadSlicePart::Places),
            (SlicePart::Supplies, ReadSlicePart::Supplies),
            (SlicePart::Own(&name), ReadSlicePart::Own(name.clone())),
            (
                SlicePart::Supply(&name),
                ReadSlicePart::Supply(name.clone()),
            ),
            (SlicePart::Case(&name), ReadSlicePart::Case(name.clone())),
        ];
        for (part, read) in parts {
            let key = Key::QuoteSlice {
                quote,
                slice: 99,
                part,
            };
            assert_eq!(
                read_slice(&key.primary()),
                Some((tenant.clone(), id, 99, read))
            );
        }
        let noticed = |as_supplier| {
            Errand::AskOn(Noticed {
                slice: 12,
                carrier: name.clone(),
                as_supplier,
                reference: CarrierReference::new("Q#1~ 7").unwrap(),
            })
        };
        for errand in [
            Errand::Start,
            Errand::AskSuppliers(7),
            Errand::RollUp(99),
            noticed(false),
            noticed(true),
        ] {
            let key = Key::QuoteErrand {
                id,
                errand: &errand,
            };
            assert_eq!(read_errand(&key.primary()), Some((id, errand)));
        }
    }

    #[test]
    fn the_document_is_not_read_with_the_progress() {
        let tenant = TenantId::new("north").unwrap();
        let id = "019cb391f0e000000000000000000001".parse().unwrap();
        let quote = QuoteKey {
            tenant: &tenant,
            id,
        };
        let selects = |part| {
            let key = Key::Quote { quote, part }.primary();
            quote_progress(quote).sk.selects(&key.sk)
        };
        assert!(selects(QuotePart::Head));
        assert!(selects(QuotePart::Progress(0)));
        assert!(!selects(QuotePart::Document));
    }
}
