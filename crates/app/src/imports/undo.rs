//! Back to the import before.

use lastmile_model::listing::life::{List, UndoRefused};
use lastmile_model::listing::{ImportId, ImportState};
use lastmile_store::{StoreError, TransactWrite, record};
use thiserror::Error;

use super::look::read_import;
use super::retry::retrying;
use super::worker::{Outcome, new_owner, transact};
use crate::Context;

/// An import was not taken back.
#[derive(Debug, Error)]
pub enum UndoError {
    /// There is no such import.
    #[error("there is no import {import}")]
    Unknown {
        /// Which.
        import: ImportId,
    },
    /// It cannot be taken back.
    #[error(transparent)]
    Refused(#[from] UndoRefused),
    /// Another change of the list came between; look again.
    #[error("list changed while import {import} was being undone; look at it and try again")]
    Changed {
        /// Which.
        import: ImportId,
    },
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

/// What an undo came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The import that was taken back. Its claims are removed by [`sweep()`](super::sweep()).
    pub undone: ImportId,
    /// The import that readers see again; `None` where there was none before it.
    pub active: Option<ImportId>,
}

/// Takes the active import of a list back; readers see the import before it again.
///
/// The switch is one transaction. The claims of the undone import are invisible from then on;
/// [`sweep()`](super::sweep()) removes them.
///
/// # Errors
/// [`UndoError`]; readers then see what they saw before.
pub async fn undo(context: &Context, id: &ImportId) -> Result<Undone, UndoError> {
    let Some((stored_list, stored_import)) = retrying(|| read_import(context, id)).await? else {
        return Err(UndoError::Unknown { import: id.clone() });
    };
    let mut writes = Vec::new();
    let mut list = stored_list.list;
    if let Some(given_up) = give_up_dead(context, &list).await? {
        list = list.abandon();
        writes.push(given_up);
    }
    let list = list.undo(&stored_import.import)?;
    let active = list.active.map(|active| list.import_id(active.import));
    let mut import = stored_import.import;
    import.state = ImportState::Undone;
    writes.push(record::list::put(&list, stored_list.revision));
    writes.push(record::import::put(&import, stored_import.revision));
    if let Some(active) = &active {
        writes.extend(reactivate(context, active).await?);
    }
    let token = format!("undo-{:x}", new_owner(context));
    match transact(context, writes, token).await? {
        Outcome::Changed => Err(UndoError::Changed { import: id.clone() }),
        Outcome::Done => {
            context.lists.forget();
            Ok(Undone {
                undone: id.clone(),
                active,
            })
        }
    }
}

/// An interrupted import of the list, that nobody works on, does not stand in the way.
async fn give_up_dead(context: &Context, list: &List) -> Result<Option<TransactWrite>, StoreError> {
    let Some(loading) = list.loading else {
        return Ok(None);
    };
    let id = list.import_id(loading);
    let found = retrying(|| read_import(context, &id)).await?;
    Ok(found
        .map(|(_, stored)| stored)
        .filter(|stored| !stored.import.is_running(context.clock.now()))
        .map(|stored| {
            let mut import = stored.import;
            import.let_go();
            record::import::put(&import, stored.revision)
        }))
}

async fn reactivate(context: &Context, id: &ImportId) -> Result<Option<TransactWrite>, StoreError> {
    let found = retrying(|| read_import(context, id)).await?;
    Ok(found.map(|(_, stored)| {
        let mut import = stored.import;
        import.state = ImportState::Active;
        record::import::put(&import, stored.revision)
    }))
}
