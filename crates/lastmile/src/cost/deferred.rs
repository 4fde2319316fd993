//! The worker's part of a deferred task.

use lastmile_app::availability::{Availability, worker};
use lastmile_model::availability::task::TaskId;
use lastmile_store::key::Key;
use lastmile_store::{Consistency, Store};

use super::rig::Environment;

/// Answers the one task that waits, as a worker does that was just started.
pub(crate) async fn answer(environment: &Environment, unmetered: &dyn Store, task: TaskId) {
    let availability = Availability::new(environment.context.clone());
    worker::run(availability, answered(unmetered, task)).await;
}

/// Ready when the task no longer waits. The worker asks after each of its steps.
async fn answered(store: &dyn Store, id: TaskId) {
    let key = Key::WaitingTask { id }.primary();
    loop {
        let waiting = store.get(&key, Consistency::Strong).await;
        if waiting.is_ok_and(|found| found.value.is_none()) {
            return;
        }
        tokio::task::yield_now().await;
    }
}
