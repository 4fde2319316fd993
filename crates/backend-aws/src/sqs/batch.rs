//! Batches of which a part fails.

use std::error::Error;

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::BatchResultErrorEntry;
use lastmile_store::queue::QueueError;
use thiserror::Error;

use super::client::failed;
use crate::retry::{Passing, Retry, is_busy};

/// SQS refused an entry of a batch that it took otherwise.
#[derive(Debug, Error)]
#[error("SQS refused an entry of the batch ({code}): {message}")]
pub struct RefusedEntry {
    /// SQS's code.
    pub code: String,
    /// What SQS says of it.
    pub message: String,
}

/// Entries that are asked for together, and again those that failed for now.
pub(super) struct Batch<T> {
    pub(super) entries: Vec<T>,
    /// The name of an entry in the answer.
    pub(super) id: fn(&T) -> &str,
    /// Whether an entry that failed is as good as done.
    pub(super) passes_over: fn(&BatchResultErrorEntry) -> bool,
}

impl<T: Clone + Send> Batch<T> {
    /// Calls until all entries are done, one fails for good, or the budget is spent.
    pub(super) async fn run<E, F>(
        self,
        retry: &Retry,
        call: impl Fn(Vec<T>) -> F + Send,
    ) -> Result<(), QueueError>
    where
        F: Future<Output = Result<Vec<BatchResultErrorEntry>, SdkError<E>>> + Send,
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let Self {
            entries: mut left,
            id,
            passes_over,
        } = self;
        let mut tries = retry.begin();
        loop {
            let failure = match call(left.clone()).await {
                Ok(mut failures) => {
                    failures.retain(|failure| !passes_over(failure));
                    let Some(first) = failures.first() else {
                        return Ok(());
                    };
                    if let Some(refused) = failures.iter().find(|one| one.sender_fault()) {
                        return Err(refusal(refused));
                    }
                    let failure = refusal(first);
                    left.retain(|entry| failures.iter().any(|one| one.id() == id(entry)));
                    failure
                }
                Err(error) if Passing::of(&error).is_some() => failed(error),
                Err(error) => return Err(failed(error)),
            };
            if !tries.again().await {
                return Err(failure);
            }
        }
    }
}

fn refusal(failure: &BatchResultErrorEntry) -> QueueError {
    if is_busy(failure.code()) {
        return QueueError::Throttled;
    }
    QueueError::Backend(Box::new(RefusedEntry {
        code: failure.code().to_owned(),
        message: failure.message().unwrap_or_default().to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchError;

    use super::*;
    use crate::retry::Budget;

    const TRIES_MAX: u32 = 3;

    fn failure(id: &str, code: &str, sender_fault: bool) -> BatchResultErrorEntry {
        BatchResultErrorEntry::builder()
            .id(id)
            .code(code)
            .sender_fault(sender_fault)
            .build()
            .unwrap()
    }

    /// The outcome where each call fails so, and the entries of each call.
    async fn run(
        answers: &[Vec<BatchResultErrorEntry>],
    ) -> (Result<(), QueueError>, Vec<Vec<&'static str>>) {
        let budget = Budget {
            tries_max: TRIES_MAX,
            wait_first: Duration::from_millis(1),
            wait_max: Duration::from_millis(1),
        };
        let retry = Retry::new(budget, Arc::new(|| 0));
        let asked = Mutex::new(Vec::new());
        let call = |entries: Vec<&'static str>| {
            let mut asked = asked.lock().unwrap();
            let answer = answers.get(asked.len()).cloned().unwrap_or_default();
            asked.push(entries);
            std::future::ready(Ok::<_, SdkError<SendMessageBatchError>>(answer))
        };
        let batch = Batch {
            entries: vec!["a", "b", "c"],
            id: |entry| entry,
            passes_over: |failure| failure.code() == "Fine",
        };
        let outcome = batch.run(&retry, call).await;
        (outcome, asked.into_inner().unwrap())
    }

    #[tokio::test]
    async fn only_what_failed_is_asked_for_again() {
        let (outcome, asked) = run(&[
            vec![
                failure("b", "InternalError", false),
                failure("c", "ThrottlingException", false),
            ],
            vec![failure("c", "InternalError", false)],
        ])
        .await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(asked, [vec!["a", "b", "c"], vec!["b", "c"], vec!["c"]]);
    }

    #[tokio::test]
    async fn what_is_refused_is_not_asked_for_again() {
        let (outcome, asked) = run(&[vec![
            failure("a", "InternalError", false),
            failure("b", "InvalidMessageContents", true),
        ]])
        .await;
        assert!(
            matches!(outcome, Err(QueueError::Backend(_))),
            "{outcome:?}"
        );
        assert_eq!(asked.len(), 1);
    }

    #[tokio::test]
    async fn the_budget_ends_it() {
        let busy = vec![failure("a", "ThrottlingException", false)];
        let (outcome, asked) = run(&vec![busy; 9]).await;
        assert!(matches!(outcome, Err(QueueError::Throttled)), "{outcome:?}");
        assert_eq!(asked.len(), usize::try_from(TRIES_MAX).unwrap());
    }

    #[tokio::test]
    async fn what_is_as_good_as_done_is_done() {
        let (outcome, asked) = run(&[vec![failure("a", "Fine", true)]]).await;
        assert!(outcome.is_ok(), "{outcome:?}");
        assert_eq!(asked.len(), 1);
    }
}
