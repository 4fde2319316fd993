//! A store, its faults, and callers.

use std::sync::Arc;

use lastmile_app::Context;
use lastmile_app::documents::{self, CreateError, ListDocuments, ListedDocuments};
use lastmile_model::document::{
    Document, DocumentKind, DocumentRef, Draft, LifecycleStatus, Mention,
};
use lastmile_model::identity::{Caller, Role, TenantId};
use lastmile_testkit::front_door::Backstage;
use lastmile_testkit::store::{FaultStore, Faults, ManualClock, MemoryStore};

/// A store in memory behind the doors.
pub(crate) struct World {
    pub(crate) context: Context,
    pub(crate) store: Arc<FaultStore<MemoryStore>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) operator: Caller,
}

impl World {
    pub(crate) async fn new() -> Self {
        let random = Backstage::new().await.context.random;
        let clock = Arc::new(ManualClock::new());
        let memory = MemoryStore::new(clock.clone());
        let store = Arc::new(FaultStore::new(memory, Faults::OFF, 1));
        Self {
            context: Context::new(store.clone(), clock.clone(), random),
            store,
            clock,
            operator: Caller {
                tenant: TenantId::default(),
                role: Role::Operator,
            },
        }
    }

    pub(crate) async fn create(&self, kind: DocumentKind, draft: Draft) -> Document {
        self.try_create(kind, draft).await.expect("created")
    }

    pub(crate) async fn try_create(
        &self,
        kind: DocumentKind,
        draft: Draft,
    ) -> Result<Document, CreateError> {
        documents::create(&self.context, &self.operator, kind, draft, None).await
    }

    pub(crate) async fn list(&self, kind: DocumentKind, page: ListDocuments) -> ListedDocuments {
        documents::list(&self.context, &self.operator, kind, page, &|_| true)
            .await
            .expect("listed")
    }
}

/// A draft that refers to these.
pub(crate) fn draft(text: &str, status: LifecycleStatus, targets: &[DocumentRef]) -> Draft {
    let mention = |(position, target): (usize, &DocumentRef)| Mention {
        path: format!("category[{position}].id"),
        target: *target,
    };
    Draft {
        text: text.to_owned(),
        status: Some(status),
        mentions: targets.iter().enumerate().map(mention).collect(),
    }
}

pub(crate) const ALL: ListDocuments = ListDocuments {
    offset: 0,
    limit: usize::MAX,
};
