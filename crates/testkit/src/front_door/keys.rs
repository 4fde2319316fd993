//! Nobody comes in without a key, and nobody does more than the role allows.

use serde_json::json;

use super::ask::Ask;
use super::described::operations;
use super::imports::{IMPORT_OWN, OFFERS};
use super::world::World;

/// Operations for which no case shows that a request without a good key is refused. The list may only shrink.
pub const WITHOUT_UNAUTHORISED_TEST: &[&str] = &[];

/// Every described operation refuses a missing, an unknown and a revoked key, before it looks at anything else. One that
/// needs none refuses a caller that it does not know.
pub(super) async fn refused(world: &World) {
    let operations = operations(&world.documents);
    assert!(!operations.is_empty());
    for operation in operations {
        let path = operation.path.replace(['{', '}'], "");
        let shown = format!("{} {}", operation.method, operation.path);
        if WITHOUT_UNAUTHORISED_TEST.contains(&shown.as_str()) {
            continue;
        }
        let ask = Ask::new(&operation.method, &path);
        if operation.is_open {
            world.send(&ask).await.refused(404, "not_found");
            continue;
        }
        world.refused_at_gate(&ask, "api_key_missing").await;
        let unknown = "lastmile_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        for key in ["", "nonsense", unknown, &world.keys.revoked] {
            let shown = ask.clone().key(key);
            world.refused_at_gate(&shown, "api_key_invalid").await;
        }
        let mut nearly = world.keys.operator.clone();
        nearly.pop();
        world
            .refused_at_gate(&ask.key(&nearly), "api_key_invalid")
            .await;
    }
    world.send(&Ask::get("/healthz")).await.expect(200);
}

/// A key is a bearer token as well, and goes before the key of a gateway's plan.
pub(super) async fn tokens(world: &World) {
    let ask = Ask::get("/availability/v1/lookup?address=1%20NOWHERE%20ST,%20MILLFORD,%20WY");
    let bearer = |token: &str| ask.clone().header("authorization", token);
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let token = format!("{scheme} {}", world.keys.agent);
        world.send(&bearer(&token)).await.expect(200);
        let with_plan = bearer(&token).key("a key of a plan");
        world.send(&with_plan).await.expect(200);
    }
    for token in ["", "nonsense", &world.keys.revoked] {
        let shown = bearer(&format!("Bearer {token}")).key(&world.keys.agent);
        world.refused_at_gate(&shown, "token_invalid").await;
    }
    let other_scheme = bearer(&format!("Basic {}", world.keys.agent));
    world
        .refused_at_gate(&other_scheme, "api_key_missing")
        .await;
}

/// An agent loads nothing, a provider only its own; both may ask.
pub(super) async fn roles(world: &World) {
    let keys = &world.keys;
    let import = Ask::new("POST", IMPORT_OWN).body("text/csv", OFFERS);
    world
        .send(&import.clone().key(&keys.agent))
        .await
        .refused(403, "access_denied");
    world
        .send(&Ask::get("/imports").key(&keys.agent))
        .await
        .refused(403, "access_denied");
    let foreign = Ask::new("POST", "/imports?provider=Beta%20Cable").body("text/csv", OFFERS);
    let message = world
        .send(&foreign.key(&keys.provider))
        .await
        .refused(403, "access_denied");
    assert!(message.contains("Acme Fiber"), "{message}");
    world.send(&import.key(&keys.provider)).await.expect(201);
    let question = json!({
        "instantSyncQualification": true,
        "searchCriteria": {"service": {"place": [{"name": "1 NOWHERE ST, MILLFORD, WY 82099"}]}}
    });
    let path = "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";
    for key in [&keys.agent, &keys.provider] {
        world
            .send(&Ask::post(path, &question).key(key))
            .await
            .expect(200);
    }
}
