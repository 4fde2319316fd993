//! Messages that nobody can read.

use std::sync::Arc;

use lastmile_store::QueueName;
use serde_json::json;

use crate::deferred::{QUERIES, answered, question};
use crate::patience::until;
use crate::stack::{Depth, Stack};
use crate::world::emptied;

/// Each queue, and where its dead letters go.
const QUEUES: [(QueueName, &str, &str); 3] = [
    (QueueName::Tasks, "TasksQueueUrl", "TasksDeadQueueUrl"),
    (QueueName::Imports, "ImportsQueueUrl", "ImportsDeadQueueUrl"),
    (QueueName::Quotes, "QuotesQueueUrl", "QuotesDeadQueueUrl"),
];

#[tokio::test]
async fn a_message_that_nobody_can_read_becomes_a_dead_letter_and_holds_up_no_other() {
    let Some(stack) = Stack::deployed("dead letters of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    for (name, queue, _) in QUEUES {
        stack
            .send_message(queue, &format!("poison for {name:?}"))
            .await;
    }
    let place = json!([{"name": "1 Elm St, Millford, WY 82099"}]);
    let begun = world.post(QUERIES, &question(&place, false)).await;
    let task = answered(&world, &begun.expect(201)).await;
    assert_eq!(task["state"], "done", "{task:#}");

    for (name, queue, dead) in QUEUES {
        let letter = until("the poison among the dead letters", async || {
            stack.received(dead).await
        });
        let (body, receives) = letter.await;
        assert_eq!(body, format!("poison for {name:?}"));
        assert!(
            receives > name.settings().tries_max,
            "it was tried {} times before: {receives}",
            name.settings().tries_max
        );
        let left = Depth {
            visible: 0,
            in_work: 0,
        };
        assert_eq!(stack.depth(queue).await, left, "{queue} holds nothing else");
    }
}
