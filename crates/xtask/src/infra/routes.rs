//! Methods and paths of the template are those of the OpenAPI documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::template::Template;
use crate::failure::Failure;
use crate::tree;

/// Paths without a key: the documentation and the health check. No document describes them.
const PUBLIC: [&str; 5] = ["/", "/docs", "/docs/{page+}", "/healthz", "/openapi/{file}"];
/// The function of the public paths.
const PUBLIC_FUNCTION: &str = "DocumentationFunction";
/// The documents, and the function that serves the paths below a prefix of each.
const DOCUMENTS: [(&str, &[(&str, &str)]); 5] = [
    (
        "openapi/tmf620-catalog.json",
        &[("/tmf-api/", "CatalogFunction")],
    ),
    (
        "openapi/tmf645-availability.json",
        &[("/tmf-api/", "AvailabilityFunction")],
    ),
    (
        "openapi/tmf648-quotes.json",
        &[
            ("/tmf-api/", "QuotesFunction"),
            ("/quotes/", "QuotesFunction"),
            ("/carriers/", "QuotesFunction"),
        ],
    ),
    (
        "openapi/tmf673-address.json",
        &[("/tmf-api/", "AddressFunction")],
    ),
    (
        "openapi/lastmile.json",
        &[
            ("/availability/", "AvailabilityFunction"),
            ("/imports", "ImportsFunction"),
        ],
    ),
];

/// What is checked before a function is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// Logical id; empty where no function is known for the path.
    function: String,
    /// Whether it needs neither token nor key.
    public: bool,
    /// Whether the body must be a JSON object.
    document: bool,
    /// Query parameters that must be there.
    required: Vec<String>,
}

/// `GET /path` to what is checked; parameters of the path without their names.
pub(crate) type Routes = BTreeMap<String, Route>;

/// The routes of the documents, and the public ones.
pub(crate) fn documents() -> Result<Routes, Failure> {
    let mut routes = Routes::new();
    for (path, functions) in DOCUMENTS {
        let document =
            serde_json::from_str(&tree::text(path)?).map_err(|reason| Failure::Json {
                path: path.to_owned(),
                reason,
            })?;
        routes.extend(described(&document, functions));
    }
    for path in PUBLIC {
        let route = Route {
            function: PUBLIC_FUNCTION.to_owned(),
            public: true,
            ..Route::default()
        };
        routes.insert(named("get", path), route);
    }
    Ok(routes)
}

/// The name of a route. What a parameter of the path is called is no matter to our routers.
fn named(method: &str, path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix('{') {
        Some(name) if name.ends_with("+}") => "{+}",
        Some(_) => "{}",
        None => part,
    });
    let path: Vec<_> = parts.collect();
    format!("{} {}", method.to_uppercase(), path.join("/"))
}

fn described(document: &Value, functions: &[(&str, &str)]) -> Routes {
    let mut routes = Routes::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        let function = functions
            .iter()
            .find(|(prefix, _)| path.starts_with(prefix))
            .map_or("", |(_, function)| function);
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let route = Route {
                function: function.to_owned(),
                public: needs_nothing(operation),
                document: takes_a_document_only(operation),
                required: required_parameters(operation),
            };
            routes.insert(named(method, path), route);
        }
    }
    routes
}

/// Whether the document says of the operation that it needs neither token nor key.
fn needs_nothing(operation: &Value) -> bool {
    operation["security"] == json!([{}])
}

/// A patch is a list in one of its media types, so its body is not looked at.
fn takes_a_document_only(operation: &Value) -> bool {
    let types = operation["requestBody"]["content"].as_object();
    types.is_some_and(|types| types.keys().eq(["application/json"]))
}

fn required_parameters(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
        .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
        .collect()
}

/// Parameters at one place of a path that have several names: the gateway refuses such an API.
fn parameters_of_two_names(template: &Template) -> Vec<String> {
    let mut names: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for event in events(template) {
        let path = event["Path"].as_str().unwrap_or_default();
        for (at, _) in path.match_indices("/{") {
            let (before, below) = path.split_at(at);
            let part = below[1..].split('/').next().unwrap_or_default();
            let place = named("", before);
            names.entry(place).or_default().insert(part);
        }
    }
    names
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .map(|(place, names)| {
            format!("the parameter below{place} has several names: {names:?}; say one")
        })
        .collect()
}

/// The properties of each method of the API.
fn events(template: &Template) -> impl Iterator<Item = &Value> {
    template
        .resources("AWS::Serverless::Function")
        .flat_map(|(_, properties)| properties["Events"].as_object().into_iter().flatten())
        .filter(|(_, event)| event["Type"] == "Api")
        .map(|(_, event)| &event["Properties"])
}

/// The routes of the template.
fn declared(template: &Template) -> Routes {
    let mut routes = Routes::new();
    for (function, properties) in template.resources("AWS::Serverless::Function") {
        let events = properties["Events"].as_object().into_iter().flatten();
        for (_, event) in events.filter(|(_, event)| event["Type"] == "Api") {
            let event = &event["Properties"];
            let text = |name: &str| event[name].as_str().unwrap_or_default();
            let auth = &event["Auth"];
            let route = Route {
                function: function.to_owned(),
                public: auth["Authorizer"] == "NONE" && auth["ApiKeyRequired"] == false,
                document: event["RequestModel"]["ValidateBody"] == true,
                required: checked_parameters(event),
            };
            routes.insert(named(text("Method"), text("Path")), route);
        }
    }
    routes
}

fn checked_parameters(event: &Value) -> Vec<String> {
    if event["RequestModel"]["ValidateParameters"] != true {
        return Vec::new();
    }
    let parameters = event["RequestParameters"].as_array().into_iter().flatten();
    parameters
        .flat_map(|parameter| parameter.as_object().into_iter().flatten())
        .filter(|(_, settings)| settings["Required"] == true)
        .filter_map(|(name, _)| name.strip_prefix("method.request.querystring."))
        .map(str::to_owned)
        .collect()
}

/// What differs, route by route.
pub(crate) fn findings(template: &Template, expected: &Routes) -> Vec<String> {
    let declared = declared(template);
    let mut findings = parameters_of_two_names(template);
    for (route, wanted) in expected {
        match declared.get(route) {
            None => findings.push(format!("{route} is documented and not in the template")),
            Some(found) if found != wanted => findings.push(format!(
                "{route} should be {wanted:?} and is {found:?} in the template"
            )),
            Some(_) => {}
        }
    }
    for route in declared
        .keys()
        .filter(|route| !expected.contains_key(*route))
    {
        findings.push(format!("{route} is in the template and not documented"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "
Resources:
  ImportsFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        List: {Type: Api, Properties: {Path: /imports, Method: get}}
        Create:
          Type: Api
          Properties:
            Path: /imports
            Method: post
            RequestModel: {Model: Document, ValidateParameters: true}
            RequestParameters:
              - method.request.querystring.provider: {Required: true}
        Extra: {Type: Api, Properties: {Path: /extra, Method: get, Auth: {Authorizer: NONE, ApiKeyRequired: false}}}
";

    fn expected() -> Routes {
        let document = json!({"paths": {"/imports": {
            "get": {},
            "post": {
                "requestBody": {"content": {"text/csv": {}}},
                "parameters": [
                    {"name": "provider", "in": "query", "required": true},
                    {"name": "list", "in": "query", "required": false},
                ],
            },
        }}});
        described(&document, &[("/imports", "ImportsFunction")])
    }

    fn template(text: &str) -> Template {
        Template::parse(text).expect("it is YAML")
    }

    #[test]
    fn a_route_that_nobody_documented_is_found() {
        assert_eq!(
            findings(&template(TEMPLATE), &expected()),
            ["GET /extra is in the template and not documented"]
        );
    }

    #[test]
    fn a_route_that_is_missing_or_less_checked_is_found() {
        let text = TEMPLATE
            .replace(
                "{Path: /imports, Method: get}",
                "{Path: /extra, Method: get}",
            )
            .replace("{Required: true}", "{Required: false}");
        let found = findings(&template(&text), &expected());
        assert_eq!(
            found[0],
            "GET /imports is documented and not in the template"
        );
        assert!(
            found[1].starts_with("POST /imports should be"),
            "{}",
            found[1]
        );
    }

    #[test]
    fn a_parameter_of_two_names_is_found() {
        let text = TEMPLATE
            .replace("Path: /extra", "Path: '/imports/{importId}/rejects'")
            .replace(
                "{Path: /imports, Method: get}",
                "{Path: '/imports/{id}', Method: get}",
            );
        let found = findings(&template(&text), &expected());
        assert_eq!(
            found[0],
            "the parameter below /imports has several names: {\"{id}\", \"{importId}\"}; say one"
        );
    }

    #[test]
    fn a_documented_route_must_not_be_public() {
        let text = TEMPLATE.replace(
            "{Path: /imports, Method: get}",
            "{Path: /imports, Method: get, Auth: {Authorizer: NONE, ApiKeyRequired: false}}",
        );
        let found = findings(&template(&text), &expected());
        assert!(
            found[0].starts_with("GET /imports should be"),
            "{}",
            found[0]
        );
    }
}
