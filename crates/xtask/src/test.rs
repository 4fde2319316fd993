//! `cargo xtask test`: everything that must pass, on a fresh machine.

use crate::failure::Failure;
use crate::{bench, emulator, infra, openapi, rooms, steps, tidy};

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
    openapi::write_or_check(true)?;
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
        "\nskipped, because they build every function for release: cargo xtask e2e (the whole stack on an \
         emulator), cargo xtask bench start, cargo xtask bench spike"
    );
    println!("\nEverything above passed.");
    Ok(())
}
