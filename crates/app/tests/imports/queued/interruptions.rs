//! Workers die, messages come twice, late, and out of order: it comes to the same.

use std::sync::Arc;

use lastmile_app::imports::{
    Begun, ImportDesk as _, LoadError, ReceiveError, UndoError, WorkError, Worked, undo,
};
use lastmile_model::listing::{Counts, ImportId, ImportState};
use lastmile_store::message::Message;
use lastmile_store::{Clock as _, Files as _, Queue as _, QueueName, Transaction, key, record};
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::store::{FaultStore, Faults, MemoryStore};

use super::crew::{Crew, Death, MortalStore, items, timeless};
use crate::world::{Watcher, World, request};

const HEADER: &str =
    "address_full,state,lat,lon,provider,price,speed_down,speed_up,technology,package\n";

fn id(text: &str) -> ImportId {
    text.parse().expect("an import id")
}

/// Chunks with some claims each, of which one comes in every chunk; the other rows cannot be used.
fn list(chunks: u32) -> String {
    let mut text = HEADER.to_owned();
    let offer = |number: u32, price: u32| {
        format!(
            "\"{number} E 26TH ST,CHEYENNE,WY 82001,USA\",WY,41.14,-104.81,Acme,{price}.0,10,1.0,Fiber,Plan\n"
        )
    };
    for chunk in 0..chunks {
        text.push_str(&offer(303, 10 + chunk));
        (1..=20).for_each(|row| text.push_str(&offer(1_000 + 20 * chunk + row, 5)));
        text.push_str(&"x\n".repeat(979));
    }
    text
}

/// What it must come to.
async fn undisturbed(list: &str, slice_chunks: u32) -> (Crew, String) {
    let crew = Crew::new(slice_chunks);
    let import = crew.load(&request("Acme"), list.as_bytes()).await;
    assert_eq!(import.state, ImportState::Active);
    let rejects = crew.rejects(&import.id).await.expect("some rows are bad");
    (crew, rejects)
}

async fn same_end(crew: &Crew, (expected, rejects): &(Crew, String), what: &str) {
    let first = id("Acme.main.1");
    let (import, wanted) = (crew.import(&first).await, expected.import(&first).await);
    assert_eq!(timeless(import), timeless(wanted), "{what}");
    assert_eq!(items(&crew.store), items(&expected.store), "{what}");
    assert_eq!(crew.rejects(&first).await.as_ref(), Some(rejects), "{what}");
    let depth = crew.queue().depth().await.expect("memory");
    assert_eq!(
        (depth.waiting, depth.in_work, depth.dead),
        (0, 0, 0),
        "{what}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_may_die_at_any_call_of_the_store() {
    let text = list(3);
    let expected = undisturbed(&text, 2).await;
    for death in [Death::BeforeTheCall, Death::AfterTheCall] {
        let mut messages = 0;
        let mut call = 0;
        // Message by message, one call farther each time, until a worker lives to the end of each.
        while messages < 3 {
            let crew = Crew::new(2);
            let begun = crew.upload(&request("Acme"), text.as_bytes()).await;
            assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
            for _ in 0..messages {
                assert!(!crew.die_at(i64::MAX, death).await, "it lives");
            }
            let died = crew.die_at(call, death).await;
            crew.work_off().await;
            let what = format!("died at call {call} of message {messages}, {death:?}");
            same_end(&crew, &expected, &what).await;
            call = if died { call + 1 } else { 0 };
            messages += u32::from(!died);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_may_come_twice_late_and_out_of_order() {
    let text = list(5);
    let expected = undisturbed(&text, 2).await;
    let crew = Crew::new(2);
    let begun = crew.upload(&request("Acme"), text.as_bytes()).await;
    assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
    let mut seen = Vec::new();
    while let Some(received) = crew.receive().await {
        let desk = crew.desk();
        let worked = crew.work_on(&desk, &received).await;
        assert!(matches!(worked, Ok(Worked::Done)), "{worked:?}");
        seen.push(received.clone());
        let before = items(&crew.store);
        // Newest first, so that the oldest comes last.
        for old in seen.iter().rev() {
            let again = crew.work_on(&desk, old).await;
            assert!(again.is_ok(), "{again:?}");
        }
        let message = Message::read(&received.body).expect("a message");
        if matches!(message, Message::LoadSlice(_)) {
            assert_eq!(items(&crew.store), before, "an old message writes nothing");
        }
        crew.put_away(&received, worked).await;
        assert!(seen.len() < 1_000, "the messages do not end");
        if crew.import(&id("Acme.main.1")).await.state == ImportState::Active {
            break;
        }
    }
    crew.work_off().await;
    same_end(&crew, &expected, "twice").await;
}

#[tokio::test]
async fn a_slice_has_one_worker_at_a_time() {
    let text = list(2);
    let crew = Crew::new(1);
    let begun = crew.upload(&request("Acme"), text.as_bytes()).await;
    assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
    let first = crew.receive().await.expect("the first slice");
    crew.put_away(&first, Ok(Worked::Later(std::time::Duration::ZERO)))
        .await;
    assert!(crew.die_at(3, Death::BeforeTheCall).await, "it is in work");
    let worked = crew.work_on(&crew.desk(), &first).await;
    let Ok(Worked::Later(rest)) = worked else {
        panic!("another worker has it: {worked:?}");
    };
    assert!((1..=30).contains(&rest.as_secs()), "{rest:?}");
    let running = crew.upload(&request("Acme"), text.as_bytes()).await;
    assert!(
        matches!(running, Err(LoadError::Running { .. })),
        "{running:?}"
    );
    let refused = undo(&crew.world.context, &id("Acme.main.1")).await;
    assert!(matches!(refused, Err(UndoError::Refused(_))), "{refused:?}");
    crew.work_off().await;
    assert_eq!(crew.import(&id("Acme.main.1")).await.counts.rows, 2_000);
}

#[tokio::test]
async fn an_import_that_waits_for_its_message_is_not_taken_for_dead() {
    let crew = Crew::new(1);
    let begun = crew.upload(&request("Acme"), list(2).as_bytes()).await;
    assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
    crew.world.clock.advance_seconds(30 * 60);
    let running = crew.upload(&request("Acme"), HEADER.as_bytes()).await;
    assert!(
        matches!(running, Err(LoadError::Running { .. })),
        "{running:?}"
    );
    crew.world.clock.advance_seconds(31 * 60);
    let other = list(1);
    let other = crew.load(&request("Acme"), other.as_bytes()).await;
    assert_eq!(
        (other.id, other.state),
        (id("Acme.main.2"), ImportState::Active)
    );
    let given_up = crew.import(&id("Acme.main.1")).await;
    assert_eq!(
        (given_up.state, given_up.kept),
        (ImportState::Interrupted, false)
    );
}

#[tokio::test]
async fn a_slice_ends_with_its_workers_time_and_the_next_goes_on() {
    let text = list(5);
    let expected = undisturbed(&text, 50).await;
    let crew = Crew::new(50);
    let begun = crew.upload(&request("Acme"), text.as_bytes()).await;
    assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
    let received = crew.receive().await.expect("the first slice");
    let message = Message::read(&received.body).expect("a message");
    let no_time = lastmile_app::imports::Stint {
        until: crew.world.clock.now(),
        last_try: false,
    };
    let worked = crew.desk().work(&message, no_time).await;
    assert!(matches!(worked, Ok(Worked::Later(_))), "{worked:?}");
    crew.put_away(&received, worked).await;
    crew.work_off().await;
    same_end(&crew, &expected, "no time").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_and_a_queue_that_fail_now_and_then_change_nothing() {
    let text = list(4);
    let expected = undisturbed(&text, 1).await;
    let faults = Faults {
        before_permille: 30,
        after_permille: 30,
        throttled_permille: 30,
    };
    for seed in 0..4 {
        let mut crew = Crew::with_failing_sends(1, faults, seed);
        while crew
            .upload(&request("Acme"), text.as_bytes())
            .await
            .is_err()
        {}
        let store = MortalStore::immortal(crew.store.clone());
        let faulty = FaultStore::new(store, faults, seed);
        let world = World::on(Arc::new(faulty), crew.world.clock.clone());
        let healthy = std::mem::replace(&mut crew.world, world);
        crew.work_off().await;
        crew.world = healthy;
        same_end(&crew, &expected, &format!("seed {seed}")).await;
    }
}

#[tokio::test]
async fn a_file_that_is_replaced_while_it_loads_is_not_imported() {
    let crew = Crew::new(1);
    let name = "lists/Acme/main/list.csv";
    crew.deliver(name, list(3).as_bytes()).await;
    assert!(!crew.die_at(i64::MAX, Death::BeforeTheCall).await, "begun");
    assert!(
        !crew.die_at(i64::MAX, Death::BeforeTheCall).await,
        "a slice"
    );
    let put = crew.files.put(name, bytes::Bytes::from(list(1))).await;
    put.expect("memory");
    crew.work_off().await;
    let import = crew.import(&id("Acme.main.1")).await;
    assert_eq!(
        (import.state, import.kept),
        (ImportState::Interrupted, false)
    );
    let left = items(&crew.store).into_iter();
    let left: Vec<_> = left.filter(|item| item.key.sk.contains("#1.1#")).collect();
    assert_eq!(left, [], "nothing of it is left");
}

#[tokio::test]
async fn an_import_whose_last_try_failed_is_interrupted_and_the_same_file_goes_on() {
    let crew = Crew::new(1);
    let text = list(3);
    let expected = undisturbed(&text, 1).await;
    let begun = crew.upload(&request("Acme"), text.as_bytes()).await;
    assert!(matches!(begun, Ok(Begun::Loading(_))), "{begun:?}");
    assert!(
        !crew.die_at(i64::MAX, Death::BeforeTheCall).await,
        "a slice"
    );
    let received = crew.receive().await.expect("the second slice");
    let message = Message::read(&received.body).expect("a message");
    let files = Arc::new(NoFiles);
    let desk = lastmile_app::imports::QueuedDesk::new(
        crew.world.context.clone(),
        files,
        Arc::new(MemoryQueue::new(
            QueueName::Imports.settings(),
            crew.world.clock.clone(),
        )),
    );
    let stint = lastmile_app::imports::Stint {
        last_try: true,
        ..crew.stint()
    };
    let failed = desk.work(&message, stint).await;
    assert!(matches!(failed, Err(WorkError::Source(_))), "{failed:?}");
    crew.put_away(&received, Ok(Worked::Done)).await;
    let import = crew.import(&id("Acme.main.1")).await;
    assert_eq!(import.state, ImportState::Interrupted);
    assert_eq!(import.counts.rows, 1_000, "{:?}", Counts::default());

    let again = crew.load(&request("Acme"), text.as_bytes()).await;
    assert_eq!(again.id, id("Acme.main.1"));
    same_end(&crew, &expected, "resumed").await;
}

/// Files that are out of reach.
struct NoFiles;

impl NoFiles {
    fn failed<T>() -> Result<T, lastmile_store::FilesError> {
        let error = std::io::Error::other("out of reach");
        Err(lastmile_store::FilesError::Backend(Box::new(error)))
    }
}

#[async_trait::async_trait]
impl lastmile_store::Files for NoFiles {
    async fn put(&self, _: &str, _: bytes::Bytes) -> Result<(), lastmile_store::FilesError> {
        Self::failed()
    }

    async fn facts(
        &self,
        _: &str,
    ) -> Result<Option<lastmile_store::FileFacts>, lastmile_store::FilesError> {
        Self::failed()
    }

    async fn read(
        &self,
        _: &str,
        _: &str,
        _: std::ops::Range<u64>,
    ) -> Result<bytes::Bytes, lastmile_store::FilesError> {
        Self::failed()
    }

    async fn names(&self, _: &str, _: usize) -> Result<Vec<String>, lastmile_store::FilesError> {
        Self::failed()
    }

    async fn remove(&self, _: &str) -> Result<(), lastmile_store::FilesError> {
        Self::failed()
    }
}

#[tokio::test]
async fn a_compressed_list_that_breaks_off_has_failed() {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(list(3).as_bytes()).expect("memory");
    let whole = encoder.finish().expect("memory");
    let crew = Crew::new(1);
    let import = crew.load(&request("Acme"), &whole[..whole.len() / 2]).await;
    assert_eq!(import.state, ImportState::Failed);
    assert!(import.finished_at.is_some());
    let store: &MemoryStore = &crew.store;
    assert!(
        !items(store).is_empty(),
        "what it wrote is swept when another file comes"
    );
    let whole = crew.load(&request("Acme"), list(1).as_bytes()).await;
    assert_eq!(
        (whole.id, whole.state),
        (id("Acme.main.2"), ImportState::Active)
    );
    assert!(!crew.import(&id("Acme.main.1")).await.kept);
}

/// One machine begins, and messages go on; an older version did not note where the next chunk begins.
#[tokio::test]
async fn what_one_machine_left_undone_goes_on_by_messages() {
    let text = list(5);
    let expected = undisturbed(&text, 2).await;
    for noted in [true, false] {
        let crew = Crew::new(2);
        let watcher = Watcher::cancelling_after(2_000);
        let cancelled = crew
            .world
            .watch(&request("Acme"), text.clone(), watcher)
            .await;
        assert!(
            matches!(cancelled, Err(LoadError::Cancelled { .. })),
            "{cancelled:?}"
        );
        let first = id("Acme.main.1");
        let mut left = crew.import(&first).await;
        assert!(
            left.progress.next.is_some() && left.progress.chunks < 5,
            "{left:?}"
        );
        if !noted {
            left.progress.next = None;
            let written = crew
                .world
                .context
                .store
                .query(&key::imports(left.list))
                .await;
            let written = written.expect("memory").value.items.remove(0);
            let written = record::import::from_item(&written, &first.list).expect("an import");
            let put = Transaction {
                writes: vec![record::import::put(&left, written.revision)],
                token: None,
            };
            crew.world
                .context
                .store
                .transact(put)
                .await
                .expect("memory");
        }
        let import = crew.load(&request("Acme"), text.as_bytes()).await;
        assert_eq!(timeless(import), timeless(expected.0.import(&first).await));
        assert_eq!(
            items(&crew.store),
            items(&expected.0.store),
            "noted: {noted}"
        );
        let rejects = crew.rejects(&first).await.expect("some rows are bad");
        assert_eq!(
            rejects == expected.1,
            !noted,
            "what is read again is told again"
        );
    }
}

#[tokio::test]
async fn a_list_that_is_too_long_for_a_request_is_refused_as_it_arrives() {
    let crew = Crew::new(1);
    let mut upload = crew.desk().receive().await.expect("room");
    let megabyte = vec![b'x'; 1024 * 1024];
    for _ in 0..6 {
        upload.write(&megabyte).await.expect("six are taken");
    }
    let refused = upload.write(b"x").await;
    let Err(ReceiveError::TooLong { allowed }) = refused else {
        panic!("more is not taken: {refused:?}");
    };
    assert_eq!(allowed, 6 * 1024 * 1024);
}
