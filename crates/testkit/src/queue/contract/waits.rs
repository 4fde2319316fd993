//! A receive waits for the first message.

use std::time::Duration;

use lastmile_store::queue::{NewMessage, QUEUE_BATCH_MAX, QueueSettings};
use tokio::time;

use super::{LONG, MANY_TRIES, PAST_SHORT, SHORT, Subject, bodies, message, settings};

/// How long a receive here may wait.
const WAIT: Duration = Duration::from_secs(15);
/// Well before that, and enough for a busy machine.
const SOON: Duration = Duration::from_secs(10);
/// Until somebody sends.
const MEANWHILE: Duration = Duration::from_millis(500);

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let new = async || make(settings(LONG, MANY_TRIES)).await;
    tokio::join!(
        async { a_send_wakes_who_waits(&new().await).await },
        async { what_is_given_back_wakes_who_waits(&new().await).await },
        async { the_end_of_a_delay_wakes_who_waits(&new().await).await },
        async { one_that_waits_in_vain_waits_for_so_long(&new().await).await },
        async { what_is_there_is_not_waited_for(&new().await).await },
    );
}

/// What a receive gives that waits while something else is done.
async fn woken(subject: &Subject, meanwhile: impl Future<Output = ()>) -> Vec<String> {
    let receive = time::timeout(SOON, subject.queue.receive(QUEUE_BATCH_MAX, WAIT));
    let (received, ()) = tokio::join!(receive, meanwhile);
    let received = received
        .expect("a receive that waits is woken")
        .expect("receiving works");
    bodies(&received).into_iter().map(str::to_owned).collect()
}

async fn a_send_wakes_who_waits(subject: &Subject) {
    let send = async {
        time::sleep(MEANWHILE).await;
        subject.send_bodies(&["a"]).await;
    };
    assert_eq!(woken(subject, send).await, ["a"]);
}

async fn what_is_given_back_wakes_who_waits(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    let give_back = async {
        time::sleep(MEANWHILE).await;
        subject.give_back(&held).await;
    };
    assert_eq!(woken(subject, give_back).await, ["a"]);
}

async fn the_end_of_a_delay_wakes_who_waits(subject: &Subject) {
    let late = NewMessage {
        delay: SHORT,
        ..message("late")
    };
    subject.send(vec![late]).await;
    let pass = async {
        time::sleep(MEANWHILE).await;
        subject.passing.pass(PAST_SHORT).await;
    };
    assert_eq!(woken(subject, pass).await, ["late"]);
}

async fn one_that_waits_in_vain_waits_for_so_long(subject: &Subject) {
    let wait = Duration::from_secs(2);
    let mut receive = subject.queue.receive(1, wait);
    let early = time::timeout(wait / 2, &mut receive).await;
    assert!(early.is_err(), "nothing is there, and it waits: {early:?}");
    let late = time::timeout(SOON, receive).await;
    let received = late.expect("it waits no longer than it was told");
    assert_eq!(received.expect("receiving works"), []);
}

async fn what_is_there_is_not_waited_for(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    // Fewer than were asked for, and it does not wait for more.
    assert_eq!(woken(subject, async {}).await, ["a"]);
}
