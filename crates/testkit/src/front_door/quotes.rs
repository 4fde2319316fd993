//! Quotes: asked for, filled, read, exported, compared, priced by persons, accepted.

use serde_json::{Value, json};

use super::ask::{Ask, Reply};
use super::imports::{IMPORT_CARD, OFFERS, load, load_by};
use super::panel::{NEVER, PONDERS, QUICK};
use super::world::{OWN_PROVIDER, World};

const QUOTES: &str = "/tmf-api/quoteManagement/v4/quote";
const CASES: &str = "/quotes/v1/icb";
const MERGE: &str = "application/merge-patch+json";
/// How often a quote is looked at before it counts as stuck.
const LOOKS_MAX: usize = 500;

/// Of so many houses in Oak Street, for 12 and 36 months.
fn quote(locations: usize, providers: &[&str]) -> Value {
    let locations = (0..locations).map(|number| {
        let number = 12 + 10 * number;
        json!({"label": format!("site {number}"), "address": format!("{number} Oak St, Millford, WY 82099")})
    });
    json!({
        "location": locations.collect::<Vec<_>>(),
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 0.768}],
        "term": [36, 12],
        "provider": providers,
    })
}

async fn ask(world: &World, body: &Value) -> String {
    let created = world.post(QUOTES, body).await.expect(201);
    let document = created.json();
    assert_eq!(document["state"], "inProgress", "{document}");
    assert_eq!(created.header("location"), document["href"]);
    created.header("location").to_owned()
}

/// Whoever wants a small quote at once gets its prices in the answer.
pub(super) async fn instant(world: &World) {
    let mut body = quote(2, &[QUICK]);
    body["instantSyncQuote"] = true.into();
    let answer = world.post(QUOTES, &body).await.expect(200);
    let answered = answer.json();
    assert_eq!(answered["state"], "approved", "{answered}");
    assert_eq!(answer.header("location"), answered["href"]);
    let href = answer.header("location").to_owned();
    let listed = world.get(&format!("{href}/location")).await.expect(200);
    assert_eq!(answered["location"], listed.json());
    let price = &answered["location"][1]["cell"][0]["price"];
    assert_eq!(price["mrc"], "70.00", "{answered}");

    let mut large = quote(21, &[QUICK]);
    large["instantSyncQuote"] = true.into();
    let refused = world.post(QUOTES, &large).await;
    let message = refused.refused(400, "too_many_items");
    assert!(message.contains("at most 20 locations"), "{message}");
    body["instantSyncQuote"] = "yes".into();
    let refused = world.post(QUOTES, &body).await;
    refused.refused(400, "invalid_attribute");
}

/// Watches a quote until it is no longer in progress.
async fn filled(world: &World, href: &str) -> Value {
    let mut looks = 0;
    loop {
        let quote = world.get(href).await.expect(200).json();
        if quote["state"] != "inProgress" {
            return quote;
        }
        looks += 1;
        assert!(looks < LOOKS_MAX, "in progress for ever: {quote:#}");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

async fn patch(world: &World, href: &str, body: &Value) -> Reply {
    let ask = Ask::patch(href, MERGE, body);
    world.send(&ask.key(&world.keys.operator)).await
}

/// From lists and a carrier: watched, paged, exported, compared, accepted.
pub(super) async fn life(world: &World) {
    load(world, OFFERS).await;
    let mut body = quote(25, &[OWN_PROVIDER, QUICK]);
    body["x-note"] = json!({"kept": true});
    let href = ask(world, &body).await;
    let done = filled(world, &href).await;
    assert_eq!(done["state"], "approved", "{done}");
    assert!(done["validFor"]["endDateTime"].is_string());
    let progress = &done["progress"];
    assert_eq!(
        (&progress["cells"], &progress["waiting"]),
        (&100.into(), &0.into())
    );
    // The list knows the first house only.
    assert_eq!(progress["priced"], 52, "{progress}");
    assert_eq!(progress["provider"][1]["priced"], 50);
    assert_eq!(done["x-note"], Value::Null);
    let whole = world.get(&format!("{href}?whole=true")).await.expect(200);
    assert_eq!(whole.json()["x-note"], json!({"kept": true}));

    let page = format!("{href}/location?offset=19&limit=3");
    let page = world.get(&page).await.expect(206);
    assert_eq!(page.header("x-total-count"), "25");
    let numbers = page.json();
    let numbers = numbers.as_array().expect("a list").iter();
    let numbers: Vec<_> = numbers.map(|location| &location["number"]).collect();
    assert_eq!(numbers, [20, 21, 22]);
    one_provider(world, &href).await;
    let first = world.get(&format!("{href}/location?limit=1")).await;
    let first = &first.expect(206).json()[0];
    assert_eq!(first["label"], "site 12");
    let cell = &first["cell"][1];
    assert_eq!(
        (&cell["provider"], &cell["term"], &cell["price"]["source"]),
        (&OWN_PROVIDER.into(), &36.into(), &"rate_card".into()),
        "{cell}"
    );
    assert_eq!(
        (&cell["price"]["mrc"], &cell["outcome"]),
        (&"50.00".into(), &"priced".into())
    );

    let export = world.get(&format!("{href}/export")).await.expect(200);
    let export = String::from_utf8(export.body.to_vec()).expect("text");
    assert_eq!(export.lines().count(), 101);
    assert!(export.starts_with("location,label,address,provider,product,"));
    assert!(export.contains("\n25,site 252,\"252 Oak St, Millford, WY 82099\",Quick Cable,basic_internet_access,100,0.768,,36,priced,,70.00,100.00,USD,30,"), "{export}");

    let advice = format!("{href}/recommendation?term=36");
    let advice = world.get(&advice).await.expect(200).json();
    assert_eq!(advice["location"][0]["cheapest"]["total"], "1800.00");
    assert_eq!(advice["location"][0]["secondCarrier"]["total"], "2620.00");
    // 1,800.00 at the first house, 36 x 70.00 + 100.00 at each of the 24 others.
    assert_eq!(advice["cheapest"]["total"], "64680.00");
    assert_eq!(advice["fewestProviders"]["provider"], json!([QUICK]));

    let accepted = patch(world, &href, &json!({"state": "accepted"})).await;
    assert_eq!(accepted.expect(200).json()["state"], "accepted");
    let again = patch(world, &href, &json!({"state": "accepted"})).await;
    again.expect(200);
    for state in ["rejected", "cancelled"] {
        let refused = patch(world, &href, &json!({ "state": state })).await;
        let said = refused.refused(409, "move_refused");
        assert!(said.contains("accepted") && said.contains(state), "{said}");
    }
}

/// A provider with a rate card: each term has its own price, and a person is asked where the card has none.
pub(super) async fn rate_cards(world: &World) {
    load(world, OFFERS).await;
    let card = "product,bandwidth,access,term,mrc,nrc,install_interval,zone\n\
        basic_internet_access,100,fiber,12,120.00,99.50,30,WY\n\
        basic_internet_access,100,fiber,36,95.00,0,30,82099\n\
        basic_internet_access,100,fiber,36,80.00,0,30,WY\n\
        basic_internet_access,100,fiber,60,ICB,,,WY\n";
    load_by(world, IMPORT_CARD, card).await;
    let mut body = quote(1, &[OWN_PROVIDER]);
    body["term"] = json!([12, 24, 36, 60]);
    let href = ask(world, &body).await;
    let done = filled(world, &href).await;
    assert_eq!(
        (&done["progress"]["priced"], &done["progress"]["icbPending"]),
        (&2.into(), &2.into()),
        "{done}"
    );
    let location = world.get(&format!("{href}/location")).await.expect(200);
    let cells = &location.json()[0]["cell"];
    let one_year = &cells[0]["price"];
    assert_eq!(
        (&one_year["mrc"], &one_year["nrc"], &one_year["source"]),
        (&"120.00".into(), &"99.50".into(), &"rate_card".into()),
        "{cells}"
    );
    assert_eq!(
        (&cells[1]["outcome"], &cells[1]["reason"]),
        (&"icb_pending".into(), &"term_not_on_rate_card".into())
    );
    assert_eq!(cells[2]["price"]["mrc"], "95.00");
    assert_eq!(
        (&cells[3]["outcome"], &cells[3]["reason"]),
        (&"icb_pending".into(), &Value::Null)
    );

    // The provider gives it by its own key, and is not told whom else the quote asks.
    let mut price = json!({"quote": done["id"], "provider": OWN_PROVIDER, "location": 1, "term": 60, "mrc": "70", "nrc": "0"});
    price["validUntil"] = "2020-01-01T00:00:00Z".into();
    let late = Ask::post(CASES, &price).key(&world.keys.provider);
    let said = world.send(&late).await.refused(400, "invalid_attribute");
    assert!(said.contains("validUntil"), "{said}");
    price["validUntil"] = Value::Null;
    let own = Ask::post(CASES, &price).key(&world.keys.provider);
    let given = world.send(&own).await.expect(204);
    assert!(given.body.is_empty());
    let location = world.get(&format!("{href}/location")).await.expect(200);
    assert_eq!(location.json()[0]["cell"][3]["price"]["mrc"], "70.00");
}

/// A body as TMF648 has it, whose providers are those with an active list and those that are set up.
pub(super) async fn plain(world: &World) {
    load(world, OFFERS).await;
    let item = |name: &str| {
        json!({"id": name, "action": "add", "product": {
            "place": [{"name": "12 Oak St, Millford, WY 82099"}],
            "productCharacteristic": [
                {"name": "product", "value": "basic_internet_access"},
                {"name": "downMbps", "value": 100},
                {"name": "upMbps", "value": 100}
            ],
            "productTerm": [{"duration": {"amount": 1, "units": "year"}}]
        }})
    };
    let href = ask(world, &json!({"quoteItem": [item("a"), item("b")]})).await;
    let asked = world.get(&href).await.expect(200).json();
    assert_eq!(
        (&asked["locationCount"], &asked["term"]),
        (&2.into(), &json!([12]))
    );
    let providers = asked["provider"].as_array().expect("a list");
    for name in [OWN_PROVIDER, QUICK, NEVER] {
        assert!(providers.contains(&name.into()), "{providers:?}");
    }
    let shown = world
        .get(&format!("{href}/location"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&shown[1]["label"], &shown[1]["number"]),
        (&"b".into(), &2.into())
    );
}

/// A person gives prices: an operator, not an agent, and a provider its own only.
pub(super) async fn persons(world: &World) {
    let href = ask(world, &quote(1, &[PONDERS, QUICK])).await;
    let waiting = filled(world, &href).await;
    assert_eq!(
        (&waiting["state"], &waiting["progress"]["icbPending"]),
        (&"pending".into(), &2.into())
    );
    let early = patch(world, &href, &json!({"state": "accepted"})).await;
    early.refused(409, "move_refused");
    let cases = world.send(&Ask::get(CASES).key(&world.keys.agent)).await;
    let case = &cases.expect(200).json()[0];
    assert_eq!(
        (&case["provider"], &case["href"]),
        (&PONDERS.into(), &href.clone().into())
    );
    assert_eq!(case["cell"].as_array().map(Vec::len), Some(2));
    let own = world.send(&Ask::get(CASES).key(&world.keys.provider)).await;
    assert_eq!(own.expect(200).json(), json!([]));
    let others = format!("{CASES}?provider=Ponder%20Fiber");
    let others = Ask::get(&others).key(&world.keys.provider);
    world.send(&others).await.refused(403, "access_denied");

    let cell = |term: u16| json!({"quote": case["quote"], "provider": PONDERS, "location": 1, "term": term, "mrc": "450.5", "nrc": "0", "note": "by telephone"});
    for key in [&world.keys.agent, &world.keys.provider] {
        let answer = Ask::post(CASES, &cell(12)).key(key);
        world.send(&answer).await.refused(403, "access_denied");
    }
    let stranger = Ask::post(CASES, &cell(12)).key(&world.keys.stranger);
    world.send(&stranger).await.refused(404, "not_found");
    let first = world.post(CASES, &cell(12)).await.expect(200).json();
    assert_eq!(first["state"], "pending");
    world
        .post(CASES, &cell(12))
        .await
        .refused(409, "cell_not_open");
    world
        .post(CASES, &cell(24))
        .await
        .refused(409, "cell_not_open");
    let mut refusal = cell(36);
    refusal["notServed"] = true.into();
    world
        .post(CASES, &refusal)
        .await
        .refused(400, "invalid_attribute");
    let refusal = json!({"quote": case["quote"], "provider": PONDERS, "location": 1, "term": 36, "notServed": true});
    let last = world.post(CASES, &refusal).await.expect(200).json();
    assert_eq!(last["state"], "approved");
    let cells = world
        .get(&format!("{href}/location"))
        .await
        .expect(200)
        .json();
    let cell = &cells[0]["cell"][0];
    assert_eq!(
        (
            &cell["price"]["mrc"],
            &cell["price"]["source"],
            &cell["price"]["note"]
        ),
        (&"450.50".into(), &"person".into(), &"by telephone".into())
    );
    assert_eq!(cells[0]["cell"][1]["outcome"], "not_served");
    assert_eq!(world.get(CASES).await.expect(200).json(), json!([]));
}

/// More cases than one page has are read page after page, none of them twice.
pub(super) async fn many_cases(world: &World) {
    // 22 slices of 20 locations.
    let href = ask(world, &quote(440, &[PONDERS])).await;
    filled(world, &href).await;
    let first = world.get(CASES).await.expect(206);
    assert_eq!(
        (
            first.header("x-total-count"),
            first.header("x-result-count")
        ),
        ("22", "20")
    );
    let rest = world.get(&format!("{CASES}?offset=20")).await.expect(206);
    let mut seen = std::collections::BTreeSet::new();
    for page in [first.json(), rest.json()] {
        for case in page.as_array().expect("a list") {
            let cells = case["cell"].as_array().expect("cells");
            assert!(cells.iter().all(|cell| cell["since"].is_string()));
            seen.extend(cells.iter().map(|cell| cell["location"].to_string()));
        }
    }
    assert_eq!(seen.len(), 440);
}

/// What is still open is cancelled, and only the state can be changed.
pub(super) async fn moves(world: &World) {
    let href = ask(world, &quote(1, &[NEVER])).await;
    let waiting = world.get(&format!("{href}/location")).await.expect(200);
    assert_eq!(waiting.json()[0]["cell"][0]["outcome"], "waiting");
    let nothing = world.get(&format!("{href}/recommendation?term=12")).await;
    nothing.refused(404, "not_found");
    for body in [
        json!({"version": "2"}),
        json!({"x-note": 1}),
        json!({"term": null}),
    ] {
        let refused = patch(world, &href, &body).await;
        refused.refused(400, "attribute_read_only");
    }
    for state in ["approved", "done"] {
        let refused = patch(world, &href, &json!({ "state": state })).await;
        refused.refused(400, "invalid_attribute");
    }
    let replace = json!([{"op": "replace", "path": "/state", "value": "cancelled"}]);
    let cancel = Ask::patch(&href, "application/json-patch+json", &replace);
    let cancelled = world.send(&cancel.key(&world.keys.agent)).await.expect(200);
    assert_eq!(cancelled.json()["state"], "cancelled");
    assert_eq!(filled(world, &href).await["state"], "cancelled");
}

/// What cannot be filled, the code with which it is refused, and a word of why.
fn unfillable() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (quote(0, &[QUICK]), "invalid_attribute", "no locations"),
        (
            quote(1, &["quick cable"]),
            "invalid_attribute",
            "no provider quick cable",
        ),
        (
            with(
                "service",
                json!([{"product": "access_e_line", "downMbps": 0.0004, "upMbps": 1}]),
            ),
            "invalid_attribute",
            "no bandwidth",
        ),
        (quote(2_001, &[QUICK]), "too_many_items", "2001 locations"),
        (
            with("term", json!((1..=13).collect::<Vec<_>>())),
            "too_many_items",
            "13 terms",
        ),
        (with("term", json!([121])), "invalid_attribute", "term[0]"),
        (
            with("quoteItem", json!([])),
            "invalid_attribute",
            "quoteItem",
        ),
        (
            with("state", json!("accepted")),
            "attribute_read_only",
            "state",
        ),
        (
            with(
                "requestedQuoteCompletionDate",
                json!("2020-01-01T00:00:00Z"),
            ),
            "invalid_attribute",
            "passed",
        ),
        (
            with(
                "requestedQuoteCompletionDate",
                json!("2090-01-01T00:00:00Z"),
            ),
            "invalid_attribute",
            "24 hours",
        ),
    ]
}

fn with(name: &str, value: Value) -> Value {
    let mut body = quote(1, &[QUICK]);
    body[name] = value;
    body
}

/// The cells of one provider only, and of nobody else.
async fn one_provider(world: &World, href: &str) {
    let own = format!("{href}/location?limit=1&provider={OWN_PROVIDER}");
    let own = world.get(&own.replace(' ', "%20")).await.expect(206);
    assert!(
        own.header("link").contains("provider="),
        "{:?}",
        own.headers
    );
    let own = own.json()[0]["cell"].clone();
    let own = own.as_array().expect("a list");
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|cell| cell["provider"] == OWN_PROVIDER));
    let nobody = world.get(&format!("{href}/location?provider=Nobody")).await;
    let said = nobody.refused(400, "invalid_parameter");
    assert!(said.contains("Nobody is not asked"), "{said}");
}

/// What cannot be filled is refused, and nothing of it is kept.
pub(super) async fn refused(world: &World) {
    for (body, code, said) in unfillable() {
        let message = world.post(QUOTES, &body).await.refused(400, code);
        assert!(message.contains(said), "{message}");
    }
    let large = with("x-note", json!("x".repeat(256 * 1024)));
    world
        .post(QUOTES, &large)
        .await
        .refused(413, "body_too_large");
    let provider = Ask::post(QUOTES, &quote(1, &[QUICK])).key(&world.keys.provider);
    world.send(&provider).await.refused(403, "access_denied");
    assert_eq!(world.get(QUOTES).await.expect(200).json(), json!([]));
    for path in [
        "location?state=x",
        "recommendation",
        "recommendation?term=0",
    ] {
        let href = format!("{QUOTES}/{}/{path}", "0".repeat(32));
        world.get(&href).await.refused(400, "invalid_parameter");
    }
}

/// A key makes one quote, however often it is sent.
pub(super) async fn once(world: &World) {
    let send = async |body: &Value| {
        let ask = Ask::post(QUOTES, body).header("idempotency-key", "k-1");
        world.send(&ask.key(&world.keys.operator)).await
    };
    let first = send(&quote(1, &[QUICK])).await.expect(201).json();
    filled(world, first["href"].as_str().expect("a href")).await;
    let again = send(&quote(1, &[QUICK])).await.expect(201).json();
    assert_eq!(
        (&again["id"], &again["state"]),
        (&first["id"], &"approved".into())
    );
    let other = send(&quote(2, &[QUICK])).await;
    other.refused(422, "idempotency_key_reused");
    let listed = world.get(QUOTES).await.expect(200);
    assert_eq!(listed.header("x-total-count"), "1");
    let filtered = world.get(&format!("{QUOTES}?state=pending")).await;
    assert_eq!(filtered.expect(200).json(), json!([]));
}

/// Another tenant's quote is not there.
pub(super) async fn tenants(world: &World) {
    let href = ask(world, &quote(1, &[QUICK])).await;
    filled(world, &href).await;
    let cancel = json!({"state": "cancelled"});
    for ask in [
        Ask::get(&href),
        Ask::get(&format!("{href}?whole=true")),
        Ask::get(&format!("{href}/location")),
        Ask::get(&format!("{href}/export")),
        Ask::get(&format!("{href}/recommendation?term=12")),
        Ask::patch(&href, MERGE, &cancel),
    ] {
        let reply = world.send(&ask.key(&world.keys.stranger)).await;
        reply.refused(404, "not_found");
    }
    let listed = world
        .send(&Ask::get(QUOTES).key(&world.keys.stranger))
        .await;
    assert_eq!(listed.expect(200).json(), json!([]));
    world
        .get(&format!("{QUOTES}/1"))
        .await
        .refused(404, "not_found");
}

/// The locations come in a file.
pub(super) async fn files(world: &World) {
    let path = format!(
        "{QUOTES}/upload?service=basic_internet_access:100:100&term=12&term=36&provider=Quick%20Cable"
    );
    let send = async |path: &str, file: &str| {
        let ask = Ask::new("POST", path).body("text/csv", file.to_owned());
        world.send(&ask.key(&world.keys.operator)).await
    };
    let file = "Label,street,unit,city,state,zip,owner\nhome,12 Oak St,Apt 2,Millford,WY,82099,me\n,14 Oak St,,Millford,WY,82099,\n";
    let created = send(&path, file).await.expect(201);
    let href = created.header("location").to_owned();
    let done = filled(world, &href).await;
    assert_eq!(
        (&done["progress"]["priced"], &done["locationCount"]),
        (&4.into(), &2.into())
    );
    let first = &world
        .get(&format!("{href}/location"))
        .await
        .expect(200)
        .json()[0];
    assert_eq!(first["label"], "home");
    let said = send(
        &path,
        "address,label\n\"12 Oak St, Millford, WY\",a\n,b\n,c\n",
    )
    .await;
    let said = said.refused(400, "rows_refused");
    assert!(
        said.contains("line 3: ") && said.contains("line 4: "),
        "{said}"
    );
    let columns = send(&path, "place\nx\n").await;
    let columns = columns.refused(400, "rows_refused");
    assert!(columns.contains("its columns are: place"), "{columns}");
    for wrong in [
        "within=0",
        "within=soon",
        "within=60&requestedQuoteCompletionDate=2026-03-03T12:00:00Z",
    ] {
        let refused = send(&format!("{path}&{wrong}"), file).await;
        refused.refused(400, "invalid_parameter");
    }
    let late = send(&format!("{path}&within=90000"), file).await;
    late.refused(400, "invalid_attribute");
    send(&format!("{path}&color=red"), file)
        .await
        .refused(400, "invalid_parameter");
    send(&format!("{path}&service=x:1:1"), file)
        .await
        .refused(400, "invalid_attribute");
}
