//! What a tenant asks and gets is the tenant's.

use serde_json::json;

use super::ask::Ask;
use super::imports::{IMPORT_OWN, OFFERS, load};
use super::queries::{QUERIES, query};
use super::world::World;

/// Another tenant's task is not there, whatever is done to it.
pub(super) async fn isolated(world: &World) {
    let place = json!([{"name": "1 Elm St, Millford, WY 82099"}]);
    let task = world
        .post(QUERIES, &query(&place, true))
        .await
        .expect(200)
        .json();
    let href = task["href"].as_str().expect("a href");
    let stranger = &world.keys.stranger;
    let merge = json!({"description": "mine now"});
    for ask in [
        Ask::get(href),
        Ask::patch(href, "application/merge-patch+json", &merge),
        Ask::new("DELETE", href),
    ] {
        world
            .send(&ask.key(stranger))
            .await
            .refused(404, "not_found");
    }
    let listed = world
        .send(&Ask::get(QUERIES).key(stranger))
        .await
        .expect(200);
    assert_eq!(listed.json(), json!([]));
    assert_eq!(
        world.get(href).await.expect(200).json(),
        task,
        "nothing of it changed"
    );
}

/// Another tenant's operator sees a list that everybody's answers come from, and neither replaces it nor takes it back.
pub(super) async fn lists(world: &World) {
    load(world, OFFERS).await;
    let stranger = &world.keys.stranger;
    let import = "/imports/Acme_Fiber.main.1";
    let seen = world
        .send(&Ask::get(import).key(stranger))
        .await
        .expect(200);
    assert_eq!(seen.json()["state"], "active");
    let undo = Ask::new("POST", format!("{import}/undo").as_str());
    let shorter = Ask::new("POST", IMPORT_OWN).body("text/csv", OFFERS.replace("50.0", "60.0"));
    for ask in [&undo, &shorter] {
        world
            .send(&ask.clone().key(stranger))
            .await
            .refused(403, "access_denied");
    }
    let other = Ask::new("POST", "/imports?provider=Gamma%20Net").body("text/csv", OFFERS);
    world.send(&other.key(stranger)).await.expect(201);
    let own = undo.key(&world.keys.provider);
    world.send(&own).await.expect(200);
}
