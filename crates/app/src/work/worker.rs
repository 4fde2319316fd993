//! From a queue to whoever does the work, where no platform gives the messages out.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use lastmile_store::queue::{QUEUE_BATCH_MAX, QueueSettings, Received};
use lastmile_store::{Queue, QueueError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;

use super::limits::{PAUSE_MAX, PAUSE_MIN, WORKER_EXTENDS_AFTER, WORKER_WAIT};
use super::{Performed, Workshop};

/// Receives and performs messages until `shutdown` is ready, up to `at_once` of them at the same time; those
/// in work are finished first. Survives every error of the queue, with a growing pause.
pub async fn run(
    workshop: Workshop,
    queue: Arc<dyn Queue>,
    settings: QueueSettings,
    at_once: usize,
    shutdown: impl Future<Output = ()> + Send,
) {
    let mut shutdown = pin!(shutdown);
    let room = Arc::new(Semaphore::new(at_once));
    let mut working = JoinSet::new();
    let mut pause = PAUSE_MIN;
    while shutdown.as_mut().now_or_never().is_none() {
        while working.try_join_next().is_some() {}
        let mut places = places(&room).await;
        match queue.receive(places.len(), WORKER_WAIT).await {
            Ok(messages) => {
                pause = PAUSE_MIN;
                for (message, place) in messages.into_iter().zip(places.drain(..)) {
                    let (workshop, queue) = (workshop.clone(), Arc::clone(&queue));
                    working.spawn(async move {
                        one(&workshop, queue.as_ref(), settings, &message).await;
                        drop(place);
                    });
                }
            }
            Err(error) => {
                told(&error, "no messages can be received");
                tokio::select! {
                    biased;
                    () = &mut shutdown => break,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = PAUSE_MAX.min(pause * 2);
            }
        }
    }
    while working.join_next().await.is_some() {}
}

/// Waits for a free place, and takes the others that are free as well: as many as can be received at once.
async fn places(room: &Arc<Semaphore>) -> Vec<OwnedSemaphorePermit> {
    // The semaphore is never closed.
    let mut places: Vec<_> = Arc::clone(room).acquire_owned().await.into_iter().collect();
    while places.len() < QUEUE_BATCH_MAX {
        match Arc::clone(room).try_acquire_owned() {
            Ok(place) => places.push(place),
            Err(_) => break,
        }
    }
    places
}

/// Performs one message; deletes it, or gives it back.
async fn one(workshop: &Workshop, queue: &dyn Queue, settings: QueueSettings, message: &Received) {
    let Received {
        body,
        group: _,
        receipt,
        tries,
        sent_at: _,
    } = message;
    let hidden_anew = async {
        loop {
            tokio::time::sleep(settings.visibility / WORKER_EXTENDS_AFTER).await;
            let extended = queue.change_visibility(receipt, settings.visibility).await;
            if let Err(error) = extended {
                told(&error, "a message in work may be given out a second time");
            }
        }
    };
    // In this order always, as everywhere in this module: otherwise `select!` draws it, by chance that no door gives.
    let performed = tokio::select! {
        biased;
        performed = workshop.perform(body, *tries) => performed,
        never = hidden_anew => never,
    };
    let left = match performed {
        Performed::Done => queue.delete(std::slice::from_ref(receipt)).await,
        Performed::Later(rest) => queue.change_visibility(receipt, rest).await,
    };
    if let Err(error) = left {
        // It comes again when its time is over; doing it twice changes nothing.
        told(&error, "a message comes again though it need not");
    }
}

fn told(error: &QueueError, what: &str) {
    tracing::warn!(error = error as &dyn std::error::Error, "{what}");
}
