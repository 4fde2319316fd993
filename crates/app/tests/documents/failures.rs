//! A store that fails, also after it has written: the answer is lost, and the client asks again.

use lastmile_app::documents::{self, CreateError};
use lastmile_model::document::{DocumentKind, LifecycleStatus};
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_testkit::store::Fault;

use crate::world::{ALL, World, draft};

const STATUS: LifecycleStatus = LifecycleStatus::Active;
const KIND: DocumentKind = DocumentKind::ProductOffering;

#[tokio::test]
async fn a_request_whose_answer_was_lost_makes_one_document_under_its_key() {
    let world = World::new().await;
    let key = IdempotencyKey::new("order-7").expect("a key");
    let create = async |text: &str| {
        let draft = draft(text, STATUS, &[]);
        documents::create(&world.context, &world.operator, KIND, draft, Some(&key)).await
    };
    for fault in [Fault::Before, Fault::After] {
        world.store.order([Some(fault)]);
        let lost = create("a").await;
        assert!(matches!(lost, Err(CreateError::Store(_))), "{lost:?}");
    }
    let listed = world.list(KIND, ALL).await;
    assert_eq!(listed.total, 1, "the second try wrote");
    let again = create("a").await.expect("the same document");
    assert_eq!(vec![again.clone()], listed.documents);
    let other = create("b").await;
    assert!(matches!(other, Err(CreateError::KeyReused)), "{other:?}");
    documents::delete(&world.context, &world.operator, &again)
        .await
        .expect("removed");
    let gone = create("a").await;
    assert!(matches!(gone, Err(CreateError::KeyOfRemoved)), "{gone:?}");
}

#[tokio::test]
async fn a_reference_that_could_not_be_written_is_not_counted() {
    let world = World::new().await;
    let target = world
        .create(DocumentKind::Category, draft("t", STATUS, &[]))
        .await;
    world.store.order([Some(Fault::Before)]);
    let failed = world
        .try_create(KIND, draft("a", STATUS, &[target.name]))
        .await;
    assert!(matches!(failed, Err(CreateError::Store(_))), "{failed:?}");
    documents::delete(&world.context, &world.operator, &target)
        .await
        .expect("nothing refers to it");
}
