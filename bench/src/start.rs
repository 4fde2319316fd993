//! From exec to the first question for an event, as Lambda starts functions; the size of their zips; and
//! how much memory they take.
//!
//! Every function is started in turn, round by round, so that all of them meet the same machine.

use std::time::Duration;

use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::foreign;
use crate::functions::{self, Function, OURS, Ours, Surroundings};
use crate::process;
use crate::runtime_api::RuntimeApi;
use crate::scale::Scale;
use crate::stand_in::StandIn;
use crate::stopwatch::Stopwatch;

/// Starts of each function.
const STARTS: u32 = 30;
/// Starts at least, however small the scale.
const STARTS_LEAST: u32 = 3;
/// Events that a function works on before its memory is looked at.
const INVOCATIONS: u32 = 500;
const INVOCATIONS_LEAST: u32 = 5;
/// Longest time that a start or an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Start of ours, as a multiple of a function that has nothing but the same clients.
const START_RATIO_MOST: f64 = 1.5;
/// How many times longer a function of Node takes.
const NODE_RATIO_LEAST: f64 = 20.0;
/// Size of a zip.
const ZIP_MB_MOST: f64 = 5.0;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let bare = Function::beside("bare-function")?;
    let eager = Function::beside("eager-function")?;
    let (node, python) = (foreign::node()?, foreign::python()?);
    let ours = OURS
        .iter()
        .map(|ours| Function::ours(ours.name))
        .collect::<Result<Vec<_>, _>>()?;
    let mut all = vec![&bare, &eager];
    all.extend(&ours);
    all.extend(node.iter().chain(&python));
    let starts = scale.at_least(STARTS, STARTS_LEAST);
    let mut medians = in_turn(&all, starts)?.into_iter();
    let mut next = || medians.next().expect("every function was started");
    let (bare, eager) = (next(), next());
    let ours: Vec<f64> = OURS.iter().map(|_| next()).collect();
    let mut figures = vec![
        Figure::alone("start.bare", bare, "ms"),
        Figure::alone("start.bare_with_clients", eager, "ms"),
    ];
    for (function, start) in OURS.iter().zip(&ours) {
        figures.push(
            Figure::alone(function.start, *start, "ms")
                .against(eager, "a bare function with the same clients")
                .wanted(Goal::RatioAtMost(START_RATIO_MOST)),
        );
    }
    let slowest = ours.iter().copied().fold(0.0, f64::max);
    let slowest_is = "our slowest function";
    if node.is_some() {
        figures.push(
            Figure::alone("start.node", next(), "ms")
                .against(slowest, slowest_is)
                .wanted(Goal::RatioAtLeast(NODE_RATIO_LEAST)),
        );
    }
    if python.is_some() {
        figures.push(Figure::alone("start.python", next(), "ms").against(slowest, slowest_is));
    }
    figures.extend(sizes()?);
    figures.extend(memory(scale.at_least(INVOCATIONS, INVOCATIONS_LEAST))?);
    Ok(figures)
}

/// The median start of each function, in milliseconds.
fn in_turn(functions: &[&Function], starts: u32) -> Result<Vec<f64>, Failure> {
    let mut taken: Vec<Vec<f64>> = vec![Vec::new(); functions.len()];
    // The first round fills the system's caches, and is not counted.
    for round in 0..=starts {
        for (function, taken) in functions.iter().zip(&mut taken) {
            let start = one_start(function)?;
            if round > 0 {
                taken.push(start.as_secs_f64() * 1e3);
            }
        }
    }
    Ok(taken.into_iter().map(median).collect())
}

fn one_start(function: &Function) -> Result<Duration, Failure> {
    let api = RuntimeApi::start()?;
    let begun = Stopwatch::start();
    let _process = function.start(api.address, Surroundings::default())?;
    let polled = api.first_poll(PATIENCE)?;
    Ok(begun.until(polled))
}

fn sizes() -> Result<Vec<Figure>, Failure> {
    let figure = |ours: &Ours| {
        let megabytes = megabytes(functions::zip_bytes(ours.name)?);
        Ok(Figure::alone(ours.zip, megabytes, "MB").wanted(Goal::AtMost(ZIP_MB_MOST)))
    };
    OURS.iter().map(figure).collect()
}

/// The most memory that each function had after so many events, one at a time.
fn memory(invocations: u32) -> Result<Vec<Figure>, Failure> {
    let stand_in = StandIn::start()?;
    let figure = |ours: &Ours| {
        let api = RuntimeApi::start()?;
        let surroundings = Surroundings {
            endpoint: Some(stand_in.address),
            at_once: None,
        };
        let function = Function::ours(ours.name)?.start(api.address, surroundings)?;
        let event = (ours.event)(&stand_in.served);
        for _ in 0..invocations {
            api.offer(&event, 1);
            if api.answers(1, PATIENCE).is_empty() {
                return Err(Failure::Wrong {
                    what: ours.name,
                    expected: "an answer to its event".to_owned(),
                    actual: format!("none within {PATIENCE:?}"),
                });
            }
        }
        let peak = process::peak_memory_kb(function.0.id()) * 1024;
        Ok(Figure::alone(ours.memory, megabytes(peak), "MB"))
    };
    OURS.iter().map(figure).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files and processes, far below 2^52"
)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
