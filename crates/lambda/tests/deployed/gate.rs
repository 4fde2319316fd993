//! What the gateway asks of whoever comes: a token, a key, and patience.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::stack::Stack;
use crate::world::emptied;

const LOOKUP: &str = "/availability/v1/lookup?address=12%20Oak%20St%2C%20Millford%2C%20WY%2082099";

/// The plan "standard" as `cargo xtask e2e` sets it: requests at once, and a day.
const BURST: usize = 4;
const QUOTA: usize = 12;
/// After so long the plan has room for one more request.
const PER_REQUEST: Duration = Duration::from_millis(1_100);
/// So many are sent at once.
const STORM: usize = 9;

/// What the gateway says in its own words; the template's are checked by `cargo xtask infra`.
const TOO_FAST: &str = "Too Many Requests";
const TOO_MANY: &str = "Limit Exceeded";

fn lookup(token: Option<&str>, key: Option<&str>) -> Request<Bytes> {
    let mut request = Request::get(LOOKUP);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("x-api-key", key);
    }
    request.body(Bytes::new()).expect("a request")
}

fn said(response: &Response<Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

#[tokio::test]
async fn a_token_says_who_asks_and_a_key_which_plan() {
    let Some(stack) = Stack::deployed("the gate of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    let token = world.keys.agent.as_str();
    let key = stack.plan_key("BulkKeyId").await;
    let unknown = "lastmile_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let of_nobody = [
        None,
        Some("nonsense"),
        Some(unknown),
        Some(&world.keys.revoked),
    ];
    for token in of_nobody {
        let answer = stack.send(lookup(token, Some(&key))).await;
        let said = said(&answer);
        assert_eq!(answer.status(), 401, "{token:?} is nobody's token: {said}");
    }
    for key in [None, Some("nonsense"), Some(token)] {
        let answer = stack.send(lookup(Some(token), key)).await;
        let said = said(&answer);
        assert_eq!(answer.status(), 403, "{key:?} is no key of a plan: {said}");
    }
    let answer = stack.send(lookup(Some(token), Some(&key))).await;
    assert_eq!(answer.status(), 200, "both are good: {}", said(&answer));
    let open = Request::get("/healthz").body(Bytes::new());
    let answer = stack.send(open.expect("a request")).await;
    assert_eq!(answer.status(), 200, "open to anybody: {}", said(&answer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_has_a_burst_and_a_quota() {
    let Some(stack) = Stack::deployed("the plans of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    let token: Arc<str> = world.keys.agent.as_str().into();
    let key: Arc<str> = stack.plan_key("StandardKeyId").await.into();

    let mut storm = JoinSet::new();
    for _ in 0..STORM {
        let (stack, token, key) = (Arc::clone(&stack), Arc::clone(&token), Arc::clone(&key));
        storm.spawn(async move { stack.send(lookup(Some(&token), Some(&key))).await });
    }
    let mut passed = 0;
    for answer in storm.join_all().await {
        match answer.status().as_u16() {
            200 => passed += 1,
            429 => assert!(said(&answer).contains(TOO_FAST), "{}", said(&answer)),
            other => panic!("{other} in a storm: {}", said(&answer)),
        }
    }
    assert!(
        (BURST..STORM).contains(&passed),
        "{passed} of {STORM} at once passed a plan of {BURST}"
    );

    let bulk = stack.plan_key("BulkKeyId").await;
    let other_plan = stack.send(lookup(Some(&token), Some(&bulk))).await;
    assert_eq!(other_plan.status(), 200, "another plan is not in the way");

    while passed <= QUOTA {
        sleep(PER_REQUEST).await;
        let answer = stack.send(lookup(Some(&token), Some(&key))).await;
        if answer.status() != 200 {
            assert_eq!(answer.status(), 429);
            assert!(said(&answer).contains(TOO_MANY), "{}", said(&answer));
            break;
        }
        passed += 1;
    }
    assert_eq!(passed, QUOTA, "so many requests pass in a day");
}
