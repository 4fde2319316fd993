//! PATCH of a task.

use serde_json::{Value, json};

use super::ask::{Ask, Reply};
use super::queries::{QUERIES, query};
use super::world::World;

const MERGE: &str = "application/merge-patch+json";
const OPERATIONS: &str = "application/json-patch+json";

async fn task(world: &World) -> Value {
    let place = json!([{"name": "1 Elm St, Millford, WY 82099"}]);
    world
        .post(QUERIES, &query(&place, true))
        .await
        .expect(200)
        .json()
}

async fn patch(world: &World, task: &Value, media_type: &'static str, body: &Value) -> Reply {
    let href = task["href"].as_str().expect("a href");
    world
        .send(&Ask::patch(href, media_type, body).key(&world.keys.operator))
        .await
}

/// What is the client's changes; everything else stays as it was.
pub(super) async fn allowed(world: &World) {
    let before = task(world).await;
    let merge = json!({"description": "new", "x-note": null, "x-more": {"a": 1}});
    let mut expected = before.clone();
    for (name, value) in [("description", json!("new")), ("x-more", json!({"a": 1}))] {
        expected[name] = value;
    }
    expected
        .as_object_mut()
        .expect("an object")
        .remove("x-note");
    for media_type in [MERGE, "application/json"] {
        let after = patch(world, &before, media_type, &merge)
            .await
            .expect(200)
            .json();
        assert_eq!(after, expected);
    }
    let operations = json!([
        {"op": "test", "path": "/description", "value": "new"},
        {"op": "replace", "path": "/description", "value": "newer"},
        {"op": "remove", "path": "/x-more"}
    ]);
    let after = patch(world, &before, OPERATIONS, &operations)
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&after["description"], &after["x-more"]),
        (&"newer".into(), &Value::Null)
    );
    let href = before["href"].as_str().expect("a href");
    assert_eq!(world.get(href).await.expect(200).json(), after);
}

/// What is the server's, and what cannot be done, is refused; nothing changes.
pub(super) async fn refused(world: &World) {
    let before = task(world).await;
    for (attribute, value) in [
        ("id", json!("1")),
        ("href", json!("/elsewhere")),
        ("state", json!("cancelled")),
        ("searchCriteria", json!({"service": {"place": []}})),
        ("serviceQualificationItem", json!([])),
        ("queryServiceQualificationDate", Value::Null),
        ("instantSyncQualification", json!(false)),
    ] {
        let merge = json!({attribute: value});
        let reply = patch(world, &before, MERGE, &merge).await;
        let message = reply.refused(400, "attribute_read_only");
        assert!(message.starts_with(attribute), "{message}");
    }
    let failing = json!([{"op": "test", "path": "/externalId", "value": "another"}]);
    patch(world, &before, OPERATIONS, &failing)
        .await
        .refused(422, "patch_failed");
    patch(world, &before, OPERATIONS, &json!({}))
        .await
        .refused(400, "malformed_json");
    patch(world, &before, MERGE, &json!([]))
        .await
        .refused(400, "malformed_json");
    patch(world, &before, MERGE, &json!({"externalId": 7}))
        .await
        .refused(400, "invalid_attribute");
    patch(world, &before, "text/plain", &json!({}))
        .await
        .refused(415, "unsupported_media_type");
    let href = before["href"].as_str().expect("a href");
    assert_eq!(world.get(href).await.expect(200).json(), before);
    let missing = json!({"href": format!("{QUERIES}/00000000000000000000000000000000")});
    patch(world, &missing, MERGE, &json!({}))
        .await
        .refused(404, "not_found");
}
