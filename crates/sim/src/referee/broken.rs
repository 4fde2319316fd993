//! What must not be.

use thiserror::Error;

/// A rule that holds in every run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// Every cell ends in exactly one outcome, and only a person changes what waits for a person.
    CellsEndOnce,
    /// Counts, and all else that is said of cells elsewhere, equal the cells, after every transaction.
    CountersEqualCells,
    /// Nobody is asked twice about one question, unless it said so itself or its answer was never heard.
    AskedOnce,
    /// Every answer stands in the cell of its question.
    AnswersAreTrue,
    /// A quote goes through its life forwards: it is settled once, and what has ended stays as it is.
    EndsOnce,
    /// Counts that are read never go back.
    CountsNeverGoBack,
    /// Nothing is lost: when all is calm, everything comes to its end.
    NothingIsLost,
    /// Nothing panics.
    NothingPanics,
    /// The same seed gives the same trace.
    SameTrace,
}

/// A rule that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{invariant:?}: {what}")]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// How.
    pub what: String,
}

impl Invariant {
    /// Is broken by this.
    pub(crate) fn by(self, what: impl Into<String>) -> Broken {
        Broken {
            invariant: self,
            what: what.into(),
        }
    }

    /// Is broken by this unless `holds`.
    pub(crate) fn unless(self, holds: bool, what: impl FnOnce() -> String) -> Result<(), Broken> {
        if holds { Ok(()) } else { Err(self.by(what())) }
    }
}
