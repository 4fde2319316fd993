//! Lists of more than a page.

use lastmile_app::documents::limits::{
    DOCUMENT_MAX_BYTES, DOCUMENTS_PAGE_MAX, PAGE_MAX_BYTES, REFERENCES_CHANGED_MAX, STORE_PAGES_MAX,
};
use lastmile_app::documents::{self, CreateError, DeleteError, DraftRefused, ListDocuments};
use lastmile_model::document::{DocumentKind, LifecycleStatus};

use crate::world::{World, draft};

const STATUS: LifecycleStatus = LifecycleStatus::Active;
const KIND: DocumentKind = DocumentKind::ProductOffering;

/// Documents of 100 KB: a page of the store holds ten, and a page of a list ends before its hundredth.
#[tokio::test]
async fn pages_of_long_documents_end_early_and_lead_through_all_of_them() {
    const COUNT: usize = 120;
    let world = World::new().await;
    let mut made = Vec::new();
    for number in 0..COUNT {
        let text = format!("{number:05}{}", "x".repeat(DOCUMENT_MAX_BYTES - 5));
        made.push(world.create(KIND, draft(&text, STATUS, &[])).await.name);
        world.clock.advance_seconds(1);
    }
    made.reverse();
    let mut listed = Vec::new();
    while listed.len() < COUNT {
        let page = ListDocuments {
            offset: listed.len(),
            limit: DOCUMENTS_PAGE_MAX,
        };
        let page = world.list(KIND, page).await;
        assert_eq!((page.total, page.cut), (COUNT, false));
        let rest = COUNT - listed.len();
        let fitting = (PAGE_MAX_BYTES / DOCUMENT_MAX_BYTES).min(rest);
        assert_eq!(page.documents.len(), fitting);
        listed.extend(page.documents.iter().map(|document| document.name));
    }
    assert_eq!(listed, made);
}

/// Nobody holds a request up by having a great many documents.
#[tokio::test]
async fn a_list_of_too_much_says_that_it_is_cut() {
    let world = World::new().await;
    let per_page = 10;
    let text = "x".repeat(DOCUMENT_MAX_BYTES);
    for _ in 0..STORE_PAGES_MAX * per_page + 100 {
        world.create(KIND, draft(&text, STATUS, &[])).await;
    }
    let page = ListDocuments {
        offset: 0,
        limit: 1,
    };
    let listed = world.list(KIND, page).await;
    assert!(listed.cut);
    assert_eq!(listed.documents.len(), 1);
}

/// One transaction holds so many references; more are made in steps.
#[tokio::test]
async fn a_document_begins_to_refer_to_so_many_at_once() {
    let world = World::new().await;
    let mut targets = Vec::new();
    for _ in 0..=REFERENCES_CHANGED_MAX {
        let target = world.create(DocumentKind::Category, draft("t", STATUS, &[]));
        targets.push(target.await.name);
    }
    let refused = world.try_create(KIND, draft("a", STATUS, &targets)).await;
    let too_many = |refused: &DraftRefused| matches!(refused, DraftRefused::TooManyReferences { given, .. } if *given == targets.len());
    assert!(
        matches!(&refused, Err(CreateError::Refused(refused)) if too_many(refused)),
        "{refused:?}"
    );
    let some = draft("a", STATUS, &targets[..REFERENCES_CHANGED_MAX]);
    let document = world.create(KIND, some).await;
    let all = draft("b", STATUS, &targets);
    let document = documents::change(&world.context, &world.operator, document, &all)
        .await
        .expect("one more");
    let whole = documents::delete(&world.context, &world.operator, &document).await;
    assert!(
        matches!(&whole, Err(DeleteError::Refused(refused)) if too_many(refused)),
        "{whole:?}"
    );
}
