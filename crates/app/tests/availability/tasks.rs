use std::sync::Arc;
use std::time::Duration;

use lastmile_app::availability::Availability;
use lastmile_app::availability::limits::{TASK_DOCUMENT_MAX_BYTES, TASK_KEPT};
use lastmile_app::availability::task::{self, CreateError, ListTasks, TaskError, When};
use lastmile_model::availability::task::{
    NewTask, QUERY_PLACES_MAX, Task, TaskHeader, TaskId, TaskItem, TaskKind, TaskResults,
    TaskState, Terms,
};
use lastmile_model::availability::{
    Criteria, NearNet, Outcome, Place, PlaceAnswer, ValidationVerdict,
};
use lastmile_model::claim::Technology;
use lastmile_model::identity::TenantId;
use lastmile_store::record::tasks::header_item;
use lastmile_testkit::crew::Crew;
use lastmile_testkit::store::{Fault, FaultStore, Faults, ManualClock, MemoryStore};

use crate::observed::Observed;
use crate::town::{Listing, Town, asked, east};

const LISTED: &str = "303 E 26th St, Cheyenne, WY 82001";

fn tenant(name: &str) -> TenantId {
    TenantId::new(name).expect("a tenant's name")
}

fn item(address: &str) -> TaskItem {
    TaskItem {
        document: format!("{{\"asked\":\"{address}\"}}"),
        place: asked(address),
        criteria: Criteria::default(),
    }
}

fn question(kind: TaskKind, addresses: &[&str]) -> NewTask {
    NewTask {
        kind,
        document: "{\"externalId\":\"42\"}".to_owned(),
        terms: Terms {
            near_net: NearNet::WhenUnserved,
            provide_alternative: true,
        },
        items: addresses.iter().map(|address| item(address)).collect(),
    }
}

async fn listed_town() -> Town {
    let town = Town::new();
    town.list(&Listing::of("Acme", 1).lit(LISTED)).await;
    town
}

async fn create(town: &Town, task: NewTask, when: When) -> Task {
    task::create(&town.availability, &tenant("north"), task, when)
        .await
        .expect("the task is taken in")
}

async fn read(availability: &Availability, kind: TaskKind, id: TaskId) -> Task {
    task::get(availability, &tenant("north"), kind, id)
        .await
        .expect("the task is there")
}

/// Runs the worker until `done` says so of the task.
async fn work_until(
    town: &Town,
    kind: TaskKind,
    id: TaskId,
    done: impl Fn(&TaskState) -> bool,
) -> Task {
    let crew = Crew::start(&town.availability);
    let found = tokio::time::timeout(Duration::from_secs(20), async {
        loop {
            let header = task::get_header(&town.availability, &tenant("north"), kind, id).await;
            if header.is_ok_and(|header| done(&header.state)) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    crew.end().await;
    found.expect("the task is answered in time");
    read(&town.availability, kind, id).await
}

fn outcomes(task: &Task) -> Vec<Outcome> {
    match task.results.as_ref().expect("there are results") {
        TaskResults::Query(answers) => answers.iter().map(PlaceAnswer::outcome).collect(),
        TaskResults::Check(verdicts) => verdicts.iter().map(|verdict| verdict.outcome).collect(),
        TaskResults::Validation(_) => Vec::new(),
    }
}

#[tokio::test]
async fn a_query_asked_at_once_is_answered_and_kept() {
    let town = listed_town().await;
    let created = create(
        &town,
        question(
            TaskKind::Query,
            &[LISTED, "1 Nowhere Rd, Cheyenne, WY 82001", LISTED],
        ),
        When::Now,
    )
    .await;
    assert!(matches!(created.header.state, TaskState::Done { .. }));
    assert_eq!(
        outcomes(&created),
        [Outcome::Served, Outcome::AddressUnknown, Outcome::Served]
    );
    let kept = read(&town.availability, TaskKind::Query, created.header.id).await;
    assert_eq!(kept, created);
}

#[tokio::test]
async fn a_deferred_task_is_acknowledged_then_answered_by_the_worker() {
    let town = listed_town().await;
    for (kind, addresses) in [
        (
            TaskKind::Query,
            &[LISTED, "9 Elm St, Cheyenne, WY 82001"][..],
        ),
        (TaskKind::Check, &[LISTED][..]),
        (TaskKind::Validation, &[LISTED][..]),
    ] {
        let created = create(&town, question(kind, addresses), When::Deferred).await;
        assert_eq!(created.header.state, TaskState::Acknowledged);
        let before = read(&town.availability, kind, created.header.id).await;
        assert_eq!((&before.items, &before.results), (&created.items, &None));
        let done = work_until(&town, kind, created.header.id, TaskState::is_final).await;
        assert!(
            matches!(done.header.state, TaskState::Done { .. }),
            "{:?}",
            done.header.state
        );
        assert_eq!(done.items, created.items);
        assert!(done.results.is_some());
        assert_eq!(done.header.document, created.header.document);
    }
}

#[tokio::test]
async fn a_worker_that_starts_later_finds_what_was_left() {
    let town = listed_town().await;
    let first = create(&town, question(TaskKind::Query, &[LISTED]), When::Deferred).await;
    work_until(&town, TaskKind::Query, first.header.id, TaskState::is_final).await;
    // Taken in while no worker runs.
    let second = create(&town, question(TaskKind::Query, &[LISTED]), When::Deferred).await;
    // Begun by a worker that was killed.
    let third = create(&town, question(TaskKind::Query, &[LISTED]), When::Deferred).await;
    let begun = TaskHeader {
        state: third.header.state.begin().expect("a new task may begin"),
        version: 2,
        ..third.header
    };
    town.put(vec![header_item(&begun)]).await;
    let done = work_until(&town, TaskKind::Query, begun.id, TaskState::is_final).await;
    assert_eq!(outcomes(&done), [Outcome::Served]);
    let done = work_until(
        &town,
        TaskKind::Query,
        second.header.id,
        TaskState::is_final,
    )
    .await;
    assert_eq!(outcomes(&done), [Outcome::Served]);
    let again = read(&town.availability, TaskKind::Query, first.header.id).await;
    assert_eq!(
        again.header.version, 3,
        "a finished task is not answered again"
    );
}

#[tokio::test]
async fn another_tenants_task_and_another_kinds_are_not_found() {
    let town = listed_town().await;
    let created = create(&town, question(TaskKind::Query, &[LISTED]), When::Now).await;
    let id = created.header.id;
    let (availability, south) = (&town.availability, tenant("south"));
    let is_missing = |error: TaskError| matches!(error, TaskError::NotFound { .. });
    let kind = TaskKind::Query;
    assert!(
        task::get(availability, &south, kind, id)
            .await
            .is_err_and(is_missing)
    );
    assert!(
        task::get_header(availability, &south, kind, id)
            .await
            .is_err_and(is_missing)
    );
    let patched = task::patch(availability, &south, kind, id, 1, "{}".to_owned()).await;
    assert!(patched.is_err_and(is_missing));
    assert!(
        task::delete(availability, &south, kind, id)
            .await
            .is_err_and(is_missing)
    );
    let as_check = task::get(availability, &tenant("north"), TaskKind::Check, id).await;
    assert!(as_check.is_err_and(is_missing));
    let page = ListTasks {
        offset: 0,
        limit: 10,
    };
    let listed = task::list(availability, &south, kind, page, &|_| true)
        .await
        .expect("listed");
    assert_eq!((listed.page.len(), listed.total), (0, 0));
    assert_eq!(read(availability, kind, id).await, created);
}

#[tokio::test]
async fn tasks_are_listed_newest_first_over_months_with_filter_and_paging() {
    let town = listed_town().await;
    let mut ids = Vec::new();
    for number in 0..6 {
        let document = format!("{{\"externalId\":\"{}\"}}", number % 2);
        let asked = NewTask {
            document,
            ..question(TaskKind::Query, &[LISTED])
        };
        ids.push(create(&town, asked, When::Now).await.header.id);
        town.clock.advance_seconds((6 * 24 - 1) * 3600);
    }
    ids.reverse();
    // Almost 36 days have passed: the first of them expired.
    ids.pop();
    let list = async |offset, limit, admits: &(dyn Fn(&str) -> bool + Sync)| {
        let page = ListTasks { offset, limit };
        let listed = task::list(
            &town.availability,
            &tenant("north"),
            TaskKind::Query,
            page,
            &|header| admits(&header.document),
        )
        .await
        .expect("the tasks are listed");
        let ids: Vec<TaskId> = listed.page.iter().map(|header| header.id).collect();
        (ids, listed.total, listed.cut)
    };
    assert_eq!(list(0, 100, &|_| true).await, (ids.clone(), 5, false));
    assert_eq!(list(1, 2, &|_| true).await, (ids[1..3].to_vec(), 5, false));
    let odd = |document: &str| document.contains('1');
    assert_eq!(
        list(0, 100, &odd).await,
        (vec![ids[0], ids[2], ids[4]], 3, false)
    );
}

#[tokio::test]
async fn a_patch_names_its_version_and_survives_the_worker() {
    let town = listed_town().await;
    let created = create(&town, question(TaskKind::Query, &[LISTED]), When::Deferred).await;
    let (kind, id) = (TaskKind::Query, created.header.id);
    let north = tenant("north");
    let patch = async |version, document: &str| {
        let document = document.to_owned();
        task::patch(&town.availability, &north, kind, id, version, document).await
    };
    let patched = patch(1, "{\"description\":\"new\"}")
        .await
        .expect("patched");
    assert_eq!(patched.version, 2);
    assert!(matches!(patch(1, "{}").await, Err(TaskError::Changed)));
    let long = "x".repeat(TASK_DOCUMENT_MAX_BYTES + 1);
    assert!(matches!(
        patch(2, &long).await,
        Err(TaskError::TooLarge { .. })
    ));
    let done = work_until(&town, kind, id, TaskState::is_final).await;
    assert_eq!(done.header.document, "{\"description\":\"new\"}");
    assert_eq!(outcomes(&done), [Outcome::Served]);
}

#[tokio::test]
async fn a_deleted_task_leaves_nothing_behind_and_is_not_answered() {
    let clock = Arc::new(ManualClock::new());
    let store = Arc::new(MemoryStore::new(clock.clone()));
    let town = Town::on(store.clone(), clock);
    let before = store.items().len();
    for when in [When::Now, When::Deferred] {
        let created = create(&town, question(TaskKind::Query, &[LISTED]), when).await;
        let north = tenant("north");
        let (kind, id) = (TaskKind::Query, created.header.id);
        task::delete(&town.availability, &north, kind, id)
            .await
            .expect("deleted");
        let again = task::delete(&town.availability, &north, kind, id).await;
        assert!(matches!(again, Err(TaskError::NotFound { .. })));
        assert_eq!(store.items().len(), before);
    }
}

#[tokio::test]
async fn an_expired_task_is_gone_though_the_store_still_has_it() {
    let town = listed_town().await;
    let created = create(&town, question(TaskKind::Query, &[LISTED]), When::Now).await;
    town.clock.advance_seconds(TASK_KEPT.as_secs());
    let found = task::get(
        &town.availability,
        &tenant("north"),
        TaskKind::Query,
        created.header.id,
    )
    .await;
    assert!(matches!(found, Err(TaskError::NotFound { .. })));
}

#[tokio::test]
async fn too_much_and_nothing_are_refused() {
    let town = listed_town().await;
    let refused = async |task: NewTask| {
        task::create(&town.availability, &tenant("north"), task, When::Now)
            .await
            .expect_err("refused")
    };
    let none = refused(question(TaskKind::Query, &[])).await;
    assert!(matches!(none, CreateError::NoItems));
    let many = vec![LISTED; QUERY_PLACES_MAX + 1];
    let many = refused(question(TaskKind::Query, &many)).await;
    assert!(matches!(
        many,
        CreateError::TooManyItems {
            given: 1_001,
            allowed: 1_000
        }
    ));
    let two = refused(question(TaskKind::Validation, &[LISTED, LISTED])).await;
    assert!(matches!(
        two,
        CreateError::TooManyItems {
            given: 2,
            allowed: 1
        }
    ));
    let mut long = question(TaskKind::Query, &[LISTED]);
    long.items[0].document = "x".repeat(TASK_DOCUMENT_MAX_BYTES + 1);
    assert!(matches!(refused(long).await, CreateError::TooLarge { .. }));
}

#[tokio::test]
async fn a_thousand_places_with_long_documents_are_kept_whole() {
    let town = listed_town().await;
    let mut asked = question(TaskKind::Query, &vec![LISTED; QUERY_PLACES_MAX]);
    for (number, item) in asked.items.iter_mut().enumerate() {
        item.document = format!("{number:05}").repeat(1_000);
    }
    let created = create(&town, asked, When::Deferred).await;
    let done = work_until(
        &town,
        TaskKind::Query,
        created.header.id,
        TaskState::is_final,
    )
    .await;
    assert_eq!(done.items, created.items);
    assert_eq!(outcomes(&done), vec![Outcome::Served; QUERY_PLACES_MAX]);
}

#[tokio::test]
async fn a_query_with_criteria_keeps_the_admitted_findings_only() {
    let town = listed_town().await;
    town.list(&Listing::of("Cable", 2).hint(east(0.0))).await;
    let mut asked = question(TaskKind::Query, &[LISTED]);
    asked.items[0].criteria.technologies = vec![Technology::Cable];
    asked.items[0].place = Place {
        coordinates: Some(east(0.0)),
        ..asked.items[0].place.clone()
    };
    let created = create(&town, asked, When::Now).await;
    // Fiber serves the building, but cable is asked for: its area hint is looked for.
    assert_eq!(outcomes(&created), [Outcome::AskPerson]);
}

#[tokio::test]
async fn a_validation_is_kept_with_its_verdict() {
    let town = listed_town().await;
    let asked = question(
        TaskKind::Validation,
        &["303 E 26th Street, Cheyenne WY 82001"],
    );
    let created = create(&town, asked, When::Now).await;
    let Some(TaskResults::Validation(validation)) = &created.results else {
        panic!("a validation has one result");
    };
    assert!(matches!(validation.verdict, ValidationVerdict::Valid(_)));
    assert_eq!(
        read(&town.availability, TaskKind::Validation, created.header.id).await,
        created
    );
}

fn faulty_town(faults: Faults) -> (Town, Arc<FaultStore<MemoryStore>>) {
    let clock = Arc::new(ManualClock::new());
    let store = Arc::new(FaultStore::new(MemoryStore::new(clock.clone()), faults, 7));
    (Town::on(store.clone(), clock), store)
}

#[tokio::test]
async fn a_store_that_cannot_be_read_gives_failed_never_unknown() {
    let (town, store) = faulty_town(Faults::OFF);
    town.list(&Listing::of("Acme", 1).lit(LISTED)).await;
    // The snapshot of the lists is read, then the building is not.
    store.order([None, Some(Fault::Throttled)]);
    let created = create(&town, question(TaskKind::Query, &[LISTED]), When::Now).await;
    assert_eq!(outcomes(&created), [Outcome::Failed]);
    town.clock.advance_seconds(5);
    store.order([Some(Fault::Before)]);
    let created = create(&town, question(TaskKind::Check, &[LISTED]), When::Now).await;
    assert_eq!(outcomes(&created), [Outcome::Failed]);
}

#[tokio::test]
async fn the_worker_survives_a_failing_store_and_answers_each_task_once() {
    let (town, _) = faulty_town(Faults::OFF);
    town.list(&Listing::of("Acme", 1).lit(LISTED)).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(
            create(&town, question(TaskKind::Query, &[LISTED]), When::Deferred)
                .await
                .header
                .id,
        );
    }
    // The same items behind a store that fails one call in twenty, before or after it happened.
    let faults = Faults {
        before_permille: 25,
        after_permille: 25,
        throttled_permille: 0,
    };
    let clock = town.clock.clone();
    let shared = Arc::new(FaultStore::new(
        Observed::new(town.store.clone()),
        faults,
        11,
    ));
    let faulty = Town::on(shared, clock);
    let crew = Crew::start(&faulty.availability);
    for id in ids {
        let done = tokio::time::timeout(Duration::from_secs(30), async {
            loop {
                let task = read(&town.availability, TaskKind::Query, id).await;
                if task.header.state.is_final() {
                    return task;
                }
                // A message that failed rests for a while.
                town.clock.advance_seconds(1);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        let done = done.await.expect("answered in time");
        assert_eq!(outcomes(&done), [Outcome::Served]);
    }
    crew.end().await;
}
