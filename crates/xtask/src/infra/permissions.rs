//! What each function may do is listed a second time, so that a change of it is seen, and names what it
//! is about.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::template::{Template, one_or_many, referred, written};

/// Resources that have no name before they are made: objects of the bucket, streams of the table.
const UNNAMED: [&str; 4] = [
    "${Files.Arn}/lists/*",
    "${Files.Arn}/rejects/*",
    "${Files.Arn}/uploads/*",
    "table/${Name}/stream/*",
];

/// Function to action to what it is about.
type Permissions = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// The list of the template, as it is committed.
pub(crate) fn listed(template: &Template) -> String {
    let text = serde_json::to_string_pretty(&permissions(template))
        .expect("maps of texts are always JSON");
    text + "\n"
}

/// What differs from the committed list, and every wildcard.
pub(crate) fn findings(template: &Template, committed: &str) -> Vec<String> {
    let permissions = permissions(template);
    let mut findings = Vec::new();
    let committed: Permissions = match serde_json::from_str(committed) {
        Ok(committed) => committed,
        Err(reason) => return vec![format!("the list of permissions is no JSON: {reason}")],
    };
    let none = BTreeMap::new();
    let functions: BTreeSet<_> = permissions.keys().chain(committed.keys()).collect();
    for function in functions {
        let now = permissions.get(function).unwrap_or(&none);
        let before = committed.get(function).unwrap_or(&none);
        let actions: BTreeSet<_> = now.keys().chain(before.keys()).collect();
        for action in actions
            .into_iter()
            .filter(|action| now.get(*action) != before.get(*action))
        {
            findings.push(format!(
                "{function}: {action} is not what the list says; review it, then `cargo xtask infra --write`"
            ));
        }
        findings.extend(wildcards(function, now));
    }
    findings
}

fn wildcards(function: &str, actions: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut findings = Vec::new();
    for (action, resources) in actions {
        if action.contains('*') {
            findings.push(format!("{function}: name each action in place of {action}"));
        }
        for resource in resources {
            let resource = resource.split(" where ").next().unwrap_or_default();
            if resource.contains('*') && !UNNAMED.iter().any(|unnamed| resource.ends_with(unnamed))
            {
                findings.push(format!(
                    "{function}: {action} on {resource}: name the resource"
                ));
            }
        }
    }
    findings
}

fn permissions(template: &Template) -> Permissions {
    template
        .resources("AWS::Serverless::Function")
        .map(|(function, properties)| {
            let role = referred(&properties["Role"]).unwrap_or_default();
            (function.to_owned(), actions(template, role))
        })
        .collect()
}

/// The actions of a role, by its own policies and by those that it shares.
fn actions(template: &Template, role: &str) -> BTreeMap<String, BTreeSet<String>> {
    let role = template.properties(role);
    let own = role["Policies"].as_array().into_iter().flatten();
    let shared = role["ManagedPolicyArns"].as_array().into_iter().flatten();
    let documents = own
        .map(|policy| &policy["PolicyDocument"])
        .chain(shared.map(|policy| {
            let policy = referred(policy).unwrap_or_default();
            &template.properties(policy)["PolicyDocument"]
        }));
    let mut actions: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for statement in documents.flat_map(|document| one_or_many(&document["Statement"])) {
        let limit = limit(statement);
        let resources: BTreeSet<_> = written(&statement["Resource"])
            .into_iter()
            .map(|resource| resource + &limit)
            .collect();
        for action in one_or_many(&statement["Action"])
            .into_iter()
            .flat_map(written)
        {
            actions.entry(action).or_default().extend(resources.clone());
        }
    }
    actions
}

/// Which items of the table a statement is limited to.
fn limit(statement: &Value) -> String {
    let said = [
        ("ForAllValues:StringLike", "is"),
        ("ForAllValues:StringNotLike", "is not"),
    ];
    let limits = said.map(|(operator, is)| {
        let keys = &statement["Condition"][operator]["dynamodb:LeadingKeys"];
        if keys.is_null() {
            return String::new();
        }
        format!(" where the partition {is} {}", written(keys).join(" or "))
    });
    limits.concat()
}

#[cfg(test)]
mod tests {
    use lastmile_model::availability::task::{TaskId, TaskKind};
    use lastmile_model::carrier::{CarrierReference, Step};
    use lastmile_model::document::{DocumentKind, DocumentRef};
    use lastmile_model::idempotency::IdempotencyKey;
    use lastmile_model::identity::{KeyId, ProviderName, TenantId};
    use lastmile_store::key::{
        DocumentKey, Errand, Key, QuoteKey, QuotePart, SlicePart, TaskKey, TaskPart, case_listings,
        quote_listing,
    };

    use super::super::TEMPLATE;
    use super::*;

    const SMALL: &str = "
Resources:
  RelayFunction:
    Type: AWS::Serverless::Function
    Properties: {Role: !GetAtt RelayRole.Arn}
  RelayRole:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Shared]
      Policies:
        - PolicyDocument:
            Statement:
              - Action: sqs:SendMessage
                Resource: !GetAtt Queue.Arn
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Action: [s3:GetObject]
            Resource: !Sub ${Files.Arn}/lists/*
";

    fn template(text: &str) -> Template {
        Template::parse(text).expect("it is YAML")
    }

    #[test]
    fn own_and_shared_policies_are_listed() {
        let listed = listed(&template(SMALL));
        let listed: Value = serde_json::from_str(&listed).expect("it is JSON");
        assert_eq!(
            listed,
            serde_json::json!({"RelayFunction": {
                "s3:GetObject": ["${Files.Arn}/lists/*"],
                "sqs:SendMessage": ["${Queue.Arn}"],
            }})
        );
    }

    #[test]
    fn a_new_action_and_every_wildcard_are_found() {
        let committed = listed(&template(SMALL));
        assert_eq!(findings(&template(SMALL), &committed), Vec::<String>::new());
        let wider = SMALL
            .replace("sqs:SendMessage", "sqs:*")
            .replace("!GetAtt Queue.Arn", "'*'");
        let review = "is not what the list says; review it, then `cargo xtask infra --write`";
        assert_eq!(
            findings(&template(&wider), &committed),
            [
                format!("RelayFunction: sqs:* {review}"),
                format!("RelayFunction: sqs:SendMessage {review}"),
                "RelayFunction: name each action in place of sqs:*".to_owned(),
                "RelayFunction: sqs:* on *: name the resource".to_owned(),
            ]
        );
    }

    /// What the partitions that a function may put items into begin with.
    fn put_into(function: &str) -> Vec<String> {
        allowed(function, "dynamodb:PutItem")
    }

    fn allowed(function: &str, action: &str) -> Vec<String> {
        let template = Template::read(TEMPLATE).expect("the template is readable");
        let permissions = permissions(&template);
        let limits = permissions[function][action].iter();
        let only = limits.filter_map(|place| match partitions(place)? {
            (true, begins) => Some(begins),
            (false, _) => None,
        });
        only.flatten().collect()
    }

    fn has(begins: &[String], key: &Key<'_>) -> bool {
        let pk = key.primary().pk;
        begins.iter().any(|begin| pk.starts_with(begin))
    }

    fn an_api_key() -> Key<'static> {
        let id: KeyId = "3f9a1c07b2d4".parse().expect("an id");
        Key::ApiKey { id }
    }

    /// The policies name partitions, and only the key file knows what these begin with.
    #[test]
    fn the_partitions_of_the_policies_are_those_of_the_keys() {
        let tenant = TenantId::new("north").expect("a name");
        let id: TaskId = "019cb391f0e000000000000000000001".parse().expect("an id");
        let task = TaskKey {
            tenant: &tenant,
            kind: TaskKind::ALL[0],
            id,
        };
        let part = TaskPart::Header;
        for function in [
            "AvailabilityFunction",
            "AddressFunction",
            "TaskWorkerFunction",
        ] {
            let begins = put_into(function);
            for key in [Key::Task { task, part }, Key::WaitingTask { id }] {
                assert!(has(&begins, &key), "{function}: {begins:?}");
            }
            assert!(!has(&begins, &an_api_key()));
        }
        let name = DocumentRef {
            kind: DocumentKind::ProductOffering,
            id: "019cb391f0e000000000000000000001".parse().expect("an id"),
        };
        let document = DocumentKey {
            tenant: &tenant,
            name,
        };
        let once = Key::Once {
            tenant: &tenant,
            operation: DocumentKind::ProductOffering.as_str(),
            key: &IdempotencyKey::new("a").expect("a key"),
        };
        let begins = put_into("CatalogFunction");
        for key in [Key::Document(document), Key::Referrers(document), once] {
            assert!(has(&begins, &key), "{begins:?}");
        }
        assert!(!has(&begins, &an_api_key()));
        let begins = allowed("AuthorizerFunction", "dynamodb:GetItem");
        assert!(has(&begins, &an_api_key()));
        assert!(!has(&begins, &Key::ListCounter));
    }

    /// What the partitions begin with that a statement, as it is listed, is limited to, or (`false`) is not about.
    fn partitions(place: &str) -> Option<(bool, Vec<String>)> {
        let (_, limit) = place.split_once(" where the partition is ")?;
        let others = limit.strip_prefix("not ");
        let begins = others.unwrap_or(limit).split(" or ");
        let begins = begins.map(|pattern| pattern.trim_end_matches('*').to_owned());
        Some((others.is_none(), begins.collect()))
    }

    /// Whether a statement is about the partition of a key.
    fn is_about(place: &str, key: &Key<'_>) -> bool {
        partitions(place).is_none_or(|(is_named, begins)| has(&begins, key) == is_named)
    }

    #[test]
    fn no_function_writes_keys_and_settings() {
        let template = Template::read(TEMPLATE).expect("the template is readable");
        let writes = ["BatchWriteItem", "DeleteItem", "PutItem", "UpdateItem"];
        for (function, actions) in permissions(&template) {
            for action in writes {
                let places = actions.get(&format!("dynamodb:{action}"));
                for place in places.into_iter().flatten() {
                    for key in [an_api_key(), Key::ProvidersFile] {
                        assert!(!is_about(place, &key), "{function}: {action}: {place}");
                    }
                }
            }
        }
    }

    #[test]
    fn quotes_are_written_by_their_functions_and_nothing_else_is() {
        let tenant = TenantId::new("north").expect("a name");
        let id = "019cb391f0e000000000000000000001".parse().expect("an id");
        let quote = QuoteKey {
            tenant: &tenant,
            id,
        };
        let errand = Errand::Start;
        let of_quote = |part| Key::Quote { quote, part };
        let of_slice = |part| Key::QuoteSlice {
            quote,
            slice: 0,
            part,
        };
        for function in ["QuotesFunction", "QuoteWorkerFunction"] {
            let begins = put_into(function);
            for key in [
                of_quote(QuotePart::Head),
                of_slice(SlicePart::Places),
                Key::QuoteErrand {
                    id,
                    errand: &errand,
                },
            ] {
                assert!(has(&begins, &key), "{function}: {begins:?}");
            }
            assert!(!has(&begins, &an_api_key()));
            assert!(!has(&begins, &Key::ListCounter));
        }
        let carrier = ProviderName::new("Acme").expect("a name");
        let wait = Key::CarrierWait {
            carrier: &carrier,
            step: Step::Quote,
            reference: &CarrierReference::new("77").expect("an id"),
        };
        let noted = allowed("QuoteWorkerFunction", "dynamodb:BatchWriteItem");
        assert!(has(&noted, &wait), "{noted:?}");
        let looked_up = allowed("QuotesFunction", "dynamodb:GetItem");
        assert!(has(&looked_up, &wait), "{looked_up:?}");
        assert!(has(&looked_up, &Key::ProvidersFile), "{looked_up:?}");
        let indexed = allowed("QuotesFunction", "dynamodb:Query");
        let (cases, cases_of) = case_listings(quote, 0, &carrier);
        for partition in [quote_listing(quote).pk, cases.pk, cases_of.pk] {
            let is_allowed = indexed.iter().any(|begin| partition.starts_with(begin));
            assert!(is_allowed, "{partition}: {indexed:?}");
        }
    }
}
