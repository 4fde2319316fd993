//! The table has the names that the code writes, and the stream starts work for what the code marks.

use lastmile_store::item::{
    EXPIRES_AT, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK, PK, SK, STREAMED,
};
use serde_json::{Value, json};

use super::template::Template;

/// Logical id of the table.
const TABLE: &str = "Table";
/// Names of the indexes, as `backend-aws` asks for them.
const INDEXES: [(&str, [&str; 2]); 2] = [
    ("index1", [INDEX1_PK, INDEX1_SK]),
    ("index2", [INDEX2_PK, INDEX2_SK]),
];

/// What is wrong with the table and its stream.
pub(crate) fn findings(template: &Template) -> Vec<String> {
    let table = template.properties(TABLE);
    let indexes: Vec<_> = INDEXES
        .iter()
        .map(|(name, key)| {
            json!({
                "IndexName": name,
                "KeySchema": schema(*key),
                "Projection": {"ProjectionType": "ALL"},
            })
        })
        .collect();
    let attributes: Vec<_> = [PK, SK, INDEX1_PK, INDEX1_SK, INDEX2_PK, INDEX2_SK]
        .iter()
        .map(|name| json!({"AttributeName": name, "AttributeType": "S"}))
        .collect();
    let wanted = [
        ("BillingMode", json!("PAY_PER_REQUEST")),
        ("KeySchema", schema([PK, SK])),
        ("AttributeDefinitions", json!(attributes)),
        ("GlobalSecondaryIndexes", json!(indexes)),
        (
            "TimeToLiveSpecification",
            json!({"AttributeName": EXPIRES_AT, "Enabled": true}),
        ),
        (
            "StreamSpecification",
            json!({"StreamViewType": "NEW_AND_OLD_IMAGES"}),
        ),
        (
            "PointInTimeRecoverySpecification",
            json!({"PointInTimeRecoveryEnabled": true}),
        ),
        ("SSESpecification", json!({"SSEEnabled": true})),
        ("DeletionProtectionEnabled", json!(true)),
    ];
    let mut findings: Vec<_> = wanted
        .iter()
        .filter(|(name, wanted)| table[*name] != *wanted)
        .map(|(name, wanted)| format!("{TABLE}: {name} should be {wanted}"))
        .collect();
    findings.extend(stream_findings(template));
    findings
}

fn schema([hash, range]: [&str; 2]) -> Value {
    json!([
        {"AttributeName": hash, "KeyType": "HASH"},
        {"AttributeName": range, "KeyType": "RANGE"},
    ])
}

/// The filter lets through what is marked when it is made or changed, and nothing else.
fn stream_findings(template: &Template) -> Vec<String> {
    let wanted = json!({
        "eventName": ["INSERT", "MODIFY"],
        "dynamodb": {"NewImage": {STREAMED: {"BOOL": [true]}}},
    });
    let mut findings = Vec::new();
    let mut count = 0;
    for (id, properties) in template.resources("AWS::Serverless::Function") {
        let events = properties["Events"].as_object().into_iter().flatten();
        for (_, event) in events.filter(|(_, event)| event["Type"] == "DynamoDB") {
            count += 1;
            let event = &event["Properties"];
            let pattern = &event["FilterCriteria"]["Filters"][0]["Pattern"];
            let given: Option<Value> = pattern
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            if given.as_ref() != Some(&wanted) {
                findings.push(format!("{id}: the filter of the stream should be {wanted}"));
            }
            if event["FunctionResponseTypes"][0] != "ReportBatchItemFailures" {
                findings.push(format!(
                    "{id}: one record that fails must not fail its batch"
                ));
            }
        }
    }
    if count != 1 {
        findings.push(format!("{count} functions read the stream"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::TEMPLATE;
    use super::*;
    use crate::tree;

    fn findings_with(original: &str, changed: &str) -> Vec<String> {
        let text = tree::text(TEMPLATE).expect("the template is readable");
        assert!(text.contains(original), "{original}");
        let text = text.replacen(original, changed, 1);
        findings(&Template::parse(&text).expect("it is YAML"))
    }

    #[test]
    fn the_template_has_the_names_of_the_code() {
        assert_eq!(findings_with("", ""), Vec::<String>::new());
    }

    #[test]
    fn another_name_is_found() {
        let found = findings_with("AttributeName: ttl", "AttributeName: expires");
        assert_eq!(
            found,
            [r#"Table: TimeToLiveSpecification should be {"AttributeName":"ttl","Enabled":true}"#]
        );
        let found = findings_with(r#"{"st":{"#, r#"{"streamed":{"#);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].starts_with("RelayFunction: the filter"),
            "{found:?}"
        );
    }
}
