//! Time that passes only when nothing else can happen.

use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use jiff::Timestamp;
use lastmile_model::door::{Clock, Timer, Wait};

use crate::store::clock::MANUAL_CLOCK_START_SECOND;

/// A clock and a timer of one time. It moves to the next wait's end when all that runs is waiting
/// ([`VirtualTime::run`]), so that an hour takes no time, and the same program takes the same steps.
#[derive(Clone)]
pub struct VirtualTime {
    state: Arc<Mutex<State>>,
}

struct State {
    now: Timestamp,
    /// Who waits, by the end of the wait; waits of one end in the order in which they began.
    waits: BTreeMap<(Timestamp, u64), Waker>,
    begun: u64,
}

impl Default for VirtualTime {
    fn default() -> Self {
        let now = Timestamp::from_second(MANUAL_CLOCK_START_SECOND);
        Self {
            state: Arc::new(Mutex::new(State {
                now: now.expect("it is a time of our days"),
                waits: BTreeMap::new(),
                begun: 0,
            })),
        }
    }
}

impl VirtualTime {
    /// Runs a future to its end on this thread. Whatever it does must be done by itself or wait on this
    /// time: nothing from outside can wake it.
    ///
    /// # Panics
    /// Where it waits for something that will never happen.
    pub fn run<T>(&self, future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        let alarm = Arc::new(Alarm(AtomicBool::new(false)));
        let waker = Waker::from(Arc::clone(&alarm));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
                return value;
            }
            if !alarm.0.swap(false, Ordering::SeqCst) {
                assert!(self.pass(), "it waits for what will never happen");
            }
        }
    }

    /// Moves to the end of the next wait; `false` where nobody waits.
    fn pass(&self) -> bool {
        let mut state = self.state();
        let Some(((end, _), waker)) = state.waits.pop_first() else {
            return false;
        };
        state.now = state.now.max(end);
        drop(state);
        waker.wake();
        true
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics under it")
    }
}

impl Clock for VirtualTime {
    fn now(&self) -> Timestamp {
        self.state().now
    }
}

impl Timer for VirtualTime {
    fn wait(&self, length: Duration) -> Wait {
        let mut state = self.state();
        state.begun += 1;
        let end = state.now.saturating_add(length).unwrap_or(Timestamp::MAX);
        Box::pin(Waiting {
            time: self.clone(),
            key: (end, state.begun),
        })
    }
}

struct Alarm(AtomicBool);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Waiting {
    time: VirtualTime,
    key: (Timestamp, u64),
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.time.state();
        if state.now >= self.key.0 {
            return Poll::Ready(());
        }
        state.waits.insert(self.key, context.waker().clone());
        Poll::Pending
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.time.state().waits.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::{join, select};

    use super::*;

    #[test]
    fn time_passes_to_the_next_end_and_no_further() {
        let time = VirtualTime::default();
        let begin = time.now();
        let after = |length| {
            let time = time.clone();
            async move {
                time.wait(Duration::from_secs(length)).await;
                time.now().duration_since(begin).as_secs()
            }
        };
        let ends = time.run(join(after(3_600), after(60)));
        assert_eq!(ends, (3_600, 60));
    }

    #[test]
    fn a_wait_that_is_given_up_is_not_waited_for() {
        let time = VirtualTime::default();
        let begin = time.now();
        time.run(async {
            let long = time.wait(Duration::from_secs(9_000));
            let short = time.wait(Duration::from_secs(1));
            drop(select(long, short).await);
            time.wait(Duration::from_secs(1)).await;
        });
        assert_eq!(time.now().duration_since(begin).as_secs(), 2);
    }

    #[test]
    #[should_panic(expected = "never happen")]
    fn what_waits_for_nothing_is_told() {
        VirtualTime::default().run(std::future::pending::<()>());
    }
}
