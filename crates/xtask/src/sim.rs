//! `cargo xtask sim`: runs the seeded simulation of quotes.

use clap::Args;

use crate::failure::Failure;
use crate::steps;

/// What goes to the simulation.
#[derive(Args)]
pub(crate) struct Options {
    /// `--seeds N`, `--from SEED`, `--seed S --trace` …
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the simulation, and runs it. It is not built for release: what overflows is to be seen.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut run = vec!["run", "--quiet", "-p", "lastmile-sim", "--"];
    run.extend(options.arguments.iter().map(String::as_str));
    steps::cargo_quietly(&run)
}
