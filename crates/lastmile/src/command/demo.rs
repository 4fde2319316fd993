//! `lastmile demo`: a made-up city, its providers' lists, and the APIs on them.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::tz::TimeZone;
use lastmile_app::Context;
use lastmile_app::availability::{Availability, LookupOptions, lookup};
use lastmile_app::imports::{self, LoadError, Recovery};
use lastmile_app::quotes::Panel;
use lastmile_model::address::parse;
use lastmile_model::availability::{Place, PlaceMatch};
use lastmile_model::identity::{ListId, ListName, ProviderName};
use lastmile_model::listing::Format;
use lastmile_sample::{City, ListFile, write_lists, write_rate_cards};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tracing_subscriber::filter::LevelFilter;

use crate::command::import::{self, ImportError, Plan};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::output;
use crate::runtime::{self, Stop};
use crate::server::{self, DEFAULT_LISTEN, Server};
use crate::spans::Spans;

/// Marks a data folder as the demo's.
const NOTE_FILE: &str = "demo.json";
/// Where the lists are written, within the data folder.
const LISTS_FOLDER: &str = "lists";
/// So many buildings are looked at for one that several providers name.
const SHOWN_SEARCH_MAX: u32 = 500;
/// What is logged while people look.
const LOG: LevelFilter = LevelFilter::WARN;

/// Make up a city of 20,000 buildings, import its six providers' lists and two rate cards, and serve the APIs
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile demo\n  \
    lastmile demo --listen 127.0.0.1:0 --data demo-data\n\n\
    Ctrl-C stops it; a second start uses the same data.")]
pub(crate) struct Options {
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = DEFAULT_LISTEN)]
    listen: SocketAddr,
    /// Buildings of the city
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    buildings: u32,
    /// The same seed gives the same city
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What the demo made, so that a second start uses it.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    seed: u64,
    buildings: u32,
    day: String,
    imported: bool,
}

/// The data folder is not the demo's.
#[derive(Debug, Error)]
#[error("{} holds other data; give the demo a folder of its own with --data", folder.display())]
struct NotOurs {
    folder: PathBuf,
}

/// Runs the command.
pub(crate) fn run(options: &Options, home: &Home) -> Result<Ending, Failure> {
    let data = home.folder();
    server::log_to_stderr(LOG, &Spans::none());
    let known = read_note(data)?;
    let opened = home.open()?;
    let context = opened.context.clone();
    runtime::block_on(async {
        let stop = Stop::listen()?;
        let today = context.clock.now().to_zoned(TimeZone::UTC).date();
        let note = known.unwrap_or_else(|| Note {
            seed: options.seed,
            buildings: options.buildings,
            day: today.to_string(),
            imported: false,
        });
        let city = City::new(note.seed, note.buildings, note.day.parse().unwrap_or(today));
        if note.imported {
            output::line(format_args!(
                "Using the {} buildings that are already in {}.",
                city.size(),
                data.display()
            ))?;
        } else if !fill(&context, &city, note, data, &stop).await? {
            output::note("interrupted; `demo` goes on where it stopped")?;
            return Ok(Ending::Interrupted);
        }
        let shown = shown_address(&context, &city).await?;
        let server = Server::start(opened, data, options.listen, Panel::default()).await?;
        output::line(invitation(&server, &shown, data))?;
        server.run(&stop).await?;
        output::line("Stopped. Start the demo again to use the same data.")?;
        Ok(Ending::Done)
    })
}

fn read_note(data: &Path) -> Result<Option<Note>, Failure> {
    match fs::read(data.join(NOTE_FILE)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(_) if fs::read_dir(data).is_ok_and(|mut files| files.next().is_some()) => {
            Err(NotOurs {
                folder: data.to_path_buf(),
            }
            .into())
        }
        Err(_) => Ok(None),
    }
}

fn write_note(data: &Path, note: &Note) -> Result<(), Failure> {
    fs::write(data.join(NOTE_FILE), serde_json::to_vec_pretty(note)?)?;
    Ok(())
}

/// Writes and imports the lists; `false` when the user stopped it.
async fn fill(
    context: &Context,
    city: &City,
    mut note: Note,
    data: &Path,
    stop: &Stop,
) -> Result<bool, Failure> {
    write_note(data, &note)?;
    output::line(format_args!(
        "Making up a city of {} buildings, the lists of its six providers and the rate cards of two ...",
        city.size()
    ))?;
    let folder = data.join(LISTS_FOLDER);
    fs::create_dir_all(&folder)?;
    imports::recover(context, Recovery::SoleProcess).await?;
    let lists = write_lists(city, &folder)?.into_iter();
    for list in lists.chain(write_rate_cards(city, &folder)?) {
        let ListFile {
            path,
            provider,
            format: _,
            mapping: _,
            as_of: _,
            note,
        } = &list;
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        output::line(format_args!("\n{provider}: {file}\n  {note}"))?;
        match import::load(context, &plan(&list)?, data, stop).await {
            Ok(loaded) => {
                for line in import::lines(&loaded) {
                    output::line(format_args!("  {line}"))?;
                }
            }
            Err(ImportError::Load {
                source: LoadError::Cancelled { .. } | LoadError::CancelledBefore,
                ..
            }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
    }
    note.imported = true;
    write_note(data, &note)?;
    Ok(true)
}

/// How one of the sample's lists is imported.
pub(crate) fn plan(list: &ListFile) -> Result<Plan, Failure> {
    let ListFile {
        path,
        provider,
        format,
        mapping,
        as_of,
        note: _,
    } = list;
    let format = Format::ALL
        .into_iter()
        .find(|known| known.as_str() == *format);
    let holds = format.map(Format::holds).unwrap_or_default();
    Ok(Plan {
        file: path.clone(),
        list: ListId {
            provider: ProviderName::new(provider)?,
            name: ListName::new(holds.default_list())?,
        },
        format,
        mapping: mapping.clone(),
        as_of: Some(*as_of),
        rejects: None,
    })
}

/// An address of the city that many providers name.
async fn shown_address(context: &Context, city: &City) -> Result<String, Failure> {
    let lists = Availability::new(context.clone()).lists().await?;
    let mut best = (0, city.building(0).one_line());
    for building in city.buildings().take(SHOWN_SEARCH_MAX as usize) {
        let address = building.one_line();
        let place = Place {
            address: parse(&address),
            coordinates: None,
        };
        let answer = lookup(context, &lists, &place, &LookupOptions::default())
            .await?
            .value;
        if !matches!(answer.matched, PlaceMatch::Exact(_)) {
            continue;
        }
        let found = answer.findings.iter();
        let providers: BTreeSet<_> = found.map(|finding| finding.basis.provider()).collect();
        if providers.len() > best.0 {
            best = (providers.len(), address);
        }
    }
    Ok(best.1)
}

/// What to try, with everything filled in.
fn invitation(server: &Server, address: &str, data: &Path) -> String {
    let Server {
        address: listening,
        key,
        ..
    } = server;
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "lastmile".to_owned());
    let data = data.display();
    format!(
        "\nlistening on http://{listening}\n\n\
         API key: {key}\n\
         Documentation: http://{listening}/docs\n\n\
         Three commands worth trying, in another terminal:\n\n\
         1. Who can serve an address, as a table:\n\
         {program} check --data {data} \"{address}\"\n\n\
         2. The same from the API:\n\
         curl -s -G -H 'x-api-key: {key}' --data-urlencode 'address={address}' \
         http://{listening}/availability/v1/lookup\n\n\
         3. The same as TMF645 service qualification:\n\
         curl -s -H 'x-api-key: {key}' -H 'content-type: application/json' -d '{query}' \
         http://{listening}/tmf-api/serviceQualificationManagement/v4/queryServiceQualification\n\n\
         Ctrl-C stops the demo.",
        query = query(address),
    )
}

/// The body of an instant query for one address.
fn query(address: &str) -> serde_json::Value {
    serde_json::json!({
        "instantSyncQualification": true,
        "searchCriteria": {"service": {"place": [{
            "@type": "GeographicAddress",
            "role": "installation address",
            "name": address,
        }]}},
    })
}
