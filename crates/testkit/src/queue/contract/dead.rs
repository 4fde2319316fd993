//! What was given out as often as it may be becomes a dead letter, and can be sent anew.

use std::collections::BTreeSet;

use lastmile_store::queue::{
    DEAD_LOOK_MAX, DeadLetter, LetterId, MESSAGE_KEPT, QUEUE_BATCH_MAX, QueueSettings,
};

use super::{LONG, PAST_SHORT, SHORT, Subject, bodies, message, of_group, settings};

const TRIES_MAX: u32 = 2;
/// More than one batch.
const MANY: usize = 12;

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject) {
    let new = async || make(settings(LONG, TRIES_MAX)).await;
    tokio::join!(
        async { a_message_dies_after_its_tries(&new().await).await },
        async { looking_takes_nothing_away(&new().await).await },
        async { the_dead_hold_nobody_up(&new().await).await },
        async { the_tries_of_a_redriven_message_begin_anew(&new().await).await },
        async { so_many_are_redriven(&new().await).await },
        async { those_that_are_named_are_redriven(&new().await).await },
        async { the_dead_grow_old(&new().await).await },
        async { time_kills_too(&make(settings(SHORT, 1)).await).await },
    );
}

/// Gives out what is there until nothing comes.
async fn kill_all(subject: &Subject, count: usize) {
    for tries in 1..=TRIES_MAX {
        for received in subject.take(count).await {
            assert_eq!(received.tries, tries);
            subject.give_back(&received).await;
        }
    }
    subject.nothing_comes("all had their tries").await;
}

async fn dead(subject: &Subject) -> Vec<DeadLetter> {
    let letters = subject.queue.dead_letters(DEAD_LOOK_MAX).await;
    letters.expect("looking at dead letters works")
}

async fn redrive(subject: &Subject, most: usize) -> usize {
    let moved = subject.queue.redrive(most).await;
    moved.expect("redriving works")
}

async fn a_message_dies_after_its_tries(subject: &Subject) {
    assert_eq!(dead(subject).await, []);
    subject.send(vec![of_group("acme", "poison")]).await;
    let first = subject.take_one().await;
    assert_eq!(dead(subject).await, [], "it has a try left");
    subject.give_back(&first).await;
    let last = subject.take_one().await;
    assert_eq!(dead(subject).await, [], "somebody works on it");
    subject.give_back(&last).await;
    subject.nothing_comes("it had its tries").await;
    let letters = dead(subject).await;
    assert_eq!(letters.len(), 1);
    let DeadLetter {
        id,
        tries,
        body,
        group,
        sent_at,
    } = &letters[0];
    assert!(!id.as_text().is_empty());
    assert!(*tries >= TRIES_MAX, "{tries} tries");
    assert_eq!((body.as_str(), group.as_deref()), ("poison", Some("acme")));
    assert_eq!(*sent_at, first.sent_at);
    subject.delete(&[last]).await;
    assert_eq!(dead(subject).await.len(), 1, "its receipts are void");
}

async fn looking_takes_nothing_away(subject: &Subject) {
    subject.send_bodies(&["a", "b"]).await;
    kill_all(subject, 2).await;
    for _ in 0..3 {
        assert_eq!(dead(subject).await.len(), 2);
    }
    let one = subject.queue.dead_letters(1).await;
    assert_eq!(one.expect("looking at dead letters works").len(), 1);
    let none = subject.queue.dead_letters(0).await;
    assert_eq!(none.expect("looking at nothing works"), []);
}

async fn the_dead_hold_nobody_up(subject: &Subject) {
    subject.send_bodies(&["poison"]).await;
    for _ in 0..TRIES_MAX {
        let received = subject.take_one().await;
        subject.give_back(&received).await;
    }
    subject.send_bodies(&["well"]).await;
    assert_eq!(subject.take_one().await.body, "well");
    subject.nothing_comes("the other is dead").await;
}

async fn the_tries_of_a_redriven_message_begin_anew(subject: &Subject) {
    subject.send(vec![of_group("acme", "a")]).await;
    kill_all(subject, 1).await;
    assert_eq!(redrive(subject, 10).await, 1);
    assert_eq!(dead(subject).await, []);
    let again = subject.take_one().await;
    assert_eq!((again.body.as_str(), again.tries), ("a", 1));
    assert_eq!(again.group.as_deref(), Some("acme"));
    subject.give_back(&again).await;
    let last = subject.take_one().await;
    assert_eq!(last.tries, TRIES_MAX);
    subject.delete(&[last]).await;
    assert_eq!(redrive(subject, 10).await, 0, "nothing is dead");
}

async fn so_many_are_redriven(subject: &Subject) {
    let all: Vec<String> = (0..MANY).map(|number| format!("{number:02}")).collect();
    for part in all.chunks(QUEUE_BATCH_MAX) {
        subject
            .send(part.iter().map(|body| message(body)).collect())
            .await;
    }
    kill_all(subject, MANY).await;
    let letters = dead(subject).await;
    let ids: BTreeSet<&LetterId> = letters.iter().map(|letter| &letter.id).collect();
    assert_eq!(ids.len(), MANY, "all are seen, each under its own id");
    assert_eq!(redrive(subject, 0).await, 0);
    assert_eq!(redrive(subject, MANY - 1).await, MANY - 1, "so many");
    let moved = subject.take(MANY - 1).await;
    let left = dead(subject).await;
    assert_eq!(left.len(), 1);
    assert_eq!(redrive(subject, MANY).await, 1, "as many as there are");
    let last = subject.take_one().await;
    assert_eq!(last.body, left[0].body);
    let mut seen: BTreeSet<&str> = bodies(&moved).into_iter().collect();
    seen.insert(&last.body);
    assert!(seen.into_iter().eq(&all), "each came once");
}

async fn those_that_are_named_are_redriven(subject: &Subject) {
    subject.send_bodies(&["a", "b", "c"]).await;
    kill_all(subject, 3).await;
    let letters = dead(subject).await;
    let id_of = |body: &str| {
        let letter = letters.iter().find(|letter| letter.body == body);
        letter.expect("it is dead").id.clone()
    };
    let nobody = LetterId::from_text("nobody".to_owned());
    let redrive_these = async |ids: &[LetterId]| {
        let moved = subject.queue.redrive_these(ids).await;
        BTreeSet::from_iter(moved.expect("redriving works"))
    };
    assert_eq!(redrive_these(&[]).await, BTreeSet::new());
    assert_eq!(
        redrive_these(std::slice::from_ref(&nobody)).await,
        BTreeSet::new()
    );
    let wanted = [id_of("a"), id_of("c"), nobody];
    let moved = redrive_these(&wanted).await;
    assert_eq!(moved, BTreeSet::from_iter(wanted[..2].to_vec()));
    assert_eq!(bodies(&subject.take(2).await), ["a", "c"]);
    let left = dead(subject).await;
    assert_eq!(left.len(), 1, "the other is still there, and seen at once");
    assert_eq!(left[0].body, "b");
    let again = redrive_these(&wanted).await;
    assert_eq!(again, BTreeSet::new(), "their ids are void");
}

async fn the_dead_grow_old(subject: &Subject) {
    if !subject.passing.reaches(MESSAGE_KEPT) {
        return;
    }
    subject.send_bodies(&["a"]).await;
    kill_all(subject, 1).await;
    subject.passing.pass(MESSAGE_KEPT).await;
    assert_eq!(
        dead(subject).await,
        [],
        "the dead are kept for so long only"
    );
    assert_eq!(redrive(subject, 10).await, 0);
}

async fn time_kills_too(subject: &Subject) {
    subject.send_bodies(&["a"]).await;
    let held = subject.take_one().await;
    subject.passing.pass(PAST_SHORT).await;
    subject.nothing_comes("it had its only try").await;
    let letters = dead(subject).await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].sent_at, held.sent_at);
}
