//! `cargo xtask test`: everything that must pass, on a fresh machine.

use crate::failure::Failure;
use crate::package::Build;
use crate::{bench, e2e, emulator, infra, openapi, rooms, steps, tidy};

/// What is measured on real addresses that others have labelled.
const EVALUATIONS: [&str; 4] = ["labelled", "offers", "answered", "corrections"];
/// Share of the bench's full size that is run as a test.
const BENCH_SMOKE_SCALE: &str = "0.001";
/// The figures that need nothing but the product.
const BENCH_SMOKE: [&str; 6] = ["address", "batch", "growth", "import", "lookup", "units"];

/// Runs all of it, and stops at the first part that fails.
pub(crate) fn run() -> Result<(), Failure> {
    rooms::run()?;
    tidy::run()?;
    steps::cargo(&["test", "--workspace"])?;
    emulator::run()?;
    e2e::run(Build::Tests)?;
    openapi::check()?;
    infra::check()?;
    for name in EVALUATIONS {
        steps::cargo(&[
            "run",
            "--quiet",
            "-p",
            "xtask",
            "--",
            "evaluate",
            name,
            "--if-present",
        ])?;
    }
    bench::smoke(&BENCH_SMOKE, BENCH_SMOKE_SCALE)?;
    println!(
        "\nskipped, because they build every function for release: cargo xtask package, cargo xtask bench \
         start, cargo xtask bench spike"
    );
    println!("\nEverything above passed.");
    Ok(())
}
