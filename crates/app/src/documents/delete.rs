//! Removing a document.

use std::collections::BTreeSet;

use lastmile_model::document::Document;
use lastmile_model::identity::Caller;
use lastmile_store::key::{DocumentKey, Key};
use lastmile_store::record::document::{read_referrers, removed};
use lastmile_store::{Consistency, TransactError, Transaction};

use super::DeleteError;
use super::references::References;
use crate::Context;
use crate::write::unconditional;

/// Removes a document, as it was read. One that others refer to stays: whoever follows a reference finds
/// what it names.
///
/// # Errors
/// [`DeleteError`].
pub async fn delete(
    context: &Context,
    caller: &Caller,
    document: &Document,
) -> Result<(), DeleteError> {
    let mut writes = removed(document).to_vec();
    let references = References::new(writes.len(), BTreeSet::new(), document.references.clone())?;
    writes.extend(references.writes(caller));
    let transaction = Transaction {
        writes,
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => Ok(()),
        Err(TransactError::ConditionFailed { .. }) => Err(refused(context, document).await?),
        Err(error) => Err(unconditional(error).into()),
    }
}

/// Why a document stays: others refer to it, or it is not as it was read.
async fn refused(context: &Context, document: &Document) -> Result<DeleteError, DeleteError> {
    let key = Key::Referrers(DocumentKey {
        tenant: &document.tenant,
        name: document.name,
    });
    let key = key.primary();
    let read = context.store.get(&key, Consistency::Strong).await?;
    let referrers = read.value;
    let count = referrers.as_ref().map(read_referrers).transpose()?;
    Ok(match count {
        None | Some(0) => DeleteError::Changed,
        Some(count) => DeleteError::Referred { count },
    })
}
