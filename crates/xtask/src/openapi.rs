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
    write_or_check(options.check)
}

/// The same, for other tasks.
pub(crate) fn write_or_check(check: bool) -> Result<(), Failure> {
    let mut arguments = vec![
        "run", "--quiet", "-p", "lastmile", "--", "openapi", "--out", FOLDER,
    ];
    if check {
        arguments.push("--check");
    }
    steps::cargo(&arguments)
}
