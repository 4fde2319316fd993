//! Waiting for what others do.

use std::time::Duration;

use tokio::time::sleep;

/// How often is looked, and how long to wait in between: two minutes, on a busy machine.
const LOOKS_MAX: usize = 600;
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Looks until something is there.
///
/// # Panics
/// Where it does not come.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFn() -> Option<T>) -> T {
    for _ in 0..LOOKS_MAX {
        if let Some(found) = look().await {
            return found;
        }
        sleep(LOOK_EVERY).await;
    }
    panic!("waited in vain: {what}");
}
