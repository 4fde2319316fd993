//! Back to the import before.

use lastmile_model::listing::life::UndoRefused;
use lastmile_model::listing::{ImportId, ImportState};
use lastmile_store::{StoreError, TransactError, Transaction, record};
use thiserror::Error;

use super::look::read_import;
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
    let Some((stored_list, stored_import)) = read_import(context, id).await? else {
        return Err(UndoError::Unknown { import: id.clone() });
    };
    let list = stored_list.list.undo(&stored_import.import)?;
    let active = list.active.map(|active| list.import_id(active.import));
    let mut import = stored_import.import;
    import.state = ImportState::Undone;
    let mut writes = vec![
        record::list::put(&list, stored_list.revision),
        record::import::put(&import, stored_import.revision),
    ];
    if let Some(active) = &active {
        writes.extend(reactivate(context, active).await?);
    }
    let transaction = Transaction {
        writes,
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => {
            context.lists.forget();
            Ok(Undone {
                undone: id.clone(),
                active,
            })
        }
        Err(TransactError::Store(error)) => Err(UndoError::Store(error)),
        Err(TransactError::ConditionFailed { .. } | TransactError::TokenReused) => {
            Err(UndoError::Changed { import: id.clone() })
        }
    }
}

async fn reactivate(
    context: &Context,
    id: &ImportId,
) -> Result<Option<lastmile_store::TransactWrite>, StoreError> {
    Ok(read_import(context, id).await?.map(|(_, stored)| {
        let mut import = stored.import;
        import.state = ImportState::Active;
        record::import::put(&import, stored.revision)
    }))
}
