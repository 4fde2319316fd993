//! Why nothing could be measured.

use std::io;

use thiserror::Error;

/// A measurement could not be made.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A file, socket or process did not do as it should.
    #[error("{what}: {reason}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the system said.
        reason: io::Error,
    },
    /// A program ended with an error.
    #[error("`{command}` failed: {said}")]
    Program {
        /// Its command line.
        command: String,
        /// The end of what it said.
        said: String,
    },
    /// An answer was not as it should be, so that its speed means nothing.
    #[error("{what}: expected {expected}, got {actual}")]
    Wrong {
        /// What was looked at.
        what: &'static str,
        /// What would have been right.
        expected: String,
        /// What came.
        actual: String,
    },
}

impl Failure {
    /// For `map_err`.
    pub(crate) fn system(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |reason| Self::System { what, reason }
    }
}
