//! Many requests at once: 200 to functions of which none runs yet, and multiples of its own rate to the one
//! binary.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::client::{self, CONNECTIONS, Latencies, Request};
use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::functions::{Function, Surroundings};
use crate::product::Server;
use crate::runtime_api::RuntimeApi;
use crate::scale::Scale;
use crate::stand_in::StandIn;
use crate::stopwatch::Stopwatch;
use crate::{city, events, lookup, open_loop};

/// Requests to the functions at once.
const AT_ONCE: usize = 200;
/// Environments that are started for them, and events that each is given at once.
const ENVIRONMENTS: usize = 20;
const EVENTS_EACH: usize = AT_ONCE / ENVIRONMENTS;
/// Longest time until the last answer.
const PATIENCE: Duration = Duration::from_secs(60);

const BUILDINGS: u32 = 20_000;
/// Providers of the city's lists.
const PROVIDERS: usize = 3;
/// Places of a query: enough work for one machine to offer ten times what the server can do.
const PLACES: u32 = 20;
/// Queries by which the server's rate is found.
const QUERIES: u32 = 10_000;
/// How long each multiple of the rate is offered.
const OFFERED_MS: u32 = 5_000;
const OFFERED_MS_LEAST: u32 = 100;
/// p99 of what is accepted, as a multiple of the p99 where [`CONNECTIONS`] clients wait for each answer.
const P99_RATIO_MOST: f64 = 20.0;

/// A multiple of the rate, and the names of its figures.
struct Level {
    times: f64,
    p99: &'static str,
    accepted: &'static str,
    shed: &'static str,
    failed: &'static str,
    late: &'static str,
}

const LEVELS: [Level; 3] = [
    Level {
        times: 2.0,
        p99: "spike.p99_at_2x",
        accepted: "spike.accepted_at_2x",
        shed: "spike.shed_at_2x",
        failed: "spike.failed_at_2x",
        late: "spike.client_late_at_2x",
    },
    Level {
        times: 5.0,
        p99: "spike.p99_at_5x",
        accepted: "spike.accepted_at_5x",
        shed: "spike.shed_at_5x",
        failed: "spike.failed_at_5x",
        late: "spike.client_late_at_5x",
    },
    Level {
        times: 10.0,
        p99: "spike.p99_at_10x",
        accepted: "spike.accepted_at_10x",
        shed: "spike.shed_at_10x",
        failed: "spike.failed_at_10x",
        late: "spike.client_late_at_10x",
    },
];

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let mut figures = functions()?;
    figures.extend(server(scale)?);
    Ok(figures)
}

/// From nothing to [`AT_ONCE`] requests: the environments are started when the requests are there.
fn functions() -> Result<Vec<Figure>, Failure> {
    let stand_in = StandIn::start()?;
    let api = RuntimeApi::start()?;
    let function = Function::ours("availability")?;
    let surroundings = Surroundings {
        endpoint: Some(stand_in.address),
        at_once: Some(EVENTS_EACH),
    };
    api.offer(&events::lookup(&stand_in.served), AT_ONCE);
    let _environments = (0..ENVIRONMENTS)
        .map(|_| function.start(api.address, surroundings))
        .collect::<Result<Vec<_>, _>>()?;
    let answers = api.answers(AT_ONCE, PATIENCE);
    let is_good = |answer: &&crate::runtime_api::Answer| {
        let body = answer.body.as_ref();
        body.is_some_and(|body| body["statusCode"] == 200)
    };
    let good = answers.iter().filter(is_good).count();
    let last = answers.iter().map(|answer| answer.after).max();
    let last = last.unwrap_or(PATIENCE).as_secs_f64() * 1e3;
    Ok(vec![
        Figure::alone("spike.functions_failed", count(AT_ONCE - good), "requests")
            .wanted(Goal::AtMost(0.0)),
        Figure::alone("spike.functions_last_answer", last, "ms"),
    ])
}

fn server(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let buildings = scale.of(BUILDINGS);
    let data = city::copied(&city::loaded(buildings, PROVIDERS)?, "spike")?;
    let queries = queries(buildings, lookup::key(&data)?);
    let server = Server::product(&data)?;
    let total = scale.of(QUERIES);
    client::load(server.address, 0..total, &queries)?;
    let stopwatch = Stopwatch::start();
    let latencies = client::load(server.address, 0..total, &queries)?;
    let rate = f64::from(total) / stopwatch.elapsed().as_secs_f64();
    let p99 = p99_ms(&latencies);
    let mut figures = vec![
        Figure::alone("spike.rate", rate, "queries/s"),
        Figure::alone("spike.p99_at_rate", p99, "ms"),
    ];
    for level in &LEVELS {
        let offered_ms = scale.at_least(OFFERED_MS, OFFERED_MS_LEAST);
        let wanted = rate * level.times * f64::from(offered_ms) / 1e3;
        let outcome =
            open_loop::offer(server.address, rate * level.times, whole(wanted), &queries)?;
        if let Some(failure) = &outcome.first_failure {
            eprintln!("  at {}x: {failure}", level.times);
        }
        #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
        let accepted = outcome.accepted.len() as f64;
        figures.extend([
            Figure::alone(level.p99, p99_ms(&outcome.accepted), "ms")
                .against(p99, "p99 at its rate")
                .wanted(Goal::RatioAtMost(P99_RATIO_MOST)),
            Figure::alone(
                level.accepted,
                accepted / outcome.taken.as_secs_f64(),
                "queries/s",
            )
            .against(rate, "its rate"),
            Figure::alone(level.shed, f64::from(outcome.shed), "queries"),
            Figure::alone(level.failed, f64::from(outcome.failed), "queries")
                .wanted(Goal::AtMost(0.0)),
            // p99 of how late the client began, for want of a processor: the multiple was that much less at the end.
            Figure::alone(level.late, p99_ms(&outcome.late), "ms"),
        ]);
    }
    drop(server);
    city::remove(&data)?;
    Ok(figures)
}

/// Queries of TMF645 with [`PLACES`] places each, answered at once and stored.
fn queries(buildings: u32, key: String) -> Arc<Request> {
    let city = city::of(buildings);
    Arc::new(move |number| {
        let place = |place: u32| {
            let index = (number.wrapping_mul(PLACES) + place) % city.size();
            json!({"@type": "GeographicAddress", "name": city.building(index).one_line()})
        };
        let places: Vec<_> = (0..PLACES).map(place).collect();
        let body = json!({
            "instantSyncQualification": true,
            "searchCriteria": {"service": {"place": places}},
        });
        let path = "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";
        client::post(path, &key, &body.to_string())
    })
}

#[expect(
    clippy::cast_precision_loss,
    reason = "nanoseconds of a request, far below 2^52"
)]
fn p99_ms(latencies: &Latencies) -> f64 {
    latencies.value_at_percentile(99.0) as f64 / 1e6
}

fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of requests, of which there are at least some"
)]
fn whole(requests: f64) -> u32 {
    (requests as u32).max(CONNECTIONS)
}
