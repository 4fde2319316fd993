//! From a queue to whoever does the work, where no platform gives the messages out.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use lastmile_store::queue::{QUEUE_BATCH_MAX, QueueSettings, Received};
use lastmile_store::{Queue, QueueError};

use super::limits::{PAUSE_MAX, PAUSE_MIN, WORKER_EXTENDS_AFTER, WORKER_WAIT};
use super::{Performed, Workshop};

/// Receives and performs messages until `shutdown` is ready; those in work are finished first. Survives
/// every error of the queue, with a growing pause.
pub async fn run(
    workshop: Workshop,
    queue: Arc<dyn Queue>,
    settings: QueueSettings,
    shutdown: impl Future<Output = ()> + Send,
) {
    let mut shutdown = pin!(shutdown);
    let mut pause = PAUSE_MIN;
    while shutdown.as_mut().now_or_never().is_none() {
        match queue.receive(QUEUE_BATCH_MAX, WORKER_WAIT).await {
            Ok(messages) => {
                pause = PAUSE_MIN;
                let performed = messages
                    .iter()
                    .map(|message| one(&workshop, queue.as_ref(), settings, message));
                join_all(performed).await;
            }
            Err(error) => {
                told(&error, "no messages can be received");
                tokio::select! {
                    () = &mut shutdown => return,
                    () = tokio::time::sleep(pause) => {}
                }
                pause = PAUSE_MAX.min(pause * 2);
            }
        }
    }
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
    let performed = tokio::select! {
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
