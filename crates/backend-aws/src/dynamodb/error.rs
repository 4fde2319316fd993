//! What can go wrong with a call, and whether trying again helps.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use lastmile_store::StoreError;
use thiserror::Error;

use crate::retry::{Passing, Retry};

/// Codes of a write that met a transaction on its item; over within milliseconds.
const CONFLICT_CODES: [&str; 3] = [
    "ReplicatedWriteConflictException",
    "TransactionConflictException",
    "TransactionInProgressException",
];
/// Code of a request that DynamoDB finds wrong.
const INVALID_CODE: &str = "ValidationException";
/// Code of a read of the stream that begins before what is kept.
const TRIMMED_CODE: &str = "TrimmedDataAccessException";
/// Code of an iterator that is older than a quarter of an hour.
const EXPIRED_CODE: &str = "ExpiredIteratorException";

/// A call of DynamoDB failed, and not because of what was asked.
#[derive(Debug, Error)]
#[error(
    "the call {call} of DynamoDB failed; check the table's name, the region and the permissions"
)]
pub struct CallFailed {
    call: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// DynamoDB left something out that its answers always have.
#[derive(Clone, Copy, Debug, Error)]
#[error("the answer of the call {call} of DynamoDB has no {part}")]
pub struct Missing {
    /// Which call.
    pub call: &'static str,
    /// What it left out.
    pub part: &'static str,
}

impl From<Missing> for StoreError {
    fn from(missing: Missing) -> Self {
        Self::Backend(Box::new(missing))
    }
}

/// What may be over when the call is made again.
pub(super) fn passing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<Passing> {
    if is_conflict(error) {
        return Some(Passing::Busy);
    }
    Passing::of(error)
}

/// Whether a write met a transaction on its item, or the same transaction on its way.
pub(super) fn is_conflict<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error
        .code()
        .is_some_and(|code| CONFLICT_CODES.contains(&code))
}

/// Whether DynamoDB finds the request wrong.
pub(super) fn is_invalid<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some(INVALID_CODE)
}

/// Whether what was asked of the stream is older than what it keeps.
pub(super) fn is_trimmed<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some(TRIMMED_CODE)
}

/// Whether an iterator of the stream was kept too long.
pub(super) fn is_expired<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some(EXPIRED_CODE)
}

/// The failure of a call that is not made again.
pub(super) fn failed<E>(call: &'static str, error: SdkError<E>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match passing(&error) {
        Some(Passing::Busy) => StoreError::Throttled,
        Some(Passing::Lost) | None => StoreError::Backend(Box::new(CallFailed {
            call,
            source: Box::new(error),
        })),
    }
}

/// Calls within the budget.
pub(super) async fn called<T, E, F>(
    retry: &Retry,
    call: &'static str,
    send: impl FnMut() -> F + Send,
) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, SdkError<E>>> + Send,
    T: Send,
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let outcome = retry.run(send, |error| passing(error).is_some()).await;
    outcome.map_err(|error| failed(call, error))
}
