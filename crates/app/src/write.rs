//! What several services do when they write.

use lastmile_store::limits::BATCH_WRITE_MAX;
use lastmile_store::{BatchWrite, Store, StoreError, TransactError};

/// Writes any number of items, as many at once as the store takes. Others may see some of them before the
/// rest is there.
pub(crate) async fn in_batches(
    store: &dyn Store,
    writes: impl Iterator<Item = BatchWrite>,
) -> Result<(), StoreError> {
    let mut writes = writes.peekable();
    while writes.peek().is_some() {
        let some = writes.by_ref().take(BATCH_WRITE_MAX).collect();
        store.batch_write(some).await?;
    }
    Ok(())
}

/// The store's error behind a transaction that has no token and no condition that another writer can
/// break: only a new id can, if it was given before, and trying again gives another one.
pub(crate) fn unconditional(error: TransactError) -> StoreError {
    match error {
        TransactError::Store(error) => error,
        TransactError::ConditionFailed { .. } | TransactError::TokenReused => StoreError::Throttled,
    }
}
