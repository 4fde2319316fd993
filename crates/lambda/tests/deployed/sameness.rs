//! The same lists give the same answers, through the gateway and by the one binary.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{Request, Response};
use jiff::civil::{Date, date};
use lastmile_sample::{City, ListFile, write_lists};
use lastmile_testkit::front_door::{Door, World};
use serde_json::{Value, json};

use crate::binary::{self, Server};
use crate::deferred::{QUERIES, question};
use crate::patience::until;
use crate::stack::Stack;
use crate::world::{Api, emptied};

/// The city: so many buildings, each of which is asked for.
const BUILDINGS: u32 = 30;
const SEED: u64 = 7;
/// Places of one question: the emulator's table is slow, and a gateway waits for 29 seconds.
const PLACES: usize = 6;
const TODAY: Date = date(2026, 3, 3);

const QUOTES: &str = "/tmf-api/quoteManagement/v4/quote";
const CHECKS: &str = "/tmf-api/serviceQualificationManagement/v4/checkServiceQualification";
const VALIDATIONS: &str = "/tmf-api/geographicAddressManagement/v4/geographicAddressValidation";
const ADDRESSES: &str = "/tmf-api/geographicAddressManagement/v4/geographicAddress";

/// What a document has of its own, wherever it was made: not compared.
const OWN: [&str; 10] = [
    "id",
    "href",
    "started_at",
    "finished_at",
    "checkServiceQualificationDate",
    "queryServiceQualificationDate",
    "effectiveQualificationDate",
    "expectedQualificationDate",
    "expirationDate",
    "validationDate",
];

#[tokio::test]
async fn the_stack_and_the_one_binary_give_the_same_answers() {
    let Some(stack) = Stack::deployed("the sameness of answers of the deployed stack").await else {
        return;
    };
    let stack = Arc::new(stack);
    let world = emptied(&stack).await;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let city = City::new(SEED, BUILDINGS, TODAY);
    let lists = write_lists(&city, folder.path()).expect("lists");
    for list in &lists {
        put(&stack, list).await;
        binary::import(&data, list);
    }
    let operator = binary::operator(&data);
    let server = Server::start(&data);
    let imported = loaded(&world, lists.len()).await;
    let gateway = Api::of(&stack).await;

    let asks = asks(&city);
    println!("{} requests to both", asks.len());
    for (method, path, body) in asks {
        let by_stack = answer(&gateway, &world.keys.operator, method, &path, &body).await;
        let by_binary = answer(&server, &operator, method, &path, &body).await;
        assert_eq!(by_stack.0, by_binary.0, "{method} {path}: {}", by_stack.1);
        let difference = difference(&by_stack.1, &by_binary.1);
        assert_eq!(
            difference, None,
            "{method} {path}: by the stack, by the binary"
        );
    }
    // The stack's carriers are set up for other cases: these are not asked.
    let providers: BTreeSet<&str> = lists.iter().map(|list| list.provider).collect();
    let quote = quote_at(&city, &providers);
    let by_stack = quoted(&gateway, &world.keys.operator, &quote).await;
    let by_binary = quoted(&server, &operator, &quote).await;
    assert_eq!(
        difference(&by_stack, &by_binary),
        None,
        "a quote from lists"
    );
    let by_binary = answer(&server, &operator, "GET", "/imports", &Value::Null)
        .await
        .1;
    let by_binary = by_binary.as_array().cloned().unwrap_or_default();
    assert_eq!(of_providers(imported), of_providers(by_binary));
}

/// Where two documents differ first, and what each says there.
fn difference(left: &Value, right: &Value) -> Option<(String, Value, Value)> {
    let parts: Vec<(String, &Value, &Value)> = match (left, right) {
        (Value::Object(left), Value::Object(right)) if left.keys().eq(right.keys()) => left
            .iter()
            .map(|(name, value)| (format!(".{name}"), value, &right[name]))
            .collect(),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .map(|(index, (left, right))| (format!("[{index}]"), left, right))
            .collect(),
        _ if left == right => return None,
        _ => return Some((String::new(), left.clone(), right.clone())),
    };
    parts.into_iter().find_map(|(part, left, right)| {
        let (below, left, right) = difference(left, right)?;
        Some((part + &below, left, right))
    })
}

/// Puts a list into the bucket, after what is to be known of it.
async fn put(stack: &Stack, list: &ListFile) {
    let ListFile {
        path,
        provider,
        format,
        mapping,
        as_of,
        note: _,
    } = list;
    let read = |path: &Path| fs::read(path).expect("readable");
    let mut beside = format!("format = \"{format}\"\nas_of = \"{as_of}\"\n");
    if let Some(mapping) = mapping {
        let mapping = String::from_utf8(read(mapping)).expect("a text");
        beside += &format!("mapping = '''\n{mapping}'''\n");
    }
    let file = path.file_name().expect("a file").to_string_lossy();
    let name = format!("lists/{}/main/{file}", encoded(provider));
    stack.put(&format!("{name}.import.toml"), beside).await;
    stack.put(&name, read(path)).await;
}

/// The imports, when all of them are seen by readers.
async fn loaded(world: &World, count: usize) -> Vec<Value> {
    until("every list is loaded", async || {
        let imports = world.get("/imports?state=active").await.expect(200).json();
        let imports = imports.as_array().cloned().unwrap_or_default();
        (imports.len() == count).then_some(imports)
    })
    .await
}

/// Each with its provider, ordered, without what is its own.
fn of_providers(imports: Vec<Value>) -> Vec<(String, Value)> {
    let mut imports: Vec<_> = imports
        .into_iter()
        .map(|import| (import["provider"].to_string(), common(import)))
        .collect();
    imports.sort_by(|left, right| left.0.cmp(&right.0));
    imports
}

/// Method, path and body of everything that is asked.
fn asks(city: &City) -> Vec<(&'static str, String, Value)> {
    let lines: Vec<String> = city
        .buildings()
        .map(|building| building.one_line())
        .collect();
    let mut asks = Vec::new();
    let lookup = |address: &str| format!("/availability/v1/lookup?address={}", encoded(address));
    for line in &lines {
        asks.push(("GET", lookup(line), Value::Null));
    }
    let odd = [
        "9999 Main St, Port Alden, NH 03611",
        "1 Nowhere Rd, Port Alden, NH 03611",
        "PO Box 12, Port Alden, NH 03611",
        "hello",
    ];
    for address in odd {
        asks.push(("GET", lookup(address), Value::Null));
        asks.push(("POST", VALIDATIONS.to_owned(), validation(address)));
    }
    let places = lines.iter().take(PLACES).map(String::as_str).chain(odd);
    let places = places.map(|line| json!({"name": line})).collect();
    asks.push(("POST", QUERIES.to_owned(), question(&places, true)));
    let items: Vec<_> = lines
        .iter()
        .take(PLACES)
        .map(|line| json!({"service": {"place": [{"name": line}]}}))
        .collect();
    let check = json!({"instantSyncQualification": true, "serviceQualificationItem": items});
    asks.push(("POST", CHECKS.to_owned(), check));
    asks.push(("POST", VALIDATIONS.to_owned(), validation(&lines[0])));
    asks.push((
        "GET",
        format!("{ADDRESSES}?postcode=03611&limit=50"),
        Value::Null,
    ));
    asks.push(("GET", "/availability/v1/lookup".to_owned(), Value::Null));
    asks
}

/// Asks these providers at every building.
fn quote_at(city: &City, providers: &BTreeSet<&str>) -> Value {
    let places = city.buildings();
    let places = places.map(|building| json!({"address": building.one_line()}));
    json!({
        "location": places.collect::<Vec<_>>(),
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 10}],
        "term": [12, 36],
        "provider": providers,
    })
}

/// What a quote comes to, without when providers said so.
async fn quoted(door: &dyn Door, key: &str, quote: &Value) -> Value {
    let created = sent(door, key, "POST", QUOTES, quote).await;
    assert_eq!(created.status(), 201);
    let href = created.headers()["location"].to_str().expect("a path");
    until("every list is looked into", async || {
        let (_, quote) = answer(door, key, "GET", href, &Value::Null).await;
        (quote["state"] != "inProgress").then_some(())
    })
    .await;
    let page = format!("{href}/location?limit={BUILDINGS}");
    let (status, mut locations) = answer(door, key, "GET", &page, &Value::Null).await;
    assert_eq!(status, 200);
    let all = locations.as_array_mut().into_iter().flatten();
    for cell in all.flat_map(|location| location["cell"].as_array_mut().into_iter().flatten()) {
        assert!(cell["at"].is_string(), "{cell}");
        cell["at"] = Value::Null;
    }
    locations
}

/// As a part of a path or a query.
fn encoded(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    encoded.replace('+', "%20")
}

fn validation(address: &str) -> Value {
    json!({
        "provideAlternative": true,
        "instantSyncValidation": true,
        "submittedGeographicAddress": {"name": address}
    })
}

/// Status and body of an answer, without what is its own.
async fn answer(
    door: &dyn Door,
    key: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let answer = sent(door, key, method, path, body).await;
    let status = answer.status().as_u16();
    let body = serde_json::from_slice(answer.body());
    let body = body.unwrap_or_else(|error| {
        panic!(
            "{path}: {error}: {}",
            String::from_utf8_lossy(answer.body())
        )
    });
    (status, common(body))
}

async fn sent(
    door: &dyn Door,
    key: &str,
    method: &str,
    path: &str,
    body: &Value,
) -> Response<Bytes> {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-api-key", key);
    let mut bytes = Bytes::new();
    if !body.is_null() {
        request = request.header(CONTENT_TYPE, "application/json");
        bytes = body.to_string().into();
    }
    door.send(request.body(bytes).expect("a request")).await
}

fn common(mut document: Value) -> Value {
    if let Some(fields) = document.as_object_mut() {
        fields.retain(|name, _| !OWN.contains(&name.as_str()));
    }
    document
}
