//! Taking a document in.

use std::collections::BTreeSet;

use lastmile_model::document::{Document, DocumentId, DocumentKind, DocumentRef, Draft};
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::Caller;
use lastmile_model::timed_id::RANDOM_BYTES;
use lastmile_store::record::document::created;
use lastmile_store::{StoreError, TransactError, Transaction};

use super::references::{References, check_size};
use super::{CreateError, ReadError};
use crate::Context;
use crate::availability::StoreFailed;
use crate::idempotency::{Earlier, Once};
use crate::write::unconditional;

/// Takes a document in. With a key, the same request again gives the document that the first one made, as
/// it stands now.
///
/// # Errors
/// [`CreateError`].
pub async fn create(
    context: &Context,
    caller: &Caller,
    kind: DocumentKind,
    draft: Draft,
    key: Option<&IdempotencyKey>,
) -> Result<Document, CreateError> {
    check_size(&draft)?;
    let owner = caller.role.provider();
    let asker = owner.map_or("", |provider| provider.as_str());
    let once = key.map(|key| Once::new(&caller.tenant, kind.as_str(), key, &[asker, &draft.text]));
    let document = new_document(context, caller, kind, draft.clone());
    let mut writes = created(&document).to_vec();
    let references = References::new(writes.len(), draft.references(), BTreeSet::new())?;
    writes.extend(references.writes(caller));
    let remembered_at = writes.len();
    if let Some(once) = &once {
        writes.push(once.remember(context, document.name.id.to_string()));
    }
    let transaction = Transaction {
        writes,
        token: None,
    };
    match context.store.transact(transaction).await {
        Ok(_) => Ok(document),
        Err(TransactError::ConditionFailed { failed }) => match once {
            Some(once) if failed.contains(&remembered_at) => {
                earlier(context, caller, kind, &once).await
            }
            _ => Err(match references.unknown(&failed, &draft) {
                Some(refused) => refused.into(),
                // The id is given already: another try takes another one.
                None => StoreError::Throttled.into(),
            }),
        },
        Err(error) => Err(unconditional(error).into()),
    }
}

fn new_document(context: &Context, caller: &Caller, kind: DocumentKind, draft: Draft) -> Document {
    let now = context.clock.now();
    let mut random = [0; RANDOM_BYTES];
    context.random.fill(&mut random);
    let id = DocumentId::new(now, random);
    let owner = caller.role.provider().cloned();
    let name = DocumentRef { kind, id };
    Document::new(name, caller.tenant.clone(), owner, draft, now)
}

/// What the request came to when it was first sent.
async fn earlier(
    context: &Context,
    caller: &Caller,
    kind: DocumentKind,
    once: &Once<'_>,
) -> Result<Document, CreateError> {
    let answer = match once.earlier(context).await? {
        Earlier::Same(answer) => answer,
        Earlier::Other => return Err(CreateError::KeyReused),
        // It was forgotten this moment: another try is the first one.
        Earlier::Nothing => return Err(StoreError::Throttled.into()),
    };
    let id = answer
        .parse()
        .map_err(|_| StoreFailed::from(StoreError::Corrupt { key: answer }))?;
    match super::get(context, caller, kind, id).await {
        Ok(document) => Ok(document),
        Err(ReadError::NotFound { .. }) => Err(CreateError::KeyOfRemoved),
        Err(ReadError::Store(error)) => Err(error.into()),
    }
}
