//! `cargo xtask test`: everything that must pass, on a fresh machine.

use crate::failure::Failure;
use crate::{bench, e2e, emulator, infra, openapi, rooms, steps, tidy};

/// What is measured on real addresses that others have labelled.
const EVALUATIONS: [&str; 4] = ["labelled", "offers", "answered", "corrections"];
/// Share of the bench's full size that is run as a test.
const BENCH_SMOKE_SCALE: &str = "0.001";

/// Runs all of it, and stops at the first part that fails.
pub(crate) fn run() -> Result<(), Failure> {
    rooms::run()?;
    tidy::run()?;
    steps::cargo(&["test", "--workspace"])?;
    emulator::run()?;
    openapi::write_or_check(true)?;
    infra::check()?;
    e2e::run()?;
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
    println!("\n$ cargo xtask bench --scale {BENCH_SMOKE_SCALE}");
    bench::measure(&["--scale", BENCH_SMOKE_SCALE])?;
    println!("\nEverything above passed.");
    Ok(())
}
