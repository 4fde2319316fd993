//! `lastmile cases`: prices that persons have to give (individual case basis, ICB), and giving them.

use clap::{ArgGroup, Args, Subcommand};
use comfy_table::{ContentArrangement, Table, presets};
use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use lastmile_api::version::ICB_PATH;
use lastmile_app::Clock as _;
use lastmile_app::quotes::Panel;
use lastmile_app::quotes::limits::CASES_PAGE_MAX;
use lastmile_doors::SystemClock;
use lastmile_model::identity::ProviderName;
use lastmile_model::quote::QuoteId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::{Api, Missing};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::quote_document::{Service, months};
use crate::{output, runtime};

/// Cells that are listed unless more are asked for.
const LISTED_DEFAULT: usize = 100;
/// Seconds of an hour, and hours of a day.
const HOUR_S: i64 = 3_600;
const DAY_HOURS: i64 = 24;

/// List the prices that persons have to give (ICB cases), oldest first, and give them
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lastmile cases\n  lastmile cases --provider \"Bay Cooperative\" --json"
)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    listing: Listing,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List what waits for a person, oldest first
    #[command(after_help = "Example:\n  lastmile cases list --provider \"Bay Cooperative\"")]
    List(Listing),
    /// Give the price of a cell, or say that it cannot be delivered
    #[command(after_help = "Examples:\n  \
        lastmile cases answer 019cb391f0e000000000000000000001 --provider \"Bay Cooperative\" --location 1 --term 36 \
        --mrc 850.00 --nrc 500 --interval 45 --note \"by telephone\"\n  \
        lastmile cases answer 019cb391f0e000000000000000000001 --provider \"Bay Cooperative\" --location 2 --term 36 \
        --decline\n\n\
        The last price that a quote waits for makes it approved.")]
    Answer(Answer),
}

#[derive(Debug, Args)]
struct Listing {
    /// Only this provider's
    #[arg(long, value_name = "NAME", value_parser = ProviderName::new)]
    provider: Option<ProviderName>,
    /// Show so many cells at most
    #[arg(long, value_name = "N", default_value_t = LISTED_DEFAULT)]
    limit: usize,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("said").required(true).args(["mrc", "decline"]))]
struct Answer {
    /// Id of the quote, as `cases` shows it
    quote: QuoteId,
    /// Whose price
    #[arg(long, value_name = "NAME", value_parser = ProviderName::new)]
    provider: ProviderName,
    /// Which location of the quote, from 1
    #[arg(long, value_name = "NUMBER")]
    location: u32,
    /// Which service of the quote, from 1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    service: u32,
    /// For how many months
    #[arg(long, value_name = "MONTHS", value_parser = months)]
    term: u16,
    /// What is paid each month, for example 850.00
    #[arg(long, value_name = "AMOUNT")]
    mrc: Option<String>,
    /// What is paid once
    #[arg(
        long,
        value_name = "AMOUNT",
        default_value = "0",
        conflicts_with = "decline"
    )]
    nrc: String,
    /// Of both amounts: USD or CAD
    #[arg(long, value_name = "CODE", conflicts_with = "decline")]
    currency: Option<String>,
    /// Whole days from the order to the service
    #[arg(long, value_name = "DAYS", conflicts_with = "decline")]
    interval: Option<u32>,
    /// Until when the price holds, for example 2026-12-31T23:59:59Z [default: 30 days from now]
    #[arg(long, value_name = "TIME", conflicts_with = "decline")]
    valid_until: Option<Timestamp>,
    /// A remark, up to 1,000 bytes
    #[arg(long, value_name = "TEXT", conflicts_with = "decline")]
    note: Option<String>,
    /// It cannot be delivered
    #[arg(long)]
    decline: bool,
    /// Write the quote as one JSON object
    #[arg(long)]
    json: bool,
}

/// A case, as far as it is read.
#[derive(Debug, Deserialize)]
struct Case {
    quote: String,
    provider: String,
    cell: Vec<Cell>,
}

#[derive(Debug, Deserialize)]
struct Cell {
    location: u32,
    address: String,
    service: usize,
    asked: Service,
    term: u16,
    reason: Option<String>,
    since: String,
}

/// A cell that waits, as it is written for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    quote: String,
    provider: String,
    location: u32,
    address: String,
    service: usize,
    product: String,
    down_mbps: serde_json::Number,
    up_mbps: serde_json::Number,
    term: u16,
    reason: Option<String>,
    since: String,
    age_seconds: i64,
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let Options { action, listing } = options;
    runtime::block_on(async {
        let api = Api::open(home, Missing::Said, Panel::default())?;
        match action {
            None => list(&api, &listing).await,
            Some(Action::List(listing)) => list(&api, &listing).await,
            Some(Action::Answer(answer)) => give(&api, answer).await,
        }
    })
}

async fn list(api: &Api, listing: &Listing) -> Result<Ending, Failure> {
    let Listing {
        provider,
        limit,
        json,
    } = listing;
    let mut cells = page_by_page(api, provider.as_ref(), *limit).await?;
    if cells.len() > *limit {
        cells.truncate(*limit);
        output::note(format_args!(
            "the first {limit} cells; there are more, which --limit shows"
        ))?;
    }
    if *json {
        cells.iter().try_for_each(output::json)?;
        return Ok(Ending::Done);
    }
    if cells.is_empty() {
        output::note("nothing waits for a person")?;
        return Ok(Ending::Done);
    }
    output::line(table(&cells))?;
    output::note(
        "answer one with `lastmile cases answer QUOTE --provider … --location … --term … --mrc … --nrc …`",
    )?;
    Ok(Ending::Done)
}

/// The oldest cells; of one page more than so many.
async fn page_by_page(
    api: &Api,
    provider: Option<&ProviderName>,
    limit: usize,
) -> Result<Vec<Shown>, Failure> {
    let now = SystemClock.now();
    let filter = provider.map(|provider| ("provider", provider.as_str()));
    let filters: Vec<_> = filter.into_iter().collect();
    let (mut cells, mut cases) = (Vec::new(), 0_usize);
    while cells.len() <= limit {
        let page: Vec<Case> = api.page(ICB_PATH, &filters, cases, CASES_PAGE_MAX).await?;
        if page.is_empty() {
            break;
        }
        cases += page.len();
        cells.extend(page.into_iter().flat_map(|case| case.shown(now)));
    }
    Ok(cells)
}

impl Case {
    fn shown(self, now: Timestamp) -> impl Iterator<Item = Shown> {
        let Self {
            quote,
            provider,
            cell,
        } = self;
        cell.into_iter().map(move |cell| {
            let Cell {
                location,
                address,
                service,
                asked:
                    Service {
                        product,
                        down_mbps,
                        up_mbps,
                    },
                term,
                reason,
                since,
            } = cell;
            let begun = since.parse().unwrap_or(now);
            Shown {
                quote: quote.clone(),
                provider: provider.clone(),
                location,
                address,
                service,
                product,
                down_mbps,
                up_mbps,
                term,
                reason,
                since,
                age_seconds: now.duration_since(begun).as_secs().max(0),
            }
        })
    }
}

fn table(cells: &[Shown]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header([
            "age", "provider", "quote", "location", "service", "term", "why",
        ]);
    for cell in cells {
        let Shown {
            quote,
            provider,
            location,
            address,
            service,
            product,
            down_mbps,
            up_mbps,
            term,
            reason,
            since: _,
            age_seconds,
        } = cell;
        let product = product.replace('_', " ");
        table.add_row([
            age(*age_seconds),
            provider.clone(),
            quote.clone(),
            format!("{location}: {address}"),
            format!("{service}: {product} {down_mbps}/{up_mbps} Mbps"),
            term.to_string(),
            reason
                .as_deref()
                .unwrap_or("priced case by case")
                .replace('_', " "),
        ]);
    }
    table
}

/// `3d 4h`, `2h 5m`, `40s`.
fn age(seconds: i64) -> String {
    let age = SignedDuration::from_secs(seconds);
    let (hours, minutes) = (age.as_hours(), age.as_mins() % 60);
    match seconds {
        ..60 => format!("{seconds}s"),
        60..HOUR_S => format!("{minutes}m"),
        HOUR_S.. if hours < DAY_HOURS => format!("{hours}h {minutes}m"),
        _ => format!("{}d {}h", hours / DAY_HOURS, hours % DAY_HOURS),
    }
}

async fn give(api: &Api, answer: Answer) -> Result<Ending, Failure> {
    let json = answer.json;
    let document: Value = api.send_json(Method::POST, ICB_PATH, &body(answer)).await?;
    if json {
        output::json(&document)?;
    } else {
        output::line(format_args!(
            "the answer is kept; quote {} is {}",
            document["id"].as_str().unwrap_or_default(),
            document["state"].as_str().unwrap_or_default()
        ))?;
    }
    Ok(Ending::Done)
}

/// What is sent: amounts as they were written, so that whoever reads them rounds nothing.
fn body(answer: Answer) -> Value {
    let Answer {
        quote,
        provider,
        location,
        service,
        term,
        mrc,
        nrc,
        currency,
        interval,
        valid_until,
        note,
        decline,
        json: _,
    } = answer;
    let mut body = Map::new();
    let mut say = |name: &str, value: Value| body.insert(name.to_owned(), value);
    say("quote", quote.to_string().into());
    say("provider", provider.to_string().into());
    say("location", location.into());
    say("service", service.into());
    say("term", term.into());
    if decline {
        say("notServed", true.into());
        return Value::Object(body);
    }
    say("nrc", nrc.into());
    let texts = [
        ("mrc", mrc),
        ("currency", currency),
        ("validUntil", valid_until.map(|until| until.to_string())),
        ("note", note),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            say(name, text.into());
        }
    }
    if let Some(days) = interval {
        say("installIntervalDays", days.into());
    }
    Value::Object(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_has_two_units_at_most() {
        let ages = [0, 59, 60, 3_599, 3_600, 7_500, 86_399, 86_400, 273_600].map(age);
        assert_eq!(
            ages,
            [
                "0s", "59s", "1m", "59m", "1h 0m", "2h 5m", "23h 59m", "1d 0h", "3d 4h"
            ]
        );
    }
}
