//! How a command ends: exit codes, and what is said on standard error.

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// What scripts may rely on. `docs/operations.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Done, and something was found where something was asked.
    Done,
    /// Done, but no provider can serve the address, or the address is not known.
    NothingFound,
    /// Stopped by Ctrl-C; what was written is whole, and the same command goes on from there.
    Interrupted,
}

impl Ending {
    const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NothingFound => 3,
            Self::Interrupted => 130,
        }
    }
}

/// Exit code of a command that failed. (Code 2 is a command line that could not be read.)
const FAILED: u8 = 1;

/// What ends a command that could not do its work: said with all its causes, and not looked into.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// Says what went wrong, if anything, and gives the exit code.
pub(crate) fn report(result: Result<Ending, Failure>) -> ExitCode {
    match result {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(failure) if is_closed_pipe(failure.as_ref()) => ExitCode::from(Ending::Done.code()),
        Err(failure) => {
            say(failure.as_ref());
            ExitCode::from(FAILED)
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the one place where a command's failure is said"
)]
fn say(failure: &dyn Error) {
    eprintln!("lastmile: {failure}");
    let mut cause = failure.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
}

/// Whether the reader of our output went away, as `head` does: that is no failure.
fn is_closed_pipe(failure: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(failure);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>()
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return true;
        }
        cause = error.source();
    }
    false
}
