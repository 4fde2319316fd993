//! Documents: resources of which the product knows their shape, their references and their life, and keeps
//! everything else as it was written.
//!
//! What a document says is text of the surface that it came by. Beside it stands what decisions are made
//! from: who may change it, where it stands in its life, and which other documents it refers to.

mod catalog;
pub mod kind;
pub mod lifecycle;

use std::collections::BTreeSet;

use jiff::Timestamp;
use thiserror::Error;

pub use kind::{Attribute, DocumentKind, Rules, Shape};
pub use lifecycle::{LifecycleStatus, MoveRefused};

use crate::identity::{ProviderName, TenantId};
use crate::timed_id::timed_id;

timed_id!(
    /// Names one document of one kind and tenant; ids sort by their time.
    DocumentId,
    /// A text is not a document's id.
    BadDocumentId,
    "not a document id: expected 32 lower-case hexadecimal digits"
);

/// Names a document within its tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentRef {
    /// Of which kind.
    pub kind: DocumentKind,
    /// Which.
    pub id: DocumentId,
}

/// A place in a document that refers to another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Where: `category[2].id`.
    pub path: String,
    /// The other one.
    pub target: DocumentRef,
}

/// A document as a client wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is to say: opaque text of the surface it came by.
    pub text: String,
    /// Where it is to stand in its life; `None` for a kind without one.
    pub status: Option<LifecycleStatus>,
    /// Every place that refers to another document.
    pub mentions: Vec<Mention>,
}

impl Draft {
    /// The documents that it refers to, each once.
    #[must_use]
    pub fn references(&self) -> BTreeSet<DocumentRef> {
        self.mentions.iter().map(|mention| mention.target).collect()
    }

    /// The first place that refers to this document.
    #[must_use]
    pub fn path_to(&self, target: DocumentRef) -> Option<&str> {
        let found = self
            .mentions
            .iter()
            .find(|mention| mention.target == target);
        found.map(|mention| mention.path.as_str())
    }
}

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Which.
    pub name: DocumentRef,
    /// Whose. Part of its key: to another tenant it does not exist.
    pub tenant: TenantId,
    /// The provider that made it and may change it; `None` where the tenant itself made it.
    pub owner: Option<ProviderName>,
    /// Where it stands in its life.
    pub status: Option<LifecycleStatus>,
    /// Rises with every change; a change names the version that it was made from.
    pub version: u32,
    /// When it was last changed.
    pub updated: Timestamp,
    /// As in [`Draft`].
    pub text: String,
    /// The documents that it refers to.
    pub references: BTreeSet<DocumentRef>,
}

/// A change of a document, decided and not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// As it is afterwards.
    pub after: Document,
    /// What it refers to from now on.
    pub added: BTreeSet<DocumentRef>,
    /// What it refers to no more.
    pub removed: BTreeSet<DocumentRef>,
}

/// A change cannot be made, whatever the store says.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ChangeRefused {
    /// Its life does not go that way.
    #[error(transparent)]
    Move(#[from] MoveRefused),
    /// It is to refer to itself, and could never be removed.
    #[error("{path}: a document cannot refer to itself")]
    RefersToItself {
        /// Where.
        path: String,
    },
}

impl Document {
    /// A new document.
    #[must_use]
    pub fn new(
        name: DocumentRef,
        tenant: TenantId,
        owner: Option<ProviderName>,
        draft: Draft,
        now: Timestamp,
    ) -> Self {
        Self {
            name,
            tenant,
            owner,
            status: draft.status,
            version: 1,
            updated: now,
            references: draft.references(),
            text: draft.text,
        }
    }

    /// Whether a caller sees it who is this provider, or none: a provider sees what it made itself.
    #[must_use]
    pub fn is_seen_by(&self, provider: Option<&ProviderName>) -> bool {
        provider.is_none() || self.owner.as_ref() == provider
    }

    /// Another draft in its place; `None` where it says the same already.
    ///
    /// # Errors
    /// [`ChangeRefused`].
    pub fn changed(&self, draft: &Draft, now: Timestamp) -> Result<Option<Change>, ChangeRefused> {
        let status = match (self.status, draft.status) {
            (Some(from), Some(to)) => Some(from.move_to(to)?),
            (_, to) => to,
        };
        if let Some(path) = draft.path_to(self.name) {
            let path = path.to_owned();
            return Err(ChangeRefused::RefersToItself { path });
        }
        let references = draft.references();
        if draft.text == self.text && status == self.status && references == self.references {
            return Ok(None);
        }
        Ok(Some(Change {
            added: references.difference(&self.references).copied().collect(),
            removed: self.references.difference(&references).copied().collect(),
            after: Self {
                name: self.name,
                tenant: self.tenant.clone(),
                owner: self.owner.clone(),
                status,
                version: self.version.saturating_add(1),
                updated: now,
                text: draft.text.clone(),
                references,
            },
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u8) -> DocumentRef {
        DocumentRef {
            kind: DocumentKind::Category,
            id: DocumentId::new(Timestamp::UNIX_EPOCH, [number; 10]),
        }
    }

    fn draft(text: &str, targets: &[u8]) -> Draft {
        let mention = |(position, target): (usize, &u8)| Mention {
            path: format!("subCategory[{position}].id"),
            target: name(*target),
        };
        Draft {
            text: text.to_owned(),
            status: Some(LifecycleStatus::InTest),
            mentions: targets.iter().enumerate().map(mention).collect(),
        }
    }

    fn document(targets: &[u8]) -> Document {
        let tenant = TenantId::default();
        Document::new(
            name(1),
            tenant,
            None,
            draft("a", targets),
            Timestamp::UNIX_EPOCH,
        )
    }

    #[test]
    fn a_change_says_what_is_referred_to_from_now_on_and_no_more() {
        let before = document(&[2, 3, 3]);
        let change = before
            .changed(&draft("b", &[3, 4]), Timestamp::MAX)
            .unwrap();
        let change = change.expect("another text");
        assert_eq!(change.added, BTreeSet::from([name(4)]));
        assert_eq!(change.removed, BTreeSet::from([name(2)]));
        assert_eq!(
            (change.after.version, change.after.updated),
            (2, Timestamp::MAX)
        );
        assert_eq!(change.after.references, BTreeSet::from([name(3), name(4)]));
    }

    #[test]
    fn what_says_the_same_is_no_change() {
        let before = document(&[2]);
        assert_eq!(before.changed(&draft("a", &[2]), Timestamp::MAX), Ok(None));
    }

    #[test]
    fn a_document_does_not_refer_to_itself_and_does_not_go_back() {
        let before = document(&[]);
        let itself = before.changed(&draft("a", &[2, 1]), Timestamp::MAX);
        let path = "subCategory[1].id".to_owned();
        assert_eq!(itself, Err(ChangeRefused::RefersToItself { path }));
        let mut back = draft("a", &[]);
        back.status = Some(LifecycleStatus::InStudy);
        let moved = before.changed(&back, Timestamp::MAX);
        assert!(matches!(moved, Err(ChangeRefused::Move(_))), "{moved:?}");
    }

    #[test]
    fn a_provider_sees_its_own_and_everyone_else_sees_all() {
        let provider = |text: &str| ProviderName::new(text).unwrap();
        let mut document = document(&[]);
        assert!(document.is_seen_by(None) && !document.is_seen_by(Some(&provider("Acme"))));
        document.owner = Some(provider("Acme"));
        assert!(document.is_seen_by(None) && document.is_seen_by(Some(&provider("Acme"))));
        assert!(!document.is_seen_by(Some(&provider("Beta"))));
    }
}
