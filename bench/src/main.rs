//! Every figure the project states, measured.
//!
//! Each figure is measured beside its reference in the same run, because a machine's speed is not a
//! fact but a ratio is. `cargo xtask bench` builds both as they are run for years (profile `dist`), and runs this.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring tool: its report is what it prints"
)]

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

mod address;
mod batch;
mod city;
mod client;
mod events;
mod failure;
mod figure;
mod foreign;
mod functions;
mod growth;
mod hello;
mod import;
mod lookup;
mod open_loop;
mod process;
mod product;
mod quote;
mod quoteception;
mod quoting;
mod runtime_api;
mod scale;
mod spike;
mod stand_in;
mod start;
mod stopwatch;
mod units;

use failure::Failure;
use figure::Figure;
use scale::Scale;

/// Measures what the project states, each figure beside its reference.
#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    after_help = "Example:\n  cargo xtask bench lookup --json\n\n\
                  Prepared data is kept in target/bench and used again; remove it to begin anew."
)]
struct Arguments {
    /// What to measure; without it, everything.
    name: Option<Name>,
    /// Print the figures as a JSON array.
    #[arg(long)]
    json: bool,
    /// Share of the full size: 0.01 is a hundredth of the buildings, rows and requests.
    #[arg(long, default_value_t = 1.0, value_parser = scale::parse)]
    scale: f64,
    /// Run as the hello-world server that lookups are compared with.
    #[arg(long, hide = true)]
    hello: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Parse and normalise: addresses a second on one core
    Address,
    /// `check --batch`: mixed addresses against exact ones
    Batch,
    /// Lookup with 10,000,000 claims against 100,000
    Growth,
    /// Import rate against the bare engine, and peak memory
    Import,
    /// Lookup over HTTP against a hello-world handler
    Lookup,
    /// A quote of 2,000 locations against one of 100
    Quote,
    /// 100 locations, 20 providers, each with 25 suppliers: 81,000 quotes
    Quoteception,
    /// Many requests at once: to functions of which none runs, and to the one binary beyond its rate
    Spike,
    /// Functions: from exec to the first event, zips, memory; against Node and Python
    Start,
    /// Read units of a lookup, as DynamoDB bills them
    Units,
}

/// The product's allocator, so that no reference is favoured or held back by another one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.hello {
        return hello::serve();
    }
    let scale = Scale(arguments.scale);
    let mut figures = Vec::new();
    for name in Name::value_variants() {
        if arguments.name.is_none_or(|wanted| wanted == *name) {
            eprintln!("measuring {name:?} ...");
            figures.extend(measure(*name, scale)?);
        }
    }
    if arguments.json {
        figure::print_json(&figures)
    } else {
        figure::print_table(&figures);
        Ok(())
    }
}

fn measure(name: Name, scale: Scale) -> Result<Vec<Figure>, Failure> {
    match name {
        Name::Address => Ok(address::measure(scale)),
        Name::Batch => batch::measure(scale),
        Name::Growth => growth::measure(scale),
        Name::Import => import::measure(scale),
        Name::Lookup => lookup::measure(scale),
        Name::Quote => quote::measure(scale),
        Name::Quoteception => quoteception::measure(scale),
        Name::Spike => spike::measure(scale),
        Name::Start => start::measure(scale),
        Name::Units => units::measure(scale),
    }
}
