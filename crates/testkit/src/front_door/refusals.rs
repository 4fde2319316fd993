//! Paths, methods, bodies and types that are none; the pages that explain them.

use serde_json::{Value, json};

use super::ask::Ask;
use super::deviation::Deviation;
use super::imports::{OFFERS, load};
use super::queries::{QUERIES, query};
use super::world::{Gate, World};

/// Unknown paths, methods that a path does not have, HEAD; the id of a request.
pub(super) async fn paths_and_methods(world: &World) {
    if !world.deviates(Deviation::OwnRoutes) {
        unknown(world).await;
    }
    let marked = Ask::get("/healthz").header("x-request-id", "my-id.7");
    assert_eq!(world.send(&marked).await.header("x-request-id"), "my-id.7");
    let unfit = Ask::get("/healthz").header("x-request-id", "a b");
    let given = world.send(&unfit).await;
    assert!(!given.header("x-request-id").is_empty() && given.header("x-request-id") != "a b");
}

async fn unknown(world: &World) {
    for path in [
        "/nowhere",
        "/imports/",
        "/tmf-api",
        &format!("{QUERIES}/a/b"),
    ] {
        world.get(path).await.refused(404, "route_not_found");
    }
    for (method, path, allowed) in [
        ("PUT", QUERIES, vec!["GET", "HEAD", "POST"]),
        ("DELETE", "/imports", vec!["GET", "HEAD", "POST"]),
        ("POST", "/availability/v1/lookup", vec!["GET", "HEAD"]),
        ("GET", "/imports/a.b.1/undo", vec!["POST"]),
    ] {
        let reply = world
            .send(&Ask::new(method, path).key(&world.keys.operator))
            .await;
        reply.refused(405, "method_not_allowed");
        let mut allow: Vec<_> = reply.header("allow").split(',').collect();
        allow.sort_unstable();
        assert_eq!(allow, allowed, "{method} {path}");
    }
    let head = world
        .send(&Ask::new("HEAD", QUERIES).key(&world.keys.operator))
        .await
        .expect(200);
    assert!(head.body.is_empty());
    assert_eq!(head.header("x-total-count"), "0");
}

/// No JSON, no object, the wrong type, too long.
pub(super) async fn bodies(world: &World) {
    let post = |media_type, body: String| {
        Ask::new("POST", QUERIES)
            .body(media_type, body)
            .key(&world.keys.operator)
    };
    for body in ["", "{", "{\"a\":1,}", "[]", "7", "\u{feff}{}"] {
        let reply = world.send(&post("application/json", body.to_owned())).await;
        let message = reply.refused(400, "malformed_json");
        assert!(!message.is_empty(), "{body}");
    }
    let message = world
        .send(&post("application/json", "{\n  x".to_owned()))
        .await;
    assert!(
        message
            .refused(400, "malformed_json")
            .starts_with("line 2, column 3")
    );
    let charset = post("application/json; charset=utf-8", "{}".to_owned());
    world.send(&charset).await.refused(400, "invalid_attribute");
    let shouted = post("Application/JSON", "{}".to_owned());
    world.send(&shouted).await.refused(400, "invalid_attribute");
    let message = world.send(&post("text/plain", "{}".to_owned())).await;
    assert!(
        message
            .refused(415, "unsupported_media_type")
            .contains("application/json")
    );
    world
        .send(&Ask::new("POST", QUERIES).key(&world.keys.operator))
        .await
        .refused(415, "unsupported_media_type");
    let long = format!("{{\"x\":\"{}\"}}", "x".repeat(5 * 1024 * 1024));
    world
        .send(&post("application/json", long))
        .await
        .refused(413, "body_too_large");
    let deep = "[".repeat(100_000);
    world
        .send(&post("application/json", deep))
        .await
        .refused(400, "malformed_json");
}

/// Where the store fails, nothing is said of any address: 503, and when to ask again.
pub(super) async fn failing_store(world: &World) {
    if world.deviates(Deviation::StoreNeverFails) {
        return;
    }
    load(world, OFFERS).await;
    let place = json!([{"name": "12 Oak St, Millford, WY 82099"}]);
    let task = world.post(QUERIES, &query(&place, true)).await.expect(200);
    let task = task.header("location").to_owned();
    (world.break_store)();
    let key = &world.keys.operator;
    let asks = [
        Ask::get("/availability/v1/lookup?address=12%20Oak%20St%2C%20Millford%2C%20WY%2082099"),
        Ask::post(QUERIES, &query(&place, true)),
        Ask::post(QUERIES, &query(&place, false)),
        Ask::get(QUERIES),
        Ask::get(&task),
        Ask::patch(&task, "application/json", &json!({"description": "new"})),
        Ask::new("DELETE", &task),
        Ask::get("/tmf-api/geographicAddressManagement/v4/geographicAddress/82099:OAK-ST:12"),
        Ask::get("/imports"),
        Ask::get("/imports/Acme_Fiber.main.1"),
    ];
    let refused = async |ask: &Ask| {
        let reply = world.send(&ask.clone().key(key)).await;
        let message = reply.refused(503, "store_unavailable");
        assert!(
            message.is_empty(),
            "what the store said is shown to nobody: {message}"
        );
        assert_eq!(reply.header("retry-after"), "1", "{ask:?}");
    };
    for ask in &asks {
        refused(ask).await;
    }
    // Now not even the key can be looked up: that is no reason to call it a bad one.
    (world.pass_time)();
    match world.gate {
        Gate::Router => refused(&asks[0]).await,
        Gate::Gateway => {
            world.send(&asks[0].clone().key(key)).await.expect(500);
        }
    }
    world.send(&Ask::get("/healthz")).await.expect(200);
}

/// Every code that a description names has a page; the documents are served.
pub(super) async fn pages(world: &World) {
    let page = if world.deviates(Deviation::OwnRoutes) {
        "/docs/errors/route_not_found".to_owned()
    } else {
        let refused = world.send(&Ask::get("/nowhere")).await.json();
        refused["referenceError"]
            .as_str()
            .expect("a reference")
            .to_owned()
    };
    let page = world.send(&Ask::get(&page)).await.expect(200);
    assert!(page.header("content-type").starts_with("text/markdown"));
    assert!(page.body.starts_with(b"# route_not_found"));
    world
        .send(&Ask::get("/docs/errors/nonsense"))
        .await
        .refused(404, "not_found");
    let docs = world.send(&Ask::get("/docs/")).await.expect(200);
    let html = String::from_utf8_lossy(&docs.body).into_owned();
    assert!(html.contains("swagger-ui"), "{html}");
    assert!(
        !html.contains("https://"),
        "the page asks no outside host: {html}"
    );
    let settings = Ask::get("/docs/swagger-initializer.js");
    let settings = world.send(&settings).await.expect(200);
    let settings = String::from_utf8_lossy(&settings.body).into_owned();
    assert!(
        settings.contains("\"validatorUrl\": \"none\""),
        "documents are sent to no outside host to be judged: {settings}"
    );
    for name in [
        "tmf645-availability.json",
        "tmf673-address.json",
        "lastmile.json",
    ] {
        let served = world
            .send(&Ask::get(&format!("/openapi/{name}")))
            .await
            .expect(200)
            .json();
        assert!(
            world.documents.contains(&served),
            "{name} is served as it is committed"
        );
        assert_eq!(
            served["openapi"].as_str().map(|version| &version[..3]),
            Some("3.1")
        );
        assert_ne!(served["paths"], Value::Null);
    }
}
