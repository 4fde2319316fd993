//! `cargo xtask openapi`: the documents that are committed are the ones the code makes.

use clap::Args;

use crate::failure::Failure;
use crate::steps;

/// Where the committed documents are, from the root.
const FOLDER: &str = "openapi";

/// Write or compare.
#[derive(Args)]
pub(crate) struct Options {
    /// Only compares: fails when a committed document is not what the code makes.
    #[arg(long)]
    check: bool,
}

/// Writes the documents, or compares them.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut arguments = vec![
        "run", "--quiet", "-p", "lastmile", "--", "openapi", "--out", FOLDER,
    ];
    if options.check {
        arguments.push("--check");
    }
    steps::cargo(&arguments)
}

/// Compares them by the program that the tests have built.
pub(crate) fn check() -> Result<(), Failure> {
    println!("\n$ cargo xtask openapi --check");
    steps::build_as_for_tests()?;
    steps::run_built(
        "debug",
        "lastmile",
        &["openapi", "--out", FOLDER, "--check"],
    )
}
