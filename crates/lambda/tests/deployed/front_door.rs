use std::sync::Arc;

use lastmile_testkit::front_door::every_case;

use crate::stack::Stack;
use crate::world::emptied;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_front_door_through_the_deployed_stack() {
    let Some(stack) = Stack::deployed("the front door through the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    every_case(async || emptied(&stack).await).await;
}
