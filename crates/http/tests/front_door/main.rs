//! The front door: the suite of the test kit through the router and through a real server, snapshots of
//! answers, and the OpenAPI documents.

#![expect(
    clippy::panic,
    reason = "a test fails by panicking, in the functions around it, too"
)]

mod documents;
mod fixture;
mod guide;
mod published;
mod snapshots;

use lastmile_testkit::front_door::every_case;

#[tokio::test]
async fn through_the_router() {
    every_case(fixture::router_world).await;
}

#[tokio::test]
async fn through_a_server() {
    every_case(fixture::server_world).await;
}

#[tokio::test]
async fn through_the_router_with_imports_by_messages() {
    every_case(fixture::queued_world).await;
}
