//! Taking a quote in.

use lastmile_model::identity::TenantId;
use lastmile_model::quote::request::{Asked, SLICE_LOCATIONS, repeated};
use lastmile_model::quote::{
    ProviderProgress, QuoteHead, QuoteId, QuoteRequest, QuoteState, SupplyPlan,
};
use lastmile_store::key::{Errand, QuoteKey};
use lastmile_store::record::quotes::{
    StoredErrand, document_item, errand_item, head_item, places_item, progress_item, supplies_item,
};
use lastmile_store::{BatchWrite, Condition, Item, StoreError, TransactWrite, Transaction};

use super::limits::DOCUMENT_MAX_BYTES;
use super::read::head_of;
use super::{CreateError, Quotes};
use crate::Context;
use crate::idempotency::{Earlier, Once};
use crate::write::{in_batches, unconditional};

/// Takes a quote in; it is filled by messages from then on. Where the request is to have its effect once, the
/// same request again gives the quote that the first one made, as it stands now.
///
/// The locations are written first, slice by slice; nobody sees them before the head is there. Head, counts
/// and the errand that starts the asking are one transaction.
///
/// # Errors
/// [`CreateError`]; nothing of a refused quote is kept.
pub async fn create(
    quotes: &Quotes,
    tenant: &TenantId,
    request: QuoteRequest,
    once: Option<Once<'_>>,
) -> Result<QuoteHead, CreateError> {
    let context = &quotes.availability.context;
    // Looked at before, too: the locations are not to be written again for nothing.
    if let Some(head) = earlier(context, tenant, once).await? {
        return Ok(head);
    }
    let now = context.clock.now();
    let grid = request.grid(now)?;
    let known = quotes.providers().await?;
    if let Some(unknown) = grid.providers.iter().find(|name| !known.contains(name)) {
        return Err(CreateError::UnknownProvider(unknown.clone()));
    }
    let given = request.document.len();
    if given > DOCUMENT_MAX_BYTES {
        return Err(CreateError::TooLarge {
            given,
            allowed: DOCUMENT_MAX_BYTES,
        });
    }
    let mut random = [0; 10];
    context.random.fill(&mut random);
    let repeated = repeated(&request.locations);
    let head = QuoteHead {
        id: QuoteId::new(now, random),
        tenant: tenant.clone(),
        state: QuoteState::new(),
        revision: 1,
        providers_left: u32::try_from(grid.providers.len()).unwrap_or(u32::MAX),
        grid,
        repeats: repeated.iter().any(Option::is_some),
        firmness: request.firmness,
        deadline: request.deadline,
        updated: now,
    };
    let quote = QuoteKey {
        tenant,
        id: head.id,
    };
    let places: Vec<_> = request.locations.iter().zip(repeated).collect();
    let mut large = slices(quotes, quote, &head, &places);
    large.push(document_item(quote, &request.document));
    let large = large.into_iter().map(BatchWrite::Put);
    in_batches(&*context.store, large).await?;
    let mut writes = first_writes(quote, &head);
    if let Some(once) = once {
        writes.push(once.remember(context, head.id.to_string()));
    }
    let transaction = Transaction {
        writes,
        token: None,
    };
    if let Err(error) = context.store.transact(transaction).await {
        let before = earlier(context, tenant, once).await?;
        return before.ok_or_else(|| unconditional(error).into());
    }
    quotes.availability.ring();
    Ok(head)
}

/// What the request came to when it was first sent; `None` where this is the first time.
async fn earlier(
    context: &Context,
    tenant: &TenantId,
    once: Option<Once<'_>>,
) -> Result<Option<QuoteHead>, CreateError> {
    let Some(once) = once else {
        return Ok(None);
    };
    let answer = match once.earlier(context).await? {
        Earlier::Nothing => return Ok(None),
        Earlier::Same(answer) => answer,
        Earlier::Other => return Err(CreateError::KeyReused),
    };
    let head = match answer.parse() {
        // A quote is kept for longer than the answer is remembered.
        Ok(id) => head_of(context, QuoteKey { tenant, id }).await?,
        Err(_) => None,
    };
    let damaged = || StoreError::Corrupt { key: answer };
    head.map(Some).ok_or_else(|| damaged().into())
}

/// Slice by slice the locations, and the plan of its suppliers where somebody has some.
fn slices(
    quotes: &Quotes,
    quote: QuoteKey<'_>,
    head: &QuoteHead,
    places: &[(&Asked, Option<u32>)],
) -> Vec<Item> {
    let mut providers = head.grid.providers.iter();
    let buys = providers.any(|provider| quotes.panel.off_net(provider).is_some());
    let plan = SupplyPlan {
        revision: 1,
        ..SupplyPlan::new(head.providers_left)
    };
    let mut items = Vec::new();
    for (number, places) in (0..).zip(places.chunks(SLICE_LOCATIONS)) {
        items.push(places_item(quote, number, places.iter().copied()));
        if buys {
            items.push(supplies_item(quote, number, &plan));
        }
    }
    items
}

fn first_writes(quote: QuoteKey<'_>, head: &QuoteHead) -> Vec<TransactWrite> {
    let start = StoredErrand {
        tenant: head.tenant.clone(),
        id: head.id,
        errand: Errand::Start,
    };
    let progress = ProviderProgress::new(head.grid.slices());
    let places = (0..).zip(&head.grid.providers);
    let counts = places.map(|(place, _)| progress_item(quote, place, &progress));
    let new = |item| TransactWrite::Put {
        item,
        condition: Condition::NotExists,
    };
    [head_item(head), errand_item(&start)]
        .into_iter()
        .chain(counts)
        .map(new)
        .collect()
}
