//! What carriers call back about.
//!
//! A notification says that there may be an answer, and never what it is: the carrier is asked on about it now
//! instead of at the next look. So one that is lost, comes twice or is made up costs a question at most.

use lastmile_model::carrier::Pending;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::Line;
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
        .get(&key.primary(), Consistency::Eventual)
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

/// Writes down who waits for what the carrier has begun, where it will call back about it. Lines that it had begun
/// before are known already.
pub(super) async fn note_waits(
    quotes: &Quotes,
    ask: &Ask,
    before: &[Line],
    lines: &[(usize, Line)],
    until: jiff::Timestamp,
) -> Result<(), StoreError> {
    if !quotes.panel.calls_back(&ask.carrier) {
        return Ok(());
    }
    let begun = lines.iter().filter_map(|(position, line)| {
        let now = pending(line)?;
        let known = before.get(*position).and_then(pending);
        let is_known = known.is_some_and(|known| (known.step, &known.id) == (now.step, &now.id));
        (!is_known).then_some(now)
    });
    let items: Vec<BatchWrite> = begun
        .map(|pending| {
            let waited = Waited {
                step: pending.step,
                reference: pending.id.clone(),
                ask: ask.clone(),
            };
            BatchWrite::Put(wait_item(&waited, until))
        })
        .collect();
    in_batches(&*quotes.availability.context.store, items.into_iter()).await
}

const fn pending(line: &Line) -> Option<&Pending> {
    match line {
        Line::Pending(pending) => Some(pending),
        Line::Waiting | Line::OffNet | Line::NotAsked | Line::Answered { .. } => None,
    }
}
