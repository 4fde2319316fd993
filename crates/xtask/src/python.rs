//! Tools that are written in Python, each set in an environment of its own under `target/`.
//!
//! The versions are pinned by a requirements file of the repository. An environment is made once and
//! made anew when its file changes, so the second run needs no network. Where Python or the packages
//! are not to be had there are no tools; whoever asked says what it leaves out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::failure::Failure;
use crate::tree;

/// Where the environments are, from the root.
const ENVIRONMENTS: &str = "target/python";
/// The requirements that an environment was made from: written last, so a half-made one has none.
const MADE_FROM: &str = "made-from.txt";
/// What makes environments.
const PYTHON: &str = "python3";

/// The folder with the programs of `requirements_file` (a path from the root), which are installed
/// first where they are not yet. `None` where they cannot be: why was printed.
///
/// # Errors
/// [`Failure::File`] where the requirements or the environment cannot be read or written.
pub(crate) fn tools(requirements_file: &str) -> Result<Option<PathBuf>, Failure> {
    let wanted = tree::text(requirements_file)?;
    let environment = tree::root()
        .join(ENVIRONMENTS)
        .join(environment_name(requirements_file));
    let programs = environment.join("bin");
    if is_made_from(&environment, &wanted) {
        return Ok(Some(programs));
    }
    println!("installing {requirements_file} into {ENVIRONMENTS}, once");
    match make(&environment, requirements_file) {
        Ok(()) => {
            let note = environment.join(MADE_FROM);
            fs::write(&note, wanted).map_err(|reason| Failure::File { path: note, reason })?;
            Ok(Some(programs))
        }
        Err(Missing { what, said }) => {
            println!("not to be had: {what}: {said}");
            Ok(None)
        }
    }
}

/// Something that the machine or its network does not give.
struct Missing {
    what: String,
    said: String,
}

/// `infra/requirements.txt` is `infra-requirements`.
fn environment_name(requirements_file: &str) -> String {
    requirements_file
        .trim_end_matches(".txt")
        .replace(['/', '\\'], "-")
}

fn is_made_from(environment: &Path, wanted: &str) -> bool {
    fs::read_to_string(environment.join(MADE_FROM)).is_ok_and(|made_from| made_from == wanted)
}

/// Makes the environment from nothing: one that was changed by hand would not be what is pinned.
fn make(environment: &Path, requirements_file: &str) -> Result<(), Missing> {
    let mut venv = Command::new(PYTHON);
    venv.args(["-m", "venv", "--clear"]).arg(environment);
    run(&mut venv)?;
    let mut install = Command::new(environment.join("bin").join("python"));
    install
        .args(["-m", "pip", "install", "--quiet"])
        .args(["--disable-pip-version-check", "--no-input", "-r"])
        .arg(tree::root().join(requirements_file));
    run(&mut install)
}

/// Runs a program to its end; where it fails, the last line it wrote says why.
fn run(command: &mut Command) -> Result<(), Missing> {
    let what = typed(command);
    let output = command.stdin(Stdio::null()).output();
    let said = match output {
        Ok(output) if output.status.success() => return Ok(()),
        Ok(output) => {
            let last = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes);
                text.lines().next_back().map(str::to_owned)
            };
            last(&output.stderr)
                .or_else(|| last(&output.stdout))
                .unwrap_or_else(|| output.status.to_string())
        }
        Err(reason) => reason.to_string(),
    };
    Err(Missing { what, said })
}

/// The command as one would type it.
fn typed(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_environment_is_named_for_its_file() {
        assert_eq!(
            environment_name("infra/requirements.txt"),
            "infra-requirements"
        );
    }

    #[test]
    fn an_environment_counts_once_it_is_whole_and_from_the_same_file() {
        let environment = tempfile::tempdir().expect("a folder");
        assert!(!is_made_from(environment.path(), "tool==1\n"));
        fs::write(environment.path().join(MADE_FROM), "tool==1\n").expect("writable");
        assert!(is_made_from(environment.path(), "tool==1\n"));
        assert!(!is_made_from(environment.path(), "tool==2\n"));
    }

    #[test]
    fn what_is_missing_is_said_with_the_last_line_of_the_program() {
        let mut absent = Command::new("lastmile-has-no-such-program");
        let missing = run(&mut absent).expect_err("there is no such program");
        assert_eq!(missing.what, "lastmile-has-no-such-program");
        let mut failing = Command::new("sh");
        failing.args(["-c", "echo first >&2; echo last >&2; exit 1"]);
        let missing = run(&mut failing).expect_err("it fails");
        assert_eq!(missing.said, "last");
    }
}
