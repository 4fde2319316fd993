//! The worker's part of a deferred task.

use lastmile_app::availability::Availability;
use lastmile_app::availability::task::{Answered, answer_waiting};
use lastmile_model::availability::task::{TaskId, TaskKind};
use lastmile_store::record::tasks::Waiting;

use super::requests;
use super::rig::Environment;
use crate::ending::Failure;

/// Answers a task, as a worker does that was just started and given its message.
pub(crate) async fn answer(environment: &Environment, id: TaskId) -> Result<(), Failure> {
    let availability = Availability::new(environment.context.clone());
    let waiting = Waiting {
        tenant: requests::tenant()?,
        kind: TaskKind::Query,
        id,
    };
    match answer_waiting(&availability, &waiting, false).await? {
        Answered::Settled => Ok(()),
        Answered::TryAgain => Err("the sample's store failed".into()),
    }
}
