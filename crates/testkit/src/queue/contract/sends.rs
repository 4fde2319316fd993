//! What was sent is received, as it was sent.

use std::time::Duration;

use lastmile_store::queue::{MESSAGE_KEPT, MESSAGE_MAX_BYTES, NewMessage, QueueSettings};

use super::{LONG, MANY_TRIES, PAST_SHORT, SHORT, Subject, bodies, message, of_group, settings};

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let new = async || make(settings(LONG, MANY_TRIES)).await;
    messages_come_as_they_were_sent(&new().await).await;
    a_batch_of_ten_comes_whole(&new().await).await;
    no_messages_are_nothing(&new().await).await;
    the_longest_message_comes(&new().await).await;
    a_delay_hides_at_first(&new().await).await;
    old_messages_are_gone(&new().await).await;
    the_time_of_sending_stays(&make(settings(SHORT, MANY_TRIES)).await).await;
}

async fn messages_come_as_they_were_sent(subject: &Subject) {
    let text = "Straße 12\n\t\"𐍈\" <&>";
    subject
        .send(vec![of_group("acme/list-1", text), message("no group")])
        .await;
    let mut taken = subject.take(2).await;
    taken.sort_by_key(|received| received.group.is_none());
    let [grouped, alone] = taken.as_slice() else {
        unreachable!("two were taken");
    };
    assert_eq!(grouped.body, text);
    assert_eq!(grouped.group.as_deref(), Some("acme/list-1"));
    assert_eq!((alone.body.as_str(), &alone.group), ("no group", &None));
    assert_eq!((grouped.tries, alone.tries), (1, 1), "the first time");
    assert_ne!(grouped.receipt, alone.receipt);
}

async fn a_batch_of_ten_comes_whole(subject: &Subject) {
    let ten = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    subject.send_bodies(&ten).await;
    let taken = subject.take(10).await;
    assert_eq!(bodies(&taken), ten);
    subject.nothing_comes("all are in work").await;
    subject.delete(&taken).await;
    subject.nothing_comes("all are deleted").await;
}

async fn no_messages_are_nothing(subject: &Subject) {
    subject.send(vec![]).await;
    subject.nothing_comes("nothing was sent").await;
    subject.delete(&[]).await;
}

async fn the_longest_message_comes(subject: &Subject) {
    let body = "x".repeat(MESSAGE_MAX_BYTES);
    subject.send_bodies(&[&body]).await;
    assert!(subject.take_one().await.body == body, "as it was sent");
}

async fn a_delay_hides_at_first(subject: &Subject) {
    let late = NewMessage {
        delay: SHORT,
        ..message("late")
    };
    subject.send(vec![late, message("at once")]).await;
    assert_eq!(subject.take_one().await.body, "at once");
    subject.nothing_comes("the other is delayed").await;
    subject.passing.pass(PAST_SHORT).await;
    let late = subject.take_one().await;
    assert_eq!((late.body.as_str(), late.tries), ("late", 1));
}

async fn old_messages_are_gone(subject: &Subject) {
    if !subject.passing.reaches(MESSAGE_KEPT) {
        return;
    }
    subject.send_bodies(&["old"]).await;
    subject
        .passing
        .pass(MESSAGE_KEPT - Duration::from_secs(1))
        .await;
    subject.send_bodies(&["young"]).await;
    assert_eq!(bodies(&subject.take(2).await), ["old", "young"]);
    subject.passing.pass(LONG).await;
    let left = subject.take_one().await;
    assert_eq!(left.body, "young", "a message is kept for so long only");
    subject.nothing_comes("the old one is gone").await;
}

async fn the_time_of_sending_stays(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let first = subject.take_one().await;
    subject.passing.pass(PAST_SHORT).await;
    let again = subject.take_one().await;
    assert_eq!(again.sent_at, first.sent_at);
    subject.send_bodies(&["b"]).await;
    let later = subject.take_one().await;
    let between = later.sent_at.duration_since(first.sent_at);
    assert!(
        between >= SHORT.try_into().expect("it is short"),
        "{between}"
    );
}
