//! Each function has its binary, its log, its alarms, and no more of the environment than it needs.

use serde_json::Value;

use super::template::{Template, written};

/// Each binary, and the settings that it reads beside [`EVERYWHERE`]. The functions of the API take the
/// stage out of the path; all others need what they work on.
const BINARIES: [(&str, &[&str]); 11] = [
    ("address", &[STAGE, TABLE]),
    ("authorizer", &[TABLE]),
    ("availability", &[STAGE, TABLE]),
    ("catalog", &[STAGE, TABLE]),
    ("documentation", &[STAGE]),
    ("import-worker", &[BUCKET, IMPORTS, TABLE]),
    ("imports", &[STAGE, BUCKET, IMPORTS, TABLE]),
    ("quote-worker", &[CARRIER_SECRETS, QUOTES, TABLE]),
    ("quotes", &[STAGE, CALL_BACK_SECRET, TABLE]),
    ("relay", &[QUOTES, TASKS]),
    ("task-worker", &[TABLE, TASKS]),
];
const STAGE: &str = "AWS_LAMBDA_HTTP_IGNORE_STAGE_IN_PATH";
const TABLE: &str = "LASTMILE_TABLE";
const BUCKET: &str = "LASTMILE_BUCKET";
const TASKS: &str = "LASTMILE_QUEUE_TASKS";
const IMPORTS: &str = "LASTMILE_QUEUE_IMPORTS";
const QUOTES: &str = "LASTMILE_QUEUE_QUOTES";
/// Read by whoever is told to by the providers file.
const CARRIER_SECRETS: &str = "LASTMILE_CARRIER_SECRETS";
/// The same.
const CALL_BACK_SECRET: &str = "LASTMILE_CALL_BACK_SECRET";
/// What every function reads.
const EVERYWHERE: [&str; 1] = ["LASTMILE_LOG"];
/// What is worth an alarm at every function.
const ALARMED: [&str; 2] = ["Errors", "Throttles"];

/// What is wrong with the functions and the logs.
pub(crate) fn findings(template: &Template) -> Vec<String> {
    let mut findings = missing(template);
    if settings(template.function_defaults()) != EVERYWHERE {
        findings.push(format!("Globals should give {EVERYWHERE:?}"));
    }
    for (id, properties) in template.resources("AWS::Serverless::Function") {
        match binary(properties) {
            None => findings.push(format!("{id} has no name that ends in a known binary")),
            Some(known) => findings.extend(function_findings(template, id, properties, known)),
        }
    }
    for (id, properties) in template.resources("AWS::Logs::LogGroup") {
        if properties["RetentionInDays"].is_null() {
            findings.push(format!(
                "{id} keeps its lines for ever: say RetentionInDays"
            ));
        }
    }
    findings
}

fn missing(template: &Template) -> Vec<String> {
    let present: Vec<_> = template
        .resources("AWS::Serverless::Function")
        .filter_map(|(_, properties)| binary(properties))
        .collect();
    BINARIES
        .iter()
        .filter(|known| !present.contains(known))
        .map(|(name, _)| format!("there is no function for the binary {name}"))
        .collect()
}

/// The binary behind `FunctionName: ${AWS::StackName}-binary`.
fn binary(properties: &Value) -> Option<&'static (&'static str, &'static [&'static str])> {
    let name = written(&properties["FunctionName"]).pop()?;
    let name = name.strip_prefix("${AWS::StackName}-")?;
    BINARIES.iter().find(|(binary, _)| *binary == name)
}

fn function_findings(
    template: &Template,
    id: &str,
    properties: &Value,
    (binary, needed): &(&str, &[&str]),
) -> Vec<String> {
    let mut findings = Vec::new();
    let code = format!("../target/lambda/{binary}/");
    if properties["CodeUri"] != code.as_str() {
        findings.push(format!("{id} should have its code in {code}"));
    }
    let mut needed = needed.to_vec();
    needed.sort_unstable();
    let given = settings(properties);
    if given != needed {
        findings.push(format!(
            "{id} should be given {needed:?} and is given {given:?}"
        ));
    }
    let log = format!("/aws/lambda/${{AWS::StackName}}-{binary}");
    let has_log = template
        .resources("AWS::Logs::LogGroup")
        .any(|(_, group)| written(&group["LogGroupName"]) == [log.as_str()]);
    if !has_log {
        findings.push(format!(
            "{id} has no log group {log}: Lambda would make one that is kept for ever"
        ));
    }
    let name = written(&properties["FunctionName"]);
    for metric in ALARMED {
        if !has_alarm(template, metric, "FunctionName", &name) {
            findings.push(format!("{id} has no alarm for its {metric}"));
        }
    }
    findings
}

/// Names of the environment variables, sorted.
fn settings(properties: &Value) -> Vec<&str> {
    let variables = properties["Environment"]["Variables"].as_object();
    let mut names: Vec<&str> = variables
        .into_iter()
        .flat_map(|variables| variables.keys().map(String::as_str))
        .collect();
    names.sort_unstable();
    names
}

/// Whether an alarm watches a metric of what has this name.
pub(crate) fn has_alarm(
    template: &Template,
    metric: &str,
    dimension: &str,
    name: &[String],
) -> bool {
    template
        .resources("AWS::CloudWatch::Alarm")
        .filter(|(_, alarm)| alarm["MetricName"] == metric)
        .flat_map(|(_, alarm)| alarm["Dimensions"].as_array().into_iter().flatten())
        .any(|given| given["Name"] == dimension && written(&given["Value"]) == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "
Globals: {Function: {Environment: {Variables: {LASTMILE_LOG: info}}}}
Resources:
  RelayFunction:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub ${AWS::StackName}-relay
      CodeUri: ../target/lambda/relay/
      Environment: {Variables: {LASTMILE_QUEUE_QUOTES: x, LASTMILE_QUEUE_TASKS: x}}
  RelayLog:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub /aws/lambda/${AWS::StackName}-relay
      RetentionInDays: 30
  RelayErrors:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: Errors
      Dimensions:
        - Name: FunctionName
          Value: !Sub ${AWS::StackName}-relay
  RelayThrottles:
    Type: AWS::CloudWatch::Alarm
    Properties:
      MetricName: Throttles
      Dimensions:
        - Name: FunctionName
          Value: !Sub ${AWS::StackName}-relay
";

    /// Without the functions that the little template leaves out.
    fn found(text: &str) -> Vec<String> {
        let template = Template::parse(text).expect("it is YAML");
        let all = findings(&template);
        let (missing, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|finding| finding.starts_with("there is no function"));
        assert!(missing.len() >= BINARIES.len() - 1);
        others
    }

    #[test]
    fn a_function_with_all_it_needs_has_no_findings() {
        assert_eq!(found(TEMPLATE), Vec::<String>::new());
    }

    #[test]
    fn a_setting_too_many_and_an_unknown_one_are_found() {
        let text = TEMPLATE.replace("LASTMILE_QUEUE_TASKS: x", "LASTMILE_TABEL: x");
        assert_eq!(
            found(&text),
            [
                "RelayFunction should be given [\"LASTMILE_QUEUE_QUOTES\", \"LASTMILE_QUEUE_TASKS\"] \
                 and is given [\"LASTMILE_QUEUE_QUOTES\", \"LASTMILE_TABEL\"]"
            ]
        );
    }

    #[test]
    fn a_log_that_is_kept_for_ever_and_an_alarm_that_is_missing_are_found() {
        let text = TEMPLATE
            .replace("      RetentionInDays: 30\n", "")
            .replace("MetricName: Throttles", "MetricName: Duration");
        assert_eq!(
            found(&text),
            [
                "RelayFunction has no alarm for its Throttles",
                "RelayLog keeps its lines for ever: say RetentionInDays",
            ]
        );
    }

    #[test]
    fn a_function_of_no_binary_is_found() {
        let text = TEMPLATE.replace(
            "FunctionName: !Sub ${AWS::StackName}-relay",
            "FunctionName: x",
        );
        assert_eq!(
            found(&text),
            ["RelayFunction has no name that ends in a known binary"]
        );
    }
}
