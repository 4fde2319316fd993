//! `lastmile quotes`: the quotes that were asked for, and what becomes of them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use hyper::Method;
use lastmile_api::version::{TMF648_BASE, quote_href};
use lastmile_app::quotes::Panel;
use lastmile_app::quotes::limits::QUOTES_PAGE_MAX;
use lastmile_model::quote::QuoteId;
use serde_json::{Value, json};
use tracing_subscriber::filter::LevelFilter;

use crate::api::{self, Api, Missing};
use crate::command::quote::{Output, PanelFile, until_settled};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::quote_document::Quote;
use crate::runtime::{self, Stop};
use crate::server;
use crate::spans::Spans;
use crate::{output, quote_table};

/// Quotes that are listed unless more are asked for.
const LISTED_DEFAULT: usize = 20;
/// What is logged while people look.
const LOG: LevelFilter = LevelFilter::ERROR;

/// List quotes, look at one, and accept, reject or cancel it
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  lastmile quotes\n  lastmile quotes list --state approved --json\n\n\
    `lastmile quote FILE` makes one."
)]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    listing: Listing,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List quotes, newest first
    #[command(after_help = "Example:\n  lastmile quotes list --state approved --limit 100 --json")]
    List(Listing),
    /// Show the best prices of a quote and what is recommended, as it stands now
    #[command(
        after_help = "Example:\n  lastmile quotes show 019cb391f0e000000000000000000001 --json"
    )]
    Show(One),
    /// Wait until a quote is filled, and fill it where no server does
    #[command(
        after_help = "Example:\n  lastmile quotes watch 019cb391f0e000000000000000000001 --providers providers.toml"
    )]
    Watch {
        #[command(flatten)]
        one: One,
        /// Where every cell goes in the end, as CSV
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        panel: PanelFile,
    },
    /// Write every cell of a quote as CSV
    #[command(
        after_help = "Example:\n  lastmile quotes export 019cb391f0e000000000000000000001 --out prices.csv"
    )]
    Export {
        /// Its id, as `quotes` shows it
        id: QuoteId,
        /// Where to [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take a quote that is approved
    #[command(after_help = "Example:\n  lastmile quotes accept 019cb391f0e000000000000000000001")]
    Accept(One),
    /// Do not take a quote that is approved
    #[command(after_help = "Example:\n  lastmile quotes reject 019cb391f0e000000000000000000001")]
    Reject(One),
    /// End a quote that is still being filled, or waits for persons
    #[command(after_help = "Example:\n  lastmile quotes cancel 019cb391f0e000000000000000000001")]
    Cancel(One),
}

#[derive(Debug, Args)]
struct Listing {
    /// Only those in this state: inProgress, pending, approved, accepted, rejected, cancelled
    #[arg(long)]
    state: Option<String>,
    /// Show so many at most
    #[arg(long, value_name = "N", default_value_t = LISTED_DEFAULT)]
    limit: usize,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct One {
    /// Its id, as `quotes` shows it
    id: QuoteId,
    /// Write one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let Options { action, listing } = options;
    server::log_to_stderr(LOG, &Spans::none());
    runtime::block_on(async {
        let open = || Api::open(home, Missing::Said, Panel::default());
        match action {
            None => list(&open()?, &listing).await,
            Some(Action::List(listing)) => list(&open()?, &listing).await,
            Some(Action::Show(One { id, json })) => {
                let api = open()?;
                quote_table::show(&api, &api.get(&quote_href(id)).await?, json).await?;
                Ok(Ending::Done)
            }
            Some(Action::Watch { one, out, panel }) => {
                let api = panel.open(home, Missing::Said).await?;
                let quote: Quote = api.get(&quote_href(one.id)).await?;
                let (stop, crew) = (Stop::listen()?, api.crew().await?);
                let goes_on = "the same call goes on";
                let ended =
                    until_settled(&api, &quote, out.as_deref(), one.json, &stop, goes_on).await;
                crew.dismiss().await;
                ended
            }
            Some(Action::Export { id, out }) => export(&open()?, id, out).await,
            Some(Action::Accept(one)) => moved(&open()?, &one, "accepted").await,
            Some(Action::Reject(one)) => moved(&open()?, &one, "rejected").await,
            Some(Action::Cancel(one)) => moved(&open()?, &one, "cancelled").await,
        }
    })
}

async fn list(api: &Api, listing: &Listing) -> Result<Ending, Failure> {
    let Listing { state, limit, json } = listing;
    let quotes = page_by_page(api, state.as_deref(), *limit).await?;
    if *json {
        quotes.iter().try_for_each(output::json)?;
        return Ok(Ending::Done);
    }
    if quotes.is_empty() {
        output::note("there is no quote: see `lastmile quote --help`")?;
        return Ok(Ending::Done);
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["id", "state", "asked", "locations", "providers", "terms"]);
    for quote in quotes {
        let quote: Quote = serde_json::from_value(quote)?;
        let terms: Vec<String> = quote.term.iter().map(ToString::to_string).collect();
        table.add_row([
            quote.id,
            quote.state,
            quote.quote_date,
            quote.location_count.to_string(),
            quote.provider.join(", "),
            terms.join(", "),
        ]);
    }
    output::line(table)?;
    Ok(Ending::Done)
}

/// The newest quotes, up to so many.
async fn page_by_page(api: &Api, state: Option<&str>, limit: usize) -> Result<Vec<Value>, Failure> {
    let list = format!("{TMF648_BASE}/quote");
    let filters: Vec<_> = state.map(|state| ("state", state)).into_iter().collect();
    let mut quotes: Vec<Value> = Vec::new();
    while quotes.len() < limit {
        let size = QUOTES_PAGE_MAX.min(limit - quotes.len());
        let page: Vec<Value> = api.page(&list, &filters, quotes.len(), size).await?;
        let is_last = page.len() < size;
        quotes.extend(page);
        if is_last {
            break;
        }
    }
    Ok(quotes)
}

async fn export(api: &Api, id: QuoteId, out: Option<PathBuf>) -> Result<Ending, Failure> {
    let href = quote_href(id);
    match out {
        Some(path) => {
            // Asked for first, so that no file is made for a quote that is not there.
            let _quote: Quote = api.get(&href).await?;
            Output::create(&path)?.write(api, &href).await?;
        }
        None => {
            let response = api.download(&format!("{href}/export")).await?;
            api::write_to(response, &mut output::stdout()).await?;
        }
    }
    Ok(Ending::Done)
}

async fn moved(api: &Api, one: &One, state: &str) -> Result<Ending, Failure> {
    let body = json!({ "state": state });
    let href = quote_href(one.id);
    let document: Value = api.send_json(Method::PATCH, &href, &body).await?;
    if one.json {
        output::json(&document)?;
    } else {
        output::line(format_args!("quote {} is {state}", one.id))?;
    }
    Ok(Ending::Done)
}
