//! What the messages of the queues mean.
//!
//! A message is JSON text, so that a person who looks at a dead letter can read it. It names what is to
//! be done and where the rest stands; it never carries an address.

use lastmile_model::availability::task::{TaskId, TaskKind};
use lastmile_model::carrier::CarrierReference;
use lastmile_model::identity::{ImportNumber, ListId, ProviderName, TenantId};
use lastmile_model::listing::{ImportId, list_from_text, list_text};
use lastmile_model::quote::QuoteId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::key::{Errand, Noticed};
use crate::queue::{GROUP_MAX_BYTES, NewMessage, QueueName};
use crate::record::quotes::StoredErrand;
use crate::record::tasks::Waiting;

mod arrival;

/// Work for a worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Answer a deferred question.
    AnswerTask(Waiting),
    /// Load the next rows of an import.
    LoadSlice(Slice),
    /// Remove what nobody sees any more of a list's imports.
    SweepList(Sweep),
    /// Import the files that were put, by their names. Read from what S3 sends, and sent again as a
    /// message of this program.
    ListsArrived(Vec<String>),
    /// Do an errand of a quote.
    RunErrand(StoredErrand),
    /// Ask one provider, or one supplier, about one slice of a quote.
    AskCarrier(Ask),
}

/// Who is asked about which slice of which quote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Whose quote.
    pub tenant: TenantId,
    /// Which quote.
    pub quote: QuoteId,
    /// Which slice of its locations.
    pub slice: u32,
    /// Who is asked.
    pub carrier: ProviderName,
    /// Whether it is asked as a supplier of the quote's providers.
    pub as_supplier: bool,
}

/// Some chunks of an import. How many, and where in the file they begin, the import says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// Of which import.
    pub import: ImportId,
    /// What is read.
    pub file: FileVersion,
    /// The column map's TOML text, where the file is read by one.
    pub column_map: Option<String>,
    /// Whether rows may only be claims of the list's own provider.
    pub own_claims_only: bool,
    /// Owner of the import's lease while no worker has it. The same in all slices of one import.
    pub owner: u64,
    /// The first of the chunks.
    pub first_chunk: u32,
}

/// One content of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileVersion {
    /// Its name.
    pub name: String,
    /// As [`FileFacts`](crate::FileFacts) say it.
    pub version: String,
    /// Its length, in bytes.
    pub length: u64,
}

/// How far a list is swept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sweep {
    /// Which list.
    pub list: ListId,
    /// An import of it, and the first of its chunks that may be there; `None` at the beginning.
    pub from: Option<(ImportNumber, u32)>,
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
    LoadSlice {
        import: String,
        file: FileVersion,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        column_map: Option<String>,
        own_claims_only: bool,
        owner: u64,
        first_chunk: u32,
    },
    SweepList {
        list: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<(u32, u32)>,
    },
    ListsArrived {
        names: Vec<String>,
    },
    StartQuote {
        tenant: String,
        quote: String,
    },
    AskSuppliers {
        tenant: String,
        quote: String,
        slice: u32,
    },
    RollUp {
        tenant: String,
        quote: String,
        slice: u32,
    },
    AskOn {
        tenant: String,
        quote: String,
        noticed: NoticedText,
    },
    AskCarrier {
        tenant: String,
        quote: String,
        slice: u32,
        carrier: String,
        as_supplier: bool,
    },
}

/// [`Noticed`] as text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticedText {
    slice: u32,
    carrier: String,
    as_supplier: bool,
    reference: String,
}

impl NoticedText {
    fn of(noticed: &Noticed) -> Self {
        let Noticed {
            slice,
            carrier,
            as_supplier,
            reference,
        } = noticed;
        Self {
            slice: *slice,
            carrier: carrier.as_str().to_owned(),
            as_supplier: *as_supplier,
            reference: reference.as_str().to_owned(),
        }
    }

    fn read(self) -> Result<Noticed, UnreadableMessage> {
        let Self {
            slice,
            carrier,
            as_supplier,
            reference,
        } = self;
        Ok(Noticed {
            slice,
            carrier: ProviderName::new(&carrier).map_err(unreadable)?,
            as_supplier,
            reference: CarrierReference::new(&reference).map_err(unreadable)?,
        })
    }
}

impl Message {
    /// What is to be done, as it stands in the text.
    #[must_use]
    pub const fn work(&self) -> &'static str {
        match self {
            Self::AnswerTask(_) => "answer-task",
            Self::LoadSlice(_) => "load-slice",
            Self::SweepList(_) => "sweep-list",
            Self::ListsArrived(_) => "lists-arrived",
            Self::RunErrand(stored) => match stored.errand {
                Errand::Start => "start-quote",
                Errand::AskSuppliers(_) => "ask-suppliers",
                Errand::RollUp(_) => "roll-up",
                Errand::AskOn(_) => "ask-on",
            },
            Self::AskCarrier(_) => "ask-carrier",
        }
    }

    /// The queue that it belongs in.
    #[must_use]
    pub const fn queue(&self) -> QueueName {
        match self {
            Self::AnswerTask(_) => QueueName::Tasks,
            Self::LoadSlice(_) | Self::SweepList(_) | Self::ListsArrived(_) => QueueName::Imports,
            Self::RunErrand(_) | Self::AskCarrier(_) => QueueName::Quotes,
        }
    }

    /// The message as it is sent. Its group is whose work it is: a tenant, a list, or the carrier that is
    /// asked, so that a slow one does not hold up the others; nobody's where files of several lists arrived.
    #[must_use]
    pub fn to_new(&self) -> NewMessage {
        let (text, group) = self.text_and_group();
        NewMessage {
            group: group.map(|group| group_named(&group)),
            ..NewMessage::new(
                serde_json::to_string(&text).expect("texts and numbers are always JSON"),
            )
        }
    }

    fn text_and_group(&self) -> (Text, Option<String>) {
        match self {
            Self::AnswerTask(Waiting { tenant, kind, id }) => {
                let text = Text::AnswerTask {
                    tenant: tenant.as_str().to_owned(),
                    kind: kind.as_str().to_owned(),
                    id: id.to_string(),
                };
                (text, Some(tenant.as_str().to_owned()))
            }
            Self::LoadSlice(slice) => {
                let Slice {
                    import,
                    file,
                    column_map,
                    own_claims_only,
                    owner,
                    first_chunk,
                } = slice.clone();
                let group = list_text(&import.list);
                let text = Text::LoadSlice {
                    import: import.to_string(),
                    file,
                    column_map,
                    own_claims_only,
                    owner,
                    first_chunk,
                };
                (text, Some(group))
            }
            Self::SweepList(Sweep { list, from }) => {
                let list = list_text(list);
                let text = Text::SweepList {
                    list: list.clone(),
                    from: from.map(|(import, chunk)| (import.0, chunk)),
                };
                (text, Some(list))
            }
            Self::ListsArrived(names) => {
                let names = names.clone();
                (Text::ListsArrived { names }, None)
            }
            Self::RunErrand(stored) => {
                let group = stored.tenant.as_str().to_owned();
                (errand_text(stored), Some(group))
            }
            Self::AskCarrier(ask) => {
                let Ask {
                    tenant,
                    quote,
                    slice,
                    carrier,
                    as_supplier,
                } = ask;
                let text = Text::AskCarrier {
                    tenant: tenant.as_str().to_owned(),
                    quote: quote.to_string(),
                    slice: *slice,
                    carrier: carrier.as_str().to_owned(),
                    as_supplier: *as_supplier,
                };
                (text, Some(carrier.as_str().to_owned()))
            }
        }
    }

    /// Reads a message: of this program, or of S3 about files that were put.
    ///
    /// # Errors
    /// [`UnreadableMessage`]; trying again does not help.
    pub fn read(body: &str) -> Result<Self, UnreadableMessage> {
        let text = match serde_json::from_str(body) {
            Ok(text) => text,
            Err(error) => {
                return match arrival::names(body) {
                    Some(names) => names.map(Self::ListsArrived).map_err(unreadable),
                    None => Err(unreadable(error)),
                };
            }
        };
        match text {
            Text::AnswerTask { tenant, kind, id } => Ok(Self::AnswerTask(Waiting {
                tenant: TenantId::new(&tenant).map_err(unreadable)?,
                kind: TaskKind::named(&kind).ok_or_else(|| unreadable("no kind of task"))?,
                id: id.parse::<TaskId>().map_err(unreadable)?,
            })),
            Text::LoadSlice {
                import,
                file,
                column_map,
                own_claims_only,
                owner,
                first_chunk,
            } => Ok(Self::LoadSlice(Slice {
                import: import.parse().map_err(unreadable)?,
                file,
                column_map,
                own_claims_only,
                owner,
                first_chunk,
            })),
            Text::SweepList { list, from } => Ok(Self::SweepList(Sweep {
                list: list_from_text(&list).ok_or_else(|| unreadable("no list"))?,
                from: from.map(|(import, chunk)| (ImportNumber(import), chunk)),
            })),
            Text::ListsArrived { names } => Ok(Self::ListsArrived(names)),
            Text::StartQuote { tenant, quote } => errand(&tenant, &quote, Errand::Start),
            Text::AskSuppliers {
                tenant,
                quote,
                slice,
            } => errand(&tenant, &quote, Errand::AskSuppliers(slice)),
            Text::RollUp {
                tenant,
                quote,
                slice,
            } => errand(&tenant, &quote, Errand::RollUp(slice)),
            Text::AskOn {
                tenant,
                quote,
                noticed,
            } => errand(&tenant, &quote, Errand::AskOn(noticed.read()?)),
            Text::AskCarrier {
                tenant,
                quote,
                slice,
                carrier,
                as_supplier,
            } => Ok(Self::AskCarrier(Ask {
                tenant: TenantId::new(&tenant).map_err(unreadable)?,
                quote: quote.parse().map_err(unreadable)?,
                slice,
                carrier: ProviderName::new(&carrier).map_err(unreadable)?,
                as_supplier,
            })),
        }
    }
}

fn errand_text(stored: &StoredErrand) -> Text {
    let StoredErrand { tenant, id, errand } = stored;
    let tenant = tenant.as_str().to_owned();
    let quote = id.to_string();
    match errand {
        Errand::Start => Text::StartQuote { tenant, quote },
        Errand::AskSuppliers(slice) => Text::AskSuppliers {
            tenant,
            quote,
            slice: *slice,
        },
        Errand::RollUp(slice) => Text::RollUp {
            tenant,
            quote,
            slice: *slice,
        },
        Errand::AskOn(noticed) => Text::AskOn {
            tenant,
            quote,
            noticed: NoticedText::of(noticed),
        },
    }
}

fn errand(tenant: &str, quote: &str, errand: Errand) -> Result<Message, UnreadableMessage> {
    Ok(Message::RunErrand(StoredErrand {
        tenant: TenantId::new(tenant).map_err(unreadable)?,
        id: quote.parse().map_err(unreadable)?,
        errand,
    }))
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
    fn messages_of_imports_are_read_as_they_were_sent() {
        let import: ImportId = "Acme_Fiber.main.3".parse().expect("an id");
        let list = import.list.clone();
        let slice = Slice {
            import,
            file: FileVersion {
                name: "uploads/0001".to_owned(),
                version: "\"e-tag\"".to_owned(),
                length: 12,
            },
            column_map: Some("[columns]\naddress = \"A\"".to_owned()),
            own_claims_only: true,
            owner: u64::MAX,
            first_chunk: 50,
        };
        let plain = Slice {
            column_map: None,
            own_claims_only: false,
            ..slice.clone()
        };
        let sweep = |from| {
            Message::SweepList(Sweep {
                list: list.clone(),
                from,
            })
        };
        let arrived = Message::ListsArrived(vec!["lists/Acme/main/a.csv".to_owned()]);
        for (message, group) in [
            (Message::LoadSlice(slice), Some("Acme_Fiber.main")),
            (Message::LoadSlice(plain), Some("Acme_Fiber.main")),
            (sweep(None), Some("Acme_Fiber.main")),
            (sweep(Some((ImportNumber(2), 7))), Some("Acme_Fiber.main")),
            (arrived, None),
        ] {
            let sent = message.to_new();
            assert_eq!(Message::read(&sent.body).expect("readable"), message);
            assert_eq!(sent.group.as_deref(), group);
            assert_eq!(message.queue(), QueueName::Imports);
            assert!(
                sent.body
                    .contains(&format!(r#""work":"{}""#, message.work()))
            );
        }
    }

    #[test]
    fn messages_of_quotes_are_read_as_they_were_sent() {
        let tenant = TenantId::new("north").expect("a name");
        let quote: QuoteId = "019cb391f0e000000000000000000001".parse().expect("an id");
        let noticed = Errand::AskOn(Noticed {
            slice: 4,
            carrier: ProviderName::new("Acme").expect("a name"),
            as_supplier: true,
            reference: CarrierReference::new("0042").expect("an id"),
        });
        for errand in [
            Errand::Start,
            Errand::AskSuppliers(0),
            Errand::RollUp(99),
            noticed,
        ] {
            let message = Message::RunErrand(StoredErrand {
                tenant: tenant.clone(),
                id: quote,
                errand,
            });
            let sent = message.to_new();
            assert_eq!(Message::read(&sent.body).expect("readable"), message);
            assert!(
                sent.body
                    .contains(&format!(r#""work":"{}""#, message.work()))
            );
            assert_eq!(sent.group.as_deref(), Some("north"));
        }
        for as_supplier in [false, true] {
            let message = Message::AskCarrier(Ask {
                tenant: tenant.clone(),
                quote,
                slice: 3,
                carrier: ProviderName::new("Acme Fiber").expect("a name"),
                as_supplier,
            });
            let sent = message.to_new();
            assert_eq!(Message::read(&sent.body).expect("readable"), message);
            assert!(
                sent.body
                    .contains(&format!(r#""work":"{}""#, message.work()))
            );
            assert_eq!(sent.group.as_deref(), Some("Acme_Fiber"));
            assert_eq!(message.queue(), QueueName::Quotes);
        }
    }

    #[test]
    fn what_s3_sends_is_a_message() {
        let body =
            r#"{"Records":[{"eventName":"ObjectCreated:Put","s3":{"object":{"key":"lists/a"}}}]}"#;
        let read = Message::read(body).expect("readable");
        assert_eq!(read, Message::ListsArrived(vec!["lists/a".to_owned()]));
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
