//! How a task is written: chunks that nobody sees, then the header that shows them.

use lastmile_store::limits::TRANSACT_MAX;
use lastmile_store::{
    BatchWrite, Condition, Item, PrimaryKey, Store, StoreError, TransactError, TransactWrite,
    Transaction,
};

use crate::availability::limits::TASK_TRANSACTION_MAX_BYTES;
use crate::write::in_batches;

/// Writes a task's chunks and then `last` (its header, and what goes with it): as one transaction where
/// they fit, else the chunks first. Chunks without a header expire.
pub(in crate::availability) async fn write(
    store: &dyn Store,
    chunks: Vec<Item>,
    last: Vec<TransactWrite>,
) -> Result<(), TransactError> {
    let bytes: usize = chunks.iter().map(Item::weight).sum();
    let fits = bytes <= TASK_TRANSACTION_MAX_BYTES && chunks.len() + last.len() <= TRANSACT_MAX;
    let writes = if fits {
        let put = |item| TransactWrite::Put {
            item,
            condition: Condition::Always,
        };
        chunks.into_iter().map(put).chain(last).collect()
    } else {
        in_batches(store, chunks.into_iter().map(BatchWrite::Put)).await?;
        last
    };
    let transaction = Transaction {
        writes,
        token: None,
    };
    store.transact(transaction).await.map(drop)
}

/// Removes items.
pub(in crate::availability) async fn remove(
    store: &dyn Store,
    keys: Vec<PrimaryKey>,
) -> Result<(), StoreError> {
    in_batches(store, keys.into_iter().map(BatchWrite::Delete)).await
}
