//! Random operations against a plain map that keeps every rule by looking at everything.

use std::collections::{BTreeMap, BTreeSet};

use lastmile_app::documents::{
    self, ChangeError, CreateError, DeleteError, DraftRefused, ReadError,
};
use lastmile_model::document::{
    ChangeRefused, Document, DocumentKind, DocumentRef, Draft, LifecycleStatus,
};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::world::{ALL, World, draft};

const KINDS: [DocumentKind; 2] = [DocumentKind::Category, DocumentKind::ProductOffering];
const OPERATIONS_PER_CASE: usize = 40;

#[derive(Clone, Debug)]
enum Operation {
    Create {
        kind: DocumentKind,
        text: String,
        status: LifecycleStatus,
        targets: Vec<Index>,
    },
    Change {
        which: Index,
        /// From what was read when the document was made, and not from what it is now.
        stale: bool,
        text: String,
        status: LifecycleStatus,
        targets: Vec<Index>,
    },
    Delete {
        which: Index,
        stale: bool,
    },
    Read {
        which: Index,
    },
    List {
        kind: DocumentKind,
    },
}

fn operation() -> impl Strategy<Value = Operation> {
    let text = || "[ab]{1}";
    let status = || {
        select(vec![
            LifecycleStatus::InStudy,
            LifecycleStatus::InDesign,
            LifecycleStatus::Rejected,
        ])
    };
    let targets = || proptest::collection::vec(any::<Index>(), 0..3);
    let stale = || proptest::bool::weighted(0.2);
    prop_oneof![
        4 => (select(&KINDS[..]), text(), status(), targets())
            .prop_map(|(kind, text, status, targets)| Operation::Create { kind, text, status, targets }),
        4 => (any::<Index>(), stale(), text(), status(), targets()).prop_map(
            |(which, stale, text, status, targets)| Operation::Change { which, stale, text, status, targets }
        ),
        3 => (any::<Index>(), stale()).prop_map(|(which, stale)| Operation::Delete { which, stale }),
        1 => any::<Index>().prop_map(|which| Operation::Read { which }),
        1 => select(&KINDS[..]).prop_map(|kind| Operation::List { kind }),
    ]
}

/// What is there, and every document as it was when it was made.
#[derive(Default)]
struct Plain {
    there: BTreeMap<DocumentRef, Document>,
    made: Vec<Document>,
}

impl Plain {
    fn targets(&self, indexes: &[Index]) -> Vec<DocumentRef> {
        let made = &self.made;
        let named = indexes.iter().filter(|_| !made.is_empty());
        named.map(|index| index.get(made).name).collect()
    }

    fn has_all(&self, targets: &[DocumentRef]) -> bool {
        targets.iter().all(|target| self.there.contains_key(target))
    }

    fn referrers(&self, name: DocumentRef) -> u64 {
        let refers = |document: &&Document| document.references.contains(&name);
        self.there.values().filter(refers).count() as u64
    }

    async fn apply(&mut self, world: &World, operation: &Operation) {
        match operation {
            Operation::Create {
                kind,
                text,
                status,
                targets,
            } => {
                let targets = self.targets(targets);
                self.create(world, *kind, &draft(text, *status, &targets))
                    .await;
            }
            Operation::Change {
                which,
                stale,
                text,
                status,
                targets,
            } => {
                if let Some(made) = self.chosen(*which) {
                    let draft = draft(text, *status, &self.targets(targets));
                    self.change(world, made, *stale, &draft).await;
                }
            }
            Operation::Delete { which, stale } => {
                if let Some(made) = self.chosen(*which) {
                    self.delete(world, made, *stale).await;
                }
            }
            Operation::Read { which } => {
                if let Some(made) = self.chosen(*which) {
                    let read = get(world, made.name).await;
                    assert_eq!(read.as_ref(), self.there.get(&made.name));
                }
            }
            Operation::List { kind } => self.compare_list(world, *kind).await,
        }
    }

    fn chosen(&self, which: Index) -> Option<Document> {
        (!self.made.is_empty()).then(|| which.get(&self.made).clone())
    }

    async fn create(&mut self, world: &World, kind: DocumentKind, draft: &Draft) {
        world.clock.advance_seconds(1);
        let targets: Vec<_> = draft.references().into_iter().collect();
        match world.try_create(kind, draft.clone()).await {
            Ok(document) => {
                assert!(self.has_all(&targets), "{document:?} refers to nothing");
                self.there.insert(document.name, document.clone());
                self.made.push(document);
            }
            Err(CreateError::Refused(DraftRefused::UnknownReference { .. })) => {
                assert!(!self.has_all(&targets));
            }
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn change(&mut self, world: &World, made: Document, stale: bool, draft: &Draft) {
        let now = self.there.get(&made.name).cloned();
        let Some(before) = (if stale { Some(made) } else { now.clone() }) else {
            return;
        };
        let name = before.name;
        let is_current = now.as_ref() == Some(&before);
        let targets: Vec<_> = draft.references().into_iter().collect();
        let from = before.status.expect("these kinds have a life");
        let to = draft.status.expect("these kinds have a life");
        let version = before.version;
        match documents::change(&world.context, &world.operator, before.clone(), draft).await {
            Ok(after) if after == before => assert_eq!(draft.text, before.text),
            Ok(after) => {
                assert!(is_current, "an update was lost");
                assert!(self.has_all(&targets), "{after:?} refers to nothing");
                assert_eq!((after.version, &after.text), (version + 1, &draft.text));
                self.there.insert(name, after);
            }
            Err(ChangeError::Change(ChangeRefused::Move(_))) => {
                assert!(from.move_to(to).is_err());
            }
            Err(ChangeError::Change(ChangeRefused::RefersToItself { .. })) => {
                assert!(targets.contains(&name));
            }
            Err(ChangeError::Draft(DraftRefused::UnknownReference { .. })) => {
                assert!(is_current && !self.has_all(&targets));
            }
            Err(ChangeError::Changed) => assert!(!is_current),
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn delete(&mut self, world: &World, made: Document, stale: bool) {
        let now = self.there.get(&made.name).cloned();
        let Some(before) = (if stale { Some(made) } else { now.clone() }) else {
            return;
        };
        let is_current = now.as_ref() == Some(&before);
        let referrers = self.referrers(before.name);
        match documents::delete(&world.context, &world.operator, &before).await {
            Ok(()) => {
                assert!(is_current && referrers == 0);
                self.there.remove(&before.name);
            }
            Err(DeleteError::Referred { count }) => assert_eq!(count, referrers),
            Err(DeleteError::Changed) => assert!(!is_current),
            Err(error) => panic!("{error:?}"),
        }
    }

    async fn compare_list(&self, world: &World, kind: DocumentKind) {
        let listed = world.list(kind, ALL).await;
        let of_kind = self.there.values().rev();
        let expected: Vec<_> = of_kind
            .filter(|document| document.name.kind == kind)
            .collect();
        assert_eq!(listed.documents.iter().collect::<Vec<_>>(), expected);
        assert_eq!((listed.total, listed.cut), (expected.len(), false));
    }
}

async fn get(world: &World, name: DocumentRef) -> Option<Document> {
    let DocumentRef { kind, id } = name;
    match documents::get(&world.context, &world.operator, kind, id).await {
        Ok(document) => Some(document),
        Err(ReadError::NotFound { .. }) => None,
        Err(error) => panic!("{error:?}"),
    }
}

/// After the last operation everything can be removed, in some order, unless it goes round in a circle.
async fn empty(world: &World, plain: &mut Plain) {
    loop {
        let there = plain.there.values();
        let free = there.filter(|document| plain.referrers(document.name) == 0);
        let free: Vec<Document> = free.cloned().collect();
        if free.is_empty() {
            break;
        }
        for document in free {
            plain.delete(world, document, false).await;
        }
    }
    let left: BTreeSet<_> = plain
        .there
        .values()
        .flat_map(|d| d.references.clone())
        .collect();
    assert!(plain.there.keys().all(|name| left.contains(name)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn documents_are_those_of_a_plain_map(
        operations in proptest::collection::vec(operation(), 1..OPERATIONS_PER_CASE),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let world = World::new().await;
            let mut plain = Plain::default();
            for operation in &operations {
                plain.apply(&world, operation).await;
            }
            for kind in KINDS {
                plain.compare_list(&world, kind).await;
            }
            empty(&world, &mut plain).await;
        });
    }
}
