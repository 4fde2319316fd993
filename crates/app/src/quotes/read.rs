//! How far a quote is, and what is in it.

use lastmile_model::identity::{ProviderName, TenantId};
use lastmile_model::quote::request::{Asked, first_location};
use lastmile_model::quote::{CellCounts, Grid, ProviderProgress, QuoteHead, QuoteId, Slice};
use lastmile_store::key::{self, Key, QuoteKey, QuotePart, ReadSlicePart, read_slice};
use lastmile_store::record::quotes::{
    QUOTE_KEPT, read_document, read_head, read_places, read_progress_item, read_slice_item,
};
use lastmile_store::{Consistency, Item, Metered, Query, StoreError};

use super::limits::{QUOTES_PAGE_MAX, QUOTES_SCANNED_MAX};
use super::{QuoteError, Quotes};
use crate::Context;
use crate::availability::StoreFailed;
use crate::listed::{Listed, Wanted, listed, months_kept, read_all};

/// How far a quote is.
#[derive(Clone, Debug, PartialEq)]
pub struct QuoteProgress {
    /// State, axes, deadline.
    pub head: QuoteHead,
    /// Each provider's counts, in the order of their names.
    pub providers: Vec<(ProviderName, ProviderProgress)>,
}

impl QuoteProgress {
    /// The counts of all providers together.
    #[must_use]
    pub fn counts(&self) -> CellCounts {
        let counts = self.providers.iter().map(|(_, progress)| progress.counts);
        counts.fold(CellCounts::default(), |all, counts| all + counts)
    }

    /// How many cells wait for an answer.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.head.grid.cells().saturating_sub(self.counts().total())
    }
}

/// One slice of a quote: its locations, and what each provider answered for them.
#[derive(Clone, Debug, PartialEq)]
pub struct SliceAnswers {
    /// Which one, from 0.
    pub number: u32,
    /// The locations.
    pub places: Vec<Asked>,
    /// Each provider that has answered something, in the order of their names.
    pub providers: Vec<(ProviderName, Slice)>,
}

impl SliceAnswers {
    /// Which location of the quote its first one is, from 0.
    #[must_use]
    pub const fn first_location(&self) -> u32 {
        first_location(self.number)
    }
}

/// Reads how far a quote is: one read unit, whatever its size ([`key::quote_progress`]).
///
/// # Errors
/// [`QuoteError::NotFound`] for another tenant's and an unknown id; [`QuoteError::Store`].
pub async fn progress(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
) -> Result<Metered<QuoteProgress>, QuoteError> {
    let quote = QuoteKey { tenant, id };
    let read = progress_of(&quotes.availability.context, quote, Consistency::Eventual).await?;
    let Metered { value, capacity } = read;
    let value = value.ok_or(QuoteError::NotFound)?;
    Ok(Metered { value, capacity })
}

/// Reads the axes of a quote, which never change.
///
/// # Errors
/// As [`progress`].
pub async fn grid(quotes: &Quotes, tenant: &TenantId, id: QuoteId) -> Result<Grid, QuoteError> {
    let context = &quotes.availability.context;
    let head = head_of(context, QuoteKey { tenant, id }).await?;
    Ok(head.ok_or(QuoteError::NotFound)?.grid)
}

/// Reads what the client sent.
///
/// # Errors
/// As [`progress`].
pub async fn document(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
) -> Result<String, QuoteError> {
    let key = Key::Quote {
        quote: QuoteKey { tenant, id },
        part: QuotePart::Document,
    };
    let store = &quotes.availability.context.store;
    let read = store.get(&key.primary(), Consistency::Eventual).await?;
    let item = read.value.ok_or(QuoteError::NotFound)?;
    Ok(read_document(&item)?)
}

/// Reads one slice, with everything that was answered for it, or nearly.
///
/// # Errors
/// [`QuoteError::NotFound`] where the quote has no such slice; [`QuoteError::Store`].
pub async fn slice(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
    number: u32,
) -> Result<SliceAnswers, QuoteError> {
    slice_at(quotes, tenant, id, number, Consistency::Eventual).await
}

/// The same, as consistent as is asked for.
///
/// # Errors
/// As [`slice()`].
pub async fn slice_at(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
    number: u32,
    consistency: Consistency,
) -> Result<SliceAnswers, QuoteError> {
    let quote = QuoteKey { tenant, id };
    let query = Query {
        consistency,
        ..key::quote_slice(quote, number)
    };
    let items = read_all(&quotes.availability.context, query).await?;
    let mut answers = SliceAnswers {
        number,
        places: Vec::new(),
        providers: Vec::new(),
    };
    for item in &items {
        match read_slice(&item.key) {
            Some((_, _, _, ReadSlicePart::Places)) => answers.places = read_places(item)?.asked,
            Some((_, _, _, ReadSlicePart::Own(provider))) => {
                answers.providers.push((provider, read_slice_item(item)?));
            }
            Some(_) | None => {}
        }
    }
    if answers.places.is_empty() {
        return Err(QuoteError::NotFound);
    }
    Ok(answers)
}

/// Lists a tenant's quotes, newest first. `admits` is the filter of the surface. A quote that was created
/// this moment may be missing still.
///
/// # Errors
/// [`StoreFailed`].
pub async fn list(
    quotes: &Quotes,
    tenant: &TenantId,
    offset: usize,
    limit: usize,
    admits: &(dyn Fn(&QuoteHead) -> bool + Sync),
) -> Result<Listed<QuoteHead>, StoreFailed> {
    let context = &quotes.availability.context;
    let months = months_kept(context.clock.now(), QUOTE_KEPT).into_iter();
    let months = months.map(|month| key::quotes_of_month(tenant, month.year(), month.month()));
    let wanted = Wanted {
        offset,
        limit: limit.min(QUOTES_PAGE_MAX),
        scanned_max: QUOTES_SCANNED_MAX,
    };
    let read = |item: &Item| Ok(Some(read_head(item)?).filter(admits));
    Ok(listed(context, months, wanted, read).await?)
}

/// Head and counts; `None` where there is no such quote.
pub(super) async fn progress_of(
    context: &Context,
    quote: QuoteKey<'_>,
    consistency: Consistency,
) -> Result<Metered<Option<QuoteProgress>>, StoreError> {
    let query = Query {
        consistency,
        ..key::quote_progress(quote)
    };
    let Metered { value, capacity } = context.store.query(&query).await?;
    let mut items = value.items.iter();
    // The head's sort key is the first of its prefix.
    let Some(head) = items.next().map(read_head).transpose()? else {
        return Ok(Metered {
            value: None,
            capacity,
        });
    };
    let named = |item: &Item| {
        let (place, progress) = read_progress_item(item)?;
        let name = head.grid.providers.get(usize::from(place));
        let name = name.ok_or_else(|| StoreError::corrupt(&item.key))?;
        Ok((name.clone(), progress))
    };
    let providers = items.map(named).collect::<Result<_, StoreError>>()?;
    Ok(Metered {
        value: Some(QuoteProgress { head, providers }),
        capacity,
    })
}

/// The head alone; `None` where there is no such quote.
pub(super) async fn head_of(
    context: &Context,
    quote: QuoteKey<'_>,
) -> Result<Option<QuoteHead>, StoreError> {
    let key = Key::Quote {
        quote,
        part: QuotePart::Head,
    };
    let store = &context.store;
    let read = store.get(&key.primary(), Consistency::Strong).await?;
    read.value.as_ref().map(read_head).transpose()
}
