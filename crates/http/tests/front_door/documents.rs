//! The OpenAPI documents: committed as the code makes them, and clean.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lastmile_http::openapi::{self, FOLDER};
use lastmile_testkit::front_door::{WITHOUT_UNAUTHORISED_TEST, operations};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(FOLDER)
}

fn parsed() -> Vec<Value> {
    openapi::documents()
        .iter()
        .map(|named| serde_json::from_str(&named.text).expect("JSON"))
        .collect()
}

#[test]
fn the_committed_documents_are_those_of_the_code() {
    for named in openapi::documents() {
        let committed = std::fs::read_to_string(folder().join(named.file_name)).unwrap_or_default();
        assert!(
            committed == named.text,
            "{FOLDER}/{} is not what the code makes: run `cargo xtask openapi`",
            named.file_name
        );
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_schema_is_used() {
    for document in parsed() {
        let mut references = BTreeSet::new();
        collect(&document, &mut references);
        for reference in &references {
            let pointer = reference
                .strip_prefix('#')
                .expect("a reference within the document");
            assert!(
                document.pointer(pointer).is_some(),
                "{reference} leads nowhere"
            );
        }
        let schemas = document["components"]["schemas"]
            .as_object()
            .into_iter()
            .flatten();
        for (name, _) in schemas {
            let reference = format!("#/components/schemas/{name}");
            assert!(references.contains(&reference), "{name} is used nowhere");
        }
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(Value::String(reference)) = object.get("$ref") {
                references.insert(reference.clone());
            }
            object.values().for_each(|inner| collect(inner, references));
        }
        Value::Array(array) => array.iter().for_each(|inner| collect(inner, references)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_operation_is_described_whole() {
    let mut ids = BTreeSet::new();
    for document in parsed() {
        assert_eq!(
            document["openapi"].as_str().map(|version| &version[..4]),
            Some("3.1.")
        );
        assert_eq!(document["security"][0]["apiKey"], serde_json::json!([]));
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let shown = format!("{method} {path}");
                let id = operation["operationId"]
                    .as_str()
                    .expect("an operation's id")
                    .to_owned();
                assert!(ids.insert(id), "{shown}: its id is another's, too");
                assert!(operation["summary"].is_string(), "{shown} has no summary");
                let responses = operation["responses"].as_object().expect("responses");
                let is_open = operation["security"] == serde_json::json!([{}]);
                let without_a_key = (!is_open).then_some("403");
                for status in ["400", "405", "500", "503"]
                    .into_iter()
                    .chain(without_a_key)
                {
                    assert!(
                        responses.contains_key(status),
                        "{shown} does not describe {status}"
                    );
                }
                for name in path
                    .split('{')
                    .skip(1)
                    .filter_map(|rest| rest.split('}').next())
                {
                    let parameters = operation["parameters"].as_array().into_iter().flatten();
                    let of_path =
                        |parameter: &&Value| parameter["in"] == "path" && parameter["name"] == name;
                    assert_eq!(parameters.filter(of_path).count(), 1, "{shown}: {name}");
                }
            }
        }
    }
}

#[test]
fn the_list_of_operations_without_an_unauthorised_test_names_operations() {
    let described: Vec<String> = operations(&parsed())
        .iter()
        .map(|operation| format!("{} {}", operation.method, operation.path))
        .collect();
    for named in WITHOUT_UNAUTHORISED_TEST {
        assert!(
            described.iter().any(|shown| shown == named),
            "{named} is gone: take it off the list"
        );
    }
}
