//! What S3 says when a file was put: an event notification, sent to the queue as it is.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use serde::Deserialize;
use thiserror::Error;

use crate::percent;

/// Begins the name of every event that a new file causes.
const CREATED: &str = "ObjectCreated:";

/// A notification names a file in a way that S3 does not.
#[derive(Debug, Error)]
#[error("the notification of S3 names a file that is not encoded as S3 does it")]
struct BadKey;

/// The parts of a notification that matter here; S3 adds fields to it over time.
#[derive(Deserialize)]
#[serde(untagged)]
enum Notification {
    #[serde(rename_all = "PascalCase")]
    Records { records: Vec<Record> },
    /// Sent once, when a bucket is told to notify a queue.
    #[serde(rename_all = "PascalCase")]
    Test {
        #[serde(rename = "Event")]
        event: TestEvent,
    },
}

#[derive(Deserialize)]
enum TestEvent {
    #[serde(rename = "s3:TestEvent")]
    Test,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    event_name: String,
    s3: Place,
}

#[derive(Deserialize)]
struct Place {
    object: Object,
}

#[derive(Deserialize)]
struct Object {
    key: String,
}

/// The names of the files that a notification says were put; `None` where the text is no notification.
pub(super) fn names(
    body: &str,
) -> Option<Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>>> {
    let records = match serde_json::from_str(body).ok()? {
        Notification::Records { records } => records,
        Notification::Test {
            event: TestEvent::Test,
        } => Vec::new(),
    };
    let created = records
        .into_iter()
        .filter(|record| record.event_name.starts_with(CREATED))
        .map(|record| name(&record.s3.object.key).ok_or_else(|| BadKey.into()));
    Some(created.collect())
}

/// Keys are encoded as forms are.
fn name(key: &str) -> Option<String> {
    percent::decoded(&key.replace('+', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<Vec<String>> {
        names(body).map(|names| names.expect("encoded as S3 does it"))
    }

    #[test]
    fn a_notification_names_the_files_that_were_put() {
        let record = |event: &str, key: &str| {
            format!(
                r#"{{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-east-1","eventName":"{event}",
                    "s3":{{"s3SchemaVersion":"1.0","bucket":{{"name":"lists","arn":"arn:aws:s3:::lists"}},
                    "object":{{"key":"{key}","size":12,"eTag":"x","sequencer":"0"}}}}}}"#
            )
        };
        let body = format!(
            r#"{{"Records":[{},{},{}]}}"#,
            record("ObjectCreated:Put", "lists/Acme%2520Fiber/main/a+b.csv"),
            record("ObjectRemoved:Delete", "lists/Acme/main/gone.csv"),
            record(
                "ObjectCreated:CompleteMultipartUpload",
                "lists/T%C3%A9l%C3%A9/main/c.csv.gz"
            ),
        );
        assert_eq!(
            read(&body).expect("a notification"),
            [
                "lists/Acme%20Fiber/main/a b.csv",
                "lists/Télé/main/c.csv.gz"
            ]
        );
        let broken = format!(
            r#"{{"Records":[{}]}}"#,
            record("ObjectCreated:Put", "lists/%zz")
        );
        assert!(names(&broken).expect("a notification").is_err());
    }

    #[test]
    fn the_test_of_a_notification_names_none_and_other_text_is_none() {
        let test = r#"{"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2026-11-25T00:00:00.000Z",
            "Bucket":"lists","RequestId":"1","HostId":"2"}"#;
        assert_eq!(read(test), Some(Vec::new()));
        for other in ["", "{}", "[]", r#"{"Event":"s3:Other"}"#, r#"{"work":"x"}"#] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
