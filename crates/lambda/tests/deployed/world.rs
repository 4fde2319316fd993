//! The stack as a world of the front door's suite.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use jiff::SignedDuration;
use lastmile_app::quotes::providers_file;
use lastmile_doors::{SystemClock, SystemRandom};
use lastmile_http::openapi::OF_ONE_PROCESS;
use lastmile_store::Clock as _;
use lastmile_testkit::front_door::{Deviation, Door, Gate, World, make_keys};
use tokio::time::sleep;

use crate::carriers;
use crate::stack::Stack;

/// In what the emulator (ministack 1.5.33) and a gateway differ from a router.
const DEVIATIONS: [Deviation; 6] = [
    Deviation::StoreNeverFails,
    Deviation::OwnRefusals,
    Deviation::OwnRoutes,
    Deviation::TextOnly,
    Deviation::SlowStore,
    Deviation::CarriersElsewhere,
];

/// Age of a list that is still fresh.
const FRESH: SignedDuration = SignedDuration::from_hours(20 * 24);
/// Longer than a function goes on using a list of active imports that it has read.
const PASSING: Duration = Duration::from_millis(1_100);

/// The API, for a client that has a key of the plan "bulk".
pub(crate) struct Api {
    stack: Arc<Stack>,
    plan_key: HeaderValue,
}

impl Api {
    pub(crate) async fn of(stack: &Arc<Stack>) -> Self {
        let plan_key = stack.plan_key("BulkKeyId").await;
        Self {
            stack: Arc::clone(stack),
            plan_key: plan_key.parse().expect("a header's value"),
        }
    }
}

#[async_trait]
impl Door for Api {
    /// Where the suite shows its key as a key, a client of the gateway shows it as a token; the gateway's
    /// own key goes beside it.
    async fn send(&self, mut request: Request<Bytes>) -> Response<Bytes> {
        let headers = request.headers_mut();
        let shown = headers.insert("x-api-key", self.plan_key.clone());
        if let Some(key) = shown
            && !headers.contains_key(AUTHORIZATION)
        {
            let token = [b"Bearer ", key.as_bytes()].concat();
            let token = HeaderValue::from_bytes(&token).expect("a header's value");
            headers.insert(AUTHORIZATION, token);
        }
        self.stack.send(request).await
    }
}

/// The stack, emptied, with new keys and the suite's carriers.
pub(crate) async fn emptied(stack: &Arc<Stack>) -> World {
    stack.empty().await;
    // Always the same file: functions go on using it for longer than a case takes.
    let (store, file) = (stack.store(), carriers::providers_file());
    let put = providers_file::put(store.as_ref(), &file);
    put.await.expect("a providers file is put");
    sleep(PASSING).await;
    let edge = lastmile_edge::Keys::new(store, Arc::new(SystemClock));
    let documents = lastmile_http::openapi::documents();
    let documents = documents
        .iter()
        .filter(|named| named.file_name != OF_ONE_PROCESS)
        .map(|named| serde_json::from_str(&named.text).expect("JSON"));
    World {
        door: Box::new(Api::of(stack).await),
        gate: Gate::Gateway,
        deviations: &DEVIATIONS,
        collected: SystemClock.now() - FRESH,
        keys: make_keys(&edge, &SystemRandom).await,
        documents: documents.collect(),
        pass_time: Box::new(|| thread::sleep(PASSING)),
        break_store: Box::new(|| panic!("nothing makes the emulator's table fail")),
    }
}
