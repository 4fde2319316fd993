//! TMF645 `queryServiceQualification`.

use serde_json::{Value, json};

use super::ask::{Ask, Reply};
use super::checks::CHECKS;
use super::deviation::Deviation;
use super::imports::{OFFERS, fresh_offers, load};
use super::world::World;

pub(super) const QUERIES: &str =
    "/tmf-api/serviceQualificationManagement/v4/queryServiceQualification";

/// How often a task is looked at before it counts as stuck.
const LOOKS_MAX: usize = 2_000;

pub(super) fn query(places: &Value, instant: bool) -> Value {
    json!({
        "externalId": "deal 7",
        "instantSyncQualification": instant,
        "searchCriteria": {"service": {"place": places, "x-wish": {"colour": "red"}}},
        "x-note": [1, {"deep": true}],
        "@type": "MyQuery",
        "@schemaLocation": "https://example.com/my.json"
    })
}

fn places() -> Value {
    json!([
        {"role": "site", "name": "12 Oak Street, Millford, WY 82099", "x-floor": 3},
        {"streetNr": "16", "streetName": "Oak", "streetType": "St", "city": "Millford",
         "stateOrProvince": "WY", "postcode": "82099", "geographicSubAddress": [{"subUnitNumber": "2"}]},
        {"id": "82099:N-MAIN-ST:200"},
        {"name": "1 Nowhere Rd, Millford, WY 82099"}
    ])
}

/// Waits until a task is finished.
pub(super) async fn finished(world: &World, begun: &Reply) -> Value {
    let href = begun.header("location").to_owned();
    assert_eq!(begun.json()["href"], href);
    for _ in 0..LOOKS_MAX {
        let task = world.get(&href).await.expect(200).json();
        if task["state"] == "done" || task["state"] == "terminatedWithError" {
            return task;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    panic!("{href} is worked on for ever");
}

/// Everything that an answer must hold.
fn look(world: &World, answered: &Value) {
    assert_eq!(answered["state"], "done", "{answered:#}");
    assert_eq!(answered["externalId"], "deal 7");
    assert_eq!(answered["x-note"], json!([1, {"deep": true}]));
    assert_eq!(answered["@type"], "MyQuery");
    assert_eq!(answered["@schemaLocation"], "https://example.com/my.json");
    assert_eq!(answered["searchCriteria"]["service"]["place"], places());
    assert_eq!(
        answered["searchCriteria"]["service"]["x-wish"],
        json!({"colour": "red"})
    );
    let items = answered["serviceQualificationItem"]
        .as_array()
        .expect("items");
    let ids: Vec<_> = items
        .iter()
        .filter_map(|item| item["id"].as_str())
        .collect();
    assert_eq!(ids[..4], ["1.1", "1.2", "2.1", "3.1"], "{answered:#}");
    let first = &items[0];
    assert_eq!(first["qualificationResult"], "qualified");
    assert_eq!(
        (&first["outcome"], &first["confidence"]),
        (&"served".into(), &"green".into())
    );
    assert_eq!(
        first["price"],
        json!({"mrc": "50.00", "currency": "USD", "@type": "ListPrice"})
    );
    assert_eq!(first["service"]["name"], "Gig");
    let characteristics = first["service"]["serviceCharacteristic"]
        .as_array()
        .expect("characteristics");
    let value = |name: &str| {
        let named = characteristics
            .iter()
            .find(|characteristic| characteristic["name"] == name);
        named.map(|characteristic| characteristic["value"].clone())
    };
    assert_eq!(value("technology"), Some("fiber".into()));
    assert_eq!(
        (value("downMbps"), value("upMbps")),
        (Some(1000.into()), Some(1000.into()))
    );
    assert_eq!(first["service"]["relatedParty"][0]["id"], "Acme Fiber");
    let place = &first["service"]["place"][0];
    assert_eq!(
        (&place["id"], &place["role"]),
        (&"82099:OAK-ST:12".into(), &"installation address".into())
    );
    assert_eq!(first["source"]["asOf"], world.collected_on());
    let unknown = items
        .iter()
        .find(|item| item["id"].as_str().is_some_and(|id| id.starts_with("4.")));
    let unknown = unknown.expect("an item for the unknown place");
    assert_ne!(unknown["outcome"], "served");
    assert_ne!(unknown["placeMatch"]["match"], "exact");
}

/// Faster offers at the building than any answer holds.
const BETTER_OFFERS: usize = 510;
/// The findings of a place that a task gives.
const FINDINGS_GIVEN: usize = 100;

/// A building with more claims than are given says so; what is asked for is found among all of them.
pub(super) async fn cut(world: &World) {
    let mut list: String = OFFERS
        .lines()
        .take(3)
        .map(|row| format!("{row}\n"))
        .collect();
    let better = OFFERS.lines().nth(1).expect("a row of Acme Fiber");
    for number in 0..BETTER_OFFERS {
        list += &better.replace(",Gig,", &format!(",Gig {number},"));
        list.push('\n');
    }
    load(world, list).await;
    let of = |provider: &str| {
        json!({
            "place": [{"name": "12 Oak St, Millford, WY 82099"}],
            "relatedParty": [{"role": "provider", "name": provider}]
        })
    };
    let ask = async |path: &str, body: Value| world.post(path, &body).await.expect(200).json();
    let query = async |provider: &str| {
        let criteria = json!({"service": of(provider)});
        let body = json!({"instantSyncQualification": true, "searchCriteria": criteria});
        ask(QUERIES, body).await["serviceQualificationItem"].take()
    };
    let check = async |provider: &str| {
        let items = json!([{"service": of(provider)}]);
        let body = json!({"instantSyncQualification": true, "serviceQualificationItem": items});
        ask(CHECKS, body).await["serviceQualificationItem"][0].take()
    };
    let many = query("Acme Fiber").await;
    let many = many.as_array().expect("items");
    assert_eq!(many.len(), FINDINGS_GIVEN);
    assert!(many.iter().all(|item| item["findingsCut"] == true));
    let one = query("Beta Cable").await;
    assert_eq!(one[0]["outcome"], "served", "{one:#}");
    assert_eq!(one[0].get("findingsCut"), None);

    let many = check("Acme Fiber").await;
    assert_eq!(many["findingsCut"], true);
    assert_eq!(
        many["serviceQualificationItem"].as_array().map(Vec::len),
        Some(FINDINGS_GIVEN)
    );
    let one = check("Beta Cable").await;
    assert_eq!(one["qualificationResult"], "qualified", "{one:#}");
    assert_eq!(one.get("findingsCut"), None);
}

/// `instantSyncQualification: true` answers in the reply; the task can be read again and removed.
pub(super) async fn at_once(world: &World) {
    load(world, fresh_offers(world)).await;
    let reply = world
        .post(QUERIES, &query(&places(), true))
        .await
        .expect(200);
    let answered = reply.json();
    look(world, &answered);
    let href = answered["href"].as_str().expect("a href").to_owned();
    assert_eq!(world.get(&href).await.expect(200).json(), answered);
    let selected = world
        .get(&format!("{href}?fields=state,externalId"))
        .await
        .expect(200)
        .json();
    let mut kept: Vec<_> = selected
        .as_object()
        .expect("an object")
        .keys()
        .cloned()
        .collect();
    kept.sort();
    assert_eq!(kept, ["@type", "externalId", "href", "id", "state"]);
    let delete = Ask::new("DELETE", &href).key(&world.keys.operator);
    let gone = world.send(&delete).await.expect(204);
    assert!(gone.body.is_empty());
    world.get(&href).await.refused(404, "not_found");
    world.send(&delete).await.refused(404, "not_found");
}

/// Without it, the task is given back at once and worked on by the process.
pub(super) async fn deferred(world: &World) {
    load(world, fresh_offers(world)).await;
    let begun = world
        .post(QUERIES, &query(&places(), false))
        .await
        .expect(201);
    assert_eq!(begun.json()["state"], "accepted");
    look(world, &finished(world, &begun).await);
}

/// What is wrong is named by its path.
pub(super) async fn bad_bodies(world: &World) {
    let place = |place: Value| {
        query(
            &json!([{"name": "12 Oak St, Millford, WY 82099"}, place]),
            true,
        )
    };
    for (body, named) in [
        (json!({}), "searchCriteria"),
        (json!({"searchCriteria": 7}), "searchCriteria"),
        (
            json!({"searchCriteria": {}}),
            "searchCriteria.service.place",
        ),
        (query(&json!([]), true), "searchCriteria.service.place"),
        (query(&json!({}), true), "searchCriteria.service.place"),
        (place(json!({})), "searchCriteria.service.place[1]"),
        (
            place(json!({"id": "nonsense"})),
            "searchCriteria.service.place[1].id",
        ),
        (
            place(json!({"streetNr": 7, "streetName": "Oak"})),
            "searchCriteria.service.place[1].streetNr",
        ),
        (
            place(
                json!({"name": "1 A St", "geographicLocation": {"@type": "GeoJsonPoint",
                "geoJson": {"type": "Point", "coordinates": [41.1, -104.8]}}}),
            ),
            "searchCriteria.service.place[1].geographicLocation.geoJson.coordinates",
        ),
    ] {
        let message = world
            .post(QUERIES, &body)
            .await
            .refused(400, "invalid_attribute");
        assert!(
            message.starts_with(named) || message.contains(&format!("`{named}`")),
            "{message}"
        );
    }
    let mut owned = query(&places(), true);
    owned["state"] = "done".into();
    let message = world
        .post(QUERIES, &owned)
        .await
        .refused(400, "attribute_read_only");
    assert!(message.starts_with("state"), "{message}");
}

/// 1,000 places are answered, 1,001 are refused.
pub(super) async fn how_many(world: &World) {
    let many = |count: usize| {
        let place = |number| json!({"name": format!("{number} Elm St, Millford, WY 82099")});
        query(&(0..count).map(place).collect(), true)
    };
    if !world.deviates(Deviation::SlowStore) {
        let answered = world.post(QUERIES, &many(1_000)).await.expect(200).json();
        let items = answered["serviceQualificationItem"].as_array();
        assert_eq!(items.map(Vec::len), Some(1_000));
    }
    let message = world
        .post(QUERIES, &many(1_001))
        .await
        .refused(400, "too_many_items");
    assert!(
        message.contains("1001") && message.contains("1000"),
        "{message}"
    );
}
