//! From a question through the table's stream, the relay and the queue to its worker.

use std::sync::Arc;

use lastmile_testkit::front_door::{Reply, World};
use serde_json::{Value, json};

use crate::patience::until;
use crate::stack::Stack;
use crate::world::emptied;

pub(crate) const QUERIES: &str =
    "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";

/// Questions that are asked at once.
const QUESTIONS: usize = 5;

pub(crate) fn question(places: &Value, instant: bool) -> Value {
    json!({
        "instantSyncQualification": instant,
        "searchCriteria": {"service": {"place": places}}
    })
}

/// The task that was begun, when it is finished.
pub(crate) async fn answered(world: &World, begun: &Reply) -> Value {
    let href = begun.header("location");
    assert!(!href.is_empty(), "{:?}", begun.json());
    until("the answer of a deferred question", async || {
        let task = world.get(href).await.expect(200).json();
        let state = task["state"].as_str().unwrap_or_default();
        ["done", "terminatedWithError"]
            .contains(&state)
            .then_some(task)
    })
    .await
}

#[tokio::test]
async fn a_deferred_question_is_answered_by_its_worker() {
    let Some(stack) = Stack::deployed("deferred questions to the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    let mut begun = Vec::new();
    for number in 0..QUESTIONS {
        let place = json!([{"name": format!("{number} Elm St, Millford, WY 82099")}]);
        let reply = world.post(QUERIES, &question(&place, false)).await;
        let reply = reply.expect(201);
        assert_eq!(reply.json()["state"], "accepted");
        begun.push((place, reply));
    }
    for (place, begun) in begun {
        let task = answered(&world, &begun).await;
        assert_eq!(task["state"], "done", "{task:#}");
        let at_once = world.post(QUERIES, &question(&place, true)).await;
        let at_once = at_once.expect(200).json();
        assert_eq!(
            task["serviceQualificationItem"], at_once["serviceQualificationItem"],
            "the same answer as at once"
        );
    }
}
