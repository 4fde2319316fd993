//! One seller: what it has been sent, and how it answers.

mod address;
mod check;
mod hub;
mod place;
mod problem;
mod product;
mod qualification;
mod quirk;
mod quote;
mod token;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response};
use jiff::Timestamp;
use serde_json::Value;

use crate::behaviour::{Behaviour, Figures};
use crate::chance::Chance;
use place::KnownPlace;
use problem::{NotAnswered, Problem};
use quirk::written;

/// Major versions that sellers speak.
const ADDRESS_API: &str = "mefApi/sonata/geographicAddressManagement/v7/";
const QUALIFICATION_API: &str = "mefApi/sonata/productOfferingQualification/v7/";
const QUOTE_API: &str = "mefApi/sonata/quoteManagement/v8/";
/// A rate-limited seller takes so many requests a second.
const RATE_LIMIT_PER_SECOND: u32 = 5;
/// And a flaky one fails so many of a thousand.
const FLAKY_PERMILLE: u64 = 300;
/// A rate-limited seller says to come back after so many.
const RETRY_AFTER_SECONDS: u32 = 1;
/// Most resources of each kind that a seller keeps; the oldest go first.
const KEPT_MAX: usize = 100_000;

/// An answer, and how long it takes to come.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What is sent.
    pub response: Response<Bytes>,
    /// When, after the request.
    pub takes: Duration,
}

/// Something that a seller sends by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Callback {
    /// When.
    pub at: Timestamp,
    /// Where.
    pub url: String,
    /// What.
    pub body: Value,
}

/// One seller.
pub struct Seller {
    number: u32,
    figures: Figures,
    chance: Chance,
    client_secret: String,
    state: Mutex<State>,
}

/// What a seller keeps.
#[derive(Default)]
struct State {
    behaviour: Behaviour,
    tokens: HashMap<String, Timestamp>,
    places: HashMap<String, KnownPlace>,
    qualifications: BTreeMap<u64, qualification::Kept>,
    quotes: BTreeMap<u64, quote::Kept>,
    subscriptions: BTreeMap<u64, hub::Subscription>,
    /// Not yet sent, in no order.
    callbacks: Vec<Callback>,
    last_id: u64,
    requests: u64,
    quotes_asked: u64,
    /// How long its answers took, the first ones.
    latencies: Vec<Duration>,
    /// Second, and requests that were taken in it.
    taken: (i64, u32),
}

impl State {
    const fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

/// A whole answer before it is written.
struct Reply {
    status: u16,
    body: Value,
    headers: Vec<(&'static str, String)>,
}

impl Reply {
    const fn new(status: u16, body: Value) -> Self {
        Self {
            status,
            body,
            headers: Vec::new(),
        }
    }
}

/// A request that is let in.
struct Admitted<'a> {
    method: &'a Method,
    /// Behind the version: `quote/7`.
    path: &'a str,
    query: HashMap<String, String>,
    body: &'a Bytes,
    now: Timestamp,
}

impl Admitted<'_> {
    /// The JSON body.
    fn json(&self) -> Result<Value, NotAnswered> {
        serde_json::from_slice(self.body)
            .ok()
            .filter(Value::is_object)
            .ok_or(NotAnswered::BadRequest("invalidBody"))
    }
}

impl Seller {
    pub(crate) fn new(number: u32, seed: u64, figures: Figures, client_secret: &str) -> Self {
        Self {
            number,
            figures,
            chance: Chance::of_seed(seed).about(&format!("seller {number}")),
            client_secret: client_secret.to_owned(),
            state: Mutex::default(),
        }
    }

    /// Its number, from 1; its base path is `/p{number}`.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }

    /// Tells it how to behave from now on.
    pub fn behave(&self, behaviour: Behaviour) {
        self.state().behaviour = behaviour;
    }

    /// How many requests it got, whatever it answered.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state().requests
    }

    /// How many quotes it was asked for by requests that it let in.
    #[must_use]
    pub fn quotes_asked(&self) -> u64 {
        self.state().quotes_asked
    }

    /// How long each of its first answers took, in the order in which it was asked.
    #[must_use]
    pub fn latencies(&self) -> Vec<Duration> {
        self.state().latencies.clone()
    }

    /// Answers a request to `path`, which is what stands behind the base path.
    pub(crate) fn answer(&self, path: &str, request: &Request<Bytes>, now: Timestamp) -> Answered {
        let mut state = self.state();
        state.requests += 1;
        let behaviour = state.behaviour;
        let latency = self
            .chance
            .about(path)
            .about_bytes(request.body())
            .about("latency");
        let takes = self.figures.latency(latency, behaviour);
        if state.latencies.len() < KEPT_MAX {
            state.latencies.push(takes);
        }
        let reply = self
            .reply(&mut state, path, request, now)
            .unwrap_or_else(NotAnswered::reply);
        Answered {
            response: written(reply, behaviour),
            takes,
        }
    }

    fn reply(
        &self,
        state: &mut State,
        path: &str,
        request: &Request<Bytes>,
        now: Timestamp,
    ) -> Result<Reply, NotAnswered> {
        let behaviour = state.behaviour;
        if behaviour.down {
            return Err(NotAnswered::Down);
        }
        if behaviour.rate_limited && !admits(&mut state.taken, now) {
            return Err(NotAnswered::TooMany(RETRY_AFTER_SECONDS));
        }
        if path == token::PATH {
            return self.issue_token(state, request, now);
        }
        token::check(state, request, now)?;
        let mut stumbles = self.chance.about(&state.requests.to_string());
        if behaviour.flaky && stumbles.permille(FLAKY_PERMILLE) {
            return Err(NotAnswered::Internal);
        }
        let query = request.uri().query().unwrap_or_default();
        let query: HashMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        if behaviour.wants_ids && !(query.contains_key("buyerId") && query.contains_key("sellerId"))
        {
            return Err(NotAnswered::BadRequest("missingQueryParameter"));
        }
        let admitted = |path| Admitted {
            method: request.method(),
            path,
            query,
            body: request.body(),
            now,
        };
        if let Some(path) = path.strip_prefix(ADDRESS_API) {
            self.address_api(state, &admitted(path))
        } else if let Some(path) = path.strip_prefix(QUALIFICATION_API) {
            self.qualification_api(state, &admitted(path))
        } else if let Some(path) = path.strip_prefix(QUOTE_API) {
            self.quote_api(state, &admitted(path))
        } else {
            Err(NotAnswered::NotFound)
        }
    }

    pub(crate) fn callbacks_until(&self, now: Timestamp) -> Vec<Callback> {
        let mut state = self.state();
        let (due, later) = std::mem::take(&mut state.callbacks)
            .into_iter()
            .partition(|callback| callback.at <= now);
        state.callbacks = later;
        due
    }

    pub(crate) fn next_callback_at(&self) -> Option<Timestamp> {
        let state = self.state();
        state.callbacks.iter().map(|callback| callback.at).min()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics under it")
    }
}

/// Counts one more request of the second; `false` where there were too many.
fn admits(taken: &mut (i64, u32), now: Timestamp) -> bool {
    let second = now.as_second();
    if taken.0 != second {
        *taken = (second, 0);
    }
    taken.1 += 1;
    taken.1 <= RATE_LIMIT_PER_SECOND
}

/// Keeps one more; forgets the oldest where there are too many.
fn keep<T>(kept: &mut BTreeMap<u64, T>, id: u64, value: T) {
    kept.insert(id, value);
    if kept.len() > KEPT_MAX {
        kept.pop_first();
    }
}

/// Fails with what was found, if anything was.
fn unless_found(problems: Vec<Problem>) -> Result<(), NotAnswered> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(NotAnswered::Unprocessable(problems))
    }
}
