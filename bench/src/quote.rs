//! Quotes of any size without suppliers: whether the work grows with the grid and not faster.

use std::time::Duration;

use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::quoting::deal::Deal;
use crate::quoting::run;
use crate::scale::Scale;

/// Locations of the large quote, and of the one that it is compared with.
const LOCATIONS: u32 = 2_000;
const LOCATIONS_FEW: u32 = 100;
const LOCATIONS_LEAST: u32 = 100;
/// How many times longer twenty times as many locations may take.
const GROWTH_MOST: f64 = 22.0;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let deal = |locations| Deal {
        locations,
        providers: 20,
        buys: false,
        suppliers_on_platform: 0,
        suppliers_by_api: 0,
    };
    let large = deal(scale.at_least(LOCATIONS, LOCATIONS_LEAST));
    let small = deal(scale.at_least(LOCATIONS_FEW, LOCATIONS_LEAST / 20));
    let few = run::deal(small, Duration::ZERO)?;
    let many = run::deal(large, Duration::ZERO)?;
    let cells = f64::from(large.cells());
    Ok(vec![
        Figure::alone(
            "quote.cpu_of_2000_locations",
            many.cpu.as_secs_f64() * 1e3,
            "ms",
        )
        .against(few.cpu.as_secs_f64() * 1e3, "100 locations")
        .wanted(Goal::RatioAtMost(GROWTH_MOST)),
        Figure::alone(
            "quote.wall_of_2000_locations",
            many.wall.as_secs_f64() * 1e3,
            "ms",
        )
        .against(few.wall.as_secs_f64() * 1e3, "100 locations")
        .wanted(Goal::RatioAtMost(GROWTH_MOST)),
        Figure::alone("quote.rate", cells / many.wall.as_secs_f64(), "cells/s"),
        Figure::alone("quote.cpu", many.cpu.as_secs_f64() * 1e6 / cells, "us/cell"),
        Figure::alone("quote.peak_memory", many.peak_memory_kb as f64 / 1e3, "MB")
            .against(few.peak_memory_kb as f64 / 1e3, "100 locations"),
    ])
}
