//! Trying again what failed for now: after a wait by chance, a bounded number of times.
//!
//! The one place that does. The SDK's own retries are switched off ([`sdk_retries_off`]), or tries would
//! multiply and what a call may take could not be said.

use std::sync::Arc;
use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// Codes by which the services say that they are asked too much. They may come with status 400.
const BUSY_CODES: [&str; 8] = [
    "LimitExceededException",
    "OverLimit",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
];
/// Status of a service that is asked too much.
const TOO_MANY_REQUESTS: u16 = 429;

/// Where waits get their chance from.
pub trait Jitter: Send + Sync + 'static {
    /// A number of which every value is equally likely.
    fn draw(&self) -> u64;
}

impl<F: Fn() -> u64 + Send + Sync + 'static> Jitter for F {
    fn draw(&self) -> u64 {
        self()
    }
}

/// How much trying one call may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Most tries, the first among them.
    pub tries_max: u32,
    /// Longest wait after the first try. It doubles with each.
    pub wait_first: Duration,
    /// Longest wait after any.
    pub wait_max: Duration,
}

impl Budget {
    /// The wait after so many tries: anything up to what has doubled so far ("full jitter"), so that
    /// callers which failed together do not come back together.
    fn wait(&self, tries: u32, chance: u64) -> Duration {
        let doubled = 1_u32
            .checked_shl(tries.saturating_sub(1))
            .map_or(self.wait_max, |times| self.wait_first.saturating_mul(times));
        let longest = u64::try_from(doubled.min(self.wait_max).as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(chance % longest.saturating_add(1))
    }
}

/// A budget together with the chance that its waits need.
#[derive(Clone)]
pub struct Retry {
    budget: Budget,
    jitter: Arc<dyn Jitter>,
}

impl Retry {
    /// Tries within `budget`.
    #[must_use]
    pub const fn new(budget: Budget, jitter: Arc<dyn Jitter>) -> Self {
        Self { budget, jitter }
    }

    /// The tries of one call.
    #[must_use]
    pub const fn begin(&self) -> Tries<'_> {
        Tries {
            retry: self,
            done: 0,
        }
    }

    /// Calls until it works, fails for good, or the budget is spent; then the last failure stands.
    ///
    /// # Errors
    /// Of the last try.
    pub async fn run<T, E, F>(
        &self,
        mut call: impl FnMut() -> F + Send,
        passes: impl Fn(&E) -> bool + Send,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>> + Send,
        T: Send,
        E: Send,
    {
        let mut tries = self.begin();
        loop {
            match call().await {
                Err(error) if passes(&error) && tries.again().await => {}
                outcome => return outcome,
            }
        }
    }
}

/// Counts the tries of one call.
pub struct Tries<'a> {
    retry: &'a Retry,
    done: u32,
}

impl Tries<'_> {
    /// After a try that failed for now: waits and says yes, or says no at once if the budget is spent.
    pub async fn again(&mut self) -> bool {
        let Self {
            retry: Retry { budget, jitter },
            done,
        } = self;
        *done = done.saturating_add(1);
        if *done >= budget.tries_max {
            return false;
        }
        tokio::time::sleep(budget.wait(*done, jitter.draw())).await;
        true
    }
}

/// A failure that may be over when the call is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// The service did not do it: it is asked too much.
    Busy,
    /// The service was not reached, broke, or did not answer in time. It may have done it or not.
    Lost,
}

impl Passing {
    /// Of the failure of any call; `None` if the same call would fail again.
    #[must_use]
    pub fn of<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<Self> {
        match error {
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => Some(Self::Lost),
            SdkError::ResponseError(_) => Some(Self::Lost),
            SdkError::ServiceError(refused) => {
                let status = refused.raw().status();
                let busy = refused.err().code().is_some_and(is_busy);
                if busy || status.as_u16() == TOO_MANY_REQUESTS {
                    Some(Self::Busy)
                } else {
                    status.is_server_error().then_some(Self::Lost)
                }
            }
            // A request that could not be built, and what a newer SDK adds.
            _ => None,
        }
    }
}

/// Whether a service's code says that it is asked too much.
#[must_use]
pub fn is_busy(code: &str) -> bool {
    BUSY_CODES.contains(&code)
}

/// What every client is built with.
#[must_use]
pub fn sdk_retries_off() -> RetryConfig {
    RetryConfig::disabled()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const BUDGET: Budget = Budget {
        tries_max: 4,
        wait_first: Duration::from_millis(10),
        wait_max: Duration::from_millis(35),
    };

    #[test]
    fn the_longest_wait_doubles_up_to_its_end() {
        let longest = |tries| {
            let longest = [10, 20, 35, 35][tries as usize - 1];
            let nanos = longest * 1_000_000;
            assert_eq!(BUDGET.wait(tries, nanos), Duration::from_millis(longest));
            assert_eq!(BUDGET.wait(tries, nanos + 1), Duration::ZERO, "{tries}");
        };
        (1..=4).for_each(longest);
        assert!(BUDGET.wait(u32::MAX, u64::MAX) <= BUDGET.wait_max);
    }

    async fn tried(fails: u32, passes: bool) -> (u32, Result<u32, u32>) {
        let retry = Retry::new(BUDGET, Arc::new(|| 0));
        let calls = AtomicU32::new(0);
        let call = || async {
            let call = calls.fetch_add(1, Ordering::SeqCst);
            if call < fails { Err(call) } else { Ok(call) }
        };
        let outcome = retry.run(call, |_| passes).await;
        (calls.load(Ordering::SeqCst), outcome)
    }

    #[tokio::test]
    async fn what_passes_is_tried_within_the_budget() {
        assert_eq!(tried(0, true).await, (1, Ok(0)));
        assert_eq!(tried(3, true).await, (4, Ok(3)));
        assert_eq!(tried(9, true).await, (4, Err(3)));
        assert_eq!(tried(9, false).await, (1, Err(0)));
    }

    #[test]
    fn codes_of_a_busy_service_are_known() {
        assert!(is_busy("ThrottlingException"));
        assert!(!is_busy("ValidationException"));
    }
}
