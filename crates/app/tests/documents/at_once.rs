//! Several who write at the same moment.

use futures_util::future::join_all;
use lastmile_app::documents::{self, ChangeError, DeleteError};
use lastmile_model::document::{DocumentKind, LifecycleStatus};

use crate::world::{ALL, World, draft};

const WRITERS: usize = 16;
const STATUS: LifecycleStatus = LifecycleStatus::InTest;

#[tokio::test]
async fn of_those_who_change_one_version_one_succeeds() {
    let world = World::new().await;
    let before = world
        .create(DocumentKind::Catalog, draft("0", STATUS, &[]))
        .await;
    let change = async |number: usize| {
        let draft = draft(&number.to_string(), STATUS, &[]);
        documents::change(&world.context, &world.operator, before.clone(), &draft).await
    };
    let outcomes = join_all((1..=WRITERS).map(change)).await;
    let (changed, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((changed.len(), refused.len()), (1, WRITERS - 1));
    for outcome in refused {
        assert!(matches!(outcome, Err(ChangeError::Changed)), "{outcome:?}");
    }
}

/// Whoever comes first: either nothing refers to what was removed, or it was not removed.
#[tokio::test]
async fn what_is_removed_and_referred_to_at_once_is_one_of_both() {
    let world = World::new().await;
    let target = world
        .create(DocumentKind::Category, draft("t", STATUS, &[]))
        .await;
    let refer = async |number: usize| {
        let draft = draft(&number.to_string(), STATUS, &[target.name]);
        let created = world.try_create(DocumentKind::ProductOffering, draft).await;
        created.is_ok()
    };
    let remove = async {
        match documents::delete(&world.context, &world.operator, &target).await {
            Ok(()) => true,
            Err(DeleteError::Referred { .. }) => false,
            Err(error) => panic!("{error:?}"),
        }
    };
    let (first, removed, rest) = tokio::join!(refer(0), remove, join_all((1..WRITERS).map(refer)));
    let referring = rest.into_iter().chain([first]).filter(|made| *made).count();
    assert_eq!(removed, referring == 0, "{referring} refer to it");
    let listed = world.list(DocumentKind::ProductOffering, ALL).await;
    assert_eq!(listed.total, referring);
}
