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

/// The product, its functions, and what measures them.
const PACKAGES: [&str; 3] = ["lastmile", "lastmile-bench", "lastmile-lambda"];
/// The program that measures.
const BENCH: &str = "lastmile-bench";

/// Builds for release, and measures.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let arguments: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    let mut build = vec!["build", "--quiet", "--release"];
    build.extend(PACKAGES.iter().flat_map(|package| ["-p", package]));
    steps::cargo_quietly(&build)?;
    steps::run_built("release", BENCH, &arguments)
}

/// Runs some of the figures at a small scale on what the tests have built: whether they can be measured,
/// not what they come to.
pub(crate) fn smoke(names: &[&str], scale: &str) -> Result<(), Failure> {
    steps::build_as_for_tests()?;
    for name in names {
        println!("\n$ lastmile-bench {name} --scale {scale} (a debug build: no figure to keep)");
        steps::run_built("debug", BENCH, &[name, "--scale", scale])?;
    }
    Ok(())
}
