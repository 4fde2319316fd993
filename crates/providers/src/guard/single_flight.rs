//! The same question is asked once: whoever asks it while it is under way gets the same answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared, WeakShared};
use lastmile_model::carrier::{QuestionKey, Reply};

/// The replies of one call, as everybody who waits for one of them sees them.
pub(super) type Flight<A> = Shared<BoxFuture<'static, Arc<[Reply<A>]>>>;

/// Calls under way, by the questions that they ask.
pub(super) struct Flights<A> {
    by_question: Arc<Mutex<Table<A>>>,
}

/// A call under way, and which of its questions it is. Weak: a call that nobody waits for any longer
/// is given up.
type Table<A> = HashMap<QuestionKey, (WeakShared<BoxFuture<'static, Arc<[Reply<A>]>>>, usize)>;

/// Removes the questions of a call when it ends, or is given up.
struct Landing<A> {
    by_question: Arc<Mutex<Table<A>>>,
    keys: Vec<QuestionKey>,
}

impl<A> Default for Flights<A> {
    fn default() -> Self {
        Self {
            by_question: Arc::default(),
        }
    }
}

impl<A> Flights<A> {
    /// The calls as they are now. While this is held, no other call takes off.
    pub(super) fn tower(&self) -> Tower<'_, A> {
        Tower {
            flights: self,
            table: self.by_question.lock().expect("nothing panics under it"),
        }
    }
}

/// Sees all calls under way.
pub(super) struct Tower<'a, A> {
    flights: &'a Flights<A>,
    table: MutexGuard<'a, Table<A>>,
}

impl<A: Clone + Send + Sync + 'static> Tower<'_, A> {
    /// The call that asks this question already, and which of its questions it is.
    pub(super) fn under_way(&self, key: &QuestionKey) -> Option<(Flight<A>, usize)> {
        let (flight, index) = self.table.get(key)?;
        Some((flight.upgrade()?, *index))
    }

    /// Takes up a call that asks these questions. Nothing happens before somebody waits for it.
    pub(super) fn take_off(
        &mut self,
        keys: Vec<QuestionKey>,
        call: impl Future<Output = Vec<Reply<A>>> + Send + 'static,
    ) -> Flight<A> {
        let landing = Landing {
            by_question: Arc::clone(&self.flights.by_question),
            keys: keys.clone(),
        };
        let flight = async move {
            let replies = call.await;
            drop(landing);
            Arc::from(replies)
        };
        let flight = flight.boxed().shared();
        for (index, key) in keys.into_iter().enumerate() {
            if let Some(weak) = flight.downgrade() {
                self.table.insert(key, (weak, index));
            }
        }
        flight
    }
}

impl<A> Drop for Landing<A> {
    fn drop(&mut self) {
        let mut table = self.by_question.lock().expect("nothing panics under it");
        for key in &self.keys {
            table.remove(key);
        }
    }
}
