//! The head of a quote, and what the client sent.

use lastmile_model::carrier::{Firmness, Product, Service, Term};
use lastmile_model::claim::Kbps;
use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::quote::state::RejectedBy;
use lastmile_model::quote::{Grid, QuoteHead, QuoteId, QuoteState};
use minicbor::{Decode, Encode};

use super::{expires_at, time};
use crate::error::StoreError;
use crate::item::{Item, Value};
use crate::key::{self, Key, QuoteKey, QuotePart, quote_listing, technology_letter, technology_of};
use crate::record::{REVISION, VALUE, attributes, decoded, number, some_or_corrupt};

#[derive(Encode, Decode)]
#[cbor(map)]
struct HeadValue<'b> {
    #[n(0)]
    state: StateValue,
    #[n(1)]
    locations: u32,
    #[b(2)]
    providers: Vec<&'b str>,
    #[b(3)]
    services: Vec<ServiceValue<'b>>,
    #[n(4)]
    terms: Vec<u16>,
    #[b(5)]
    firmness: &'b str,
    /// Microseconds since 1970.
    #[n(6)]
    deadline: i64,
    #[n(7)]
    providers_left: u32,
    #[n(8)]
    updated: i64,
    #[n(9)]
    repeats: Option<bool>,
}

/// Times in microseconds since 1970.
#[derive(Clone, Copy, Encode, Decode)]
enum StateValue {
    #[n(0)]
    InProgress,
    #[n(1)]
    Pending,
    #[n(2)]
    Approved(#[n(0)] i64),
    #[n(3)]
    Accepted(#[n(0)] i64),
    #[n(4)]
    RejectedByCustomer(#[n(0)] i64),
    #[n(5)]
    RejectedByNoProvider(#[n(0)] i64),
    #[n(6)]
    Cancelled(#[n(0)] i64),
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct ServiceValue<'b> {
    #[b(0)]
    product: &'b str,
    #[n(1)]
    down_kbps: u64,
    #[n(2)]
    up_kbps: u64,
    #[n(3)]
    access: Option<char>,
}

impl StateValue {
    fn of(state: QuoteState) -> Self {
        match state {
            QuoteState::InProgress => Self::InProgress,
            QuoteState::Pending => Self::Pending,
            QuoteState::Approved { valid_until } => Self::Approved(valid_until.as_microsecond()),
            QuoteState::Accepted { at } => Self::Accepted(at.as_microsecond()),
            QuoteState::Rejected {
                at,
                by: RejectedBy::Customer,
            } => Self::RejectedByCustomer(at.as_microsecond()),
            QuoteState::Rejected {
                at,
                by: RejectedBy::NoProvider,
            } => Self::RejectedByNoProvider(at.as_microsecond()),
            QuoteState::Cancelled { at } => Self::Cancelled(at.as_microsecond()),
        }
    }

    fn read(self) -> Option<QuoteState> {
        Some(match self {
            Self::InProgress => QuoteState::InProgress,
            Self::Pending => QuoteState::Pending,
            Self::Approved(until) => QuoteState::Approved {
                valid_until: time(until)?,
            },
            Self::Accepted(at) => QuoteState::Accepted { at: time(at)? },
            Self::RejectedByCustomer(at) => QuoteState::Rejected {
                at: time(at)?,
                by: RejectedBy::Customer,
            },
            Self::RejectedByNoProvider(at) => QuoteState::Rejected {
                at: time(at)?,
                by: RejectedBy::NoProvider,
            },
            Self::Cancelled(at) => QuoteState::Cancelled { at: time(at)? },
        })
    }
}

impl ServiceValue<'static> {
    fn of(service: &Service) -> Self {
        let Service {
            product,
            down: Kbps(down_kbps),
            up: Kbps(up_kbps),
            access,
        } = service;
        Self {
            product: product.as_str(),
            down_kbps: *down_kbps,
            up_kbps: *up_kbps,
            access: access.map(technology_letter),
        }
    }
}

impl ServiceValue<'_> {
    fn read(&self) -> Option<Service> {
        Some(Service {
            product: Product::of_name(self.product)?,
            down: Kbps(self.down_kbps),
            up: Kbps(self.up_kbps),
            access: match self.access {
                Some(letter) => Some(technology_of(letter)?),
                None => None,
            },
        })
    }
}

/// Makes the item of a head. Conditions look at its revision ([`crate::record::unchanged_since`]).
#[must_use]
pub fn head_item(head: &QuoteHead) -> Item {
    let QuoteHead {
        id,
        tenant,
        state,
        revision,
        grid:
            Grid {
                locations,
                providers,
                services,
                terms,
            },
        repeats,
        firmness,
        deadline,
        providers_left,
        updated,
    } = head;
    let value = HeadValue {
        state: StateValue::of(*state),
        locations: *locations,
        providers: providers.iter().map(ProviderName::as_str).collect(),
        services: services.iter().map(ServiceValue::of).collect(),
        terms: terms.iter().map(|term| term.months()).collect(),
        firmness: firmness.as_str(),
        deadline: deadline.as_microsecond(),
        providers_left: *providers_left,
        updated: updated.as_microsecond(),
        repeats: repeats.then_some(true),
    };
    let quote = QuoteKey { tenant, id: *id };
    let mut attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(*revision)));
    Item {
        index1: Some(quote_listing(quote)),
        expires_at: Some(expires_at(*id)),
        attributes,
        ..Item::new(
            Key::Quote {
                quote,
                part: QuotePart::Head,
            }
            .primary(),
        )
    }
}

/// Reads a head back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_head(item: &Item) -> Result<QuoteHead, StoreError> {
    let value: HeadValue<'_> = decoded(item)?;
    let revision = u32::try_from(number(item, REVISION)?).ok();
    let head = key::read_quote(&item.key).and_then(|names| head_of(names, revision?, &value));
    some_or_corrupt(head, &item.key)
}

fn head_of(
    (tenant, id): (TenantId, QuoteId),
    revision: u32,
    value: &HeadValue<'_>,
) -> Option<QuoteHead> {
    let providers = value.providers.iter();
    let terms = value.terms.iter();
    Some(QuoteHead {
        id,
        tenant,
        state: value.state.read()?,
        revision,
        grid: Grid {
            locations: value.locations,
            providers: providers
                .map(|name| ProviderName::new(name).ok())
                .collect::<Option<_>>()?,
            services: value
                .services
                .iter()
                .map(ServiceValue::read)
                .collect::<Option<_>>()?,
            terms: terms
                .map(|months| Term::new(*months))
                .collect::<Option<_>>()?,
        },
        repeats: value.repeats.unwrap_or_default(),
        firmness: Firmness::of_name(value.firmness)?,
        deadline: time(value.deadline)?,
        providers_left: value.providers_left,
        updated: time(value.updated)?,
    })
}

/// Makes the item of what the client sent.
#[must_use]
pub fn document_item(quote: QuoteKey<'_>, document: &str) -> Item {
    let mut item = Item::new(
        Key::Quote {
            quote,
            part: QuotePart::Document,
        }
        .primary(),
    );
    item.expires_at = Some(expires_at(quote.id));
    item.attributes.insert(VALUE, Value::S(document.to_owned()));
    item
}

/// Reads what the client sent.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_document(item: &Item) -> Result<String, StoreError> {
    let text = item.attributes.text(VALUE).map(str::to_owned);
    some_or_corrupt(text, &item.key)
}
