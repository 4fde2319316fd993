//! Answers against the OpenAPI documents.

use jsonschema::Draft;
use serde_json::{Map, Value, json};

use super::ask::{Ask, Reply};

/// One method of one path, as a document describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Upper case.
    pub method: String,
    /// With `{…}` for its parameters.
    pub path: String,
    /// Whether it needs no key: something in its path says who may call.
    pub is_open: bool,
}

/// Every operation of the documents.
#[must_use]
pub fn operations(documents: &[Value]) -> Vec<Operation> {
    let paths = documents
        .iter()
        .filter_map(|document| document["paths"].as_object())
        .flatten();
    let operation = |path: &String, method: &String, item: &Value| Operation {
        method: method.to_uppercase(),
        path: path.clone(),
        is_open: item[method]["security"] == json!([{}]),
    };
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flat_map(Map::keys);
            methods
                .filter(|name| is_method(name))
                .map(|method| operation(path, method, item))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn is_method(name: &str) -> bool {
    matches!(name, "get" | "post" | "put" | "patch" | "delete")
}

/// Panics where the answer is none that the documents describe. Paths that they do not know pass.
#[track_caller]
pub(super) fn hold(documents: &[Value], ask: &Ask, reply: &Reply) {
    let method = ask.method.as_str().to_lowercase();
    for document in documents {
        let Some(responses) = responses(document, &method, ask.path_only()) else {
            continue;
        };
        let status = reply.status.as_str();
        let shown = format!("{} {}", ask.method, ask.path);
        let Some(response) = responses.get(status) else {
            panic!("{shown} answered {status}, which its description does not know");
        };
        let schema = &response["content"]["application/json"]["schema"];
        if schema.is_object() && !ask.path.contains("fields=") {
            validate(document, schema, &reply.json(), &shown);
        }
        return;
    }
}

fn responses<'a>(document: &'a Value, method: &str, path: &str) -> Option<&'a Map<String, Value>> {
    let paths = document["paths"].as_object()?;
    let mut fitting: Vec<_> = paths
        .iter()
        .filter(|(template, _)| fits(template, path))
        .collect();
    // A fixed segment goes before a parameter.
    fitting.sort_by_key(|(template, _)| template.matches('{').count());
    fitting
        .iter()
        .find_map(|(_, item)| item[method]["responses"].as_object())
}

fn fits(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given || wanted.starts_with('{') => {}
            _ => return false,
        }
    }
}

#[track_caller]
fn validate(document: &Value, schema: &Value, body: &Value, shown: &str) {
    let whole = json!({"allOf": [schema], "components": document["components"]});
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .build(&whole)
        .unwrap_or_else(|error| panic!("{shown}: its schema is none: {error}"));
    let wrong: Vec<String> = validator
        .iter_errors(body)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        wrong.is_empty(),
        "{shown} answered what its schema forbids: {wrong:#?}\n{body:#}"
    );
}
