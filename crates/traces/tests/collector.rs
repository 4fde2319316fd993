//! Spans arrive at a collector, and nothing personal with them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up fails, and says where"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use lastmile_app::SPANS;
use lastmile_app::availability::Availability;
use lastmile_app::work::Workshop;
use lastmile_http::Gate;
use lastmile_testkit::front_door::Backstage;
use lastmile_traces::Traces;
use tower::ServiceExt;
use tracing_subscriber::layer::SubscriberExt;

/// Longest wait for spans.
const PATIENCE: Duration = Duration::from_secs(30);
const MESSAGE: &str = r#"{"work":"answer-task","tenant":"north","kind":"query","id":"019cb391f0e000000000000000000001"}"#;

/// A collector of one request: gives its endpoint, and what comes (path and body).
fn collector() -> (String, Receiver<(String, Vec<u8>)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, received) = channel();
    thread::spawn(move || {
        let mut connection = BufReader::new(listener.accept().unwrap().0);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(connection.read_line(&mut head).unwrap() > 0);
        }
        let head = head.to_ascii_lowercase();
        let (_, length) = head.split_once("content-length:").unwrap();
        let length = length.lines().next().unwrap().trim().parse().unwrap();
        let mut body = vec![0; length];
        connection.read_exact(&mut body).unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
        connection.get_mut().write_all(answer).unwrap();
        let path = head.split(' ').nth(1).unwrap().to_owned();
        sender.send((path, body)).unwrap();
    });
    (endpoint, received)
}

fn contains(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|part| part == text.as_bytes())
}

#[tokio::test]
async fn a_request_and_a_message_are_spans_without_an_address() {
    let (endpoint, received) = collector();
    let traces = Traces::to(&endpoint, "lastmile-test").unwrap();
    let subscriber = tracing_subscriber::registry().with(traces.layer(SPANS));
    let _collecting = tracing::subscriber::set_default(subscriber);

    let backstage = Backstage::new().await;
    let availability = Availability::new(backstage.context.clone());
    let router = lastmile_http::availability_router(&availability, &Gate::Gateway);
    let address = "/availability/v1/lookup?address=133%20N%20Main%20St";
    let mut request = Request::get(address).body(Body::empty()).unwrap();
    let caller = backstage.edge.authenticate(&backstage.keys.operator).await;
    let caller = caller.unwrap().unwrap();
    request.extensions_mut().insert(Arc::clone(&caller));
    assert_eq!(router.oneshot(request).await.unwrap().status(), 200);
    tracing::error!(target: "lastmile::other", "an event about 133 N Main St");
    let workshop = Workshop::default().tasks(availability);
    workshop.perform(MESSAGE, 1).await;

    traces.flush();
    let (path, body) = received.recv_timeout(PATIENCE).unwrap();
    assert_eq!(path, "/v1/traces");
    for sent in [
        "lastmile-test",
        "GET /availability/v1/lookup",
        "http.response.status_code",
        "tenant.id",
        caller.tenant.as_str(),
        "process tasks",
        "answer-task",
    ] {
        assert!(contains(&body, sent), "{sent} is not among the spans");
    }
    for kept in ["Main", "133", "an event"] {
        assert!(!contains(&body, kept), "{kept} left the process");
    }
}

#[test]
fn without_an_endpoint_there_is_nothing() {
    // The test's own environment names none; where somebody's does, there is something.
    let is_named = std::env::var_os(lastmile_traces::ENDPOINT).is_some();
    let traces = Traces::from_environment("lastmile-test").unwrap();
    assert_eq!(traces.is_some(), is_named);
}
