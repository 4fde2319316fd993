//! `cargo xtask bench`: builds the product, its functions and the bench as they are run for years, and runs the bench.

use clap::Args;

use crate::failure::Failure;
use crate::package::{self, Build};
use crate::steps;

/// What goes to the bench.
#[derive(Args)]
pub(crate) struct Options {
    /// NAME, `--json`, `--scale` …
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// The product, and what measures it.
const PACKAGES: [&str; 2] = ["lastmile", "lastmile-bench"];
/// The cargo profile of what runs for years.
const PROFILE: &str = "dist";
/// Figures about the functions, which are measured as they are deployed.
const OF_FUNCTIONS: [&str; 2] = ["start", "spike"];
/// The program that measures.
const BENCH: &str = "lastmile-bench";

/// Asks what there is to measure, and for no figure.
const HELP: [&str; 2] = ["-h", "--help"];

/// Builds, and measures.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let arguments: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    let mut build = vec!["build", "--quiet", "--profile", PROFILE];
    build.extend(PACKAGES.iter().flat_map(|package| ["-p", package]));
    steps::cargo_quietly(&build)?;
    if needs_functions(&arguments) {
        package::packages(Build::Functions)?;
    }
    steps::run_built(PROFILE, BENCH, &arguments)
}

/// Whether a figure is measured, or all are, for which functions are started.
fn needs_functions(arguments: &[&str]) -> bool {
    let is_option = |argument: &&str| argument.starts_with('-') || argument.parse::<f64>().is_ok();
    if arguments.iter().any(|argument| HELP.contains(argument)) {
        return false;
    }
    let mut names = arguments.iter().filter(|argument| !is_option(argument));
    names.next().is_none_or(|first| {
        OF_FUNCTIONS.contains(first) || names.any(|name| OF_FUNCTIONS.contains(name))
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_built_for_figures_about_them() {
        assert!(needs_functions(&[]));
        assert!(needs_functions(&["--scale", "0.1", "--json"]));
        assert!(needs_functions(&["start"]));
        assert!(needs_functions(&["lookup", "spike"]));
        assert!(!needs_functions(&["lookup", "--scale", "0.1"]));
        assert!(!needs_functions(&["--help"]));
        assert!(!needs_functions(&["start", "-h"]));
    }
}
