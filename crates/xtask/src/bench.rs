//! `cargo xtask bench`: builds the product, its functions and the bench for release, and runs the bench.

use clap::Args;

use crate::failure::Failure;
use crate::steps;

/// What goes to the bench.
#[derive(Args)]
pub(crate) struct Options {
    /// NAME, `--json`, `--scale` …
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds and measures.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let arguments: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    measure(&arguments)
}

/// Builds for release, then runs the bench with `arguments`.
pub(crate) fn measure(arguments: &[&str]) -> Result<(), Failure> {
    let build = [
        "build",
        "--quiet",
        "--release",
        "-p",
        "lastmile",
        "-p",
        "lastmile-bench",
        "-p",
        "lastmile-lambda",
    ];
    steps::cargo_quietly(&build)?;
    let mut run = vec!["run", "--quiet", "--release", "-p", "lastmile-bench", "--"];
    run.extend_from_slice(arguments);
    steps::cargo_quietly(&run)
}
