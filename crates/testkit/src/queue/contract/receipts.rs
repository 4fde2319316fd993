//! Whose a message is.

use lastmile_store::queue::{QueueError, QueueSettings, Receipt};

use super::{Deviation, LONG, MANY_TRIES, PAST_SHORT, SHORT, Subject, settings};

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject, deviations: &[Deviation]) {
    let short = async || make(settings(SHORT, MANY_TRIES)).await;
    let long = async || make(settings(LONG, MANY_TRIES)).await;
    a_void_receipt_deletes_nothing(&long().await).await;
    a_void_receipt_hides_nothing(&long().await).await;
    deleting_again_is_nothing(&long().await).await;
    the_last_receipt_deletes_after_its_time(&short().await).await;
    let is_hidden = deviations.contains(&Deviation::VisibleIsHidden);
    visible_messages_cannot_be_hidden(&short().await, is_hidden).await;
    visible_messages_cannot_be_hidden_after_giving_back(&long().await, is_hidden).await;
}

async fn a_void_receipt_deletes_nothing(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let first = subject.take_one().await;
    subject.give_back(&first).await;
    let second = subject.take_one().await;
    assert_ne!(first.receipt, second.receipt);
    subject.delete(std::slice::from_ref(&first)).await;
    subject.give_back(&second).await;
    let third = subject.take_one().await;
    assert_eq!(third.tries, 3, "the first receipt was void");
    subject.delete(&[first, third]).await;
    subject
        .nothing_comes("one receipt of the two was good")
        .await;
}

async fn a_void_receipt_hides_nothing(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let first = subject.take_one().await;
    subject.give_back(&first).await;
    let second = subject.take_one().await;
    assert_stale(subject, &first.receipt).await;
    subject.delete(std::slice::from_ref(&second)).await;
    assert_stale(subject, &second.receipt).await;
}

async fn deleting_again_is_nothing(subject: &Subject) {
    subject.send_bodies(&["a", "b"]).await;
    let both = subject.take(2).await;
    subject.delete(&both[..1]).await;
    // One of them is gone already, and the other is deleted all the same.
    subject.delete(&both).await;
    subject.nothing_comes("both are deleted").await;
    for received in &both {
        assert_stale(subject, &received.receipt).await;
    }
}

async fn the_last_receipt_deletes_after_its_time(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    subject.passing.pass(PAST_SHORT).await;
    subject.delete(&[held]).await;
    subject.nothing_comes("nobody received it in between").await;
}

async fn visible_messages_cannot_be_hidden(subject: &Subject, deviates: bool) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    subject.passing.pass(PAST_SHORT).await;
    if deviates {
        assert_hides(subject, &held.receipt).await;
        return;
    }
    assert_stale(subject, &held.receipt).await;
    assert_eq!(subject.take_one().await.tries, 2, "it is visible");
}

async fn visible_messages_cannot_be_hidden_after_giving_back(subject: &Subject, deviates: bool) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    subject.give_back(&held).await;
    if deviates {
        assert_hides(subject, &held.receipt).await;
        return;
    }
    assert_stale(subject, &held.receipt).await;
    assert_eq!(subject.take_one().await.tries, 2, "it is visible");
}

async fn assert_stale(subject: &Subject, receipt: &Receipt) {
    let hidden = subject.queue.change_visibility(receipt, LONG).await;
    assert!(
        matches!(hidden, Err(QueueError::StaleReceipt)),
        "the receipt is void, but the answer was {hidden:?}"
    );
}

async fn assert_hides(subject: &Subject, receipt: &Receipt) {
    let hidden = subject.queue.change_visibility(receipt, LONG).await;
    assert!(
        hidden.is_ok(),
        "the deviation is gone; take it from the list: {hidden:?}"
    );
}
