//! The providers file of all who share a table: an operator puts it there, and whoever asks carriers reads it.

use lastmile_store::key::Key;
use lastmile_store::record::providers_file::{PROVIDERS_FILE_MAX_BYTES, decode, encode};
use lastmile_store::{BatchWrite, Consistency, Store, StoreError};
use thiserror::Error;

/// The file was not put.
#[derive(Debug, Error)]
pub enum PutError {
    /// It is longer than an item may be.
    #[error("the providers file has {given} bytes where {PROVIDERS_FILE_MAX_BYTES} are allowed")]
    TooLong {
        /// Its length, in bytes.
        given: usize,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The text of the file; `None` where there is none, so that every provider is answered from its lists.
///
/// # Errors
/// The store's.
pub async fn read(
    store: &dyn Store,
    consistency: Consistency,
) -> Result<Option<String>, StoreError> {
    let key = Key::ProvidersFile.primary();
    let item = store.get(&key, consistency).await?.value;
    item.as_ref()
        .map(|item| decode(item).map(str::to_owned))
        .transpose()
}

/// Puts the file in place of the one before. Whether it can be used is for the caller to see to.
///
/// # Errors
/// [`PutError`].
pub async fn put(store: &dyn Store, text: &str) -> Result<(), PutError> {
    let given = text.len();
    if given > PROVIDERS_FILE_MAX_BYTES {
        return Err(PutError::TooLong { given });
    }
    let put = BatchWrite::Put(encode(text));
    store.batch_write(vec![put]).await?;
    Ok(())
}

/// Removes the file, if there is one.
///
/// # Errors
/// The store's.
pub async fn remove(store: &dyn Store) -> Result<(), StoreError> {
    let removal = BatchWrite::Delete(Key::ProvidersFile.primary());
    store.batch_write(vec![removal]).await?;
    Ok(())
}
