//! What a seller calls back with. The listener that takes the body is elsewhere; here is what it means.

use lastmile_model::carrier::{CarrierReference, Step};
use thiserror::Error;

use super::wire::answers::Event;
use super::wire::spelling::EventType;

/// Longest body of a notification that is read, in bytes.
pub const NOTIFICATION_MAX_BYTES: usize = 64 * 1024;

/// Something a seller is doing may be done: ask on about it now. A notification is a hint and no answer;
/// whoever sends one, the answer is asked of the seller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is doing.
    pub step: Step,
    /// Its id of that, as in the [`Pending`](lastmile_model::carrier::Pending).
    pub id: CarrierReference,
}

/// A body is not the notification of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NotANotice {
    /// It is longer than [`NOTIFICATION_MAX_BYTES`].
    #[error("a notification has at most {NOTIFICATION_MAX_BYTES} bytes")]
    TooLong,
    /// It is not the documented object, or lacks the id or the type of the event.
    #[error("a notification has eventType and event.id")]
    Malformed,
    /// Its type is none of the documented ones.
    #[error("the eventType is not known")]
    UnknownType,
}

/// Reads the body of a notification of either interface.
///
/// # Errors
/// [`NotANotice`].
pub fn read(body: &[u8]) -> Result<Notice, NotANotice> {
    if body.len() > NOTIFICATION_MAX_BYTES {
        return Err(NotANotice::TooLong);
    }
    let event: Event = serde_json::from_slice(body).map_err(|_| NotANotice::Malformed)?;
    let Event {
        event_id: _,
        event_type,
        event_time: _,
        event,
    } = event;
    let event_type = event_type.ok_or(NotANotice::Malformed)?;
    let step = match EventType::read(&event_type).ok_or(NotANotice::UnknownType)? {
        EventType::QualificationCreated
        | EventType::QualificationState
        | EventType::QualificationItemState => Step::Qualification,
        EventType::QuoteState | EventType::QuoteItemState => Step::Quote,
    };
    let id = event.and_then(|event| event.id?.text());
    let id = id.and_then(|id| CarrierReference::new(&id).ok());
    Ok(Notice {
        step,
        id: id.ok_or(NotANotice::Malformed)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(event_type: &str, time: &str) -> String {
        format!(
            r#"{{"eventId":"1","{time}":"2026-03-03T12:00:00Z","eventType":"{event_type}",
                "event":{{"id":"Q-0042","href":"x","buyerId":"b","sellerId":"s"}}}}"#
        )
    }

    #[test]
    fn every_documented_event_says_what_to_ask_on_about() {
        for (event_type, step) in [
            ("poqCreateEvent", Step::Qualification),
            ("poqStateChangeEvent", Step::Qualification),
            ("poqItemStateChangeEvent", Step::Qualification),
            ("quoteStateChangeEvent", Step::Quote),
            ("quoteItemStateChangeEvent ", Step::Quote),
        ] {
            for time in ["eventTime", "timeOcurred", "timeOccurred"] {
                let notice = read(body(event_type, time).as_bytes()).unwrap();
                assert_eq!((notice.step, notice.id.as_str()), (step, "Q-0042"));
            }
        }
    }

    #[test]
    fn what_is_no_notification_is_refused() {
        let unknown = body("quoteExplodedEvent", "eventTime");
        assert_eq!(read(unknown.as_bytes()), Err(NotANotice::UnknownType));
        for malformed in [
            "",
            "[]",
            "{}",
            r#"{"eventType":"quoteStateChangeEvent","event":{}}"#,
        ] {
            assert_eq!(
                read(malformed.as_bytes()),
                Err(NotANotice::Malformed),
                "{malformed}"
            );
        }
        let long = vec![b' '; NOTIFICATION_MAX_BYTES + 1];
        assert_eq!(read(&long), Err(NotANotice::TooLong));
    }
}
