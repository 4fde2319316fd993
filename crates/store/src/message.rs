//! What the messages of the queues mean.
//!
//! A message is JSON text, so that a person who looks at a dead letter can read it. It names what is to
//! be done and where the rest stands; it never carries an address.

use lastmile_model::availability::task::{TaskId, TaskKind};
use lastmile_model::identity::TenantId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::queue::{GROUP_MAX_BYTES, NewMessage, QueueName};
use crate::record::tasks::Waiting;

/// Work for a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Answer a deferred question.
    AnswerTask(Waiting),
}

/// The text is no message of this program, or of a newer one.
#[derive(Debug, Error)]
#[error("the message cannot be read; it is damaged, or of a newer version")]
pub struct UnreadableMessage(#[source] Box<dyn std::error::Error + Send + Sync>);

/// A message as text. Tags and names are never used again for something else.
#[derive(Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "kebab-case", deny_unknown_fields)]
enum Text {
    AnswerTask {
        tenant: String,
        kind: String,
        id: String,
    },
}

impl Message {
    /// The queue that it belongs in.
    #[must_use]
    pub const fn queue(&self) -> QueueName {
        match self {
            Self::AnswerTask(_) => QueueName::Tasks,
        }
    }

    /// The message as it is sent. Its group is whose work it is: a tenant, or a list.
    #[must_use]
    pub fn to_new(&self) -> NewMessage {
        let (text, group) = match self {
            Self::AnswerTask(Waiting { tenant, kind, id }) => {
                let text = Text::AnswerTask {
                    tenant: tenant.as_str().to_owned(),
                    kind: kind.as_str().to_owned(),
                    id: id.to_string(),
                };
                (text, tenant.as_str().to_owned())
            }
        };
        NewMessage {
            group: Some(group_named(&group)),
            ..NewMessage::new(
                serde_json::to_string(&text).expect("texts and numbers are always JSON"),
            )
        }
    }

    /// Reads a message.
    ///
    /// # Errors
    /// [`UnreadableMessage`]; trying again does not help.
    pub fn read(body: &str) -> Result<Self, UnreadableMessage> {
        match serde_json::from_str(body).map_err(unreadable)? {
            Text::AnswerTask { tenant, kind, id } => Ok(Self::AnswerTask(Waiting {
                tenant: TenantId::new(&tenant).map_err(unreadable)?,
                kind: TaskKind::named(&kind).ok_or_else(|| unreadable("no kind of task"))?,
                id: id.parse::<TaskId>().map_err(unreadable)?,
            })),
        }
    }
}

/// A name as a queue's group, which is printable ASCII. Two names may become one group: it decides who
/// goes first, and nothing else.
fn group_named(name: &str) -> String {
    let fit = |letter: char| {
        if letter.is_ascii_graphic() {
            letter
        } else {
            '_'
        }
    };
    name.chars().map(fit).take(GROUP_MAX_BYTES).collect()
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> UnreadableMessage {
    UnreadableMessage(error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_read_as_it_was_sent() {
        for kind in TaskKind::ALL {
            let message = Message::AnswerTask(Waiting {
                tenant: TenantId::new("north").expect("a name"),
                kind,
                id: "019cb391f0e000000000000000000001".parse().expect("an id"),
            });
            let sent = message.to_new();
            assert_eq!(Message::read(&sent.body).expect("readable"), message);
            assert_eq!(sent.group.as_deref(), Some("north"));
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let unreadable = [
            "",
            "{}",
            r#"{"work":"dance"}"#,
            r#"{"work":"answer-task","tenant":"north","kind":"query"}"#,
            r#"{"work":"answer-task","tenant":"north","kind":"guess","id":"019cb391f0e000000000000000000001"}"#,
            r#"{"work":"answer-task","tenant":"","kind":"query","id":"019cb391f0e000000000000000000001"}"#,
            r#"{"work":"answer-task","tenant":"north","kind":"query","id":"1"}"#,
        ];
        for text in unreadable {
            assert!(Message::read(text).is_err(), "{text}");
        }
    }
}
