//! Changing a document.

use lastmile_model::document::{Change, Document, Draft};
use lastmile_model::identity::Caller;
use lastmile_store::record::document::replaced;
use lastmile_store::{TransactError, Transaction};

use super::ChangeError;
use super::references::{References, check_size};
use crate::Context;
use crate::write::unconditional;

/// Puts a draft in place of what a document says, as it was read. A draft that says the same writes nothing.
///
/// # Errors
/// [`ChangeError`]; [`ChangeError::Changed`] where the document has another version by now.
pub async fn change(
    context: &Context,
    caller: &Caller,
    before: Document,
    draft: &Draft,
) -> Result<Document, ChangeError> {
    check_size(draft)?;
    let Some(change) = before.changed(draft, context.clock.now())? else {
        return Ok(before);
    };
    let Change {
        after,
        added,
        removed,
    } = change;
    let mut writes = vec![replaced(&after, before.version)];
    let references = References::new(writes.len(), added, removed)?;
    writes.extend(references.writes(caller));
    let transaction = Transaction {
        writes,
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => Ok(after),
        Err(TransactError::ConditionFailed { failed }) => {
            // What is no longer as it was read decides before what the draft is of.
            let unknown = references.unknown(&failed, draft);
            match unknown.filter(|_| !failed.contains(&0)) {
                Some(refused) => Err(refused.into()),
                None => Err(ChangeError::Changed),
            }
        }
        Err(error) => Err(unconditional(error).into()),
    }
}
