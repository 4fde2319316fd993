//! A group with many messages does not hold the others up.

use lastmile_store::queue::{QUEUE_BATCH_MAX, QueueSettings};

use super::{Deviation, LONG, MANY_TRIES, Subject, of_group, settings};

const CROWD: usize = 100;

pub(super) async fn run(make: &impl AsyncFn(QueueSettings) -> Subject, deviations: &[Deviation]) {
    let new = async || make(settings(LONG, MANY_TRIES)).await;
    if deviations.contains(&Deviation::NoFairness) {
        groups_wait_for_each_other(&new().await).await;
        return;
    }
    a_crowd_leaves_room_in_a_batch(&new().await).await;
    a_crowd_lets_others_go_first(&new().await).await;
    who_has_much_in_work_waits(&new().await).await;
    those_without_a_group_are_one(&new().await).await;
}

async fn send_crowd(subject: &Subject) {
    for _ in 0..CROWD / QUEUE_BATCH_MAX {
        subject
            .send(vec![of_group("crowd", "crowd"); QUEUE_BATCH_MAX])
            .await;
    }
}

/// The groups of the next messages, one receive each.
async fn next_groups(subject: &Subject, count: usize) -> Vec<Option<String>> {
    let mut groups = Vec::new();
    for _ in 0..count {
        groups.push(subject.take_one().await.group);
    }
    groups
}

fn count_of(groups: &[Option<String>], group: Option<&str>) -> usize {
    groups.iter().filter(|one| one.as_deref() == group).count()
}

async fn a_crowd_leaves_room_in_a_batch(subject: &Subject) {
    send_crowd(subject).await;
    subject.send(vec![of_group("single", "single")]).await;
    let batch = subject.receive(QUEUE_BATCH_MAX).await;
    let singles = batch.iter().filter(|one| one.body == "single").count();
    assert_eq!(singles, 1, "the first batch has it");
    assert_eq!(batch.len(), QUEUE_BATCH_MAX, "the crowd has the rest");
}

async fn a_crowd_lets_others_go_first(subject: &Subject) {
    send_crowd(subject).await;
    subject.send(vec![of_group("single", "single")]).await;
    let groups = next_groups(subject, 2).await;
    assert_eq!(count_of(&groups, Some("single")), 1, "{groups:?}");
}

async fn who_has_much_in_work_waits(subject: &Subject) {
    send_crowd(subject).await;
    let held = subject.take(QUEUE_BATCH_MAX).await;
    subject.send(vec![of_group("few", "few"); 3]).await;
    let groups = next_groups(subject, 3).await;
    assert_eq!(count_of(&groups, Some("few")), 3, "{groups:?}");
    // Ten and three are in work: the crowd gets its turn when others have as much.
    subject.delete(&held).await;
    let groups = next_groups(subject, 2).await;
    assert_eq!(count_of(&groups, Some("crowd")), 2, "{groups:?}");
}

async fn those_without_a_group_are_one(subject: &Subject) {
    send_crowd(subject).await;
    subject.send_bodies(&["a", "b", "c"]).await;
    let groups = next_groups(subject, 6).await;
    assert_eq!(count_of(&groups, None), 3, "{groups:?}");
}

/// [`Deviation::NoFairness`].
async fn groups_wait_for_each_other(subject: &Subject) {
    send_crowd(subject).await;
    subject.send(vec![of_group("single", "single")]).await;
    let batch = subject.receive(QUEUE_BATCH_MAX).await;
    assert!(
        batch.iter().all(|one| one.body == "crowd"),
        "the deviation is gone; take it from the list"
    );
}
