//! What stands before every route, in one thin layer: request id, load bound, who asks, deadline, panics, access log.
//!
//! The log has method, route, status, duration, request id and tenant; never the query or the body, because addresses
//! are personal data.

use std::any::Any;
use std::convert::Infallible;
use std::mem;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderName, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use lastmile_api::ErrorCode;
use lastmile_api::version::IMPORTS_PATH;
use lastmile_app::{Clock, Random, SPANS};
use lastmile_model::identity::Caller;
use tokio::sync::Semaphore;
use tower::{Layer, Service};
use tracing::{Instrument as _, Span, field};

use crate::authentication::Gate;
use crate::limits::{
    REQUEST_ID_MAX_BYTES, REQUEST_TIMEOUT, REQUESTS_AT_ONCE_MAX, UPLOAD_TIMEOUT,
    UPLOADS_AT_ONCE_MAX,
};
use crate::refusal::Refusal;

/// The header with the request id, of requests and answers.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Among the extensions of a request: more connections are open than requests may be under way. The server says so;
/// a function, which is given a few requests at once, is never crowded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crowded;

/// The layer.
///
/// A layer of its own rather than a function as middleware: that would clone the routes behind it once more for every
/// request, and box their answer, which is most of what it costs. For the same reason it has the gate in it, and no second layer.
#[derive(Clone)]
pub struct Front {
    shared: Arc<Shared>,
    /// Who may pass; everybody where there is none.
    gate: Option<Gate>,
}

/// What the layer shares between requests.
struct Shared {
    clock: Arc<dyn Clock>,
    room: Arc<Semaphore>,
    upload_room: Arc<Semaphore>,
    ids: RequestIds,
}

/// Gives request ids: eight random digits of this process, a dash, a number.
struct RequestIds {
    /// The digits and the dash.
    process: String,
    next: AtomicU64,
}

impl Front {
    /// One per router.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, random: &dyn Random) -> Self {
        Self::with(clock, random, REQUESTS_AT_ONCE_MAX)
    }

    fn with(clock: Arc<dyn Clock>, random: &dyn Random, requests_at_once: usize) -> Self {
        let mut process = [0; 4];
        random.fill(&mut process);
        let shared = Shared {
            clock,
            room: Arc::new(Semaphore::new(requests_at_once)),
            upload_room: Arc::new(Semaphore::new(UPLOADS_AT_ONCE_MAX)),
            ids: RequestIds {
                process: format!("{:08x}-", u32::from_be_bytes(process)),
                next: AtomicU64::new(1),
            },
        };
        Self {
            shared: Arc::new(shared),
            gate: None,
        }
    }

    /// The same layer, with the same bounds, which lets requests of known callers pass, with the [`Caller`] as
    /// `Extension<Arc<Caller>>`, and refuses every other one.
    #[must_use]
    pub fn guarded(&self, gate: &Gate) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            gate: Some(gate.clone()),
        }
    }
}

impl<S> Layer<S> for Front {
    type Service = Fronted<S>;

    fn layer(&self, inner: S) -> Fronted<S> {
        let front = self.clone();
        Fronted { front, inner }
    }
}

/// A service with the layer before it.
#[derive(Clone)]
pub struct Fronted<S> {
    front: Front,
    inner: S,
}

/// What answers a request; boxed, because it is handed on several times, and what the routes make is some hundred bytes.
type Answer = BoxFuture<'static, Result<Response, Infallible>>;

impl RequestIds {
    fn id_of(&self, request: &Request) -> HeaderValue {
        match request.headers().get(REQUEST_ID_HEADER) {
            Some(given) if is_fit(given) => given.clone(),
            Some(_) | None => {
                let number = self.next.fetch_add(1, Ordering::Relaxed);
                let mut digits = itoa::Buffer::new();
                HeaderValue::try_from([&self.process, digits.format(number)].concat())
                    .expect("hexadecimal digits and a dash are a header value")
            }
        }
    }
}

fn is_fit(given: &HeaderValue) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let bytes = given.as_bytes();
    (1..=REQUEST_ID_MAX_BYTES).contains(&bytes.len()) && bytes.iter().all(plain)
}

impl<S> Service<Request> for Fronted<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    /// Passes a request on, and its answer back.
    fn call(&mut self, mut request: Request) -> Self::Future {
        let front = Arc::clone(&self.front.shared);
        let began = front.clock.now();
        let id = front.ids.id_of(&request);
        let method = request.method().clone();
        // Nobody behind this layer asks for it (no router is nested there as a service), and the caller takes its place.
        let route = request.extensions_mut().remove::<MatchedPath>();
        let (room, deadline) = if is_upload(&method, route.as_ref()) {
            (&front.upload_room, UPLOAD_TIMEOUT)
        } else {
            (&front.room, REQUEST_TIMEOUT)
        };
        let crowded = request.extensions().get::<Crowded>().is_some();
        let span = span_of(&method, route.as_ref());
        let place = Arc::clone(room).try_acquire_owned().ok();
        let passed = place.map(|place| (place, self.pass(request)));
        Box::pin(async move {
            let (mut response, known) = match passed {
                Some((_place, (answer, caller))) => {
                    let answered = async {
                        // Most handlers compute without a pause, so that requests would wait for the processor
                        // before this layer saw them, uncounted and without a bound. So in a crowd each is counted
                        // first, and then waits its turn. Without one there are no more of them than the bound, so
                        // none need wait, and what was read of it is still in the processor's cache.
                        if crowded {
                            tokio::task::yield_now().await;
                        }
                        within(deadline, answer).await
                    };
                    let response = answered.instrument(span.clone()).await;
                    (response, caller)
                }
                None => (Refusal::new(ErrorCode::Overloaded).into_response(), None),
            };
            let caller = known.or_else(|| response.extensions_mut().remove());
            finish(&span, &response, caller.as_deref());
            let took = front.clock.now().duration_since(began);
            let seen = Seen {
                method: &method,
                route: route.as_ref(),
                id: &id,
                caller: caller.as_deref(),
            };
            log(&seen, &response, took.as_micros());
            response.headers_mut().insert(REQUEST_ID_HEADER, id);
            Ok(response)
        })
    }
}

impl<S> Fronted<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send + 'static,
{
    /// Lets a request pass through the gate; its answer, and who asks, where that is known at once. Where it is not,
    /// the answer says it.
    fn pass(&mut self, mut request: Request) -> (Answer, Option<Arc<Caller>>) {
        let Some(gate) = &self.front.gate else {
            return (self.inner.call(request).boxed(), None);
        };
        if let Some(caller) = gate.known(&request) {
            request.extensions_mut().insert(Arc::clone(&caller));
            return (self.inner.call(request).boxed(), Some(caller));
        }
        let gate = gate.clone();
        // What was polled ready is what is called; its clone waits for the next request.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        let asked = async move {
            let caller = match gate.caller(&mut request).await {
                Ok(caller) => caller,
                Err(refusal) => return Ok(refusal.into_response()),
            };
            request.extensions_mut().insert(Arc::clone(&caller));
            let mut response = inner.call(request).await?;
            response.extensions_mut().insert(caller);
            Ok(response)
        };
        (asked.boxed(), None)
    }
}

/// By the names of OpenTelemetry; without the path, in which an id may stand.
fn span_of(method: &Method, route: Option<&MatchedPath>) -> Span {
    let (method, route) = (method.as_str(), route.map(MatchedPath::as_str));
    tracing::trace_span!(
        target: SPANS,
        "request",
        otel.name = format_args!("{method} {}", route.unwrap_or_default()),
        otel.kind = "server",
        otel.status_code = field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = field::Empty,
        tenant.id = field::Empty
    )
}

/// Says in the span how the request was answered, and whose it was.
fn finish(span: &Span, response: &Response, caller: Option<&Caller>) {
    if span.is_disabled() {
        return;
    }
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    if status.is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(caller) = caller {
        span.record("tenant.id", caller.tenant.as_str());
    }
}

fn is_upload(method: &Method, route: Option<&MatchedPath>) -> bool {
    method == Method::POST && route.is_some_and(|route| route.as_str() == IMPORTS_PATH)
}

async fn within(deadline: Duration, answer: Answer) -> Response {
    let caught = AssertUnwindSafe(answer).catch_unwind();
    match tokio::time::timeout(deadline, caught).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Err(panic)) => {
            tracing::error!(panic.message = panic_message(&*panic), "a handler panicked");
            Refusal::new(ErrorCode::Internal).into_response()
        }
        Err(_elapsed) => Refusal::new(ErrorCode::Timeout).into_response(),
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(not a text)")
}

/// What the log says of a request.
struct Seen<'r> {
    method: &'r Method,
    route: Option<&'r MatchedPath>,
    id: &'r HeaderValue,
    caller: Option<&'r Caller>,
}

fn log(request: &Seen<'_>, response: &Response, took_us: i128) {
    if !tracing::enabled!(target: "lastmile::access", tracing::Level::INFO) {
        return;
    }
    let Seen {
        method,
        route,
        id,
        caller,
    } = request;
    let code = response.extensions().get::<ErrorCode>();
    let id = id.to_str().unwrap_or_default();
    let route = route.map_or("-", MatchedPath::as_str);
    let tenant = caller.map_or("-", |caller| caller.tenant.as_str());
    tracing::info!(
        target: "lastmile::access",
        {
            request.id = id,
            http.method = method.as_str(),
            http.route = route,
            http.status = response.status().as_u16(),
            http.duration_us = took_us,
            tenant.id = tenant,
            error.code = code.map(|code| code.as_str())
        },
        "request"
    );
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use lastmile_testkit::store::ManualClock;
    use tower::ServiceExt;

    use super::*;

    struct Zeros;

    impl Random for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    async fn answer_to(path: &str, requests_at_once: usize) -> (u16, Option<ErrorCode>, Response) {
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new());
        let front = Front::with(clock, &Zeros, requests_at_once);
        let router = Router::new()
            .route(
                "/panics",
                get(async || -> &'static str { panic!("on purpose") }),
            )
            .route("/hangs", get(std::future::pending::<&'static str>))
            .route("/works", get(async || "works"))
            .layer(front);
        let request = Request::get(path).body(Body::empty()).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let code = response.extensions().get().copied();
        (response.status().as_u16(), code, response)
    }

    #[tokio::test]
    async fn a_panic_is_an_answer() {
        let (status, code, response) = answer_to("/panics", 1).await;
        assert_eq!((status, code), (500, Some(ErrorCode::Internal)));
        assert_eq!(response.headers()[REQUEST_ID_HEADER], "00000000-1");
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_too_long_is_given_up() {
        let (status, code, response) = answer_to("/hangs", 1).await;
        assert_eq!((status, code), (503, Some(ErrorCode::Timeout)));
        assert!(response.headers().contains_key("retry-after"));
    }

    #[tokio::test]
    async fn requests_that_wait_for_the_processor_are_counted() {
        const AT_ONCE: usize = 3;
        let clock: Arc<dyn Clock> = Arc::new(ManualClock::new());
        let front = Front::with(clock, &Zeros, AT_ONCE);
        let router = Router::new()
            // It computes, and never lets another go on meanwhile.
            .route("/computes", get(async || "computed"))
            .route(IMPORTS_PATH, axum::routing::post(async || "loaded"))
            .layer(front);
        let ask = |request: http::request::Builder| {
            let request = request.extension(Crowded).body(Body::empty()).unwrap();
            let answer = router.clone().oneshot(request);
            async { answer.await.unwrap().status().as_u16() }
        };
        let computing = (0..AT_ONCE + 2).map(|_| ask(Request::get("/computes")));
        let uploading = ask(Request::post(IMPORTS_PATH));
        let (statuses, uploaded) =
            tokio::join!(futures_util::future::join_all(computing), uploading);
        assert_eq!(statuses, [200, 200, 200, 503, 503]);
        assert_eq!(uploaded, 200, "an upload has a room of its own");
    }

    #[tokio::test]
    async fn what_is_too_much_is_turned_away() {
        assert_eq!(answer_to("/works", 1).await.0, 200);
        let (status, code, response) = answer_to("/works", 0).await;
        assert_eq!((status, code), (503, Some(ErrorCode::Overloaded)));
        assert_eq!(response.headers()["retry-after"], "1");
    }
}
