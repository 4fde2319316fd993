//! What a tenant asks and gets is the tenant's.

use serde_json::json;

use super::ask::Ask;
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
