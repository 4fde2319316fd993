//! Lookup in a large store against a small one.

use std::sync::Arc;

use crate::city;
use crate::client::Request;
use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::lookup;
use crate::product::Server;
use crate::scale::Scale;

/// 10,000,000 claims, three a building.
const MANY_BUILDINGS: u32 = 3_333_334;
/// 100,000 claims.
const FEW_BUILDINGS: u32 = 33_334;
const CLAIMS: usize = 3;
const REQUESTS: u32 = 50_000;
const WARM_UP: u32 = 20_000;
/// CPU of a lookup in the large store, as a multiple of the small one's.
const CPU_RATIO_MOST: f64 = 1.5;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let [few, many] = [FEW_BUILDINGS, MANY_BUILDINGS].map(|full| start(scale.of(full)));
    let ((few, few_lookups), (many, many_lookups)) = (few?, many?);
    let loads = [(&few, &few_lookups), (&many, &many_lookups)];
    let [few, many] = lookup::in_turn(loads, scale.of(WARM_UP), scale.of(REQUESTS))?;
    let figure = Figure::alone("growth.cpu", many.cpu_us, "us/request")
        .against(few.cpu_us, "the same with a hundredth of the claims")
        .wanted(Goal::RatioAtMost(CPU_RATIO_MOST));
    Ok(vec![figure])
}

fn start(buildings: u32) -> Result<(Server, Arc<Request>), Failure> {
    let data = city::loaded(buildings, CLAIMS)?;
    let key = lookup::key(&data)?;
    let server = Server::product(&data)?;
    let lookups = lookup::lookups(city::of(buildings), key);
    lookup::must_answer(&server, &lookups)?;
    Ok((server, lookups))
}
