//! What all processes of a run share: everything durable, the carriers' memory, and those who watch.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use lastmile_model::door::Clock as _;
use lastmile_store::{QueueName, TransactWrite};
use lastmile_testkit::queue::MemoryQueue;
use lastmile_testkit::store::MemoryStore;

use crate::happening::{Happening, Happenings};
use crate::letters::Letters;
use crate::plan::Plan;
use crate::referee::{Book, Broken, Questions};
use crate::sabotage::Sabotage;
use crate::time::PausedTime;
use crate::trace::Trace;

/// See the module.
pub struct World {
    /// What the seed stands for.
    pub plan: Plan,
    /// The time.
    pub time: PausedTime,
    /// What happened.
    pub trace: Trace,
    /// What is stored, as nobody sees it but the referee.
    pub store: MemoryStore,
    /// What is sent.
    pub queue: MemoryQueue,
    /// What is broken on purpose.
    pub sabotage: Option<Sabotage>,
    is_calm: AtomicBool,
    broken: Mutex<Option<Broken>>,
    book: Mutex<Book>,
    questions: Mutex<Questions>,
    letters: Mutex<Letters>,
    happened: Mutex<BTreeMap<Happening, u64>>,
}

impl World {
    /// A world in which nothing has happened; within a runtime that was started paused.
    #[must_use]
    pub fn new(plan: Plan, trace: Trace, sabotage: Option<Sabotage>) -> Self {
        let time = PausedTime::begin();
        let settings = QueueName::Quotes.settings();
        Self {
            store: MemoryStore::new(Arc::new(time)),
            queue: MemoryQueue::new(settings, Arc::new(time)),
            book: Mutex::new(Book::new(plan.clone())),
            questions: Mutex::default(),
            letters: Mutex::default(),
            happened: Mutex::default(),
            broken: Mutex::default(),
            is_calm: AtomicBool::new(false),
            plan,
            time,
            trace,
            sabotage,
        }
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// Adds to the trace.
    pub fn tell(&self, who: &str, what: fmt::Arguments<'_>) {
        self.trace.add(self.time.passed(), who, what);
    }

    /// Counts something.
    pub fn count(&self, happening: Happening) {
        *locked(&self.happened).entry(happening).or_default() += 1;
    }

    /// How often what happened.
    #[must_use]
    pub fn happened(&self) -> Happenings {
        locked(&self.happened).clone()
    }

    /// Nothing goes wrong any more.
    pub fn calm_down(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }

    /// Whether nothing goes wrong any more.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.is_calm.load(Ordering::Relaxed)
    }

    /// Whether this is broken on purpose.
    #[must_use]
    pub fn is_sabotaged(&self, by: Sabotage) -> bool {
        self.sabotage == Some(by)
    }

    /// Shows the referee what was written.
    pub fn committed(&self, who: &str, writes: &[TransactWrite]) {
        let seen = self.book().committed(self.now(), writes, &self.questions());
        for line in seen.lines {
            self.tell(who, format_args!("{line}"));
        }
        for happening in seen.happened {
            self.count(happening);
        }
        self.judge(seen.verdict);
    }

    /// Remembers the first thing that must not be.
    pub fn judge(&self, verdict: Result<(), Broken>) {
        let Err(found) = verdict else {
            return;
        };
        self.tell("referee", format_args!("{found}"));
        locked(&self.broken).get_or_insert(found);
    }

    /// The first thing that must not be, if there was one.
    #[must_use]
    pub fn broken(&self) -> Option<Broken> {
        locked(&self.broken).clone()
    }

    /// What the referee knows of what is stored.
    pub fn book(&self) -> MutexGuard<'_, Book> {
        locked(&self.book)
    }

    /// What the carriers remember of what they were asked.
    pub fn questions(&self) -> MutexGuard<'_, Questions> {
        locked(&self.questions)
    }

    /// What is known of messages that were given out for the last time.
    pub fn letters(&self) -> MutexGuard<'_, Letters> {
        locked(&self.letters)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
