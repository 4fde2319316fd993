//! Programs run one after another, each shown as it would be typed.

use std::process::{Command, Stdio};

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

fn typed(arguments: &[&str]) -> String {
    format!("cargo {}", arguments.join(" "))
}

fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Result<(), Failure> {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(tree::root());
    let status = command.status().map_err(|reason| Failure::Start {
        command: typed(arguments),
        reason,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::Command {
        command: typed(arguments),
        status: status.to_string(),
    })
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
