//! A quote, filled as on AWS: the quote function takes it in, the stream of the table starts the relay, and the queue
//! starts quote-workers until there is nothing left to do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use lastmile_app::availability::Availability;
use lastmile_app::quotes::{Panel, QuoteDesk, Quotes};
use lastmile_app::work::limits::{QUOTE_STINT, RELAY_BATCH};
use lastmile_app::work::relay::{message_of, send_to};
use lastmile_app::work::{Performed, Workshop};
use lastmile_model::identity::ProviderName;
use lastmile_store::message::Message;
use lastmile_store::queue::{QUEUE_BATCH_MAX, Received};
use lastmile_store::{ChangePosition, MeteredQueue, Queue as _, QueueSpent, Store as _};
use serde_json::Value;
use thiserror::Error;

use super::carriers::Asked;
use super::measure::named;
use super::requests;
use super::rig::{Distance, Environment, Rig};
use super::sample::{QUOTED_LOCATIONS, QUOTED_PROVIDERS};
use super::units::{Function, Stage, Units};
use crate::ending::Failure;
use crate::stopwatch::ProcessorTime;

/// Terms of a quote, in months: all of them are on the rate cards.
pub(crate) const TERMS: [u16; 3] = [12, 36, 60];

/// How the providers of a quote answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnsweredBy {
    /// From their lists of buildings and their rate cards.
    RateCards,
    /// By API.
    Carriers,
}

/// The quote was not filled as it should be: a defect of the sample.
#[derive(Debug, Error)]
enum NotFilled {
    #[error("a message of the sample's quote is to be done again: {message}")]
    Again { message: String },
    #[error("the sample's quote has not a price in every cell: {progress}")]
    Unpriced { progress: String },
}

/// Asks for a quote, has it filled, and reads once how far it is.
pub(crate) async fn quoted(rig: &Rig<'_>, by: AnsweredBy) -> Result<Units, Failure> {
    let mut crew = Crew::new(rig, by)?;
    crew.passes_over_what_was_before().await?;
    let body = requests::quote(&rig.sample.quoted(), &QUOTED_PROVIDERS, &TERMS)?;
    let (taken_in, first) = rig.ask(Function::Quotes, body).await?;
    crew.works_off().await?;
    let href = named(&taken_in, "href")?;
    let (progress, read) = rig.ask(Function::Quotes, requests::stored(&href)?).await?;
    must_be_priced(&progress)?;
    let Crew {
        relay,
        worker,
        sent,
        ..
    } = crew;
    Ok(Units {
        stages: vec![first, relay, worker, read],
        api_calls: 2,
        sqs_requests: sent.requests(),
        ..Units::default()
    })
}

/// A quote that is cheap and empty is no quote.
fn must_be_priced(body: &[u8]) -> Result<(), Failure> {
    let quote: Value = serde_json::from_slice(body)?;
    let progress = &quote["progress"];
    let cells = u64::from(QUOTED_LOCATIONS) * (QUOTED_PROVIDERS.len() * TERMS.len()) as u64;
    if progress["priced"].as_u64() == Some(cells) && progress["cells"].as_u64() == Some(cells) {
        return Ok(());
    }
    let progress = progress.to_string();
    Err(NotFilled::Unpriced { progress }.into())
}

/// Relay and quote-worker, and what they used.
struct Crew<'r> {
    rig: &'r Rig<'r>,
    by: AnsweredBy,
    queue: Arc<MeteredQueue>,
    /// So far is the stream read.
    position: ChangePosition,
    relay: Stage,
    worker: Stage,
    /// What the queue was asked.
    sent: QueueSpent,
}

impl<'r> Crew<'r> {
    fn new(rig: &'r Rig<'r>, by: AnsweredBy) -> Result<Self, Failure> {
        let queue = MeteredQueue::new(rig.sample.quotes_queue());
        Ok(Self {
            rig,
            by,
            queue: Arc::new(queue),
            position: ChangePosition::default(),
            relay: Stage::idle(Function::Relay),
            worker: Stage::idle(Function::QuoteWorker),
            sent: QueueSpent::default(),
        })
    }

    /// What the stream has of earlier quotes is done.
    async fn passes_over_what_was_before(&mut self) -> Result<(), Failure> {
        while !self.next_changes().await?.0 {}
        Ok(())
    }

    async fn works_off(&mut self) -> Result<(), Failure> {
        loop {
            let relayed = self.relays().await?;
            let received = self.queue.receive(QUEUE_BATCH_MAX, Duration::ZERO).await?;
            if received.is_empty() && !relayed {
                return Ok(());
            }
            if !received.is_empty() {
                self.performs(&received).await?;
            }
        }
    }

    /// Whether the stream ended, and the messages that the next changes in it ask for.
    async fn next_changes(&mut self) -> Result<(bool, Vec<Message>), Failure> {
        let store = &self.rig.sample.store;
        let page = store.changes(self.position.clone(), RELAY_BATCH).await?;
        self.position = page.next;
        let mut messages = Vec::new();
        for change in &page.changes {
            messages.extend(message_of(&change.key, change.new_image.as_ref())?);
        }
        Ok((page.changes.is_empty(), messages))
    }

    /// The relay is started by what asks for a message only, and reads nothing itself: changes are in its event.
    async fn relays(&mut self) -> Result<bool, Failure> {
        let (_, messages) = self.next_changes().await?;
        if messages.is_empty() {
            return Ok(false);
        }
        send_to(self.queue.as_ref(), &messages).await?;
        let sent = self.queue.take();
        self.relay.invocations += 1;
        self.relay.spent.round_trips += sent.sends;
        self.sent += sent;
        Ok(true)
    }

    /// A quote-worker does a batch, and Lambda deletes it.
    ///
    /// Really it does all messages of a batch at once. Here it does one after another, so that the same is counted
    /// every time: how two of them meet at the counts of a provider, and one of them reads them again, is chance. So
    /// the longest message is what the store is waited for, and the carrier with the most calls what carriers are.
    async fn performs(&mut self, received: &[Received]) -> Result<(), Failure> {
        let at_hand = Rig {
            sample: self.rig.sample,
            // A message asks the store one thing after another: its calls are its round trips at any distance.
            distance: Distance::Near,
        };
        let environment = at_hand.environment();
        let asked = Asked::of(&QUOTED_PROVIDERS)?;
        let workshop = self.workshop(&environment, &asked);
        let mut calls: BTreeMap<ProviderName, u64> = BTreeMap::new();
        let mut longest = 0;
        self.sent += self.queue.take();
        let clock = ProcessorTime::start();
        environment.reads_providers_file().await?;
        let mut spent = environment.store.take();
        let file_read = spent.round_trips;
        for message in received {
            let performed = workshop.perform(&message.body, message.tries).await;
            if performed != Performed::Done {
                let message = message.body.clone();
                return Err(NotFilled::Again { message }.into());
            }
            let sent = self.queue.take();
            self.sent += sent;
            let one = environment.store.take();
            longest = longest.max(one.round_trips + sent.sends);
            spent += one;
            if let Message::AskCarrier(ask) = Message::read(&message.body)? {
                *calls.entry(ask.carrier).or_default() += asked.take_calls();
            }
        }
        let processor = clock.elapsed();
        let rounds = calls
            .iter()
            .map(|(carrier, calls)| asked.rounds(carrier, *calls));
        let receipts: Vec<_> = received.iter().map(|one| one.receipt.clone()).collect();
        self.queue.delete(&receipts).await?;
        self.sent += self.queue.take();
        spent.round_trips = file_read + longest;
        self.worker.spent += spent;
        self.worker.invocations += 1;
        self.worker.carrier_rounds += rounds.max().unwrap_or_default();
        self.worker.processor += processor;
        Ok(())
    }

    fn workshop(&self, environment: &Environment, asked: &Asked) -> Workshop {
        let availability = Availability::new(environment.context.clone());
        let panel = match self.by {
            AnsweredBy::RateCards => Arc::new(Panel::default()),
            AnsweredBy::Carriers => Arc::clone(&asked.panel),
        };
        let quotes = Quotes {
            availability,
            panel,
        };
        let desk = QuoteDesk::new(quotes, self.queue.clone()).within(QUOTE_STINT);
        Workshop::default().quotes(desk)
    }
}
