//! What the tasks of TMF645 and TMF673 have in common on the wire.

use lastmile_model::availability::task::{NewTask, TaskHeader, TaskState};
use serde::Serialize;
use serde_json::Value;

use crate::document::Document;
use crate::names::TaskStateType;
use crate::shown::Time;

/// A question, read from a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// What is asked.
    pub task: NewTask,
    /// Whether the answer is wanted in the reply.
    pub instant: bool,
}

/// What every task shows of its header.
pub(crate) struct Rendered {
    pub(crate) id: String,
    pub(crate) state: TaskStateType,
    pub(crate) created: String,
    pub(crate) answered: Option<String>,
    pub(crate) expires: String,
}

impl Rendered {
    pub(crate) fn of(header: &TaskHeader) -> Self {
        let answered = match header.state {
            TaskState::Done { at, gist: _ } | TaskState::TerminatedWithError { at, error: _ } => {
                Some(at)
            }
            TaskState::Acknowledged | TaskState::InProgress => None,
        };
        Self {
            id: header.id.to_string(),
            state: (&header.state).into(),
            created: Time(header.created()).to_string(),
            answered: answered.map(|at| Time(at).to_string()),
            expires: Time(header.expires).to_string(),
        }
    }
}

/// A document as the text that is stored.
pub(crate) fn stored_text(document: &Document) -> String {
    serde_json::to_string(document).expect("a document is JSON")
}

/// A typed document with its `@type`, which is the client's where it sent one.
pub(crate) fn with_task<T: Serialize>(task: &T, type_name: &str) -> Document {
    match serde_json::to_value(task) {
        Ok(Value::Object(mut document)) => {
            document.entry("@type").or_insert_with(|| type_name.into());
            document
        }
        Ok(_) | Err(_) => unreachable!("wire types are structs with text keys"),
    }
}
