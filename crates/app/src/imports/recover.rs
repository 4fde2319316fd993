//! Imports that stopped before their end.

use lastmile_model::listing::{ImportId, ImportState};
use lastmile_store::{StoreError, record};

use super::look::{read_import, read_lists};
use super::retry::retrying;
use super::worker::{Outcome, transact};
use crate::Context;

/// What to take for dead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Every import that is not finished: this process is the only one that uses the store, and it has
    /// not begun one yet.
    SoleProcess,
    /// Imports whose worker's lease has lapsed.
    LapsedLeases,
}

/// Marks imports that nobody works on as interrupted, so that the same file resumes them at once; gives
/// back which. Nothing of them is visible; what they wrote is removed when another file is imported
/// into their list.
///
/// # Errors
/// [`StoreError`].
pub async fn recover(context: &Context, recovery: Recovery) -> Result<Vec<ImportId>, StoreError> {
    let mut interrupted = Vec::new();
    for stored in retrying(|| read_lists(context)).await? {
        let Some(loading) = stored.list.loading else {
            continue;
        };
        let id = stored.list.import_id(loading);
        let Some((_, stored)) = retrying(|| read_import(context, &id)).await? else {
            continue;
        };
        let mut import = stored.import;
        let running = match recovery {
            Recovery::SoleProcess => false,
            Recovery::LapsedLeases => import.is_running(context.clock.now()),
        };
        if running || import.state != ImportState::Loading {
            continue;
        }
        import.let_go();
        let writes = vec![record::import::put(&import, stored.revision)];
        let token = format!("recover-{id}-{}", stored.revision);
        if transact(context, writes, token).await? == Outcome::Done {
            interrupted.push(id);
        }
    }
    Ok(interrupted)
}
