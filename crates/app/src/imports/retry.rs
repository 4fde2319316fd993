//! Calls to a store that may be busy.

use lastmile_store::{BatchWrite, Consistency, Item, PrimaryKey, StoreError};

use super::limits::{STORE_RETRY_FIRST, STORE_TRIES};
use crate::Context;

/// Calls until it succeeds, fails for good, or was tried [`STORE_TRIES`] times. The call must be one that
/// may happen twice.
pub(super) async fn retrying<T, F: Future<Output = Result<T, StoreError>>>(
    mut call: impl FnMut() -> F,
) -> Result<T, StoreError> {
    let mut wait = STORE_RETRY_FIRST;
    let mut tries_left = STORE_TRIES;
    loop {
        tries_left -= 1;
        match call().await {
            Err(error) if error.is_retryable() && tries_left > 0 => {
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
            result => return result,
        }
    }
}

/// Writes one batch.
pub(super) async fn batch_write(
    context: &Context,
    writes: Vec<BatchWrite>,
) -> Result<(), StoreError> {
    retrying(|| context.store.batch_write(writes.clone()))
        .await
        .map(|_| ())
}

/// Reads one batch.
pub(super) async fn batch_get(
    context: &Context,
    keys: &[PrimaryKey],
) -> Result<Vec<Item>, StoreError> {
    retrying(|| context.store.batch_get(keys, Consistency::Eventual))
        .await
        .map(|items| items.value)
}
