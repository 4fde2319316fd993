//! Read units of a lookup, as DynamoDB bills them.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use lastmile_app::availability::{Availability, LookupOptions, lookup};
use lastmile_app::{Context, Random};
use lastmile_backend_embedded::{EmbeddedOptions, EmbeddedStore};
use lastmile_model::address::parse;
use lastmile_model::availability::Place;
use lastmile_store::Clock;

use crate::city;
use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::scale::Scale;

/// Buildings, each with the claims of [`PROVIDERS`] providers.
const BUILDINGS: u32 = 400;
/// Claims on each building.
const PROVIDERS: usize = 20;
/// Read units that a building's answer may cost.
const UNITS_MOST: f64 = 1.0;
/// The time at which it is asked; the lists are of this year.
const ASKED_AT_SECONDS: i64 = 1_773_000_000;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let data = city::loaded(scale.of(BUILDINGS), PROVIDERS)?;
    let runtime = tokio::runtime::Runtime::new().map_err(Failure::system("starting threads"))?;
    let dearest = runtime.block_on(dearest(&data, scale.of(BUILDINGS)))?;
    Ok(vec![
        Figure::alone("units.read_per_lookup_of_20_claims", dearest, "read units")
            .wanted(Goal::AtMost(UNITS_MOST)),
    ])
}

/// The read units of the dearest building.
async fn dearest(data: &Path, buildings: u32) -> Result<f64, Failure> {
    let options = EmbeddedOptions::new(Arc::new(FrozenClock));
    let store = EmbeddedStore::open(data, options).map_err(other)?;
    let context = Context::new(Arc::new(store), Arc::new(FrozenClock), Arc::new(NoChance));
    let lists = Availability::new(context.clone())
        .lists()
        .await
        .map_err(other)?;
    let mut dearest: f64 = 0.0;
    for building in city::of(buildings).buildings() {
        let place = Place {
            address: parse(&building.one_line()),
            coordinates: None,
        };
        let options = LookupOptions::default();
        let answer = lookup(&context, &lists, &place, &options)
            .await
            .map_err(other)?;
        let found = answer.value.findings.len();
        if found != PROVIDERS {
            return Err(Failure::Wrong {
                what: "the findings of a lookup",
                expected: PROVIDERS.to_string(),
                actual: found.to_string(),
            });
        }
        dearest = dearest.max(answer.capacity.read_units());
    }
    Ok(dearest)
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::system("looking up")(std::io::Error::other(error))
}

/// A clock that stands still: nothing measured here depends on the time.
struct FrozenClock;

impl Clock for FrozenClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(ASKED_AT_SECONDS).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Lookups need no chance.
struct NoChance;

impl Random for NoChance {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}
