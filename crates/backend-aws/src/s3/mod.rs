//! The contract of files in an S3 bucket.
//!
//! A file is an object, its name the object's key, and its version the object's ETag. S3 is strongly
//! consistent: what was put is read and listed by whoever asks afterwards.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError};
use bytes::Bytes;
use lastmile_store::files::{self, FileFacts, Files, FilesError};
use thiserror::Error;
use tokio::sync::OnceCell;

use crate::connection::Connection;
use crate::retry::{Budget, Jitter, Passing, Retry, sdk_retries_off};

/// What trying a call again may cost.
const BUDGET: Budget = Budget {
    tries_max: 6,
    wait_first: Duration::from_millis(50),
    wait_max: Duration::from_secs(2),
};
/// Most names that S3 lists at once.
const PAGE_NAMES: usize = 1_000;
/// Names the endpoint of S3 alone; the one for all services is in the connection's settings.
const ENDPOINT_VARIABLE: &str = "AWS_ENDPOINT_URL_S3";

/// Status of an object, or a bucket, that is not there.
const NOT_FOUND: u16 = 404;
/// Status of an object that has another ETag.
const PRECONDITION_FAILED: u16 = 412;
/// Status of a range that begins behind the object's end.
const RANGE_NOT_SATISFIABLE: u16 = 416;

/// Files in one bucket. Cheap to make: nothing is read and nothing is sent before the first call.
pub struct S3Files {
    connection: Arc<Connection>,
    bucket: String,
    retry: Retry,
    client: OnceCell<Client>,
}

/// An answer of S3 lacks what it always has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("S3 answered without {0}")]
pub struct Incomplete(&'static str);

/// A read broke off, before its answer or within it.
#[derive(Debug, Error)]
enum ReadFailed {
    #[error("the object cannot be read")]
    Call(#[source] Box<SdkError<GetObjectError>>),
    #[error("the object broke off")]
    Body(#[from] ByteStreamError),
}

impl S3Files {
    /// The files in `bucket`. `jitter` spreads the waits between tries.
    #[must_use]
    pub fn new(connection: Arc<Connection>, bucket: String, jitter: Arc<dyn Jitter>) -> Self {
        Self {
            connection,
            bucket,
            retry: Retry::new(BUDGET, jitter),
            client: OnceCell::const_new(),
        }
    }

    async fn client(&self) -> &Client {
        self.client
            .get_or_init(|| async {
                let settings = self.connection.settings().await;
                // Endpoints other than AWS's have no name of their own for each bucket.
                let elsewhere = settings.endpoint_url().is_some()
                    || std::env::var_os(ENDPOINT_VARIABLE).is_some();
                let settings = Builder::from(settings)
                    .retry_config(sdk_retries_off())
                    .force_path_style(elsewhere);
                Client::from_conf(settings.build())
            })
            .await
    }

    async fn read_once(
        &self,
        name: &str,
        version: &str,
        range: &Range<u64>,
    ) -> Result<Bytes, ReadFailed> {
        let call = self.client().await.get_object();
        let call = call
            .bucket(&self.bucket)
            .key(name)
            .if_match(version)
            .range(format!("bytes={}-{}", range.start, range.end - 1));
        let answer = call.send().await;
        let answer = answer.map_err(|error| ReadFailed::Call(Box::new(error)))?;
        Ok(answer.body.collect().await?.into_bytes())
    }
}

#[async_trait]
impl Files for S3Files {
    async fn put(&self, name: &str, content: Bytes) -> Result<(), FilesError> {
        files::validate_put(name, &content)?;
        let client = self.client().await;
        let call = || {
            let body = ByteStream::from(content.clone());
            let call = client.put_object().bucket(&self.bucket).key(name);
            call.body(body).send()
        };
        let put = self
            .retry
            .run(call, |error| Passing::of(error).is_some())
            .await;
        put.map(drop).map_err(backend)
    }

    async fn facts(&self, name: &str) -> Result<Option<FileFacts>, FilesError> {
        files::validate_name(name)?;
        let call = self.client().await.head_object();
        let call = call.bucket(&self.bucket).key(name);
        let answer = self
            .retry
            .run(|| call.clone().send(), |error| Passing::of(error).is_some())
            .await;
        let answer = match answer {
            Err(error) if status(&error) == Some(NOT_FOUND) => return Ok(None),
            answer => answer.map_err(backend)?,
        };
        let length = answer
            .content_length
            .and_then(|length| length.try_into().ok());
        Ok(Some(FileFacts {
            length: length.ok_or_else(|| backend(Incomplete("a length")))?,
            version: answer.e_tag.ok_or_else(|| backend(Incomplete("an ETag")))?,
        }))
    }

    async fn read(
        &self,
        name: &str,
        version: &str,
        range: Range<u64>,
    ) -> Result<Bytes, FilesError> {
        files::validate_read(name, &range)?;
        if range.is_empty() {
            return Ok(Bytes::new());
        }
        let beyond = |actual| FilesError::OverLimit {
            name: name.to_owned(),
            actual,
            allowed: range.end,
        };
        let read = self
            .retry
            .run(
                || self.read_once(name, version, &range),
                |error| match error {
                    ReadFailed::Call(error) => Passing::of(error).is_some(),
                    ReadFailed::Body(_) => true,
                },
            )
            .await;
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(ReadFailed::Call(error)) => {
                return Err(match status(&error) {
                    Some(NOT_FOUND | PRECONDITION_FAILED) => FilesError::Gone {
                        name: name.to_owned(),
                    },
                    Some(RANGE_NOT_SATISFIABLE) => beyond(range.start),
                    _ => backend(ReadFailed::Call(error)),
                });
            }
            Err(error) => return Err(backend(error)),
        };
        // A range that ends behind the object's end is cut by S3.
        if bytes.len() as u64 == range.end - range.start {
            Ok(bytes)
        } else {
            Err(beyond(range.start + bytes.len() as u64))
        }
    }

    async fn names(&self, prefix: &str, most: usize) -> Result<Vec<String>, FilesError> {
        files::validate_name(prefix)?;
        let call = self.client().await.list_objects_v2();
        let call = call.bucket(&self.bucket).prefix(prefix);
        let mut names = Vec::new();
        let mut next = None;
        while names.len() < most {
            let page = PAGE_NAMES.min(most - names.len());
            let call = call
                .clone()
                .max_keys(i32::try_from(page).expect("a page is short"))
                .set_continuation_token(next.take());
            let answer = self
                .retry
                .run(|| call.clone().send(), |error| Passing::of(error).is_some())
                .await
                .map_err(backend)?;
            let listed = answer.contents.unwrap_or_default();
            names.extend(listed.into_iter().filter_map(|object| object.key));
            next = answer.next_continuation_token;
            if next.is_none() {
                break;
            }
        }
        Ok(names)
    }

    async fn remove(&self, name: &str) -> Result<(), FilesError> {
        files::validate_name(name)?;
        let call = self.client().await.delete_object();
        let call = call.bucket(&self.bucket).key(name);
        let removed = self
            .retry
            .run(|| call.clone().send(), |error| Passing::of(error).is_some())
            .await;
        removed.map(drop).map_err(backend)
    }
}

/// What S3 answered instead of what was asked for.
fn status<E>(error: &SdkError<E>) -> Option<u16> {
    error.raw_response().map(|answer| answer.status().as_u16())
}

fn backend(error: impl std::error::Error + Send + Sync + 'static) -> FilesError {
    FilesError::Backend(Box::new(error))
}
