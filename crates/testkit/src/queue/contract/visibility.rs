//! A message that was received is hidden for a while, and comes again.

use lastmile_store::queue::{QUEUE_BATCH_MAX, QueueSettings};

use super::{LONG, MANY_TRIES, PAST_SHORT, SHORT, Subject, bodies, settings};

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let short = async || make(settings(SHORT, MANY_TRIES)).await;
    let long = async || make(settings(LONG, MANY_TRIES)).await;
    tokio::join!(
        async { what_nobody_deletes_comes_again(&short().await).await },
        async { a_longer_visibility_holds(&short().await).await },
        async { a_shorter_visibility_ends_sooner(&long().await).await },
        async { zero_gives_back_at_once(&long().await).await },
    );
}

async fn what_nobody_deletes_comes_again(subject: &Subject) {
    subject.send_bodies(&["kept", "deleted"]).await;
    let first = subject.take(2).await;
    subject.nothing_comes("both are in work").await;
    let deleted = first.iter().filter(|one| one.body == "deleted").cloned();
    subject.delete(&deleted.collect::<Vec<_>>()).await;
    for tries in 2..4 {
        subject.passing.pass(PAST_SHORT).await;
        let again = subject.receive(QUEUE_BATCH_MAX).await;
        assert_eq!(bodies(&again), ["kept"], "its time is over");
        assert_eq!(again[0].tries, tries, "each time is counted");
        subject.nothing_comes("it is in work again").await;
    }
}

async fn a_longer_visibility_holds(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    let hidden = subject.queue.change_visibility(&held.receipt, LONG).await;
    hidden.expect("a message that is in work can be hidden for longer");
    subject.passing.pass(PAST_SHORT).await;
    subject.nothing_comes("it is hidden for longer").await;
    subject.delete(&[held]).await;
    subject.nothing_comes("its receipt held").await;
}

async fn a_shorter_visibility_ends_sooner(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    let hidden = subject.queue.change_visibility(&held.receipt, SHORT).await;
    hidden.expect("a message that is in work can be hidden for shorter");
    subject.nothing_comes("it is still in work").await;
    subject.passing.pass(PAST_SHORT).await;
    assert_eq!(subject.take_one().await.tries, 2, "its time is over");
}

async fn zero_gives_back_at_once(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    subject.give_back(&held).await;
    let again = subject.take_one().await;
    assert_eq!((again.body.as_str(), again.tries), ("a", 2));
}
