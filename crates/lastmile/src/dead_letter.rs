//! What may be shown of a dead letter: which work it is, whose, and what it is about, by ids.
//!
//! A text that is no message of this program is never shown: nobody knows what is in it.

use lastmile_api::shown::Time;
use lastmile_model::listing::list_text;
use lastmile_store::key::Errand;
use lastmile_store::message::{Ask, Message, Slice, Sweep};
use lastmile_store::queue::DeadLetter;
use lastmile_store::record::quotes::StoredErrand;
use lastmile_store::record::tasks::Waiting;
use serde::Serialize;

/// The work of a text that cannot be read.
const UNREADABLE: &str = "unreadable";

/// A dead letter, without its text.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Shown<'a> {
    pub(crate) id: &'a str,
    /// A message's own name of it ([`Message::work`]), or `unreadable`.
    pub(crate) work: &'static str,
    /// On whose behalf, where it is a tenant's.
    pub(crate) tenant: Option<String>,
    /// Ids of what is to be worked on.
    pub(crate) of: Vec<String>,
    /// How often it was given out.
    pub(crate) tries: u32,
    /// When it was sent first, or by the last redrive.
    pub(crate) sent_at: String,
}

impl<'a> Shown<'a> {
    /// What may be shown of a letter.
    pub(crate) fn of(letter: &'a DeadLetter) -> Self {
        let DeadLetter {
            id,
            tries,
            body,
            group: _,
            sent_at,
        } = letter;
        let (work, (tenant, of)) = match Message::read(body) {
            Ok(message) => (message.work(), subject(message)),
            Err(_) => (UNREADABLE, (None, Vec::new())),
        };
        Self {
            id: id.as_text(),
            work,
            tenant,
            of,
            tries: *tries,
            sent_at: Time(*sent_at).to_string(),
        }
    }
}

/// Whose it is, and what it is about.
fn subject(message: Message) -> (Option<String>, Vec<String>) {
    match message {
        Message::AnswerTask(Waiting { tenant, kind, id }) => (
            Some(tenant.to_string()),
            vec![format!("{} {id}", kind.as_str())],
        ),
        Message::LoadSlice(Slice {
            import,
            file: _,
            column_map: _,
            own_claims_only: _,
            owner: _,
            first_chunk,
        }) => (None, vec![format!("{import} from chunk {first_chunk}")]),
        Message::SweepList(Sweep { list, from: _ }) => (None, vec![list_text(&list)]),
        Message::ListsArrived(names) => (None, names),
        Message::RunErrand(StoredErrand { tenant, id, errand }) => {
            let mut of = vec![format!("quote {id}")];
            match errand {
                Errand::Start => {}
                Errand::AskSuppliers(slice) | Errand::RollUp(slice) => {
                    of.push(format!("slice {slice}"));
                }
                Errand::AskOn(noticed) => {
                    of.push(format!("slice {}", noticed.slice));
                    of.push(noticed.carrier.to_string());
                }
            }
            (Some(tenant.to_string()), of)
        }
        Message::AskCarrier(Ask {
            tenant,
            quote,
            slice,
            carrier,
            as_supplier: _,
        }) => {
            let of = [
                format!("quote {quote}"),
                format!("slice {slice}"),
                carrier.to_string(),
            ];
            (Some(tenant.to_string()), of.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use lastmile_store::queue::LetterId;

    use super::*;

    fn letter(body: &str) -> DeadLetter {
        DeadLetter {
            id: LetterId::from_text("7".to_owned()),
            tries: 5,
            body: body.to_owned(),
            group: Some("north".to_owned()),
            sent_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_letter_is_shown_by_ids() {
        let task = r#"{"work":"answer-task","tenant":"north","kind":"query","id":"019cb391f0e000000000000000000001"}"#;
        let letter = letter(task);
        let expected = Shown {
            id: "7",
            work: "answer-task",
            tenant: Some("north".to_owned()),
            of: vec!["query 019cb391f0e000000000000000000001".to_owned()],
            tries: 5,
            sent_at: "1970-01-01T00:00:00.000Z".to_owned(),
        };
        assert_eq!(Shown::of(&letter), expected);
    }

    #[test]
    fn a_text_that_is_no_message_is_not_shown() {
        let letter = letter("133 N Main St, Port Alden, NH 03611");
        let shown = serde_json::to_string(&Shown::of(&letter)).expect("JSON");
        assert!(shown.contains(UNREADABLE), "{shown}");
        assert!(!shown.contains("Main"), "{shown}");
    }
}
