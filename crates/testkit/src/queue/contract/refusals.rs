//! What breaks a limit is refused, and nothing of it happens.

use std::time::Duration;

use lastmile_store::queue::{
    DEAD_LOOK_MAX, DELAY_MAX, LetterId, NewMessage, QUEUE_BATCH_MAX, QueueError, QueueLimit,
    QueueSettings, Receipt, SEND_MAX_BYTES, VISIBILITY_MAX, WAIT_MAX,
};

use super::{LONG, MANY_TRIES, Subject, message, of_group, settings};

const MOMENT: Duration = Duration::from_millis(1);

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let subject = make(settings(LONG, MANY_TRIES)).await;
    sends(&subject).await;
    subject
        .nothing_comes("of a send that was refused nothing was sent")
        .await;
    receives(&subject).await;
    receipts(&subject).await;
    let dead = subject.queue.dead_letters(DEAD_LOOK_MAX + 1).await;
    assert_breaks(dead, QueueLimit::DeadLetters);
    let many = vec![LetterId::from_text("1".to_owned()); DEAD_LOOK_MAX + 1];
    let moved = subject.queue.redrive_these(&many).await;
    assert_breaks(moved, QueueLimit::DeadLetters);
}

async fn sends(subject: &Subject) {
    let late = NewMessage {
        delay: DELAY_MAX + MOMENT,
        ..message("late")
    };
    let half = "x".repeat(SEND_MAX_BYTES / 2 + 1);
    let fine = || message("fine");
    let refused = [
        (vec![fine(); QUEUE_BATCH_MAX + 1], QueueLimit::Batch),
        (vec![fine(), message("")], QueueLimit::MessageBytes),
        (vec![fine(), message("\u{1}")], QueueLimit::Characters),
        (vec![message(&half); 2], QueueLimit::SendBytes),
        (vec![fine(), of_group("a b", "x")], QueueLimit::Group),
        (vec![fine(), late], QueueLimit::DelaySeconds),
    ];
    for (messages, limit) in refused {
        assert_breaks(subject.queue.send(messages).await, limit);
    }
}

async fn receives(subject: &Subject) {
    let zero = Duration::ZERO;
    for most in [0, QUEUE_BATCH_MAX + 1] {
        let received = subject.queue.receive(most, zero).await;
        assert_breaks(received, QueueLimit::Batch);
    }
    let received = subject.queue.receive(1, WAIT_MAX + MOMENT).await;
    assert_breaks(received, QueueLimit::WaitSeconds);
}

async fn receipts(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await.receipt;
    let many: Vec<Receipt> = vec![held.clone(); QUEUE_BATCH_MAX + 1];
    assert_breaks(subject.queue.delete(&many).await, QueueLimit::Batch);
    let hidden = subject
        .queue
        .change_visibility(&held, VISIBILITY_MAX + MOMENT)
        .await;
    assert_breaks(hidden, QueueLimit::VisibilitySeconds);
    let hidden = subject.queue.change_visibility(&held, LONG).await;
    hidden.expect("the message is still in work");
}

fn assert_breaks<T: std::fmt::Debug>(outcome: Result<T, QueueError>, broken: QueueLimit) {
    match outcome {
        Err(error @ QueueError::OverLimit { limit, .. }) => {
            assert_eq!(limit, broken);
            assert!(!error.is_retryable());
        }
        other => unreachable!("{broken:?} is broken, but the answer was {other:?}"),
    }
}
