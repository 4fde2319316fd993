//! `lastmile imports`: what was imported, and the way back.

use clap::{Args, Subcommand};
use comfy_table::{Table, presets};
use lastmile_api::shown::Time;
use lastmile_app::imports::{IMPORTS_LISTED_MAX, ListedImports, Recovery};
use lastmile_app::{Context, imports};
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::life::Import;
use lastmile_model::listing::{Counts, ImportId};
use serde::Serialize;

use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::{output, runtime};

/// List what was imported, or take an import back
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  lastmile imports\n  lastmile imports --json")]
pub(crate) struct Options {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    listing: Listing,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the imports of every list, newest first
    #[command(
        after_help = "Example:\n  lastmile imports list --provider \"Alden Telephone\" --json"
    )]
    List(Listing),
    /// Take the active import of a list back; readers see the one before it again
    #[command(after_help = "Example:\n  lastmile imports undo Alden_Telephone.main.2")]
    Undo {
        /// Its id, as `imports` shows it
        id: ImportId,
        /// Write one JSON object
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
struct Listing {
    /// Only this provider's lists
    #[arg(long, value_parser = ProviderName::new)]
    provider: Option<ProviderName>,
    /// Write one JSON object a line
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let opened = home.open_existing()?;
    let context = &opened.context;
    runtime::block_on(async {
        match options.action {
            None => list(context, &options.listing).await,
            Some(Action::List(listing)) => list(context, &listing).await,
            Some(Action::Undo { id, json }) => undo(context, opened.recovery(), &id, json).await,
        }
    })
}

async fn list(context: &Context, listing: &Listing) -> Result<Ending, Failure> {
    let provider = listing.provider.as_ref();
    let ListedImports { imports, cut } =
        imports::list(context, provider, IMPORTS_LISTED_MAX).await?;
    if cut {
        output::note(format_args!(
            "only the first {IMPORTS_LISTED_MAX} imports; --provider narrows them"
        ))?;
    }
    if listing.json {
        for import in &imports {
            output::json(&Shown::of(import))?;
        }
        return Ok(Ending::Done);
    }
    if imports.is_empty() {
        output::note("no list was imported here yet: see `lastmile import --help`")?;
        return Ok(Ending::Done);
    }
    let mut table = Table::new();
    table.load_preset(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header([
        "id",
        "state",
        "as of",
        "format",
        "rows",
        "imported",
        "unchanged",
        "rejected",
        "repairs",
        "file",
    ]);
    for import in &imports {
        let shown = Shown::of(import);
        table.add_row([
            shown.id,
            shown.state.to_owned(),
            shown.as_of.unwrap_or_default(),
            shown.format.to_owned(),
            shown.rows.to_string(),
            shown.imported.to_string(),
            shown.unchanged.to_string(),
            shown.rejected.to_string(),
            shown.warnings.to_string(),
            shown.file.to_owned(),
        ]);
    }
    output::line(table)?;
    Ok(Ending::Done)
}

async fn undo(
    context: &Context,
    others: Recovery,
    id: &ImportId,
    json: bool,
) -> Result<Ending, Failure> {
    let undone = imports::undo(context, id).await?;
    // What nobody sees any more is removed at once; if that fails, the next import removes it. Where other
    // processes read, they may see it for a moment longer, and it is left to the next import as well.
    match others {
        Recovery::SoleProcess => imports::sweep(context).await.map(|_| ())?,
        Recovery::LapsedLeases => {}
    }
    let active = undone.active.map(|id| id.to_string());
    if json {
        output::json(&ShownUndone {
            undone: undone.undone.to_string(),
            active,
        })?;
    } else {
        let now = active.map_or_else(
            || "the list is empty again".to_owned(),
            |active| format!("readers see {active} again"),
        );
        output::line(format_args!("{} is taken back; {now}", undone.undone))?;
    }
    Ok(Ending::Done)
}

#[derive(Serialize)]
struct ShownUndone {
    undone: String,
    active: Option<String>,
}

/// One import as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    id: String,
    provider: &'a str,
    list: &'a str,
    state: &'static str,
    #[serde(rename = "as")]
    holds: &'static str,
    format: &'static str,
    as_of: Option<String>,
    rows: u64,
    imported: u64,
    unchanged: u64,
    duplicates: u64,
    excluded: u64,
    rejected: u64,
    warnings: u64,
    claims: u64,
    file: &'a str,
    started_at: String,
    finished_at: Option<String>,
}

impl<'a> Shown<'a> {
    fn of(import: &'a Import) -> Self {
        let Counts {
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
        } = import.counts;
        Self {
            id: import.id.to_string(),
            provider: import.id.list.provider.as_str(),
            list: import.id.list.name.as_str(),
            state: import.state.as_str(),
            holds: import.format.holds().as_str(),
            format: import.format.as_str(),
            as_of: import
                .as_of
                .or(import.asked_as_of)
                .map(|day| day.to_string()),
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
            file: &import.file.name,
            started_at: Time(import.started_at).to_string(),
            finished_at: import.finished_at.map(|time| Time(time).to_string()),
        }
    }
}
