//! `lastmile providers`: who is asked how, and how the carriers are doing.

mod call_back;
mod shared;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use lastmile_api::providers::Provider;
use lastmile_api::version::PROVIDERS_PATH;
use lastmile_app::quotes::Panel;
use lastmile_http::limits::PAGE_MAX;
use serde::Deserialize;
use serde_json::{Map, Value};
use thiserror::Error;

use crate::api::{Api, Missing};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::{output, panel, runtime};

/// Show the state, rates and errors of every provider that is set up
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  lastmile providers\n  lastmile providers --json\n  \
    lastmile providers --providers providers.toml\n\n\
    States and counts are those of the running server, since it was started. Without a server, --providers shows who is \
    set up in a file, which is checked by that."
)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    /// The providers file, where no server runs
    #[arg(long, value_name = "FILE")]
    providers: Option<PathBuf>,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Ask carriers to call back when deferred answers are there
    #[command(
        after_help = "Example:\n  lastmile providers subscribe --providers providers.toml \"Alden Telephone\"\n\n\
        Without names, all that have calls_back = true. The ids that are shown end a subscription again."
    )]
    Subscribe(call_back::Subscribe),
    /// Ask a carrier to call back no more
    #[command(
        after_help = "Example:\n  lastmile providers unsubscribe --providers providers.toml \"Alden Telephone\" --quote 42"
    )]
    Unsubscribe(call_back::Unsubscribe),
    /// Put the providers file of all who share a table in place of the one before
    #[command(
        after_help = "Example:\n  lastmile providers put providers.toml --store dynamodb --table lastmile"
    )]
    Put(shared::Put),
    /// Write the providers file of all who share a table
    #[command(after_help = "Example:\n  lastmile providers get --store dynamodb > providers.toml")]
    Get,
    /// Remove the providers file of all who share a table
    #[command(after_help = "Example:\n  lastmile providers remove --store dynamodb")]
    Remove,
}

/// Nobody knows how carriers are doing.
#[derive(Debug, Error)]
#[error(
    "no server runs on this data, and only whoever asks carriers knows how they are doing: start `lastmile serve \
     --providers FILE`, or look at the file itself with --providers FILE"
)]
struct NoServer;

/// Runs the command.
pub(crate) fn run(options: &Options, home: &Home) -> Result<Ending, Failure> {
    let Options {
        action,
        providers,
        json,
    } = options;
    match action {
        Some(Action::Subscribe(options)) => return call_back::subscribe(options),
        Some(Action::Unsubscribe(options)) => return call_back::unsubscribe(options),
        Some(Action::Put(options)) => return shared::put(options, home),
        Some(Action::Get) => return shared::get(home),
        Some(Action::Remove) => return shared::remove(home),
        None => {}
    }
    runtime::block_on(async {
        let found = Api::open(home, Missing::Said, Panel::default());
        let documents = match (found, providers) {
            (Ok(api @ Api::Server(_)), file) => {
                if file.is_some() {
                    output::note("a server runs; what it has set up is shown, and not the file")?;
                }
                page_by_page(&api).await?
            }
            (_, Some(file)) => {
                let panel = panel::read(Some(file))?;
                output::note("no server asks them, so there are no states and counts")?;
                let documents = panel.providers().map(|(name, asked)| {
                    let mut document = serde_json::to_value(Provider::of(name, &asked))?;
                    // Of a process that has asked nobody, the counts would only look like some.
                    document
                        .as_object_mut()
                        .and_then(|shown| shown.remove("health"));
                    Ok(document)
                });
                documents.collect::<Result<_, serde_json::Error>>()?
            }
            (Ok(Api::Here(_)) | Err(_), None) => return Err(NoServer.into()),
        };
        show(&documents, *json)
    })
}

async fn page_by_page(api: &Api) -> Result<Vec<Value>, Failure> {
    let mut documents: Vec<Value> = Vec::new();
    loop {
        let page: Vec<Value> = api
            .page(PROVIDERS_PATH, &[], documents.len(), PAGE_MAX)
            .await?;
        let is_last = page.len() < PAGE_MAX;
        documents.extend(page);
        if is_last {
            return Ok(documents);
        }
    }
}

fn show(documents: &[Value], json: bool) -> Result<Ending, Failure> {
    if json {
        documents.iter().try_for_each(output::json)?;
        return Ok(Ending::Done);
    }
    if documents.is_empty() {
        output::note(
            "no provider is set up: all are answered from their lists (`lastmile serve --providers FILE`)",
        )?;
        return Ok(Ending::Done);
    }
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "provider",
            "asked",
            "state",
            "under way",
            "a minute",
            "answers",
            "failures",
            "ms half/95 %",
        ]);
    for document in documents {
        table.add_row(Shown::deserialize(document)?.cells());
    }
    output::line(table)?;
    Ok(Ending::Done)
}

/// A provider, as far as people are shown it.
#[derive(Debug, Deserialize)]
struct Shown {
    provider: String,
    kind: String,
    health: Option<Health>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Health {
    breaker: String,
    open_until: Option<String>,
    calls_under_way: u32,
    calls_under_way_max: u32,
    calls_waiting: u32,
    calls_last_minute: u32,
    calls: u64,
    requests_per_second_max: Option<u32>,
    outcome: Map<String, Value>,
    failure: Map<String, Value>,
    latency: Option<Latency>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Latency {
    median_ms: u64,
    p95_ms: u64,
}

impl Shown {
    fn cells(self) -> [String; 8] {
        let Self {
            provider,
            kind,
            health,
        } = self;
        let asked = match kind.as_str() {
            "live" => "by API",
            "coverage" => "from lists",
            _ => "by a person",
        };
        let asked = asked.to_owned();
        let Some(health) = health else {
            let none = String::new;
            return [
                provider,
                asked,
                none(),
                none(),
                none(),
                none(),
                none(),
                none(),
            ];
        };
        let Health {
            breaker,
            open_until,
            calls_under_way,
            calls_under_way_max,
            calls_waiting,
            calls_last_minute,
            calls,
            requests_per_second_max,
            outcome,
            failure,
            latency,
        } = health;
        let state = match open_until {
            Some(until) => format!("left alone until {until}"),
            None if breaker == "closed" => "asked".to_owned(),
            None => "being tried".to_owned(),
        };
        let waiting = if calls_waiting > 0 {
            format!(", {calls_waiting} waiting")
        } else {
            String::new()
        };
        let pace = requests_per_second_max.map(|most| format!("\nat most {most} requests/s"));
        [
            provider,
            asked,
            state,
            format!("{calls_under_way} of {calls_under_way_max}{waiting}"),
            format!(
                "{calls_last_minute} calls, {calls} in all{}",
                pace.unwrap_or_default()
            ),
            counts(&outcome),
            counts(&failure),
            latency.map_or_else(String::new, |Latency { median_ms, p95_ms }| {
                format!("{median_ms} / {p95_ms}")
            }),
        ]
    }
}

/// Counts that are not none, by their names: `40 served, 2 not served`.
fn counts(counts: &Map<String, Value>) -> String {
    let seen = counts.iter().filter(|(_, count)| count.as_u64() != Some(0));
    let words: Vec<String> = seen
        .map(|(name, count)| format!("{count} {}", in_words(name)))
        .collect();
    words.join(", ")
}

/// `notServed` and `timed_out` as words.
fn in_words(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        match character {
            '_' => words.push(' '),
            upper if upper.is_ascii_uppercase() => {
                words.push(' ');
                words.push(upper.to_ascii_lowercase());
            }
            other => words.push(other),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words() {
        assert_eq!(in_words("addressUnknown"), "address unknown");
        assert_eq!(in_words("timed_out"), "timed out");
    }
}
