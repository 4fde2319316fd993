//! The same services on the embedded store, over a restart.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastmile_app::availability::task::{self, When};
use lastmile_app::availability::{LookupOptions, lookup};
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_model::availability::task::{NewTask, Task, TaskItem, TaskKind, TaskState, Terms};
use lastmile_model::availability::{Criteria, Outcome};
use lastmile_model::identity::TenantId;
use lastmile_testkit::crew::Crew;
use lastmile_testkit::store::ManualClock;

use crate::town::{Listing, Town, asked, east};

const LISTED: &str = "303 E 26th St, Cheyenne, WY 82001";

fn open(directory: &Path, clock: &Arc<ManualClock>) -> Town {
    let options = EmbeddedOptions::new(clock.clone());
    let store = EmbeddedStore::open(directory, options).expect("the store opens");
    Town::on(Arc::new(store), clock.clone())
}

fn question() -> NewTask {
    NewTask {
        kind: TaskKind::Query,
        document: "{}".to_owned(),
        terms: Terms::default(),
        items: vec![TaskItem {
            document: "{}".to_owned(),
            place: asked(LISTED),
            criteria: Criteria::default(),
        }],
    }
}

/// Runs a worker until the task is finished.
async fn finish(town: &Town, tenant: &TenantId, created: &Task) -> Task {
    let crew = Crew::start(&town.availability);
    let id = created.header.id;
    let done = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let read = task::get(&town.availability, tenant, TaskKind::Query, id).await;
            let read = read.expect("the task is there");
            if read.header.state.is_final() {
                return read;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let done = done.await.expect("answered in time");
    crew.end().await;
    done
}

#[tokio::test]
async fn a_task_taken_in_before_a_restart_is_answered_after_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Arc::new(ManualClock::new());
    let tenant = TenantId::new("north").expect("a tenant's name");
    let (first, second) = {
        let town = open(directory.path(), &clock);
        town.list(&Listing::of("Acme", 1).lit(LISTED)).await;
        let create = async || {
            task::create(&town.availability, &tenant, question(), When::Deferred)
                .await
                .expect("the task is taken in")
        };
        let first = create().await;
        let first = finish(&town, &tenant, &first).await;
        (first, create().await)
    };
    let town = open(directory.path(), &clock);
    let second = finish(&town, &tenant, &second).await;
    assert!(matches!(second.header.state, TaskState::Done { .. }));
    let again = task::get(
        &town.availability,
        &tenant,
        TaskKind::Query,
        first.header.id,
    )
    .await;
    assert_eq!(
        again.expect("kept"),
        first,
        "what was finished is not answered again"
    );
}

#[tokio::test]
async fn lookups_answer_as_on_the_store_in_memory_for_one_read_unit() {
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Arc::new(ManualClock::new());
    let town = open(directory.path(), &clock);
    let unserved = "9 Elm St, Cheyenne, WY 82001";
    town.list(
        &Listing::of("Acme", 1)
            .lit(LISTED)
            .lit_at("11 Elm St, Cheyenne, WY 82001", east(9.0)),
    )
    .await;
    town.list(&Listing::of("Bolt", 2).lit(LISTED)).await;
    let lists = town.availability.lists().await.expect("the lists are read");
    let context = &town.availability.context;
    let options = LookupOptions::default();
    let served = lookup(context, &lists, &asked(LISTED), &options)
        .await
        .expect("answered");
    assert_eq!(served.value.findings.len(), 2);
    assert_eq!(served.value.outcome(), Outcome::Served);
    assert!(served.capacity.read_units() <= 1.0);
    let near = lookup(context, &lists, &asked(unserved), &options)
        .await
        .expect("answered");
    assert_eq!(near.value.outcome(), Outcome::AskPerson);
}
