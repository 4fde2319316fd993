//! Lookup over HTTP against a hello-world handler of the same framework.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lastmile_sample::City;
use serde_json::Value;

use crate::client::{self, Latencies, Request};
use crate::failure::Failure;
use crate::figure::{Figure, Goal};
use crate::product::Server;
use crate::scale::Scale;
use crate::{city, process, product};

const BUILDINGS: u32 = 1_000_000;
/// Claims on each building, one a provider.
const CLAIMS: usize = 3;
/// Requests in one round.
const REQUESTS: u32 = 50_000;
/// Requests of a server's turn, at least: few, because the machine is not as fast in one second as in the next; enough
/// that opening connections, which every turn does, is no part of the figure.
const TURN_LEAST: u32 = 10_000;
/// Requests before the first round, which is the first to read most pages.
const WARM_UP: u32 = 5_000;
/// Rounds; the median over their turns counts, because others use the machine too, and because the first round
/// reads from disk.
const ROUNDS: u32 = 5;
/// CPU of a lookup, as a multiple of hello-world's.
const CPU_RATIO_MOST: f64 = 3.0;
/// Steps through the city so that requests next to each other are far apart.
const STRIDE: u32 = 7_919;

/// Measures.
pub(crate) fn measure(scale: Scale) -> Result<Vec<Figure>, Failure> {
    let buildings = scale.of(BUILDINGS);
    let data = city::loaded(buildings, CLAIMS)?;
    let key = key(&data)?;
    let server = Server::product(&data)?;
    let hello = Server::hello()?;
    let city = city::of(buildings);
    let lookups = lookups(city.clone(), key.clone());
    let queries = queries(city, key);
    must_answer(&server, &lookups)?;
    let greeting: Arc<Request> = Arc::new(|_| client::get("/", ""));
    let requests = scale.of(REQUESTS);
    let warm_up = scale.of(WARM_UP);
    // Queries write, and a round of them leaves nothing of a lookup in the processor's caches: they come after.
    let loads = [(&hello, &greeting), (&server, &lookups)];
    let [greeted, lookup] = in_turn(loads, warm_up, requests)?;
    drop(server);
    // What they write would be in the way of the next run's lookups.
    let data = city::copied(&data, "queried")?;
    let server = Server::product(&data)?;
    let loads = [(&hello, &greeting), (&server, &queries)];
    let [greeted_beside, query] = in_turn(loads, warm_up, requests)?;
    drop(server);
    city::remove(&data)?;
    let hello_is = "hello-world handler";
    Ok(vec![
        Figure::alone("lookup.cpu", lookup.cpu_us, "us/request")
            .against(greeted.cpu_us, hello_is)
            .wanted(Goal::RatioAtMost(CPU_RATIO_MOST)),
        Figure::alone("lookup.p50", lookup.milliseconds(50.0), "ms")
            .against(greeted.milliseconds(50.0), hello_is),
        Figure::alone("lookup.p99", lookup.milliseconds(99.0), "ms")
            .against(greeted.milliseconds(99.0), hello_is),
        Figure::alone("lookup.instant_query_cpu", query.cpu_us, "us/request")
            .against(greeted_beside.cpu_us, hello_is),
        Figure::alone("lookup.instant_query_p99", query.milliseconds(99.0), "ms")
            .against(greeted_beside.milliseconds(99.0), hello_is),
    ])
}

/// What one server used for one kind of request.
pub(crate) struct Usage {
    /// Median over the turns, in microseconds of CPU a request.
    pub(crate) cpu_us: f64,
    latencies: Latencies,
}

impl Usage {
    /// Time within which so many percent of the requests were answered.
    #[expect(
        clippy::cast_precision_loss,
        reason = "nanoseconds of a request, far below 2^52"
    )]
    fn milliseconds(&self, percent: f64) -> f64 {
        self.latencies.value_at_percentile(percent) as f64 / 1e6
    }
}

/// Loads the servers one after another, turn by turn, and gives what each used. Every round asks the same. There are
/// [`client::CONNECTIONS`] connections, so no server has a crowd (`lastmile_http::front`).
pub(crate) fn in_turn<const N: usize>(
    loads: [(&Server, &Arc<Request>); N],
    warm_up: u32,
    requests: u32,
) -> Result<[Usage; N], Failure> {
    let mut turns: [Vec<f64>; N] = [(); N].map(|()| Vec::new());
    let mut latencies: [Option<Latencies>; N] = [(); N].map(|()| None);
    for (server, request) in loads {
        client::load(server.address, 0..warm_up, request)?;
    }
    let turns_each = (requests / TURN_LEAST).max(1);
    for turn in 0..ROUNDS * turns_each {
        let place = turn % turns_each;
        let asked = place * requests / turns_each..(place + 1) * requests / turns_each;
        for (index, (server, request)) in loads.into_iter().enumerate() {
            let before = cpu_time(server)?;
            let taken = client::load(server.address, asked.clone(), request)?;
            let used = cpu_time(server)?.saturating_sub(before);
            turns[index].push(used.as_secs_f64() * 1e6 / f64::from(asked.end - asked.start));
            match &mut latencies[index] {
                Some(all) => *all += taken,
                none => *none = Some(taken),
            }
        }
    }
    let mut latencies = latencies.into_iter();
    Ok(turns.map(|turns| Usage {
        cpu_us: median(turns),
        latencies: latencies
            .next()
            .flatten()
            .expect("every server had every turn"),
    }))
}

/// An API key for the data in a folder.
pub(crate) fn key(data: &Path) -> Result<String, Failure> {
    let run = product::run(&[
        "--data",
        &data.to_string_lossy(),
        "keys",
        "create",
        "--name",
        "bench",
        "--json",
    ])?;
    let created = product::last_object(&run)?;
    created["key"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::Wrong {
            what: "a new key",
            expected: "a text".to_owned(),
            actual: created.to_string(),
        })
}

/// Lookups of addresses of the city, as a simple GET.
pub(crate) fn lookups(city: City, key: String) -> Arc<Request> {
    Arc::new(move |number| {
        let address = asked(&city, number);
        client::get(
            &format!(
                "/availability/v1/lookup?address={}",
                client::encoded(&address)
            ),
            &key,
        )
    })
}

/// The same as an instant query of TMF645, which is stored.
fn queries(city: City, key: String) -> Arc<Request> {
    Arc::new(move |number| {
        let body = serde_json::json!({
            "instantSyncQualification": true,
            "searchCriteria": {"service": {"place": [{
                "@type": "GeographicAddress",
                "name": asked(&city, number),
            }]}},
        });
        let path = "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";
        client::post(path, &key, &body.to_string())
    })
}

fn asked(city: &City, number: u32) -> String {
    city.building(number.wrapping_mul(STRIDE) % city.size())
        .one_line()
}

/// A fast answer that is wrong is worth nothing: the first one is looked at.
pub(crate) fn must_answer(server: &Server, lookups: &Arc<Request>) -> Result<(), Failure> {
    let body = client::ask(server.address, &lookups(0))?;
    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
    let found = answer["findings"].as_array().map_or(0, Vec::len);
    if found == CLAIMS {
        return Ok(());
    }
    Err(Failure::Wrong {
        what: "the findings of the first lookup",
        expected: CLAIMS.to_string(),
        actual: body,
    })
}

fn cpu_time(server: &Server) -> Result<Duration, Failure> {
    process::cpu_time(server.id()).map_err(Failure::system("reading a server's CPU time"))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
