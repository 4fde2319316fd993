//! References, kept whole by the transaction that makes or ends them.

use std::collections::BTreeSet;

use lastmile_model::document::{DocumentRef, Draft};
use lastmile_model::identity::{Caller, TenantId};
use lastmile_store::TransactWrite;
use lastmile_store::key::DocumentKey;
use lastmile_store::record::document::{referred, released};

use super::DraftRefused;
use super::limits::{DOCUMENT_MAX_BYTES, REFERENCES_CHANGED_MAX};

/// What a transaction does about references, behind `before` other writes.
pub(super) struct References {
    before: usize,
    added: Vec<DocumentRef>,
    removed: Vec<DocumentRef>,
}

impl References {
    /// References that are new and gone.
    ///
    /// # Errors
    /// [`DraftRefused::TooManyReferences`] for more than one transaction holds.
    pub(super) fn new(
        before: usize,
        added: BTreeSet<DocumentRef>,
        removed: BTreeSet<DocumentRef>,
    ) -> Result<Self, DraftRefused> {
        let given = added.len() + removed.len();
        if given > REFERENCES_CHANGED_MAX {
            return Err(DraftRefused::TooManyReferences {
                given,
                allowed: REFERENCES_CHANGED_MAX,
            });
        }
        Ok(Self {
            before,
            added: added.into_iter().collect(),
            removed: removed.into_iter().collect(),
        })
    }

    /// The writes.
    pub(super) fn writes(&self, caller: &Caller) -> impl Iterator<Item = TransactWrite> {
        let Caller { tenant, role } = caller;
        let by = role.provider();
        let added = self.added.iter();
        let added = added.map(move |target| referred(key_of(tenant, *target), by));
        let removed = self.removed.iter();
        added.chain(removed.map(move |target| released(key_of(tenant, *target))))
    }

    /// What is wrong with the draft, where one of the failed conditions is that of a new reference.
    pub(super) fn unknown(&self, failed: &[usize], draft: &Draft) -> Option<DraftRefused> {
        let target = failed.iter().find_map(|position| {
            let position = position.checked_sub(self.before)?;
            self.added.get(position).copied()
        })?;
        Some(DraftRefused::UnknownReference {
            path: draft.path_to(target)?.to_owned(),
            kind: target.kind,
        })
    }
}

const fn key_of(tenant: &TenantId, name: DocumentRef) -> DocumentKey<'_> {
    DocumentKey { tenant, name }
}

/// Whether a draft's text can be kept.
pub(super) fn check_size(draft: &Draft) -> Result<(), DraftRefused> {
    let given = draft.text.len();
    if given > DOCUMENT_MAX_BYTES {
        return Err(DraftRefused::TooLarge {
            given,
            allowed: DOCUMENT_MAX_BYTES,
        });
    }
    Ok(())
}
