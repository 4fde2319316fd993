//! Receiving.

use std::time::Duration;

use aws_sdk_sqs::types::{Message, MessageSystemAttributeName};
use jiff::Timestamp;
use lastmile_store::queue::{LetterId, QueueError, Receipt, Received};
use thiserror::Error;

use super::client::failed;
use super::{SqsQueue, seconds_down, seconds_up};
use crate::retry::Passing;

/// SQS gave a message out without something that it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("SQS gave a message out without a readable {what}")]
pub struct IncompleteMessage {
    /// What is missing.
    pub what: &'static str,
}

/// A message that SQS gave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Given {
    /// SQS's name of it, which it keeps among the dead letters.
    pub(super) id: LetterId,
    pub(super) received: Received,
}

impl SqsQueue {
    /// Receives from one of the two queues; without a visibility, for as long as the queue says.
    pub(super) async fn receive_from(
        &self,
        url: &str,
        most: usize,
        wait: Duration,
        visibility: Option<Duration>,
    ) -> Result<Vec<Given>, QueueError> {
        let most = i32::try_from(most).unwrap_or(i32::MAX);
        let call = self.client.get().await.receive_message().queue_url(url);
        let call = call
            .max_number_of_messages(most)
            .wait_time_seconds(seconds_down(wait))
            .set_visibility_timeout(visibility.map(seconds_up))
            .message_system_attribute_names(MessageSystemAttributeName::ApproximateReceiveCount)
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp)
            .message_system_attribute_names(MessageSystemAttributeName::MessageGroupId);
        // What a lost answer held comes again when its time is over.
        let answer = self
            .retry
            .run(|| call.clone().send(), |error| Passing::of(error).is_some())
            .await
            .map_err(failed)?;
        let messages = answer.messages.unwrap_or_default().into_iter();
        let received = messages.map(read).collect::<Result<Vec<_>, _>>();
        received.map_err(|incomplete| QueueError::Backend(Box::new(incomplete)))
    }
}

fn read(message: Message) -> Result<Given, IncompleteMessage> {
    let without = |what| IncompleteMessage { what };
    let Message {
        message_id,
        body,
        receipt_handle,
        attributes,
        ..
    } = message;
    let mut attributes = attributes.unwrap_or_default();
    let tries = attributes
        .get(&MessageSystemAttributeName::ApproximateReceiveCount)
        .and_then(|count| count.parse().ok());
    let sent_at = attributes
        .get(&MessageSystemAttributeName::SentTimestamp)
        .and_then(|milliseconds| milliseconds.parse().ok())
        .and_then(|milliseconds| Timestamp::from_millisecond(milliseconds).ok());
    let received = Received {
        body: body.ok_or(without("body"))?,
        group: attributes.remove(&MessageSystemAttributeName::MessageGroupId),
        receipt: Receipt::from_text(receipt_handle.ok_or(without("receipt handle"))?),
        tries: tries.ok_or(without("receive count"))?,
        sent_at: sent_at.ok_or(without("time of sending"))?,
    };
    Ok(Given {
        id: LetterId::from_text(message_id.ok_or(without("message id"))?),
        received,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> aws_sdk_sqs::types::builders::MessageBuilder {
        Message::builder()
            .message_id("id")
            .body("work")
            .receipt_handle("handle")
            .attributes(MessageSystemAttributeName::ApproximateReceiveCount, "3")
            .attributes(MessageSystemAttributeName::SentTimestamp, "1772539200123")
    }

    #[test]
    fn a_message_is_read() {
        let expected = Received {
            body: "work".to_owned(),
            group: None,
            receipt: Receipt::from_text("handle".to_owned()),
            tries: 3,
            sent_at: "2026-03-03T12:00:00.123Z".parse().unwrap(),
        };
        let given = |received| Given {
            id: LetterId::from_text("id".to_owned()),
            received,
        };
        assert_eq!(read(message().build()), Ok(given(expected.clone())));
        let grouped = message().attributes(MessageSystemAttributeName::MessageGroupId, "acme");
        let group = Some("acme".to_owned());
        let expected = Received { group, ..expected };
        assert_eq!(read(grouped.build()), Ok(given(expected)));
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |message: Message| read(message).map_err(|error| error.what);
        let no_body = message().set_body(None).build();
        assert_eq!(missing(no_body), Err("body"));
        let no_attributes = message().set_attributes(None).build();
        assert_eq!(missing(no_attributes), Err("receive count"));
    }
}
