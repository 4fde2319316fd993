//! What carriers call back about.
//!
//! A notification says that there may be an answer, and never what it is: the carrier is asked on about it now
//! instead of at the next look. So one that is lost costs the time until the next look, and one that comes
//! twice or is made up a question.

use std::collections::HashSet;

use jiff::Timestamp;
use lastmile_model::carrier::Pending;
use lastmile_model::identity::ProviderName;
use lastmile_providers::notification::{self, NotANotice, Notice};
use lastmile_providers::secret::SecretError;
use lastmile_store::key::{Errand, Key, Noticed};
use lastmile_store::message::Ask;
use lastmile_store::record::quotes::{StoredErrand, Waited, errand_item, read_wait, wait_item};
use lastmile_store::{
    BatchWrite, Condition, Consistency, StoreError, TransactError, TransactWrite, Transaction,
};
use thiserror::Error;

use super::Quotes;
use crate::availability::StoreFailed;
use crate::write::in_batches;

/// A notification cannot be taken.
#[derive(Debug, Error)]
pub enum NoticeError {
    /// No carrier has this address.
    #[error("no carrier calls back here")]
    Unknown,
    /// It is none.
    #[error(transparent)]
    Unreadable(#[from] NotANotice),
    /// It cannot be known whose address it is.
    #[error("the secret of the carriers' addresses cannot be had")]
    Secret(#[from] SecretError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreFailed),
}

impl From<StoreError> for NoticeError {
    fn from(error: StoreError) -> Self {
        Self::Store(StoreFailed::from(error))
    }
}

/// Who calls back at the address with this token.
///
/// # Errors
/// [`NoticeError::Unknown`] and [`NoticeError::Secret`].
pub fn caller(quotes: &Quotes, token: &str) -> Result<ProviderName, NoticeError> {
    let call_back = quotes.panel.call_back().ok_or(NoticeError::Unknown)?;
    call_back.caller(token)?.ok_or(NoticeError::Unknown)
}

/// Takes in what a carrier sent: what it is about is looked at soon. Something that nobody waits for (any more) is
/// passed over.
///
/// # Errors
/// [`NoticeError::Unreadable`] and [`NoticeError::Store`].
pub async fn take(quotes: &Quotes, carrier: &ProviderName, body: &[u8]) -> Result<(), NoticeError> {
    let Notice { step, id } = notification::read(body)?;
    let context = &quotes.availability.context;
    let key = Key::CarrierWait {
        carrier,
        step,
        reference: &id,
    };
    let read = context
        .store
        .get(&key.primary(), Consistency::Strong)
        .await?;
    let Some(item) = read.value else {
        return Ok(());
    };
    let Ask {
        tenant,
        quote,
        slice,
        carrier,
        as_supplier,
    } = read_wait(&item)?;
    let errand = Errand::AskOn(Noticed {
        slice,
        carrier,
        as_supplier,
        reference: id,
    });
    let stored = StoredErrand {
        tenant,
        id: quote,
        errand,
    };
    let transaction = Transaction {
        writes: vec![TransactWrite::Put {
            item: errand_item(&stored),
            condition: Condition::NotExists,
        }],
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => {
            quotes.availability.ring();
            Ok(())
        }
        // It was said before, and is not looked at yet.
        Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => Ok(()),
        Err(TransactError::Store(error)) => Err(error.into()),
    }
}

/// Writes down who waits for what the carrier has begun, where it will call back about it.
pub(super) async fn note_waits(
    quotes: &Quotes,
    ask: &Ask,
    begun: Vec<&Pending>,
    until: Timestamp,
) -> Result<(), StoreError> {
    if !quotes.panel.calls_back(&ask.carrier) {
        return Ok(());
    }
    // A carrier may give one id for several lines, and a batch takes each key once.
    let references: HashSet<_> = begun
        .into_iter()
        .map(|pending| (pending.step, pending.id.clone()))
        .collect();
    let items: Vec<BatchWrite> = references
        .into_iter()
        .map(|(step, reference)| {
            let ask = ask.clone();
            let waited = Waited {
                step,
                reference,
                ask,
            };
            BatchWrite::Put(wait_item(&waited, until))
        })
        .collect();
    in_batches(&*quotes.availability.context.store, items.into_iter()).await
}
