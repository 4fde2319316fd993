//! Many receivers of one queue.

use std::time::Duration;

use futures_util::future::join_all;
use lastmile_store::queue::{QUEUE_BATCH_MAX, QueueSettings};

use super::{LONG, MANY_TRIES, PAST_SHORT, SHORT, Subject, bodies, message, of_group, settings};

const RECEIVERS: usize = 4;
const MESSAGES: usize = 40;

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    tokio::join!(
        async { each_message_is_one_receivers(&make(settings(LONG, MANY_TRIES)).await).await },
        async { senders_and_receivers_at_once(&make(settings(LONG, MANY_TRIES)).await).await },
        async { who_vanishes_loses_nothing(&make(settings(SHORT, MANY_TRIES)).await).await },
    );
}

async fn send_numbered(subject: &Subject, sender: usize) {
    let all: Vec<_> = (0..MESSAGES)
        .map(|number| of_group(&sender.to_string(), &format!("{sender} {number:02}")))
        .collect();
    for part in all.chunks(QUEUE_BATCH_MAX) {
        subject.send(part.to_vec()).await;
    }
}

async fn each_message_is_one_receivers(subject: &Subject) {
    send_numbered(subject, 0).await;
    let receivers = (0..RECEIVERS).map(async |_| {
        let mut held = Vec::new();
        loop {
            let received = subject.receive(3).await;
            if received.is_empty() {
                return held;
            }
            held.extend(received);
        }
    });
    let held: Vec<_> = join_all(receivers).await.into_iter().flatten().collect();
    let mut once = bodies(&held);
    once.dedup();
    assert_eq!(once.len(), held.len(), "nobody holds another's message");
    assert_eq!(once.len(), MESSAGES, "all are held");
}

async fn senders_and_receivers_at_once(subject: &Subject) {
    let senders = join_all((0..RECEIVERS).map(|sender| send_numbered(subject, sender)));
    let receivers = join_all((0..RECEIVERS).map(async |_| {
        let taken = subject.take(MESSAGES).await;
        subject.delete(&taken).await;
        taken
    }));
    let (_, taken) = tokio::join!(senders, receivers);
    let taken: Vec<_> = taken.into_iter().flatten().collect();
    let mut once = bodies(&taken);
    once.dedup();
    assert_eq!(once.len(), RECEIVERS * MESSAGES, "each came once");
    subject.nothing_comes("all are deleted").await;
}

async fn who_vanishes_loses_nothing(subject: &Subject) {
    subject
        .send(vec![message("a"), message("b"), message("c")])
        .await;
    let vanished = subject.take(3).await;
    let (done, undone) = vanished.split_at(1);
    subject.delete(done).await;
    subject.passing.pass(PAST_SHORT).await;
    let again = subject.take(2).await;
    assert_eq!(
        bodies(&again),
        bodies(undone),
        "what was not done comes again"
    );
    for received in &again {
        assert_eq!(received.tries, 2);
    }
    // It was not dead after all, only slow: what it does now does not count.
    subject.delete(undone).await;
    for received in &again {
        let hidden = subject
            .queue
            .change_visibility(&received.receipt, Duration::ZERO)
            .await;
        hidden.expect("the second receiver still holds it");
    }
    assert_eq!(subject.take(2).await.len(), 2);
}
