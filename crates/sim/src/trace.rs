//! Everything that happens in a run, in its order.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What happened so far: the last lines, and a digest of all.
pub struct Trace {
    kept_max: usize,
    state: Mutex<State>,
}

struct State {
    lines: u64,
    digest: DefaultHasher,
    kept: VecDeque<String>,
}

/// What is left of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// How many lines it had.
    pub lines: u64,
    /// The same for the same lines, and for hardly any others.
    pub digest: u64,
    /// The last ones.
    pub last: Vec<String>,
}

impl Trace {
    /// An empty one that keeps the last lines.
    #[must_use]
    pub fn new(kept_max: usize) -> Self {
        Self {
            kept_max,
            state: Mutex::new(State {
                lines: 0,
                digest: DefaultHasher::new(),
                kept: VecDeque::new(),
            }),
        }
    }

    /// Adds a line: when, who and what.
    pub fn add(&self, at: Duration, who: &str, what: fmt::Arguments<'_>) {
        let line = format!("{:>10.3} {who:<7} {what}", at.as_secs_f64());
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.lines += 1;
        state.digest.write(line.as_bytes());
        if state.kept.len() >= self.kept_max {
            state.kept.pop_front();
        }
        state.kept.push_back(line);
    }

    /// What it is by now.
    #[must_use]
    pub fn read(&self) -> Traced {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Traced {
            lines: state.lines,
            digest: state.digest.finish(),
            last: state.kept.iter().cloned().collect(),
        }
    }
}
