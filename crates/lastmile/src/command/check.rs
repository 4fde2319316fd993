//! `lastmile check`: who can serve one address, or each address of a file.

use std::path::PathBuf;

use clap::Args;
use comfy_table::{ContentArrangement, Table, presets};
use lastmile_api::lookup::LookupAnswer;
use lastmile_app::availability::{Availability, LookupOptions, lookup};
use lastmile_model::address::parse;
use lastmile_model::availability::{Place, PlaceAnswer};
use serde_json::Value;

use crate::answer_row::{ClaimRow, PlaceRows};
use crate::command::check_batch;
use crate::data_folder::DataError;
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::remote::Remote;
use crate::{output, runtime};

/// Ask who can serve an address, or each address of a file
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile check \"133 N Main St, Port Alden, NH 03611\"\n  \
    lastmile check --json \"133 N Main St, Port Alden, NH 03611\"\n  \
    lastmile check --batch addresses.csv --out answers.csv\n\n\
    A batch has a column `address`, or `street, unit, city, state, zip`; `latitude` and `longitude` \
    may be added. Its output has one row for each input row and claim. While a server has the data \
    open, it is asked instead of the store.")]
pub(crate) struct Options {
    /// The address
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    address: Option<String>,
    /// Ask for each address of this CSV file
    #[arg(long, value_name = "FILE", requires = "out")]
    batch: Option<PathBuf>,
    /// Where the answers of a batch go, as CSV
    #[arg(long, value_name = "FILE", requires = "batch")]
    out: Option<PathBuf>,
    /// Write the API's answer as JSON; for a batch, end with its summary as one JSON object
    #[arg(long)]
    json: bool,
}

/// Where answers come from.
pub(crate) enum Answers {
    /// The store, opened by this process.
    Store(Availability),
    /// A server that has the store open.
    Server(Box<Remote>),
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let Options {
        address,
        batch,
        out,
        json,
    } = options;
    runtime::block_on(async {
        let answers = answers(home)?;
        warn_if_empty(&answers).await?;
        match (address, batch, out) {
            (_, Some(input), Some(output)) => {
                check_batch::run(&answers, &input, &output, json).await
            }
            (address, _, _) => one(&answers, &address.unwrap_or_default(), json).await,
        }
    })
}

fn answers(home: &Home) -> Result<Answers, Failure> {
    match home.open_existing() {
        Ok(opened) => Ok(Answers::Store(Availability::new(opened.context))),
        Err(failure) => match failure.downcast::<DataError>() {
            Ok(error) => match *error {
                DataError::ServerRuns { note, folder } => {
                    Ok(Answers::Server(Box::new(Remote::new(&folder, note)?)))
                }
                error @ (DataError::Missing { .. } | DataError::Open(_)) => Err(error.into()),
            },
            Err(failure) => Err(failure),
        },
    }
}

/// An answer out of an empty store is true and useless: say why.
async fn warn_if_empty(answers: &Answers) -> Result<(), Failure> {
    if let Answers::Store(availability) = answers
        && availability.lists().await?.is_empty()
    {
        output::note(
            "no list was imported here yet: see `lastmile import --help`, or try `lastmile demo`",
        )?;
    }
    Ok(())
}

async fn one(answers: &Answers, address: &str, json: bool) -> Result<Ending, Failure> {
    let rows = match answers {
        Answers::Store(availability) => ask_store(availability, address, json).await?,
        Answers::Server(remote) => ask_server(remote, address, json).await?,
    };
    if !json {
        output::line(people(address, &rows))?;
    }
    match rows.outcome.as_str() {
        "served" | "ask_person" => Ok(Ending::Done),
        _ => Ok(Ending::NothingFound),
    }
}

async fn ask_store(
    availability: &Availability,
    address: &str,
    json: bool,
) -> Result<PlaceRows, Failure> {
    let place = Place {
        address: parse(address),
        coordinates: None,
    };
    let lists = availability.lists().await?;
    let options = LookupOptions::default();
    let answer = lookup(&availability.context, &lists, &place, &options)
        .await?
        .value;
    if json {
        output::json(&LookupAnswer::of(&place, &answer))?;
    }
    Ok(PlaceRows::of(&PlaceAnswer::Answered(answer)))
}

async fn ask_server(remote: &Remote, address: &str, json: bool) -> Result<PlaceRows, Failure> {
    let answer: Value = remote.lookup(&[("address", address)]).await?;
    if json {
        output::json(&answer)?;
    }
    Ok(PlaceRows::of_json(&answer))
}

/// The answer as a table for people.
fn people(address: &str, rows: &PlaceRows) -> String {
    let PlaceRows {
        matched: _,
        matched_sentence,
        building_key,
        outcome,
        reason,
        claims,
    } = rows;
    let building = building_key.as_deref().unwrap_or("not known");
    let mut text = format!("{address}\nbuilding: {building} ({matched_sentence})\n");
    if claims.is_empty() {
        text.push_str(&format!("{outcome}: {reason}"));
        return text;
    }
    if building_key.is_none() {
        // What stands in the table is near by, not there.
        text.push_str(reason);
        text.push('\n');
    }
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "provider",
            "outcome",
            "sure",
            "service",
            "Mbps down/up",
            "a month",
            "why",
        ]);
    for claim in claims {
        let ClaimRow {
            provider,
            outcome,
            confidence,
            reason,
            ..
        } = claim;
        table.add_row([
            provider,
            &outcome.replace('_', " "),
            confidence,
            &service(claim),
            &speeds(claim),
            format!("{} {}", claim.mrc, claim.currency).trim(),
            reason,
        ]);
    }
    text.push_str(&table.to_string());
    text
}

fn service(claim: &ClaimRow) -> String {
    if claim.product.is_empty() {
        return claim.technology.replace('_', " ");
    }
    format!("{}, {}", claim.technology.replace('_', " "), claim.product)
}

fn speeds(claim: &ClaimRow) -> String {
    match (claim.down_mbps.as_str(), claim.up_mbps.as_str()) {
        ("", "") => String::new(),
        (down, "") => down.to_owned(),
        (down, up) => format!("{down}/{up}"),
    }
}
