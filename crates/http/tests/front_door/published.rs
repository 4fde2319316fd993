//! Our documents against those that the TM Forum publishes, where this machine has them.

use std::collections::BTreeSet;

use lastmile_http::openapi;
use lastmile_testkit::reference_data::{self, SKIPPED};
use serde_json::{Map, Value};

/// Paths of the published documents that are not served: registering for events and receiving them, which
/// are served when events are, and the import of catalogs as files, which lists have a way of their own for.
const NOT_SERVED: [&str; 4] = ["/hub", "/listener", "/importJob", "/exportJob"];

struct Pair {
    published: &'static str,
    ours: &'static str,
    /// Attributes that a POST must have: resource, attribute.
    mandatory: &'static [(&'static str, &'static str)],
}

const PAIRS: [Pair; 3] = [
    Pair {
        published: "TMF620-v4.1.0.swagger.json",
        ours: "tmf620-catalog.json",
        mandatory: &[
            ("Catalog", "name"),
            ("Category", "name"),
            ("ProductOffering", "name"),
            ("ProductOfferingPrice", "name"),
            ("ProductSpecification", "name"),
        ],
    },
    Pair {
        published: "TMF645-v4.0.1.swagger.json",
        ours: "tmf645-availability.json",
        mandatory: &[
            ("QueryServiceQualification", "searchCriteria"),
            ("CheckServiceQualification", "serviceQualificationItem"),
        ],
    },
    Pair {
        published: "TMF673-v4.0.1.swagger.json",
        ours: "tmf673-address.json",
        mandatory: &[
            ("GeographicAddressValidation", "submittedGeographicAddress"),
            ("GeographicAddressValidation", "provideAlternative"),
        ],
    },
];

fn ours(file_name: &str) -> Value {
    let documents = openapi::documents();
    let named = documents.iter().find(|named| named.file_name == file_name);
    serde_json::from_str(&named.expect("one of our documents").text).expect("JSON")
}

fn published(file_name: &str) -> Option<Value> {
    let path = reference_data::specification(&format!("tmf/{file_name}"))?;
    let text = std::fs::read(path).expect("a file that can be read");
    Some(serde_json::from_slice(&text).expect("JSON"))
}

fn operations(document: &Value, base: &str) -> BTreeSet<String> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let served =
        paths.filter(|(path, _)| !NOT_SERVED.iter().any(|prefix| path.starts_with(prefix)));
    served
        .flat_map(|(path, item)| {
            let path = format!("{}{path}", base.trim_end_matches('/'));
            let methods = item.as_object().into_iter().flat_map(Map::keys);
            methods
                .map(|method| format!("{method} {path}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn paths_methods_and_mandatory_attributes_are_the_published_ones() {
    for pair in PAIRS {
        let Some(published) = published(pair.published) else {
            println!("{SKIPPED}: {}", pair.published);
            continue;
        };
        let ours = ours(pair.ours);
        let base = published["basePath"].as_str().expect("a base path");
        assert_eq!(
            operations(&ours, ""),
            operations(&published, base),
            "{}",
            pair.ours
        );
        for (resource, attribute) in pair.mandatory {
            let required = |schema: &Value| {
                let required = schema["required"].as_array().into_iter().flatten();
                required
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>()
            };
            let theirs = required(&published["definitions"][format!("{resource}_Create")]);
            assert!(
                theirs.contains(*attribute),
                "{resource}.{attribute} is mandatory no more"
            );
            let create = &ours["components"]["schemas"][format!("{resource}Create")];
            assert_eq!(required(create), theirs, "{resource}");
        }
    }
}

#[test]
fn every_task_state_is_a_published_one() {
    let Some(published) = published("TMF645-v4.0.1.swagger.json") else {
        println!("{SKIPPED}: TMF645");
        return;
    };
    let states = |schema: &Value| {
        let states = schema["enum"].as_array().into_iter().flatten();
        states
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    let theirs = states(&published["definitions"]["TaskStateType"]);
    let document = ours("tmf645-availability.json");
    assert_eq!(
        states(&document["components"]["schemas"]["TaskStateType"]),
        theirs
    );
}

/// The table of kinds has the attributes that are published, no less and no more.
#[test]
fn every_attribute_of_the_catalog_is_a_published_one() {
    let Some(published) = published("TMF620-v4.1.0.swagger.json") else {
        println!("{SKIPPED}: TMF620");
        return;
    };
    let attributes = |schema: &Value| {
        let properties = schema["properties"].as_object().into_iter().flatten();
        properties
            .map(|(name, _)| name.clone())
            .collect::<BTreeSet<_>>()
    };
    let document = ours("tmf620-catalog.json");
    for (resource, _) in PAIRS[0].mandatory {
        for ending in ["", "Create"] {
            let theirs = match ending {
                "" => (*resource).to_owned(),
                _ => format!("{resource}_Create"),
            };
            let ours = &document["components"]["schemas"][format!("{resource}{ending}")];
            let mut theirs = attributes(&published["definitions"][theirs]);
            // Only the server sets it, whatever is published.
            if ending == "Create" {
                theirs.remove("lastUpdate");
            }
            assert_eq!(attributes(ours), theirs, "{resource}{ending}");
        }
    }
}
