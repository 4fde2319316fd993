//! What the price list takes for granted of the deployment is what `infra/template.yaml` says.

use yaml_serde::Value;

use super::monthly::{ALARMS, POLLED_QUEUES, WAF_RULES};
use super::units::Function;

const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

fn template() -> Value {
    yaml_serde::from_str(TEMPLATE).expect("the template is YAML")
}

/// The properties of all resources of a type.
fn resources<'t>(template: &'t Value, type_name: &'t str) -> impl Iterator<Item = &'t Value> {
    let all = template["Resources"].as_mapping().expect("resources");
    all.values()
        .filter(move |resource| resource["Type"] == type_name)
        .map(|resource| &resource["Properties"])
}

/// The name of a function's folder of code, which is its binary's.
fn binary(function: Function) -> &'static str {
    match function {
        Function::Availability => "availability",
        Function::Address => "address",
        Function::Relay => "relay",
        Function::TaskWorker => "task-worker",
        Function::ImportWorker => "import-worker",
        Function::Quotes => "quotes",
        Function::QuoteWorker => "quote-worker",
    }
}

fn count(resources: impl Iterator) -> u128 {
    u128::try_from(resources.count()).expect("a few")
}

#[test]
fn functions_have_the_memory_that_is_priced() {
    let template = template();
    let unless_said = &template["Globals"]["Function"]["MemorySize"];
    for function in [
        Function::Availability,
        Function::Address,
        Function::Relay,
        Function::TaskWorker,
        Function::ImportWorker,
        Function::Quotes,
        Function::QuoteWorker,
    ] {
        let code = format!("../target/lambda/{}/", binary(function));
        let deployed = resources(&template, "AWS::Serverless::Function")
            .find(|properties| properties["CodeUri"] == code.as_str())
            .expect("every function is deployed");
        let memory = deployed.get("MemorySize").unwrap_or(unless_said);
        assert_eq!(memory.as_u64(), Some(function.memory_mb()), "{function:?}");
    }
}

#[test]
fn what_stands_there_all_month_is_what_is_priced() {
    let template = template();
    assert_eq!(
        count(resources(&template, "AWS::CloudWatch::Alarm")),
        ALARMS
    );
    let rules = resources(&template, "AWS::WAFv2::WebACL")
        .flat_map(|firewall| firewall["Rules"].as_sequence().expect("rules"));
    assert_eq!(count(rules), WAF_RULES);
    let events = resources(&template, "AWS::Serverless::Function")
        .filter_map(|function| function["Events"].as_mapping())
        .flat_map(|events| events.values());
    let polled = events.filter(|event| event["Type"] == "SQS");
    assert_eq!(count(polled), POLLED_QUEUES);
}
