//! What a customer does with a quote as a whole.

use jiff::Timestamp;
use lastmile_model::identity::TenantId;
use lastmile_model::quote::{MoveRefused, QuoteHead, QuoteId, QuoteState};
use lastmile_store::key::{Key, QuoteKey, SlicePart};
use lastmile_store::record::quotes::head_item;
use lastmile_store::record::unchanged_since;
use lastmile_store::{
    BatchWrite, Consistency, StoreError, TransactError, TransactWrite, Transaction,
};

use super::limits::COMMIT_TRIES_MAX;
use super::read::{head_of, progress_of};
use super::{QuoteError, Quotes};
use crate::write::in_batches;

/// A move of a quote's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The customer takes it.
    Accept,
    /// The customer does not take it.
    Reject,
    /// Nobody wants it any more.
    Cancel,
}

impl Move {
    fn of(self, state: QuoteState, at: Timestamp) -> Result<QuoteState, MoveRefused> {
        match self {
            Self::Accept => state.accept(at),
            Self::Reject => state.reject(at),
            Self::Cancel => state.cancel(at),
        }
    }
}

/// Moves a quote.
///
/// # Errors
/// [`QuoteError::Refused`] where its state does not allow it; the others as they say.
pub async fn make(
    quotes: &Quotes,
    tenant: &TenantId,
    id: QuoteId,
    wanted: Move,
) -> Result<QuoteHead, QuoteError> {
    let context = &quotes.availability.context;
    let quote = QuoteKey { tenant, id };
    for _ in 0..COMMIT_TRIES_MAX {
        let head = head_of(context, quote).await?.ok_or(QuoteError::NotFound)?;
        let now = context.clock.now();
        let moved = QuoteHead {
            state: wanted.of(head.state, now)?,
            revision: head.revision + 1,
            updated: now,
            ..head.clone()
        };
        let transaction = Transaction {
            writes: vec![TransactWrite::Put {
                item: head_item(&moved),
                condition: unchanged_since(head.revision),
            }],
            token: None,
        };
        match context.store.transact(transaction).await {
            Ok(_) => {
                if head.state.is_open()
                    && !moved.state.is_open()
                    && let Err(error) = remove_cases(quotes, quote, &moved).await
                {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "prices of a quote that has ended are still asked of persons"
                    );
                }
                return Ok(moved);
            }
            Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => {}
            Err(TransactError::Store(error)) => return Err(error.into()),
        }
    }
    Err(QuoteError::Changed)
}

/// Nobody is to give a price any more: takes the cases of a quote that has ended off the list.
async fn remove_cases(
    quotes: &Quotes,
    quote: QuoteKey<'_>,
    head: &QuoteHead,
) -> Result<(), StoreError> {
    let context = &quotes.availability.context;
    let read = progress_of(context, quote, Consistency::Strong).await?;
    let providers = read.value.map(|read| read.providers).unwrap_or_default();
    let waiting = providers
        .iter()
        .filter(|(_, progress)| progress.counts.icb_pending > 0);
    let cases = waiting.flat_map(|(provider, _)| {
        (0..head.grid.slices()).map(move |slice| {
            let key = Key::QuoteSlice {
                quote,
                slice,
                part: SlicePart::Case(provider),
            };
            BatchWrite::Delete(key.primary())
        })
    });
    let cases: Vec<BatchWrite> = cases.collect();
    in_batches(&*context.store, cases.into_iter()).await
}
