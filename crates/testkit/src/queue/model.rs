//! Random operations, asked of two queues that must answer alike.

use std::time::Duration;

use lastmile_store::queue::{
    DEAD_LOOK_MAX, LetterId, NewMessage, QUEUE_BATCH_MAX, Queue, QueueError, Receipt, Received,
};
use proptest::prelude::*;
use proptest::{collection, option, sample};
use thiserror::Error;

use crate::store::ManualClock;

/// Groups that messages belong to, beside none.
const GROUPS: [&str; 3] = ["a", "b", "ab"];
/// Longest time of an operation, in seconds.
const SECONDS_MAX: u64 = 6;

/// One thing to ask.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Sends messages: of each the group, and the delay in seconds. Their bodies are numbered.
    Send(Vec<(Option<&'static str>, u64)>),
    /// Receives up to so many.
    Receive(usize),
    /// Deletes with receipts that were given so far, void ones among them.
    Delete(Vec<sample::Index>),
    /// Changes for how long a message is hidden.
    Hide {
        /// Which of the receipts that were given so far.
        receipt: sample::Index,
        /// From now on.
        seconds: u64,
    },
    /// Looks at dead letters.
    DeadLetters(usize),
    /// Sends dead letters anew.
    Redrive(usize),
    /// Sends some dead letters anew: of all that there are the ones at these places.
    RedriveThese(Vec<sample::Index>),
    /// Counts the messages, in all and the dead ones.
    Depth,
    /// Lets time pass.
    Advance {
        /// How much.
        seconds: u64,
    },
}

/// Two queues answered differently.
#[derive(Debug, Error)]
#[error(
    "operation {position} {operation} should have been answered\n{expected}\nand was\n{actual}"
)]
pub struct Difference {
    /// Which of the operations.
    pub position: usize,
    /// What was asked.
    pub operation: String,
    /// What the first queue answered.
    pub expected: String,
    /// What the second queue answered.
    pub actual: String,
}

/// What two queues were told and gave so far: a receipt of one stands where the other's does.
#[derive(Debug, Default)]
pub struct History {
    sent: usize,
    expected: Vec<Receipt>,
    tested: Vec<Receipt>,
}

/// Asks both queues the same, one operation after the other. Both look at this clock, and both choose
/// what they give out as [`super::MemoryQueue`] says.
///
/// # Errors
/// The first operation that they answered differently.
pub async fn compare(
    expected: &dyn Queue,
    tested: &dyn Queue,
    clock: &ManualClock,
    history: &mut History,
    operations: &[Operation],
) -> Result<(), Difference> {
    for (position, operation) in operations.iter().enumerate() {
        if let Operation::Advance { seconds } = operation {
            let seconds = i64::try_from(*seconds).expect("it is short");
            clock.advance_seconds(seconds);
        }
        let first_body = history.sent;
        if let Operation::Send(messages) = operation {
            history.sent += messages.len();
        }
        let right = answer(expected, operation, first_body, &mut history.expected).await;
        let actual = answer(tested, operation, first_body, &mut history.tested).await;
        if right != actual {
            return Err(Difference {
                position,
                operation: format!("{operation:?}"),
                expected: right,
                actual,
            });
        }
    }
    Ok(())
}

/// What a queue answers, as text. Receipts that it gives are added to `receipts`.
async fn answer(
    queue: &dyn Queue,
    operation: &Operation,
    first_body: usize,
    receipts: &mut Vec<Receipt>,
) -> String {
    match operation {
        Operation::Send(messages) => {
            let messages = messages.iter().zip(first_body..);
            let messages = messages.map(|((group, delay), number)| NewMessage {
                body: number.to_string(),
                group: group.map(str::to_owned),
                delay: Duration::from_secs(*delay),
            });
            shown(queue.send(messages.collect()).await)
        }
        Operation::Receive(most) => {
            let received = queue.receive(*most, Duration::ZERO).await;
            shown(received.map(|received| without_receipts(received, receipts)))
        }
        Operation::Delete(picks) if !receipts.is_empty() => {
            let picked = picks.iter().map(|pick| pick.get(receipts).clone());
            let picked: Vec<Receipt> = picked.collect();
            shown(queue.delete(&picked).await)
        }
        Operation::Hide { receipt, seconds } if !receipts.is_empty() => {
            let visibility = Duration::from_secs(*seconds);
            let held = receipt.get(receipts);
            shown(queue.change_visibility(held, visibility).await)
        }
        Operation::DeadLetters(most) => shown(queue.dead_letters(*most).await),
        Operation::Redrive(most) => shown(queue.redrive(*most).await),
        Operation::RedriveThese(picks) => shown(redrive_these(queue, picks).await),
        Operation::Depth => {
            let depth = queue.depth().await;
            // One whose time is over may still be counted as in work.
            shown(depth.map(|depth| (depth.waiting + depth.delayed + depth.in_work, depth.dead)))
        }
        Operation::Delete(_) | Operation::Hide { .. } | Operation::Advance { .. } => String::new(),
    }
}

async fn redrive_these(
    queue: &dyn Queue,
    picks: &[sample::Index],
) -> Result<Vec<LetterId>, QueueError> {
    let letters = queue.dead_letters(DEAD_LOOK_MAX).await?;
    if letters.is_empty() {
        return Ok(Vec::new());
    }
    let picked = picks.iter().map(|pick| pick.get(&letters).id.clone());
    let picked: Vec<LetterId> = picked.collect();
    let mut moved = queue.redrive_these(&picked).await?;
    moved.sort();
    Ok(moved)
}

fn shown<T: std::fmt::Debug>(outcome: Result<T, QueueError>) -> String {
    match outcome {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

/// What can be compared, in the order of the bodies; the receipts are put aside in the same order.
fn without_receipts(mut received: Vec<Received>, receipts: &mut Vec<Receipt>) -> Vec<String> {
    received.sort_by(|one, other| one.body.cmp(&other.body));
    let rest = |one: Received| {
        let Received {
            body,
            group,
            receipt,
            tries,
            sent_at,
        } = one;
        receipts.push(receipt);
        format!("{body} of {group:?} sent at {sent_at}, try {tries}")
    };
    received.into_iter().map(rest).collect()
}

/// Up to `count` operations.
pub fn operations(count: usize) -> impl Strategy<Value = Vec<Operation>> {
    collection::vec(operation(), 1..count)
}

fn operation() -> impl Strategy<Value = Operation> {
    let new = (
        option::weighted(0.7, sample::select(&GROUPS[..])),
        prop_oneof![2 => Just(0), 1 => 0..SECONDS_MAX],
    );
    let picks = collection::vec(any::<sample::Index>(), 1..4);
    prop_oneof![
        4 => collection::vec(new, 0..5).prop_map(Operation::Send),
        5 => (1..=QUEUE_BATCH_MAX).prop_map(Operation::Receive),
        3 => picks.prop_map(Operation::Delete),
        3 => (any::<sample::Index>(), 0..SECONDS_MAX)
            .prop_map(|(receipt, seconds)| Operation::Hide { receipt, seconds }),
        1 => (0..4_usize).prop_map(Operation::DeadLetters),
        1 => (0..4_usize).prop_map(Operation::Redrive),
        1 => collection::vec(any::<sample::Index>(), 1..4).prop_map(Operation::RedriveThese),
        1 => Just(Operation::Depth),
        3 => (1..SECONDS_MAX).prop_map(|seconds| Operation::Advance { seconds }),
    ]
}

/// Lets every message come that is left, and looks at all of it.
#[must_use]
pub fn everything() -> Vec<Operation> {
    vec![
        Operation::Depth,
        Operation::DeadLetters(QUEUE_BATCH_MAX),
        Operation::Redrive(usize::MAX),
        Operation::Advance {
            seconds: 2 * SECONDS_MAX,
        },
        Operation::Receive(QUEUE_BATCH_MAX),
        Operation::Receive(QUEUE_BATCH_MAX),
        Operation::Receive(QUEUE_BATCH_MAX),
        Operation::Depth,
    ]
}
