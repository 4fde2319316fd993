//! Programs run one after another, each shown as it would be typed.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use cargo_metadata::MetadataCommand;

use crate::failure::Failure;
use crate::tree;

/// Runs `cargo` with these arguments from the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Result<(), Failure> {
    cargo_with(arguments, &[])
}

/// Runs `cargo` with these arguments and environment variables from the root of the repository.
pub(crate) fn cargo_with(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), Failure> {
    println!("\n$ {}", typed(arguments));
    start(arguments, environment)
}

/// Runs `cargo` without showing the command, where the output is for a machine.
pub(crate) fn cargo_quietly(arguments: &[&str]) -> Result<(), Failure> {
    start(arguments, &[])
}

/// Builds every program of the workspace from what its tests are built from.
///
/// Which features a library is built with depends on what else is built: a package alone would build most
/// of them a second time.
pub(crate) fn build_as_for_tests() -> Result<(), Failure> {
    cargo_quietly(&["build", "--quiet", "--workspace", "--bins", "--tests"])
}

/// A program that is built, in this folder of the target folder.
pub(crate) fn built(folder: &str, name: &str) -> Result<PathBuf, Failure> {
    let metadata = MetadataCommand::new().no_deps().exec()?;
    Ok(metadata.target_directory.join(folder).join(name).into())
}

/// Runs a program that is built, from the root of the repository.
pub(crate) fn run_built(folder: &str, name: &str, arguments: &[&str]) -> Result<(), Failure> {
    let mut command = Command::new(built(folder, name)?);
    command.args(arguments);
    finish(&mut command, format!("{name} {}", arguments.join(" ")))
}

fn typed(arguments: &[&str]) -> String {
    format!("cargo {}", arguments.join(" "))
}

fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), Failure> {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).envs(environment.iter().copied());
    finish(&mut command, typed(arguments))
}

fn finish(command: &mut Command, typed: String) -> Result<(), Failure> {
    match command.current_dir(tree::root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::Command {
            command: typed,
            status: status.to_string(),
        }),
        Err(reason) => Err(Failure::Start {
            command: typed,
            reason,
        }),
    }
}

/// Whether `cargo NAME` is installed.
pub(crate) fn has_cargo_command(name: &str) -> bool {
    Command::new(env!("CARGO"))
        .args([name, "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
