//! `lastmile-sim`: runs seeds, and says which of them break a rule.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's tool: its report is what it prints"
)]

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use clap::Parser;
use lastmile_sim::{Happening, Happenings, Options, Report, RunError, run, run_twice};

/// Runs the simulation of quotes by seeds.
#[derive(Parser)]
#[command(name = "cargo xtask sim", bin_name = "cargo xtask sim")]
struct Arguments {
    /// How many seeds to run.
    #[arg(long, default_value_t = 1000)]
    seeds: u64,
    /// The first of them.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Runs this seed alone, twice.
    #[arg(long, conflicts_with_all = ["seeds", "from"])]
    seed: Option<u64>,
    /// Prints the whole trace of the seed.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// How many seeds to run at once.
    #[arg(long, default_value_t = at_once())]
    jobs: usize,
    /// Goes on after a seed that breaks a rule.
    #[arg(long)]
    keep_going: bool,
}

/// Seeds between two words of progress.
const TOLD_EVERY: u64 = 100;

fn at_once() -> usize {
    thread::available_parallelism().map_or(1, Into::into)
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match arguments.seed {
        Some(seed) => one(seed, arguments.trace),
        None => many(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the simulation cannot be run: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one seed twice; whether all rules hold.
fn one(seed: u64, whole_trace: bool) -> Result<bool, RunError> {
    let mut options = Options::default();
    if whole_trace {
        options.trace_kept = usize::MAX;
    }
    let report = run_twice(seed, &options)?;
    if whole_trace {
        report.trace.last.iter().for_each(|line| println!("{line}"));
    }
    print_happened(&report.happened);
    println!(
        "seed {seed}: {} lines, digest {:016x}, {} s of its own time",
        report.trace.lines,
        report.trace.digest,
        report.lasted.as_secs()
    );
    if !whole_trace {
        print_broken(&report);
    } else if let Some(broken) = &report.broken {
        println!("seed {seed} breaks a rule: {broken}");
    }
    Ok(report.broken.is_none())
}

/// Runs many seeds; whether all rules hold in all of them.
fn many(arguments: &Arguments) -> Result<bool, RunError> {
    // Whether a seed always gives the same is looked at before anything is said by seeds.
    let first = run_twice(arguments.from, &Options::default())?;
    if first.broken.is_some() {
        print_broken(&first);
        return Ok(false);
    }
    let next = AtomicU64::new(0);
    let failed = Mutex::new(Vec::new());
    let happened: Mutex<Happenings> = Mutex::default();
    thread::scope(|scope| {
        let work = || {
            while let Some(seed) = next_seed(arguments, &next, &failed) {
                let report = run(seed, &Options::default())?;
                add(&happened, &report.happened);
                if report.broken.is_some() {
                    print_broken(&report);
                    lock(&failed).push(seed);
                }
            }
            Ok::<(), RunError>(())
        };
        let workers: Vec<_> = (0..arguments.jobs.max(1))
            .map(|_| scope.spawn(work))
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    print_happened(&lock(&happened));
    let (seeds, from) = (arguments.seeds, arguments.from);
    println!(
        "{seeds} seeds from {from}: {} break a rule {failed:?}",
        failed.len()
    );
    Ok(failed.is_empty())
}

fn next_seed(arguments: &Arguments, next: &AtomicU64, failed: &Mutex<Vec<u64>>) -> Option<u64> {
    if !arguments.keep_going && !lock(failed).is_empty() {
        return None;
    }
    let number = next.fetch_add(1, Ordering::Relaxed);
    if number > 0 && number.is_multiple_of(TOLD_EVERY) {
        println!("{number} of {}", arguments.seeds);
    }
    (number < arguments.seeds).then(|| arguments.from + number)
}

fn add(all: &Mutex<Happenings>, more: &Happenings) {
    let mut all = lock(all);
    for (happening, times) in more {
        *all.entry(*happening).or_default() += times;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn print_happened(happened: &BTreeMap<Happening, u64>) {
    for happening in Happening::ALL {
        let times = happened.get(&happening).copied().unwrap_or_default();
        println!("{times:>10} {}", happening.as_str());
    }
}

fn print_broken(report: &Report) {
    let Report {
        seed,
        broken,
        trace,
        ..
    } = report;
    let Some(broken) = broken else {
        return;
    };
    for line in &trace.last {
        println!("{line}");
    }
    println!("seed {seed} breaks a rule: {broken}");
    println!("again, with all that happens: cargo xtask sim --seed {seed} --trace");
}
