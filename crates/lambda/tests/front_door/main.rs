//! The front door as functions: the same suite as everywhere, through real events of the API gateway.

mod events;
mod policed;
mod world;

use lastmile_testkit::front_door::every_case;

#[tokio::test]
async fn through_functions() {
    every_case(world::functions_world).await;
}
