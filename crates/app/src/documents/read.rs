//! Reading one document.

use lastmile_model::document::{Document, DocumentId, DocumentKind, DocumentRef};
use lastmile_model::identity::Caller;
use lastmile_store::Consistency;
use lastmile_store::key::{DocumentKey, Key};
use lastmile_store::record::document::from_item;

use super::ReadError;
use crate::Context;

/// Reads a document, as it was last written.
///
/// # Errors
/// [`ReadError::NotFound`] for another tenant's, another provider's and an unknown id;
/// [`ReadError::Store`].
pub async fn get(
    context: &Context,
    caller: &Caller,
    kind: DocumentKind,
    id: DocumentId,
) -> Result<Document, ReadError> {
    let key = Key::Document(DocumentKey {
        tenant: &caller.tenant,
        name: DocumentRef { kind, id },
    });
    let read = context
        .store
        .get(&key.primary(), Consistency::Strong)
        .await?;
    let document = read.value.as_ref().map(from_item).transpose()?;
    document
        .filter(|document| document.is_seen_by(caller.role.provider()))
        .ok_or(ReadError::NotFound { kind })
}
