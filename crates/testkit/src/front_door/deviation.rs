//! In what a door differs.

use std::fmt;

/// In what a door that is only for tests differs from the real one, or one kind of door from the others.
/// What a case cannot ask through it is left out, and printed after the last case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// Nothing makes the store behind it fail.
    StoreNeverFails,
    /// What the gateway refuses by itself has a body of its own, whatever it was told to answer.
    OwnRefusals,
    /// The gateway knows the routes: another path or method, HEAD among them, reaches no router.
    OwnRoutes,
    /// A body is passed on as text, so what is none is damaged on its way.
    TextOnly,
    /// A thousand places take longer than a gateway waits.
    SlowStore,
    /// Who asks carriers is another process than the one that answers, so that nobody says how they are doing.
    CarriersElsewhere,
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StoreNeverFails => "answers while the store fails: nothing makes it fail",
            Self::OwnRefusals => {
                "bodies of what the gateway refuses by itself: it has words of its own"
            }
            Self::OwnRoutes => {
                "paths and methods that are not there: they are refused before any router"
            }
            Self::TextOnly => "lists that are not text: they are damaged on their way",
            Self::CarriersElsewhere => {
                "how providers are doing: whoever asks them is another process"
            }
            Self::SlowStore => "a thousand places at once: the store is too slow for them",
        })
    }
}
