//! Documents of the catalog: one engine, so that what is asked of one kind holds for all.

use serde_json::{Value, json};

use super::ask::{Ask, Reply};
use super::world::World;

const BASE: &str = "/tmf-api/productCatalogManagement/v4";
const KINDS: [&str; 5] = [
    "catalog",
    "category",
    "productOffering",
    "productOfferingPrice",
    "productSpecification",
];
const OFFERINGS: &str = "/tmf-api/productCatalogManagement/v4/productOffering";
const SPECIFICATIONS: &str = "/tmf-api/productCatalogManagement/v4/productSpecification";
const CATEGORIES: &str = "/tmf-api/productCatalogManagement/v4/category";
const MERGE: &str = "application/merge-patch+json";
const OPERATIONS: &str = "application/json-patch+json";

async fn create(world: &World, path: &str, body: &Value) -> Value {
    world.post(path, body).await.expect(201).json()
}

async fn patch(world: &World, document: &Value, media_type: &'static str, body: &Value) -> Reply {
    let ask = Ask::patch(href(document), media_type, body);
    world.send(&ask.key(&world.keys.operator)).await
}

async fn delete(world: &World, document: &Value) -> Reply {
    let ask = Ask::new("DELETE", href(document));
    world.send(&ask.key(&world.keys.operator)).await
}

fn href(document: &Value) -> &str {
    document["href"].as_str().expect("a href")
}

fn reference(document: &Value) -> Value {
    json!({"id": document["id"], "x-kept": true})
}

/// Every kind is created, read, changed and removed, and keeps what it does not know.
pub(super) async fn life(world: &World) {
    for kind in KINDS {
        let path = format!("{BASE}/{kind}");
        let body = json!({"x-note": {"a": [1, null]}, "name": "Gig", "@baseType": "Thing", "description": null});
        let created = world.post(&path, &body).await.expect(201);
        let document = created.json();
        assert_eq!(created.header("location"), href(&document), "{kind}");
        assert_eq!(created.header("etag"), "\"1\"");
        assert_eq!(
            (
                &document["x-note"],
                &document["@baseType"],
                &document["description"]
            ),
            (&json!({"a": [1, null]}), &"Thing".into(), &Value::Null)
        );
        assert_eq!(document["lifecycleStatus"], "In study");
        let type_name = document["@type"].as_str().expect("a type");
        assert_eq!(type_name.to_lowercase(), kind.to_lowercase());
        let updated = |document: &Value| document["lastUpdate"].as_str().map(str::to_owned);
        let read = world.get(href(&document)).await.expect(200);
        assert_eq!(
            (read.json(), read.header("etag")),
            (document.clone(), "\"1\"")
        );

        (world.pass_time)();
        let merge = json!({"name": "Giga", "x-note": null, "validFor": {"startDateTime": "2026-03-03T00:00:00Z"}});
        let changed = patch(world, &document, MERGE, &merge).await.expect(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        let changed = changed.json();
        assert_eq!(
            (&changed["name"], &changed["x-note"]),
            (&"Giga".into(), &Value::Null)
        );
        assert!(updated(&document) < updated(&changed), "{changed}");
        let same = patch(world, &document, MERGE, &json!({"name": "Giga"})).await;
        assert_eq!(same.expect(200).header("etag"), "\"2\"", "nothing changes");
        let replace = json!([
            {"op": "test", "path": "/name", "value": "Giga"},
            {"op": "replace", "path": "/name", "value": "Gigabit"}
        ]);
        let changed = patch(world, &document, OPERATIONS, &replace)
            .await
            .expect(200);
        assert_eq!(
            world.get(href(&document)).await.expect(200).json(),
            changed.json()
        );

        delete(world, &document).await.expect(204);
        world.get(href(&document)).await.refused(404, "not_found");
        delete(world, &document).await.refused(404, "not_found");
    }
}

/// Filters, `fields` and pages, over all shards of a kind and newest first.
pub(super) async fn lists(world: &World) {
    for number in 0..7 {
        let body = json!({
            "name": format!("offer {number}"),
            "isBundle": number % 2 == 0,
            "lifecycleStatus": if number < 5 { "Active" } else { "Launched" },
        });
        create(world, OFFERINGS, &body).await;
        (world.pass_time)();
    }
    create(world, SPECIFICATIONS, &json!({"name": "another kind"})).await;
    let all = world.get(OFFERINGS).await.expect(200);
    assert_eq!(
        (all.header("x-total-count"), all.header("x-result-count")),
        ("7", "7")
    );
    assert_eq!(
        names(&all.json()),
        [
            "offer 6", "offer 5", "offer 4", "offer 3", "offer 2", "offer 1", "offer 0"
        ]
    );

    let filtered = format!("{OFFERINGS}?lifecycleStatus=Active&isBundle=true&fields=name&limit=2");
    let page = world.get(&filtered).await.expect(206);
    assert_eq!(
        (page.header("x-total-count"), page.header("x-result-count")),
        ("3", "2")
    );
    assert_eq!(names(&page.json()), ["offer 4", "offer 2"]);
    let mut kept: Vec<_> = page.json()[0]
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    kept.sort();
    assert_eq!(kept, ["@type", "href", "id", "name"]);
    let link = page.header("link");
    assert!(link.contains("&offset=2&limit=2>; rel=\"next\""), "{link}");
    let rest = world.get(&format!("{filtered}&offset=2")).await.expect(206);
    assert_eq!(names(&rest.json()), ["offer 0"]);

    for nothing in ["colour=red", "lifecycleStatus=active", "isBundle=1"] {
        let empty = world
            .get(&format!("{OFFERINGS}?{nothing}"))
            .await
            .expect(200);
        assert_eq!(empty.json(), json!([]), "{nothing}");
    }
    world
        .get(&format!("{OFFERINGS}?limit=0"))
        .await
        .refused(400, "invalid_parameter");
}

fn names(list: &Value) -> Vec<&str> {
    let documents = list.as_array().into_iter().flatten();
    documents
        .filter_map(|document| document["name"].as_str())
        .collect()
}

/// Bodies that are none, each with the attribute that is wrong.
pub(super) async fn bad_bodies(world: &World) {
    for (attribute, body) in [
        ("name", json!({})),
        ("name", json!({"name": "  "})),
        ("name", json!({"name": null})),
        ("name", json!({"name": 7})),
        ("isBundle", json!({"name": "x", "isBundle": "true"})),
        (
            "lifecycleStatus",
            json!({"name": "x", "lifecycleStatus": "Ready"}),
        ),
        (
            "validFor.endDateTime",
            json!({"name": "x", "validFor": {
            "startDateTime": "2026-03-03T00:00:00Z", "endDateTime": "2026-03-02T00:00:00Z"}}),
        ),
        (
            "validFor.startDateTime",
            json!({"name": "x", "validFor": {"startDateTime": "today"}}),
        ),
        (
            "productSpecification.id",
            json!({"name": "x", "productSpecification": {}}),
        ),
        (
            "category[1]",
            json!({"name": "x", "category": [{"id": "1"}, 7]}),
        ),
        ("@type", json!({"name": "x", "@type": 7})),
    ] {
        let reply = world.post(OFFERINGS, &body).await;
        if attribute == "category[1]" {
            // The first of them is wrong already.
            let message = reply.refused(422, "reference_unknown");
            assert!(message.starts_with("category[0].id: "), "{message}");
        } else {
            let message = reply.refused(400, "invalid_attribute");
            assert!(message.starts_with(&format!("{attribute}: ")), "{message}");
        }
    }
    for attribute in ["id", "href", "lastUpdate"] {
        let body = json!({"name": "x", attribute: "mine"});
        let message = world
            .post(OFFERINGS, &body)
            .await
            .refused(400, "attribute_read_only");
        assert!(message.starts_with(attribute), "{message}");
    }
    let long = json!({"name": "x", "description": "y".repeat(100 * 1024)});
    let message = world
        .post(OFFERINGS, &long)
        .await
        .refused(413, "body_too_large");
    assert!(message.contains("102400"), "{message}");
    world
        .post(OFFERINGS, &json!([]))
        .await
        .refused(400, "malformed_json");
    let text = Ask::new("POST", OFFERINGS).body("text/plain", "x");
    let text = text.key(&world.keys.operator);
    world
        .send(&text)
        .await
        .refused(415, "unsupported_media_type");
}

/// Patches that are refused change nothing.
pub(super) async fn bad_patches(world: &World) {
    let before = create(world, OFFERINGS, &json!({"name": "Gig"})).await;
    for (attribute, value) in [
        ("id", json!("1")),
        ("href", json!("/elsewhere")),
        ("lastUpdate", Value::Null),
        ("@type", json!("Special")),
        ("@baseType", json!("Thing")),
    ] {
        let reply = patch(world, &before, MERGE, &json!({attribute: value})).await;
        let message = reply.refused(400, "attribute_read_only");
        assert!(message.starts_with(attribute), "{message}");
    }
    for attribute in ["name", "lifecycleStatus"] {
        let reply = patch(world, &before, MERGE, &json!({attribute: null})).await;
        let message = reply.refused(400, "invalid_attribute");
        assert!(message.starts_with(attribute), "{message}");
    }
    let itself = json!({"bundledProductOffering": [reference(&before)]});
    let message = patch(world, &before, MERGE, &itself)
        .await
        .refused(400, "invalid_attribute");
    assert!(
        message.starts_with("bundledProductOffering[0].id: "),
        "{message}"
    );
    let failing = json!([{"op": "test", "path": "/name", "value": "another"}]);
    patch(world, &before, OPERATIONS, &failing)
        .await
        .refused(422, "patch_failed");
    assert_eq!(world.get(href(&before)).await.expect(200).json(), before);
}

/// A life goes one step ahead at a time, and a refused step names both ends.
pub(super) async fn lifecycle(world: &World) {
    let document = create(
        world,
        OFFERINGS,
        &json!({"name": "Gig", "lifecycleStatus": "in Design"}),
    )
    .await;
    assert_eq!(document["lifecycleStatus"], "In design");
    let to = async |status: &str| {
        patch(world, &document, MERGE, &json!({"lifecycleStatus": status})).await
    };
    let message = to("Launched").await.refused(409, "move_refused");
    assert!(
        message.contains("\"In design\"") && message.contains("\"Launched\""),
        "{message}"
    );
    for status in ["In test", "Active", "Launched", "Retired", "Obsolete"] {
        assert_eq!(
            to(status).await.expect(200).json()["lifecycleStatus"],
            status
        );
    }
    to("Rejected").await.refused(409, "move_refused");
    to("Active").await.refused(409, "move_refused");
}

/// What is referred to must be there, and stays as long as it is referred to.
pub(super) async fn references(world: &World) {
    let specification = create(world, SPECIFICATIONS, &json!({"name": "Internet access"})).await;
    let root = create(world, CATEGORIES, &json!({"name": "Internet"})).await;
    let body = json!({
        "name": "Gig",
        "productSpecification": reference(&specification),
        "category": [reference(&root), reference(&root)],
        "productOfferingPrice": [{"name": "a value", "priceType": "recurring"}],
    });
    let offering = create(world, OFFERINGS, &body).await;
    assert_eq!(offering["productSpecification"]["x-kept"], true);

    let missing = json!({"id": "00000000000000000000000000000000"});
    for (path, wrong) in [
        (
            "productSpecification.id",
            json!({"productSpecification": reference(&root)}),
        ),
        (
            "category[1].id",
            json!({"category": [reference(&root), missing]}),
        ),
        (
            "prodSpecCharValueUse[0].productSpecification.id",
            json!({"prodSpecCharValueUse": [{"productSpecification": missing}]}),
        ),
        (
            "productOfferingPrice[0].id",
            json!({"productOfferingPrice": [{"id": "7"}]}),
        ),
    ] {
        let message = patch(world, &offering, MERGE, &wrong)
            .await
            .refused(422, "reference_unknown");
        assert!(message.starts_with(&format!("{path}: ")), "{message}");
        let mut body = wrong;
        body["name"] = "new".into();
        let message = world
            .post(OFFERINGS, &body)
            .await
            .refused(422, "reference_unknown");
        assert!(message.starts_with(&format!("{path}: ")), "{message}");
    }
    assert_eq!(
        world.get(href(&offering)).await.expect(200).json(),
        offering
    );

    let message = delete(world, &specification)
        .await
        .refused(409, "resource_in_use");
    assert!(message.starts_with("1 other"), "{message}");
    delete(world, &root).await.refused(409, "resource_in_use");
    patch(world, &offering, MERGE, &json!({"category": null}))
        .await
        .expect(200);
    delete(world, &root).await.expect(204);
    delete(world, &offering).await.expect(204);
    delete(world, &specification).await.expect(204);
}

/// Two who change one document: neither loses what the other did.
pub(super) async fn versions(world: &World) {
    let document = create(world, CATEGORIES, &json!({"name": "Internet"})).await;
    let with = |tag: &str, body: &Value| {
        let ask = Ask::patch(href(&document), MERGE, body).key(&world.keys.operator);
        ask.header("if-match", tag)
    };
    let first = with("\"1\"", &json!({"description": "first"}));
    assert_eq!(world.send(&first).await.expect(200).header("etag"), "\"2\"");
    let second = with("\"1\"", &json!({"description": "second"}));
    let message = world
        .send(&second)
        .await
        .refused(412, "precondition_failed");
    assert!(message.contains("\"2\""), "{message}");
    let either = with("\"1\", \"2\"", &json!({"description": "third"}));
    assert_eq!(
        world.send(&either).await.expect(200).json()["description"],
        "third"
    );
    let weak = with("W/\"3\"", &json!({"description": "weak"}));
    world.send(&weak).await.refused(412, "precondition_failed");
    let remove = |tag: &str| {
        let ask = Ask::new("DELETE", href(&document)).key(&world.keys.operator);
        ask.header("if-match", tag)
    };
    world
        .send(&remove("\"2\""))
        .await
        .refused(412, "precondition_failed");
    world.send(&remove("*")).await.expect(204);
}

/// The same request under a key makes one document.
pub(super) async fn once(world: &World) {
    let under = |key: &str, body: &Value| {
        let ask = Ask::post(OFFERINGS, body).key(&world.keys.operator);
        ask.header("idempotency-key", key)
    };
    let gig = json!({"name": "Gig"});
    let first = world.send(&under("order-7", &gig)).await.expect(201);
    (world.pass_time)();
    let again = world.send(&under("order-7", &gig)).await.expect(201);
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("location"), first.header("location"));
    let other = json!({"name": "Giga"});
    world
        .send(&under("order-7", &other))
        .await
        .refused(422, "idempotency_key_reused");
    let of_another_kind = Ask::post(CATEGORIES, &gig).key(&world.keys.operator);
    world
        .send(&of_another_kind.header("idempotency-key", "order-7"))
        .await
        .expect(201);
    let of_another_tenant = Ask::post(OFFERINGS, &gig).key(&world.keys.stranger);
    let theirs = world
        .send(&of_another_tenant.header("idempotency-key", "order-7"))
        .await;
    assert_ne!(theirs.expect(201).json()["id"], first.json()["id"]);
    let all = world.get(OFFERINGS).await.expect(200);
    assert_eq!(all.header("x-total-count"), "1");
    for bad in ["", "two words", &"k".repeat(129)] {
        world
            .send(&under(bad, &gig))
            .await
            .refused(400, "invalid_parameter");
    }
    delete(world, &first.json()).await.expect(204);
    world
        .send(&under("order-7", &gig))
        .await
        .refused(422, "idempotency_key_reused");
}

/// Another tenant's documents are not there, and cannot be referred to.
pub(super) async fn tenants(world: &World) {
    let specification = create(world, SPECIFICATIONS, &json!({"name": "Internet access"})).await;
    let stranger = &world.keys.stranger;
    for ask in [
        Ask::get(href(&specification)),
        Ask::patch(href(&specification), MERGE, &json!({"name": "mine"})),
        Ask::new("DELETE", href(&specification)),
    ] {
        world
            .send(&ask.key(stranger))
            .await
            .refused(404, "not_found");
    }
    let listed = world
        .send(&Ask::get(SPECIFICATIONS).key(stranger))
        .await
        .expect(200);
    assert_eq!(listed.json(), json!([]));
    let body = json!({"name": "Gig", "productSpecification": reference(&specification)});
    let reply = world.send(&Ask::post(OFFERINGS, &body).key(stranger)).await;
    reply.refused(422, "reference_unknown");
}

/// An operator writes, an agent reads, and a provider has its own documents to itself and the operator.
pub(super) async fn roles(world: &World) {
    let keys = &world.keys;
    let ours = create(world, SPECIFICATIONS, &json!({"name": "Internet access"})).await;
    let read = world
        .send(&Ask::get(href(&ours)).key(&keys.agent))
        .await
        .expect(200);
    assert_eq!(read.json(), ours);
    for ask in [
        Ask::post(SPECIFICATIONS, &json!({"name": "x"})),
        Ask::patch(href(&ours), MERGE, &json!({"name": "x"})),
        Ask::new("DELETE", href(&ours)),
    ] {
        world
            .send(&ask.clone().key(&keys.agent))
            .await
            .refused(403, "access_denied");
    }

    let own = Ask::post(SPECIFICATIONS, &json!({"name": "Acme Wave"})).key(&keys.provider);
    let own = world.send(&own).await.expect(201).json();
    for ask in [
        Ask::get(href(&ours)),
        Ask::patch(href(&ours), MERGE, &json!({"name": "x"})),
        Ask::new("DELETE", href(&ours)),
    ] {
        world
            .send(&ask.key(&keys.provider))
            .await
            .refused(404, "not_found");
    }
    let listed = world
        .send(&Ask::get(SPECIFICATIONS).key(&keys.provider))
        .await
        .expect(200);
    assert_eq!(listed.json(), json!([own]));
    let offering = |specification: &Value| {
        let body = json!({"name": "Gig", "productSpecification": reference(specification)});
        Ask::post(OFFERINGS, &body).key(&keys.provider)
    };
    world
        .send(&offering(&ours))
        .await
        .refused(422, "reference_unknown");
    world.send(&offering(&own)).await.expect(201);
    patch(world, &own, MERGE, &json!({"brand": "Acme"}))
        .await
        .expect(200);
    let kept = Ask::patch(href(&own), MERGE, &json!({"brand": "Acme Fiber"}));
    world.send(&kept.key(&keys.provider)).await.expect(200);
}
