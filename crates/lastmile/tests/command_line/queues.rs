use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_doors::SystemClock;
use lastmile_store::queue::{NewMessage, QueueSettings};
use lastmile_store::{Queue, QueueName};

use crate::program::{Program, Running};

/// A task of a deferred question, as the relay sends it.
fn task(number: u32) -> String {
    format!(
        r#"{{"work":"answer-task","tenant":"north","kind":"query","id":"019cb391f0e0{number:020}"}}"#
    )
}

/// Sends messages to the queue of tasks, and lets nobody do their work.
#[tokio::main(flavor = "current_thread")]
async fn let_die(program: &Program, bodies: Vec<String>) {
    let options = EmbeddedOptions::new(Arc::new(SystemClock));
    let store = Arc::new(EmbeddedStore::open(&program.data(), options).unwrap());
    let settings = QueueSettings {
        visibility: Duration::ZERO,
        tries_max: 1,
    };
    let queue = store.queue_with(QueueName::Tasks, settings);
    let count = bodies.len();
    queue
        .send(bodies.into_iter().map(NewMessage::new).collect())
        .await
        .unwrap();
    assert_eq!(
        queue.receive(10, Duration::ZERO).await.unwrap().len(),
        count
    );
    assert_eq!(queue.receive(10, Duration::ZERO).await.unwrap(), []);
}

/// Waiting, and dead.
fn depth_of_tasks(program: &Program) -> (u64, u64) {
    let queues = program.must(&["queues", "--json"]).objects();
    let tasks = queues.iter().find(|one| one["queue"] == "tasks").unwrap();
    (
        tasks["waiting"].as_u64().unwrap(),
        tasks["dead"].as_u64().unwrap(),
    )
}

#[test]
fn dead_letters_are_looked_at_and_sent_anew() {
    let program = Program::new();
    let secret = "133 N Main St, Port Alden, NH 03611".to_owned();
    let_die(&program, vec![task(1), task(2), secret]);
    assert_eq!(depth_of_tasks(&program), (0, 3));

    let look = || {
        program
            .must(&["queues", "dead", "tasks", "--json"])
            .objects()
    };
    let letters = look();
    assert_eq!(letters.len(), 3);
    assert_eq!(letters, look(), "a look takes nothing away");
    let first = &letters[0];
    assert_eq!(
        (&first["work"], &first["tenant"]),
        (&"answer-task".into(), &"north".into())
    );
    assert!(first["of"][0].as_str().unwrap().ends_with('1'), "{first}");
    assert_eq!(first["tries"], 1);
    first["sent_at"]
        .as_str()
        .unwrap()
        .parse::<Timestamp>()
        .unwrap();
    assert_eq!(letters[2]["work"], "unreadable");
    let shown = program.must(&["queues", "dead", "tasks", "--limit", "3"]);
    assert!(shown.stdout.contains("answer-task"), "{}", shown.stdout);
    assert!(!shown.stdout.contains("Main"), "{}", shown.stdout);
    assert!(shown.stderr.contains("first 3"), "{}", shown.stderr);

    let second = letters[1]["id"].as_str().unwrap();
    let ended = program.run(&["queues", "redrive", "tasks", second, "nobody"]);
    assert_eq!(ended.code, 1, "one of two was there");
    assert!(ended.stderr.contains("1 of 2"), "{}", ended.stderr);
    assert_eq!(depth_of_tasks(&program), (1, 2));
    let moved = program.must(&["queues", "redrive", "tasks", "--all", "--json"]);
    assert_eq!(moved.last_object()["redriven"], 2);
    assert_eq!(depth_of_tasks(&program), (3, 0));
    let none = program.must(&["queues", "dead", "tasks"]);
    assert!(none.stderr.contains("no dead letters"), "{}", none.stderr);
}

#[test]
fn queues_are_not_shown_while_a_server_has_them_or_where_there_are_none() {
    let program = Program::new();
    let ended = program.run(&["queues"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("no data in"), "{}", ended.stderr);

    let server = Running::start(&program, &["serve", "--listen", "127.0.0.1:0"]);
    let ended = program.run(&["queues", "redrive", "tasks", "--all"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains(&server.address), "{}", ended.stderr);
    assert!(ended.stderr.contains("stop it"), "{}", ended.stderr);
    assert_eq!(server.interrupt().0, 0);
    assert_eq!(depth_of_tasks(&program), (0, 0));
}

#[test]
fn what_is_to_be_redriven_must_be_said() {
    let program = Program::new();
    for wrong in [
        &["queues", "redrive", "tasks"][..],
        &["queues", "redrive", "tasks", "1", "--all"],
        &["queues", "redrive", "letters", "--all"],
        &["queues", "dead", "tasks", "--limit", "0"],
    ] {
        assert_eq!(program.run(wrong).code, 2, "{wrong:?}");
    }
}
