//! Providers as they are set up: seen by operators only.

use serde_json::json;

use super::ask::Ask;
use super::deviation::Deviation;
use super::panel::{NEVER, PONDERS, QUICK};
use super::world::World;

const PROVIDERS: &str = "/providers/v1/provider";

/// Each by its name, with its counts; for an operator of any tenant, and for nobody else.
pub(super) async fn health(world: &World) {
    if world.deviates(Deviation::CarriersElsewhere) {
        return;
    }
    for key in [&world.keys.agent, &world.keys.provider] {
        let ask = Ask::get(PROVIDERS).key(key);
        world.send(&ask).await.refused(403, "access_denied");
    }
    let listed = world.get(PROVIDERS).await.expect(200);
    assert_eq!(listed.header("x-total-count"), "3");
    let listed = listed.json();
    let names = listed.as_array().expect("a list").iter();
    let names: Vec<_> = names.map(|one| &one["provider"]).collect();
    assert_eq!(names, [NEVER, PONDERS, QUICK]);
    let health = &listed[0]["health"];
    assert_eq!(
        (&listed[0]["kind"], &health["breaker"]),
        (&"live".into(), &"closed".into())
    );
    assert_eq!(
        (&health["callsUnderWayMax"], &health["failure"]),
        (&1.into(), &json!({}))
    );
    let page = world.get(&format!("{PROVIDERS}?offset=1&limit=1")).await;
    assert_eq!(page.expect(206).json()[0]["provider"], PONDERS);
    let stranger = Ask::get(PROVIDERS).key(&world.keys.stranger);
    world.send(&stranger).await.expect(200);
    let one = world
        .get(&format!("{PROVIDERS}?provider=Quick%20Cable"))
        .await;
    assert_eq!(one.expect(200).json()[0]["provider"], QUICK);
}
