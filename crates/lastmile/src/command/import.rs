//! `lastmile import`: one list in place of the one before.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lastmile_app::Context;
use lastmile_app::imports::{
    self, BadMapping, ClaimsOf, FileSource, LoadError, LoadRequest, Mapping, Observer, Summary,
};
use lastmile_model::identity::{ListId, ListName, ProviderName, TenantId};
use lastmile_model::listing::{Counts, Format, Holds};
use serde::Serialize;
use thiserror::Error;

use crate::command::import_watch::{RejectsError, Watch};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::output;
use crate::path_identity::is_same_file;
use crate::runtime::{self, Stop};

/// Load a provider's list of buildings, or its rate card, in place of the one before
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile import offers.csv --provider \"Alden Telephone\"\n  \
    lastmile import lit.csv.gz --provider \"Granite State Fiber\" --as-of 2026-03-03 --json\n  \
    lastmile import onnet.csv --provider \"Old Mill Metro\" --format mapped --mapping onnet.toml\n  \
    lastmile import rates.csv --provider \"Old Mill Metro\" --as rates\n\n\
    Rows that cannot be used are written to a file with their line and the reason; the import goes \
    on. Readers see the list before until the new one is complete. After Ctrl-C the same command goes \
    on where it stopped.")]
pub(crate) struct Options {
    /// The list: CSV, plain or gzipped
    file: PathBuf,
    /// Whose list it is
    #[arg(long, value_parser = ProviderName::new)]
    provider: ProviderName,
    /// What it holds
    #[arg(long = "as", value_name = "KIND", value_enum, default_value_t = Kind::Buildings)]
    kind: Kind,
    /// Which of the provider's lists it replaces [default: main; of a rate card: rates]
    #[arg(long, value_parser = ListName::new)]
    list: Option<ListName>,
    /// How it is laid out
    #[arg(long, value_enum, default_value_t = FormatName::Auto)]
    format: FormatName,
    /// Column map (TOML) for the format `mapped`
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The day on which the list was true, YYYY-MM-DD [default: what its rows say, else the file's date]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Date>,
    /// Where rows that cannot be used go [default: rejects/IMPORT.csv in the data folder]
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// End with one JSON object
    #[arg(long)]
    json: bool,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// What the provider can deliver where
    Buildings,
    /// What it costs: a rate card
    Rates,
}

impl Kind {
    const fn holds(self) -> Holds {
        match self {
            Self::Buildings => Holds::Buildings,
            Self::Rates => Holds::Rates,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// Found out from the header
    Auto,
    /// One offer a row, address on one line
    Offers,
    /// Lit buildings, a column of Y / N / ICB for each speed
    LitSpeeds,
    /// Lit buildings, smallest and largest bandwidth as text
    LitBandwidth,
    /// FCC Broadband Data Collection: areas, not buildings
    FccBdc,
    /// Any other list, read by a column map
    Mapped,
}

impl FormatName {
    const fn format(self) -> Option<Format> {
        match self {
            Self::Auto => None,
            Self::Offers => Some(Format::Offers),
            Self::LitSpeeds => Some(Format::LitSpeeds),
            Self::LitBandwidth => Some(Format::LitBandwidth),
            Self::FccBdc => Some(Format::FccBdc),
            Self::Mapped => Some(Format::Mapped),
        }
    }
}

/// One file that is to be imported.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The file.
    pub(crate) file: PathBuf,
    /// The list that it replaces.
    pub(crate) list: ListId,
    /// Its layout, where it is known.
    pub(crate) format: Option<Format>,
    /// Its column map.
    pub(crate) mapping: Option<PathBuf>,
    /// The day on which it was true, where it is known.
    pub(crate) as_of: Option<Date>,
    /// Where rejected rows go.
    pub(crate) rejects: Option<PathBuf>,
}

/// What came of an import, and where its rejected rows are.
pub(crate) struct Loaded {
    /// What the import says of itself.
    pub(crate) summary: Summary,
    /// Where rejected rows are, if there are any.
    pub(crate) rejects: Option<PathBuf>,
}

/// A format of buildings was given for a rate card.
#[derive(Debug, Error)]
#[error("--format and --mapping are for lists of buildings: leave them out with --as rates")]
struct FormatOfRates;

/// A file could not be imported.
#[derive(Debug, Error)]
pub(crate) enum ImportError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The column map is not one.
    #[error("the column map {} cannot be used", path.display())]
    Mapping {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: BadMapping,
    },
    /// The import failed.
    #[error("{} was not imported; readers see what they saw before", path.display())]
    Load {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: LoadError,
    },
    /// Rejected rows could not be written.
    #[error(transparent)]
    Rejects(#[from] RejectsError),
}

/// Runs the command.
pub(crate) fn run(options: Options, home: &Home) -> Result<Ending, Failure> {
    let Options {
        file,
        provider,
        kind,
        list,
        format,
        mapping,
        as_of,
        rejects,
        json,
    } = options;
    let holds = kind.holds();
    let format = match (holds, format.format()) {
        (Holds::Rates, None) if mapping.is_none() => Some(Format::Rates),
        (Holds::Rates, _) => return Err(FormatOfRates.into()),
        (Holds::Buildings, format) => format,
    };
    let name = list.map_or_else(|| ListName::new(holds.default_list()), Ok)?;
    let plan = Plan {
        file,
        list: ListId { provider, name },
        format,
        mapping,
        as_of,
        rejects,
    };
    let opened = home.open_for_loading()?;
    let (context, data) = (opened.context.clone(), home.folder());
    runtime::block_on(async {
        imports::recover(&context, opened.recovery()).await?;
        let stop = Stop::listen()?;
        match load(&context, &plan, data, &stop).await {
            Ok(loaded) => {
                show(&loaded, json)?;
                Ok(Ending::Done)
            }
            Err(ImportError::Load {
                source: source @ (LoadError::Cancelled { .. } | LoadError::CancelledBefore),
                ..
            }) => {
                output::note(source)?;
                Ok(Ending::Interrupted)
            }
            Err(error) => Err(error.into()),
        }
    })
}

/// Imports one file with progress shown.
pub(crate) async fn load(
    context: &Context,
    plan: &Plan,
    data: &Path,
    stop: &Stop,
) -> Result<Loaded, ImportError> {
    let Plan {
        file,
        list,
        format,
        mapping,
        as_of,
        rejects,
    } = plan;
    let unreadable = |source| ImportError::File {
        path: file.clone(),
        source,
    };
    let metadata = std::fs::metadata(file).map_err(unreadable)?;
    let file_date = metadata.modified().ok().and_then(|time| {
        let time = jiff::Timestamp::try_from(time).ok()?;
        Some(time.to_zoned(TimeZone::UTC).date())
    });
    let request = LoadRequest {
        list: list.clone(),
        tenant: TenantId::default(),
        claims_of: ClaimsOf::Anyone,
        format: *format,
        column_map: mapping.as_deref().map(read_mapping).transpose()?,
        as_of: *as_of,
        file_name: file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        file_date,
    };
    if let Some(path) = rejects.as_deref().filter(|path| is_same_file(path, file)) {
        let path = path.to_path_buf();
        return Err(RejectsError::IsTheList { path }.into());
    }
    let watch = Watch::new(data, rejects.as_deref(), metadata.len(), stop.clone())?;
    let watch = Arc::new(watch);
    let source = Arc::new(FileSource { path: file.clone() });
    let observer: Arc<dyn Observer> = Arc::clone(&watch) as Arc<dyn Observer>;
    let loaded = imports::load(context, &request, source, observer).await;
    let rejects = watch.finish();
    let summary = loaded.map_err(|source| ImportError::Load {
        path: file.clone(),
        source,
    })?;
    Ok(Loaded {
        summary,
        rejects: rejects?,
    })
}

fn read_mapping(path: &Path) -> Result<Mapping, ImportError> {
    let text = std::fs::read_to_string(path).map_err(|source| ImportError::File {
        path: path.to_path_buf(),
        source,
    })?;
    Mapping::parse(&text).map_err(|source| ImportError::Mapping {
        path: path.to_path_buf(),
        source,
    })
}

fn show(loaded: &Loaded, json: bool) -> Result<(), Failure> {
    if json {
        output::json(&Shown::of(loaded))?;
        return Ok(());
    }
    for line in lines(loaded) {
        output::line(line)?;
    }
    Ok(())
}

/// The summary for people, line by line.
pub(crate) fn lines(loaded: &Loaded) -> Vec<String> {
    let Loaded { summary, rejects } = loaded;
    let Counts {
        rows,
        imported,
        unchanged,
        duplicates,
        excluded,
        rejected,
        warnings,
        claims: _,
    } = summary.counts;
    let mut lines = vec![format!(
        "{}: {} of {}, {rows} rows: {imported} imported, {unchanged} unchanged, {duplicates} said \
         twice, {excluded} left out on purpose, {rejected} rejected; {warnings} repairs",
        summary.id,
        summary.format.as_str(),
        summary.as_of,
    )];
    if !summary.changed {
        lines.push("This very file is the active import already; nothing was written.".to_owned());
    }
    if summary.resumed_rows > 0 {
        lines.push(format!("Went on after {} rows.", summary.resumed_rows));
    }
    if summary.changed && summary.counts.is_of_nothing() {
        lines.push(format!(
            "The list is empty now: no row of this file could be used. If that is a mistake: lastmile \
             imports undo {}",
            summary.id
        ));
    }
    if let Some(rejects) = rejects {
        lines.push(format!(
            "Rejected rows, with line and reason: {}",
            rejects.display()
        ));
    }
    lines
}

/// The one object with which `--json` ends.
#[derive(Serialize)]
struct Shown {
    rows: u64,
    imported: u64,
    unchanged: u64,
    rejected: u64,
    warnings: u64,
    duplicates: u64,
    excluded: u64,
    claims: u64,
    id: String,
    provider: String,
    list: String,
    #[serde(rename = "as")]
    holds: &'static str,
    format: &'static str,
    as_of: String,
    changed: bool,
    resumed_rows: u64,
    rejects: Option<PathBuf>,
}

impl Shown {
    fn of(loaded: &Loaded) -> Self {
        let Loaded { summary, rejects } = loaded;
        let Summary {
            id,
            format,
            as_of,
            counts,
            changed,
            resumed_rows,
        } = summary;
        let Counts {
            rows,
            imported,
            unchanged,
            duplicates,
            excluded,
            rejected,
            warnings,
            claims,
        } = *counts;
        Self {
            rows,
            imported,
            unchanged,
            rejected,
            warnings,
            duplicates,
            excluded,
            claims,
            id: id.to_string(),
            provider: id.list.provider.to_string(),
            list: id.list.name.to_string(),
            holds: format.holds().as_str(),
            format: format.as_str(),
            as_of: as_of.to_string(),
            changed: *changed,
            resumed_rows: *resumed_rows,
            rejects: rejects.clone(),
        }
    }
}
