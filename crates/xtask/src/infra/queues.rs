//! Queues treat their messages as the code says, and none loses one unseen.

use std::collections::BTreeSet;
use std::time::Duration;

use lastmile_store::queue::{MESSAGE_KEPT, QueueName};
use serde_json::Value;

use super::functions::has_alarm;
use super::template::{Template, referred, written};

/// A message is hidden for at least as many times the time of its worker: what Lambda asks for, because
/// a worker that is throttled keeps its messages while it waits.
const HIDDEN_TIMES_WORKER: u64 = 6;

/// What is wrong with the queues.
pub(crate) fn findings(template: &Template) -> Vec<String> {
    let mut findings = Vec::new();
    for name in QueueName::ALL {
        match named(template, name) {
            None => findings.push(format!("there is no queue for {}", name.as_str())),
            Some((id, properties)) => {
                findings.extend(setting_findings(id, properties, name));
                findings.extend(worker_findings(template, id, name));
            }
        }
    }
    let dead = dead_letter_queues(template);
    for (id, properties) in template.resources("AWS::SQS::Queue") {
        findings.extend(loss_findings(template, id, properties, &dead));
    }
    findings
}

fn named(template: &Template, name: QueueName) -> Option<(&str, &Value)> {
    let name = format!("${{AWS::StackName}}-{}", name.as_str());
    template
        .resources("AWS::SQS::Queue")
        .find(|(_, properties)| written(&properties["QueueName"]) == [name.as_str()])
}

fn setting_findings(id: &str, properties: &Value, name: QueueName) -> Vec<String> {
    let settings = name.settings();
    let redrive = &properties["RedrivePolicy"];
    let compared = [
        (
            "VisibilityTimeout",
            &properties["VisibilityTimeout"],
            settings.visibility.as_secs(),
        ),
        (
            "maxReceiveCount",
            &redrive["maxReceiveCount"],
            u64::from(settings.tries_max),
        ),
        (
            "MessageRetentionPeriod",
            &properties["MessageRetentionPeriod"],
            MESSAGE_KEPT.as_secs(),
        ),
    ];
    compared
        .into_iter()
        .filter(|(_, given, wanted)| given.as_u64() != Some(*wanted))
        .map(|(setting, given, wanted)| {
            format!("{id}: {setting} is {given}, the code says {wanted}")
        })
        .collect()
}

/// A worker must be done, or be tried again, before its messages come to another.
fn worker_findings(template: &Template, queue: &str, name: QueueName) -> Vec<String> {
    let hidden = name.settings().visibility;
    let workers = template
        .resources("AWS::Serverless::Function")
        .filter(|(_, properties)| events_of(properties, queue).next().is_some());
    let mut findings = Vec::new();
    let mut count = 0;
    for (id, properties) in workers {
        count += 1;
        let timeout = properties["Timeout"].as_u64().map(Duration::from_secs);
        if timeout.is_none_or(|timeout| timeout.as_secs() * HIDDEN_TIMES_WORKER > hidden.as_secs())
        {
            findings.push(format!(
                "{id}: Timeout must be at most a sixth of the {} s for which {queue} hides its messages",
                hidden.as_secs()
            ));
        }
        let reports = events_of(properties, queue)
            .all(|event| event["FunctionResponseTypes"][0] == "ReportBatchItemFailures");
        if !reports {
            findings.push(format!(
                "{id}: one message that fails must not fail its batch"
            ));
        }
    }
    if count != 1 {
        findings.push(format!("{queue} has {count} workers"));
    }
    findings
}

fn events_of<'a>(properties: &'a Value, queue: &'a str) -> impl Iterator<Item = &'a Value> {
    let events = properties["Events"].as_object().into_iter().flatten();
    events
        .map(|(_, event)| &event["Properties"])
        .filter(move |event| referred(&event["Queue"]) == Some(queue))
}

/// Where messages go that could not be handled, by a queue's redrive or an event source's failures.
fn dead_letter_queues(template: &Template) -> BTreeSet<&str> {
    let of_queues = template
        .resources("AWS::SQS::Queue")
        .filter_map(|(_, properties)| {
            referred(&properties["RedrivePolicy"]["deadLetterTargetArn"])
        });
    let of_streams = template
        .resources("AWS::Serverless::Function")
        .flat_map(|(_, properties)| properties["Events"].as_object().into_iter().flatten())
        .filter_map(|(_, event)| {
            referred(&event["Properties"]["DestinationConfig"]["OnFailure"]["Destination"])
        });
    of_queues.chain(of_streams).collect()
}

fn loss_findings(
    template: &Template,
    id: &str,
    properties: &Value,
    dead: &BTreeSet<&str>,
) -> Vec<String> {
    let mut findings = Vec::new();
    if properties["SqsManagedSseEnabled"] != true {
        findings.push(format!("{id} is not encrypted"));
    }
    let watched = if dead.contains(id) {
        "ApproximateNumberOfMessagesVisible"
    } else {
        if properties["RedrivePolicy"].is_null() {
            findings.push(format!("{id} has no queue for its dead letters"));
        }
        "ApproximateAgeOfOldestMessage"
    };
    let name = [format!("${{{id}.QueueName}}")];
    if !has_alarm(template, watched, "QueueName", &name) {
        findings.push(format!("{id} has no alarm for {watched}"));
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
    fn the_template_says_what_the_code_says() {
        assert_eq!(findings_with("", ""), Vec::<String>::new());
    }

    #[test]
    fn a_setting_that_differs_is_found() {
        let found = findings_with("VisibilityTimeout: 360", "VisibilityTimeout: 30");
        assert_eq!(
            found,
            ["TasksQueue: VisibilityTimeout is 30, the code says 360"]
        );
        let found = findings_with("maxReceiveCount: 5", "maxReceiveCount: 3");
        assert_eq!(found, ["TasksQueue: maxReceiveCount is 3, the code says 5"]);
    }

    #[test]
    fn dead_letters_that_nobody_is_told_of_are_found() {
        let found = findings_with(
            "Value: !GetAtt TasksDeadQueue.QueueName",
            "Value: elsewhere",
        );
        assert_eq!(
            found,
            ["TasksDeadQueue has no alarm for ApproximateNumberOfMessagesVisible"]
        );
    }

    #[test]
    fn a_worker_that_outlives_its_messages_is_found() {
        let found = findings_with("Timeout: 60", "Timeout: 90");
        assert_eq!(
            found,
            [
                "TaskWorkerFunction: Timeout must be at most a sixth of the 360 s for which TasksQueue hides its messages"
            ]
        );
    }
}
