//! The repository checking itself.
//!
//! `cargo xtask test` is everything that must pass; `cargo xtask ci` adds what a reviewer would
//! otherwise have to look for. Each other command is one of their parts.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool: its report is what it prints"
)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod bench;
mod ci;
mod e2e;
mod emulator;
mod evaluate;
mod failure;
mod infra;
mod openapi;
mod package;
mod python;
mod rooms;
mod sim;
mod steps;
mod test;
mod tidy;
mod tree;

/// The repository checking itself.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs what must pass on a fresh machine, and says plainly what it leaves out and why.
    Test,
    /// What must be true before a change lands: format, lints, docs, licences, then `test`.
    Ci,
    /// Checks the room table of ARCHITECTURE.md against the crates' real dependencies.
    Rooms,
    /// Checks names, keys, links and paths that no compiler looks at.
    Tidy,
    /// Writes the OpenAPI documents from the code.
    Openapi(openapi::Options),
    /// Asks the contracts of DynamoDB, SQS and S3 of a local emulator of AWS.
    Emulator,
    /// Builds the functions as Lambda takes them, and shows how large they are.
    Package,
    /// Deploys the whole stack to a local emulator of AWS, and asks it.
    E2e(e2e::Options),
    /// Checks `infra/` without an account: against the code, and by the usual tools.
    Infra(infra::Options),
    /// What the product makes of real data that others have labelled.
    Evaluate(evaluate::Options),
    /// Measures every figure the project states. Arguments go to the bench; try `--help`.
    #[command(disable_help_flag = true)]
    Bench(bench::Options),
    /// Runs quotes under many seeds, with everything that can go wrong. Arguments go to the simulation; try `--help`.
    #[command(disable_help_flag = true)]
    Sim(sim::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Test => test::run(),
        Command::Ci => ci::run(),
        Command::Rooms => rooms::run(),
        Command::Tidy => tidy::run(),
        Command::Openapi(options) => openapi::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Emulator => emulator::run(),
        Command::Package => package::run(package::Build::Functions),
        Command::E2e(options) => e2e::command(&options),
        Command::Infra(options) => infra::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Sim(options) => sim::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
