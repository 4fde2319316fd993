//! What a function is told by its environment; `infra/template.yaml` sets it.

use std::env;

use lastmile_store::QueueName;
use thiserror::Error;

/// Name of the table.
pub const TABLE: &str = "LASTMILE_TABLE";
/// Name of the bucket for lists and rejected rows.
pub const BUCKET: &str = "LASTMILE_BUCKET";
/// What is logged.
pub const LOG: &str = "LASTMILE_LOG";

/// A setting is missing: the function was not deployed by the template.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "the environment variable {name} is not set; infra/template.yaml sets it for this function"
)]
pub struct MissingSetting {
    /// Which.
    pub name: &'static str,
}

/// Name of the variable that holds a queue's URL. A function has no business with dead letters.
#[must_use]
pub const fn queue_variable(name: QueueName) -> &'static str {
    match name {
        QueueName::Imports => "LASTMILE_QUEUE_IMPORTS",
        QueueName::Quotes => "LASTMILE_QUEUE_QUOTES",
        QueueName::Tasks => "LASTMILE_QUEUE_TASKS",
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
