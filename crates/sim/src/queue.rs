//! The queue as one process sees it: messages come twice, late, out of order, and again while they are in work.

use std::time::Duration;

use async_trait::async_trait;
use lastmile_store::QueueName;
use lastmile_store::message::Message;
use lastmile_store::queue::{
    self, DELAY_MAX, DeadLetter, LetterId, NewMessage, Queue, QueueDepth, QueueError, Receipt,
    Received,
};
use lastmile_testkit::store::{Fault, InjectedFault};
use tokio::time::sleep;

use crate::gate::Gate;
use crate::happening::Happening;
use crate::sabotage::Sabotage;

/// How long a message is hidden at most that is given out again while it is in work.
const AGAIN_WITHIN: Duration = Duration::from_secs(5);
/// How many messages are lost where messages are lost, in a thousand.
const LOST_PERMILLE: u16 = 200;

/// The world's queue behind a gate.
pub struct SimQueue {
    gate: Gate,
}

impl SimQueue {
    /// Through this gate.
    #[must_use]
    pub const fn new(gate: Gate) -> Self {
        Self { gate }
    }

    async fn through<T>(
        &self,
        call: impl Future<Output = Result<T, QueueError>> + Send,
    ) -> Result<T, QueueError> {
        let failed = |fault| match fault {
            Fault::Before => QueueError::Backend(Box::new(InjectedFault::Before)),
            Fault::After => QueueError::Backend(Box::new(InjectedFault::After)),
            Fault::Throttled => QueueError::Throttled,
        };
        let faults = self.gate.world.plan.storm.queue;
        self.gate.through(faults, failed, call).await
    }

    async fn put(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        let world = &self.gate.world;
        let storm = &world.plan.storm;
        for message in messages {
            if world.is_sabotaged(Sabotage::LosesMessages)
                && self.gate.dice().permille(LOST_PERMILLE)
            {
                continue;
            }
            let times = if self.gate.strikes(storm.twice_permille) {
                world.count(Happening::SentTwice);
                2
            } else {
                1
            };
            for _ in 0..times {
                let late = self.late();
                let delay = (message.delay + late).min(DELAY_MAX);
                self.gate.tell(format_args!(
                    "sends {} in {} ms",
                    named(&message.body),
                    delay.as_millis()
                ));
                let message = NewMessage {
                    delay,
                    ..message.clone()
                };
                world.queue.send(vec![message]).await?;
            }
        }
        Ok(())
    }

    fn late(&self) -> Duration {
        let storm = &self.gate.world.plan.storm;
        if self.gate.strikes(storm.late_permille) {
            self.gate.world.count(Happening::CameLate);
            self.gate.dice().up_to(storm.late_max)
        } else {
            Duration::ZERO
        }
    }

    async fn take(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        let world = &self.gate.world;
        let mut received = world.queue.receive(most, Duration::ZERO).await?;
        if received.is_empty() {
            sleep(wait).await;
            received = world.queue.receive(most, Duration::ZERO).await?;
        }
        for message in &received {
            let again = self.gate.strikes(world.plan.storm.again_permille);
            if again {
                world.count(Happening::GivenOutAgain);
                let soon = self.gate.dice().up_to(AGAIN_WITHIN);
                world
                    .queue
                    .change_visibility(&message.receipt, soon)
                    .await?;
            }
            if message.tries >= QueueName::Quotes.settings().tries_max {
                let mut letters = world.letters();
                letters.last_try(&message.body, &self.gate.life, world.now(), again);
            }
            let what = named(&message.body);
            let tries = message.tries;
            let also = if again {
                ", and somebody else soon"
            } else {
                ""
            };
            self.gate
                .tell(format_args!("gets {what}, try {tries}{also}"));
        }
        Ok(received)
    }
}

#[async_trait]
impl Queue for SimQueue {
    async fn send(&self, messages: Vec<NewMessage>) -> Result<(), QueueError> {
        queue::validate_send(&messages)?;
        self.through(self.put(messages)).await
    }

    async fn receive(&self, most: usize, wait: Duration) -> Result<Vec<Received>, QueueError> {
        queue::validate_receive(most, wait)?;
        self.through(self.take(most, wait)).await
    }

    async fn delete(&self, receipts: &[Receipt]) -> Result<(), QueueError> {
        self.through(self.gate.world.queue.delete(receipts)).await
    }

    async fn change_visibility(
        &self,
        receipt: &Receipt,
        visibility: Duration,
    ) -> Result<(), QueueError> {
        let queue = &self.gate.world.queue;
        self.through(queue.change_visibility(receipt, visibility))
            .await
    }

    async fn depth(&self) -> Result<QueueDepth, QueueError> {
        self.through(self.gate.world.queue.depth()).await
    }

    async fn dead_letters(&self, most: usize) -> Result<Vec<DeadLetter>, QueueError> {
        self.through(self.gate.world.queue.dead_letters(most)).await
    }

    async fn redrive(&self, most: usize) -> Result<usize, QueueError> {
        self.through(self.gate.world.queue.redrive(most)).await
    }

    async fn redrive_these(&self, letters: &[LetterId]) -> Result<Vec<LetterId>, QueueError> {
        self.through(self.gate.world.queue.redrive_these(letters))
            .await
    }
}

/// A message in a few words.
pub(crate) fn named(body: &str) -> String {
    match Message::read(body) {
        Ok(Message::AskCarrier(ask)) => {
            let whose = if ask.as_supplier { "supply" } else { "own" };
            format!("ask {} {whose} slice {}", ask.carrier.as_str(), ask.slice)
        }
        Ok(Message::RunErrand(stored)) => format!("errand {:?}", stored.errand),
        Ok(_) | Err(_) => "another message".to_owned(),
    }
}
