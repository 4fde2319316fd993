//! What a function is told by its environment; `infra/template.yaml` sets it.

use std::env;

use lastmile_backend_aws::sqs::QueueUrls;
use lastmile_store::QueueName;
use thiserror::Error;

/// Name of the table.
pub const TABLE: &str = "LASTMILE_TABLE";
/// Name of the bucket for lists and rejected rows.
pub const BUCKET: &str = "LASTMILE_BUCKET";
/// What is logged.
pub const LOG: &str = "LASTMILE_LOG";
/// Name of the function within Lastmile, for metrics; Lambda sets the longer name of the deployed one.
pub const FUNCTION_NAME: &str = "AWS_LAMBDA_FUNCTION_NAME";

/// A setting is missing: the function was not deployed by the template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the environment variable {name} is not set; infra/template.yaml sets it for this function"
)]
pub struct MissingSetting {
    /// Which.
    pub name: &'static str,
}

/// The names of the variables that hold a queue's URLs.
#[must_use]
pub const fn queue_variables(name: QueueName) -> (&'static str, &'static str) {
    match name {
        QueueName::Imports => ("LASTMILE_QUEUE_IMPORTS", "LASTMILE_QUEUE_IMPORTS_DEAD"),
        QueueName::Tasks => ("LASTMILE_QUEUE_TASKS", "LASTMILE_QUEUE_TASKS_DEAD"),
    }
}

/// Reads a setting.
///
/// # Errors
/// [`MissingSetting`] where it is not set, or empty.
pub fn setting(name: &'static str) -> Result<String, MissingSetting> {
    env::var(name)
        .ok()
        .filter(|value| !value.is_empty())
        .ok_or(MissingSetting { name })
}

/// Reads the URLs of a queue.
///
/// # Errors
/// [`MissingSetting`].
pub fn queue_urls(name: QueueName) -> Result<QueueUrls, MissingSetting> {
    let (queue, dead) = queue_variables(name);
    Ok(QueueUrls {
        queue: setting(queue)?,
        dead: setting(dead)?,
    })
}
