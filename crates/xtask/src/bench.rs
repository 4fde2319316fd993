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

/// The product and what measures it.
const PRODUCT: [&str; 2] = ["lastmile", "lastmile-bench"];
/// Those, and the functions, which some figures are about.
const PRODUCT_AND_FUNCTIONS: [&str; 3] = ["lastmile", "lastmile-bench", "lastmile-lambda"];

/// Builds for release, and measures.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let arguments: Vec<&str> = options.arguments.iter().map(String::as_str).collect();
    build(&PRODUCT_AND_FUNCTIONS)?;
    bench(&arguments)
}

/// Builds the product for release, and measures some of the figures at a small scale.
pub(crate) fn smoke(names: &[&str], scale: &str) -> Result<(), Failure> {
    build(&PRODUCT)?;
    for name in names {
        println!("\n$ cargo xtask bench {name} --scale {scale}");
        bench(&[name, "--scale", scale])?;
    }
    Ok(())
}

fn build(packages: &[&str]) -> Result<(), Failure> {
    let mut build = vec!["build", "--quiet", "--release"];
    build.extend(packages.iter().flat_map(|package| ["-p", package]));
    steps::cargo_quietly(&build)
}

fn bench(arguments: &[&str]) -> Result<(), Failure> {
    let mut run = vec!["run", "--quiet", "--release", "-p", "lastmile-bench", "--"];
    run.extend_from_slice(arguments);
    steps::cargo_quietly(&run)
}
