//! `cargo xtask ci`: what must be true before a change lands.

use crate::failure::Failure;
use crate::{steps, test};

/// Runs all of it, and stops at the first part that fails.
pub(crate) fn run() -> Result<(), Failure> {
    steps::cargo(&["fmt", "--all", "--check"])?;
    steps::cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ])?;
    // Optional parts, which the workspace alone does not build.
    steps::cargo(&[
        "clippy",
        "-p",
        "lastmile",
        "-p",
        "lastmile-lambda",
        "--all-targets",
        "--features",
        "lastmile/aws,lastmile/otel,lastmile-lambda/otel",
        "--",
        "-D",
        "warnings",
    ])?;
    steps::cargo_with(
        &[
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ],
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    licences()?;
    test::run()
}

fn licences() -> Result<(), Failure> {
    if !steps::has_cargo_command("deny") {
        steps::cargo(&["install", "--locked", "--debug", "cargo-deny"])?;
    }
    steps::cargo(&["deny", "check", "licenses", "bans", "sources"])?;
    println!("skipped: `cargo deny check advisories` (it needs a database from the network)");
    Ok(())
}
