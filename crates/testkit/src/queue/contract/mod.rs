//! What every queue must do: each sentence of the documentation of [`Queue`], asked of a real one.
//!
//! Each check has a queue of its own. Checks that let time pass do so by [`Passing`], so that the same
//! ones run where a clock can be turned and where time must be waited for. Nothing depends on more
//! precise time than whole seconds. They stop at the first difference with a message that says what was
//! expected.

use std::time::Duration;

use lastmile_store::queue::{NewMessage, QUEUE_BATCH_MAX, Queue, QueueSettings, Received};

use super::passing::Passing;

mod dead;
mod depths;
mod fairness;
mod receipts;
mod receivers;
mod refusals;
mod sends;
mod visibility;
mod waits;

/// A visibility that is waited for.
const SHORT: Duration = Duration::from_secs(2);
/// Longer than [`SHORT`], by enough for a busy machine.
const PAST_SHORT: Duration = Duration::from_secs(4);
/// A visibility that does not end within a check.
const LONG: Duration = Duration::from_secs(60);
/// Tries that no check reaches.
const MANY_TRIES: u32 = 100;
/// Receives in a row that give nothing, after which messages are called lost.
const EMPTY_RECEIVES_MAX: u32 = 5;
/// How long one of them waits.
const PATIENCE: Duration = Duration::from_secs(1);

/// A queue under test, and how its time passes.
pub struct Subject {
    /// Empty, and nobody else's.
    pub queue: Box<dyn Queue>,
    /// Passes the time that the queue sees.
    pub passing: Passing,
}

/// In what a backend that is only for tests differs from the contract. It is a difference that must be
/// there: when it is gone the check fails, and the list is made shorter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// Messages are given out in the order in which they were sent, whatever their groups.
    NoFairness,
    /// A message that is visible again can be hidden with its last receipt.
    VisibleIsHidden,
}

/// Runs all checks, on queues that `make` makes with the settings that a check needs.
pub async fn run(make: impl AsyncFn(QueueSettings) -> Subject, deviations: &[Deviation]) {
    // Boxed, for together they are long: too long for a test's stack where each holds what makes a queue.
    let make = &async |settings| Box::pin(make(settings)).await;
    tokio::join!(
        Box::pin(sends::run(make)),
        Box::pin(refusals::run(make)),
        Box::pin(visibility::run(make)),
        Box::pin(receipts::run(make, deviations)),
        Box::pin(waits::run(make)),
        Box::pin(dead::run(make)),
        Box::pin(depths::run(make)),
        Box::pin(fairness::run(make, deviations)),
        Box::pin(receivers::run(make)),
    );
}

const fn settings(visibility: Duration, tries_max: u32) -> QueueSettings {
    QueueSettings {
        visibility,
        tries_max,
    }
}

impl Subject {
    async fn send(&self, messages: Vec<NewMessage>) {
        let sent = self.queue.send(messages).await;
        sent.expect("sending works");
    }

    async fn send_bodies(&self, bodies: &[&str]) {
        self.send(bodies.iter().map(|body| message(body)).collect())
            .await;
    }

    /// What is there at once, up to `most`.
    async fn receive(&self, most: usize) -> Vec<Received> {
        let received = self.queue.receive(most, Duration::ZERO).await;
        received.expect("receiving works")
    }

    /// As many messages as there should be, in as many receives as it takes.
    async fn take(&self, count: usize) -> Vec<Received> {
        let mut taken = Vec::new();
        let mut empty_receives = 0;
        while taken.len() < count {
            let most = QUEUE_BATCH_MAX.min(count - taken.len());
            let received = self.queue.receive(most, PATIENCE).await;
            let received = received.expect("receiving works");
            assert!(received.len() <= most, "no more than was asked for");
            empty_receives = if received.is_empty() {
                empty_receives + 1
            } else {
                0
            };
            assert!(
                empty_receives < EMPTY_RECEIVES_MAX,
                "{count} messages should come, and {} came",
                taken.len()
            );
            taken.extend(received);
        }
        taken
    }

    /// The one message that should be there.
    async fn take_one(&self) -> Received {
        let mut taken = self.take(1).await;
        taken.pop().expect("one was taken")
    }

    async fn nothing_comes(&self, why: &str) {
        assert_eq!(self.receive(QUEUE_BATCH_MAX).await, [], "{why}");
    }

    async fn delete(&self, received: &[Received]) {
        for part in received.chunks(QUEUE_BATCH_MAX) {
            let receipts: Vec<_> = part.iter().map(|one| one.receipt.clone()).collect();
            let deleted = self.queue.delete(&receipts).await;
            deleted.expect("deleting works");
        }
    }

    async fn give_back(&self, received: &Received) {
        let zero = Duration::ZERO;
        let given = self.queue.change_visibility(&received.receipt, zero).await;
        given.expect("a message that is in work can be given back");
    }
}

fn message(body: &str) -> NewMessage {
    NewMessage::new(body.to_owned())
}

fn of_group(group: &str, body: &str) -> NewMessage {
    NewMessage {
        group: Some(group.to_owned()),
        ..message(body)
    }
}

/// The bodies, sorted: the order is not promised.
fn bodies(received: &[Received]) -> Vec<&str> {
    let mut bodies: Vec<&str> = received.iter().map(|one| one.body.as_str()).collect();
    bodies.sort_unstable();
    bodies
}
