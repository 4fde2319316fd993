//! How many messages there are.

use lastmile_store::queue::{NewMessage, QueueDepth, QueueSettings};

use super::{LONG, Subject, message, settings};

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let subject = make(settings(LONG, 1)).await;
    assert_depth(&subject, QueueDepth::default()).await;

    let late = NewMessage {
        delay: LONG,
        ..message("late")
    };
    subject
        .send(vec![late, message("a"), message("b"), message("c")])
        .await;
    let sent = QueueDepth {
        waiting: 3,
        delayed: 1,
        ..QueueDepth::default()
    };
    assert_depth(&subject, sent).await;

    let held = subject.take(2).await;
    let in_work = QueueDepth {
        waiting: 1,
        in_work: 2,
        ..sent
    };
    assert_depth(&subject, in_work).await;

    subject.delete(&held[..1]).await;
    subject.give_back(&held[1]).await;
    // The receive finds that one had its only try.
    let last = subject.take_one().await;
    subject.nothing_comes("one is in work, one dead").await;
    let after = QueueDepth {
        waiting: 0,
        delayed: 1,
        in_work: 1,
        dead: 1,
    };
    assert_depth(&subject, after).await;

    subject.delete(&[last]).await;
    let moved = subject.queue.redrive(1).await;
    assert_eq!(moved.expect("redriving works"), 1);
    let redriven = QueueDepth {
        waiting: 1,
        in_work: 0,
        dead: 0,
        ..after
    };
    assert_depth(&subject, redriven).await;
}

async fn assert_depth(subject: &Subject, expected: QueueDepth) {
    let depth = subject.queue.depth().await;
    assert_eq!(depth.expect("counting works"), expected);
}
