//! Documents, and how many refer to each.

use std::collections::BTreeSet;

use jiff::Timestamp;
use lastmile_model::document::{Document, DocumentKind, DocumentRef, LifecycleStatus};
use lastmile_model::identity::{ProviderName, TenantId};
use minicbor::{Decode, Encode};

use super::{REVISION, at_revision, attributes, decoded, number, some_or_corrupt};
use crate::condition::Condition;
use crate::error::StoreError;
use crate::item::{Attributes, Item, Value};
use crate::key::{self, DocumentKey, Key};
use crate::write::TransactWrite;

/// Attribute of [`Key::Referrers`]: how many documents refer to the document.
const REFERRERS: &str = "n";
/// Attribute of [`Key::Referrers`]: the provider that made the document; absent where none did.
const OWNER: &str = "o";

#[derive(Encode, Decode)]
#[cbor(map)]
struct DocumentValue<'b> {
    #[b(0)]
    text: &'b str,
    /// Microseconds since 1970.
    #[n(1)]
    updated: i64,
    #[n(2)]
    status: Option<u8>,
    #[b(3)]
    owner: Option<&'b str>,
    #[b(4)]
    references: Vec<ReferenceValue<'b>>,
}

#[derive(Encode, Decode)]
struct ReferenceValue<'b> {
    #[n(0)]
    kind: u8,
    #[b(1)]
    id: &'b str,
}

/// The writes that make a new document: the document, and the count of those that refer to it.
///
/// Their positions among the writes of a transaction say what was there already.
#[must_use]
pub fn created(document: &Document) -> [TransactWrite; 2] {
    let mut referrers = Item::new(Key::Referrers(key_of(document)).primary());
    referrers.attributes.insert(REFERRERS, Value::N(0));
    if let Some(owner) = &document.owner {
        let owner = Value::S(owner.as_str().to_owned());
        referrers.attributes.insert(OWNER, owner);
    }
    [to_item(document), referrers].map(|item| TransactWrite::Put {
        item,
        condition: Condition::NotExists,
    })
}

/// The write that puts a document in place of the one of `version`.
#[must_use]
pub fn replaced(document: &Document, version: u32) -> TransactWrite {
    TransactWrite::Put {
        item: to_item(document),
        condition: at_revision(version),
    }
}

/// The writes that remove a document, on the condition that it is as it was read and that nothing refers
/// to it (the second of them).
#[must_use]
pub fn removed(document: &Document) -> [TransactWrite; 2] {
    let key = key_of(document);
    [
        TransactWrite::Delete {
            key: Key::Document(key).primary(),
            condition: at_revision(document.version),
        },
        TransactWrite::Delete {
            key: Key::Referrers(key).primary(),
            condition: Condition::Equals {
                attribute: REFERRERS,
                value: Value::N(0),
            },
        },
    ]
}

/// The write that counts one more that refers to a document: it fails where there is no such document, and
/// for a provider where the document is not its own.
#[must_use]
pub fn referred(target: DocumentKey<'_>, by: Option<&ProviderName>) -> TransactWrite {
    let condition = match by {
        None => Condition::Exists,
        Some(provider) => Condition::Equals {
            attribute: OWNER,
            value: Value::S(provider.as_str().to_owned()),
        },
    };
    counted(target, 1, condition)
}

/// The write that counts one less.
#[must_use]
pub fn released(target: DocumentKey<'_>) -> TransactWrite {
    counted(target, -1, Condition::Exists)
}

fn counted(target: DocumentKey<'_>, by: i64, condition: Condition) -> TransactWrite {
    TransactWrite::Update {
        key: Key::Referrers(target).primary(),
        set: Vec::new(),
        add: vec![(REFERRERS, by)],
        remove: Vec::new(),
        condition,
    }
}

/// How many documents refer to the document of this [`Key::Referrers`].
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn read_referrers(item: &Item) -> Result<u64, StoreError> {
    let count = u64::try_from(number(item, REFERRERS)?).ok();
    some_or_corrupt(count, &item.key)
}

const fn key_of(document: &Document) -> DocumentKey<'_> {
    DocumentKey {
        tenant: &document.tenant,
        name: document.name,
    }
}

/// Makes the item of a document.
#[must_use]
pub fn to_item(document: &Document) -> Item {
    let Document {
        name: _,
        tenant: _,
        owner,
        status,
        version,
        updated,
        text,
        references,
    } = document;
    let ids: Vec<_> = references
        .iter()
        .map(|target| target.id.to_string())
        .collect();
    let references = references.iter().zip(&ids);
    let value = DocumentValue {
        text,
        updated: updated.as_microsecond(),
        status: status.map(status_code),
        owner: owner.as_ref().map(ProviderName::as_str),
        references: references
            .map(|(target, id)| ReferenceValue {
                kind: kind_code(target.kind),
                id,
            })
            .collect(),
    };
    let mut attributes: Attributes = attributes(&value);
    attributes.insert(REVISION, Value::N(i64::from(*version)));
    Item {
        attributes,
        ..Item::new(Key::Document(key_of(document)).primary())
    }
}

/// Reads a document back.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<Document, StoreError> {
    let value: DocumentValue<'_> = decoded(item)?;
    let version = u32::try_from(number(item, REVISION)?).ok();
    let document =
        key::read_document(&item.key).and_then(|names| document_of(names, version?, &value));
    some_or_corrupt(document, &item.key)
}

fn document_of(
    (tenant, name): (TenantId, DocumentRef),
    version: u32,
    value: &DocumentValue<'_>,
) -> Option<Document> {
    let status = match value.status {
        Some(code) => Some(status_of(code)?),
        None => None,
    };
    let owner = match value.owner {
        Some(owner) => Some(ProviderName::new(owner).ok()?),
        None => None,
    };
    let references = value.references.iter().map(|reference| {
        Some(DocumentRef {
            kind: kind_of(reference.kind)?,
            id: reference.id.parse().ok()?,
        })
    });
    Some(Document {
        name,
        tenant,
        owner,
        status,
        version,
        updated: Timestamp::from_microsecond(value.updated).ok()?,
        text: value.text.to_owned(),
        references: references.collect::<Option<BTreeSet<_>>>()?,
    })
}

/// A number is never reused; a new kind gets the next one.
const fn kind_code(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Catalog => 0,
        DocumentKind::Category => 1,
        DocumentKind::ProductOffering => 2,
        DocumentKind::ProductOfferingPrice => 3,
        DocumentKind::ProductSpecification => 4,
    }
}

fn kind_of(code: u8) -> Option<DocumentKind> {
    DocumentKind::ALL
        .into_iter()
        .find(|kind| kind_code(*kind) == code)
}

/// As for kinds.
const fn status_code(status: LifecycleStatus) -> u8 {
    match status {
        LifecycleStatus::InStudy => 0,
        LifecycleStatus::InDesign => 1,
        LifecycleStatus::InTest => 2,
        LifecycleStatus::Active => 3,
        LifecycleStatus::Launched => 4,
        LifecycleStatus::Retired => 5,
        LifecycleStatus::Obsolete => 6,
        LifecycleStatus::Rejected => 7,
    }
}

fn status_of(code: u8) -> Option<LifecycleStatus> {
    LifecycleStatus::ALL
        .into_iter()
        .find(|status| status_code(*status) == code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::{collection, option, sample};

    use lastmile_model::document::DocumentId;

    use super::*;

    fn names() -> impl Strategy<Value = DocumentRef> {
        let kinds = sample::select(DocumentKind::ALL.to_vec());
        let times = (0_i64..4_000_000_000).prop_map(|second| {
            Timestamp::from_second(second).expect("within the years that a timestamp holds")
        });
        (kinds, times, any::<[u8; 10]>()).prop_map(|(kind, created, random)| DocumentRef {
            kind,
            id: DocumentId::new(created, random),
        })
    }

    fn documents() -> impl Strategy<Value = Document> {
        let tenants = "[A-Za-z][a-z'& .]{0,8}[a-z]".prop_map(|name| TenantId::new(&name).unwrap());
        let owners =
            "[A-Za-z][a-z'& .]{0,8}[a-z]".prop_map(|name| ProviderName::new(&name).unwrap());
        let statuses = sample::select(LifecycleStatus::ALL.to_vec());
        (
            names(),
            tenants,
            option::of(owners),
            option::of(statuses),
            any::<u32>(),
            0_i64..4_000_000_000_000_000,
            ".{0,40}",
            collection::btree_set(names(), 0..5),
        )
            .prop_map(
                |(name, tenant, owner, status, version, updated, text, references)| Document {
                    name,
                    tenant,
                    owner,
                    status,
                    version,
                    updated: Timestamp::from_microsecond(updated).unwrap(),
                    text,
                    references,
                },
            )
    }

    proptest! {
        #[test]
        fn a_document_comes_back_as_it_was(document in documents()) {
            let item = to_item(&document);
            prop_assert_eq!(from_item(&item).unwrap(), document);
        }

        /// A list is newest first because keys sort as ids do, and it reads every shard that a key can have.
        #[test]
        fn keys_sort_by_time_and_lie_in_a_shard_that_is_read(one in documents(), other in documents()) {
            let (first, second) = (to_item(&one).key, to_item(&other).key);
            let order = one.name.id.created().cmp(&other.name.id.created());
            prop_assert!(order.is_eq() || first.sk.cmp(&second.sk) == order);
            let kind = one.name.kind;
            let read = (0..key::document_shards(kind)).map(|shard| key::documents_of(&one.tenant, kind, shard).pk);
            prop_assert_eq!(read.filter(|pk| *pk == first.pk).count(), 1);
        }
    }

    #[test]
    fn what_is_no_document_is_damaged() {
        let tenant = TenantId::default();
        let name = DocumentRef {
            kind: DocumentKind::Catalog,
            id: DocumentId::new(Timestamp::UNIX_EPOCH, [0; 10]),
        };
        let key = DocumentKey {
            tenant: &tenant,
            name,
        };
        let empty = Item::new(Key::Document(key).primary());
        assert!(matches!(from_item(&empty), Err(StoreError::Corrupt { .. })));
        let referrers = Item::new(Key::Referrers(key).primary());
        assert!(matches!(
            read_referrers(&referrers),
            Err(StoreError::Corrupt { .. })
        ));
    }
}
