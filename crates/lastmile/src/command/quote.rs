//! `lastmile quote`: prices for the locations of a file, from everybody who may have one.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use clap::{Args, ValueEnum};
use http_body_util::Full;
use hyper::Request;
use hyper::header::CONTENT_TYPE;
use jiff::SignedDuration;
use lastmile_api::version::{QUOTE, TMF648_BASE};
use lastmile_http::idempotency::IDEMPOTENCY_KEY_HEADER;
use lastmile_http::limits::JSON_BODY_MAX_BYTES;
use lastmile_model::idempotency::IdempotencyKey;
use lastmile_model::identity::ProviderName;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tracing_subscriber::filter::LevelFilter;

use crate::api::{self, Api, Missing};
use crate::ending::{Ending, Failure};
use crate::home::Home;
use crate::path_identity::is_same_file;
use crate::quote_document::{Quote, months};
use crate::quote_watch::{Watched, watch};
use crate::remote::encode;
use crate::runtime::{self, Stop};
use crate::server;
use crate::spans::Spans;
use crate::{output, panel, quote_table};

/// What is logged while people look.
const LOG: LevelFilter = LevelFilter::ERROR;
/// Hexadecimal digits of the key that a file and its options give.
const KEY_DIGITS: usize = 40;

/// Ask for prices at the locations of a file, and watch them come in
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile quote locations.csv --terms 12,36,60\n  \
    lastmile quote locations.csv --provider \"Alden Telephone\" --down 1000 --up 1000 --firm --out prices.csv\n  \
    lastmile quote locations.csv --providers providers.toml --deadline 30m --json\n\n\
    The file is CSV with a column `address`, or `street, unit, city, state, zip`; `label` may be added. It has up to \
    2,000 locations. Without --provider, all are asked that have an active list or are in the providers \
    file.\n\n\
    The same call again, within 24 hours, shows the same quote and asks nobody twice: the key of the request is made \
    of the file and the options. Give another --key to ask anew. After Ctrl-C the same call goes on. While a server has \
    the data open, it does the asking.\n\n\
    Exit codes: 0 there is a price or a person has to give one, 3 nobody has a price, 130 stopped by Ctrl-C.")]
pub(crate) struct Options {
    /// The locations, as CSV
    file: PathBuf,
    /// For how many months, separated by commas
    #[arg(long, value_name = "MONTHS", value_delimiter = ',', default_value = "12,36", value_parser = term)]
    terms: Vec<u16>,
    /// What is to be delivered
    #[arg(long, value_enum, default_value_t = ProductName::BasicInternetAccess)]
    product: ProductName,
    /// Bandwidth towards the customer, Mbit/s
    #[arg(long, value_name = "MBPS", default_value = "100", value_parser = mbps)]
    down: String,
    /// Bandwidth from the customer, Mbit/s
    #[arg(long, value_name = "MBPS", default_value = "100", value_parser = mbps)]
    up: String,
    /// PRODUCT:DOWN:UP or PRODUCT:DOWN:UP:TECHNOLOGY; again for each further service of the quote
    #[arg(long, conflicts_with_all = ["product", "down", "up"])]
    service: Vec<String>,
    /// Ask this provider; again for each further one
    #[arg(long, value_name = "NAME", value_parser = ProviderName::new)]
    provider: Vec<ProviderName>,
    /// How much the prices are to bind
    #[arg(long, value_enum, default_value_t = FirmnessName::Budgetary)]
    firmness: FirmnessName,
    /// The same as --firmness firm
    #[arg(long, conflicts_with = "firmness")]
    firm: bool,
    /// How long it may take: 30m, 2h; 24h at most [default: 10m]
    #[arg(long, value_name = "DURATION", value_parser = deadline)]
    deadline: Option<u32>,
    /// The request's key: with the same one, the same request is the same quote [default: made of file and options]
    #[arg(long, value_parser = IdempotencyKey::new)]
    key: Option<IdempotencyKey>,
    /// Do not wait for the prices
    #[arg(long)]
    no_wait: bool,
    /// Where every cell goes in the end, as CSV
    #[arg(long, value_name = "FILE", conflicts_with = "no_wait")]
    out: Option<PathBuf>,
    #[command(flatten)]
    panel: PanelFile,
    /// End with one JSON object
    #[arg(long)]
    json: bool,
}

/// Who is asked by whom.
#[derive(Debug, Args)]
pub(crate) struct PanelFile {
    /// Who is asked how, where no server does it: a TOML file (docs/providers.md)
    #[arg(long, value_name = "FILE")]
    providers: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum ProductName {
    /// A line between two points, by Ethernet
    AccessELine,
    /// Internet access
    BasicInternetAccess,
    /// Internet access that is not shared
    AdvancedInternetAccess,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum FirmnessName {
    /// An estimate
    Budgetary,
    /// Firm if it turns out that it can be built
    FirmSubjectToFeasibility,
    /// An offer that binds
    Firm,
}

/// The file cannot be asked about.
#[derive(Debug, Error)]
enum FileError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// It is too long.
    #[error(
        "{} has {bytes} bytes where at most {JSON_BODY_MAX_BYTES} are taken: leave out columns that are not used, or \
         split it",
        path.display()
    )]
    TooLong { path: PathBuf, bytes: u64 },
    /// The prices would be written over the locations.
    #[error("{} has the locations; give the prices another file", path.display())]
    OutputIsInput { path: PathBuf },
    /// The prices cannot be written.
    #[error("{} cannot be written", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// Nobody takes it in.
    #[error("no quote was made of {}", path.display())]
    Refused {
        path: PathBuf,
        #[source]
        source: Failure,
    },
}

/// One of several: there may be a blank behind a comma.
fn term(text: &str) -> Result<u16, String> {
    months(text.trim())
}

fn mbps(text: &str) -> Result<String, String> {
    let given: Option<f64> = text.parse().ok();
    let is_fit = given.is_some_and(|mbps| mbps.is_finite() && mbps > 0.0);
    let bad = "give Mbit/s, for example 100";
    is_fit
        .then(|| text.to_owned())
        .ok_or_else(|| bad.to_owned())
}

fn deadline(text: &str) -> Result<u32, String> {
    let given: Option<SignedDuration> = text.parse().ok();
    let seconds = given.and_then(|length| u32::try_from(length.as_secs()).ok());
    let seconds = seconds.filter(|seconds| *seconds > 0);
    seconds.ok_or_else(|| "give a duration, for example 30m or 2h".to_owned())
}

/// A value as the API spells it.
fn spelt(value: &impl ValueEnum) -> String {
    let value = value.to_possible_value();
    value
        .map(|value| value.get_name().to_owned())
        .unwrap_or_default()
}

/// Runs the command.
pub(crate) fn run(options: &Options, home: &Home) -> Result<Ending, Failure> {
    let csv = read(&options.file)?;
    if let Some(path) = options
        .out
        .as_deref()
        .filter(|out| is_same_file(&options.file, out))
    {
        let path = path.to_path_buf();
        return Err(FileError::OutputIsInput { path }.into());
    }
    server::log_to_stderr(LOG, &Spans::none());
    let query = options.query();
    // A provider that is asked by its API needs no list, and so no data that is there before.
    let missing = match options.panel.providers {
        Some(_) => Missing::Made,
        None => Missing::Said,
    };
    runtime::block_on(async {
        let stop = Stop::listen()?;
        let api = options.panel.open(home, missing).await?;
        let key = options
            .key
            .as_ref()
            .map_or_else(|| digest(&query, &csv), ToString::to_string);
        let request = Request::post(format!("{TMF648_BASE}/{QUOTE}/upload?{query}"))
            .header(CONTENT_TYPE, "text/csv")
            .header(IDEMPOTENCY_KEY_HEADER, key)
            .body(Full::new(csv))?;
        if options.no_wait {
            return leave(&api, request, options).await;
        }
        let crew = api.crew().await?;
        let ended = ask(&api, request, options, &stop).await;
        crew.dismiss().await;
        ended
    })
}

impl Options {
    /// What is asked for at every location, as the API reads it. Nothing in it changes from call to call, so that
    /// the same call is the same request.
    fn query(&self) -> String {
        let own = || format!("{}:{}:{}", spelt(&self.product), self.down, self.up);
        let services = if self.service.is_empty() {
            vec![own()]
        } else {
            self.service.clone()
        };
        let firmness = if self.firm {
            FirmnessName::Firm
        } else {
            self.firmness
        };
        let mut named: Vec<(&str, String)> = Vec::new();
        named.extend(services.into_iter().map(|service| ("service", service)));
        named.extend(self.terms.iter().map(|term| ("term", term.to_string())));
        let providers = self.provider.iter();
        named.extend(providers.map(|provider| ("provider", provider.to_string())));
        named.push(("firmness", spelt(&firmness)));
        named.extend(self.deadline.map(|seconds| ("within", seconds.to_string())));
        let named: Vec<_> = named
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        encode(&named)
    }
}

impl PanelFile {
    /// Who answers: this process with the carriers of the file, or a server with its own.
    pub(crate) async fn open(&self, home: &Home, missing: Missing) -> Result<Api, Failure> {
        let file = self.providers.as_deref();
        let panel = panel::read_or_shared(file, home).await?;
        let api = Api::open(home, missing, panel)?;
        if matches!(api, Api::Server(_)) && file.is_some() {
            output::note(
                "a server has the data open, and asks by its own providers file: --providers is not used",
            )?;
        }
        Ok(api)
    }
}

/// The key of a request of which the user says none.
fn digest(query: &str, csv: &[u8]) -> String {
    let mut digest = Sha256::new();
    digest.update(query.len().to_be_bytes());
    digest.update(query);
    digest.update(csv);
    let digits: String = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("file-{}", &digits[..KEY_DIGITS])
}

fn read(path: &Path) -> Result<Bytes, FileError> {
    let unreadable = |source| FileError::Read {
        path: path.to_path_buf(),
        source,
    };
    let bytes = fs::metadata(path).map_err(unreadable)?.len();
    if usize::try_from(bytes).map_or(true, |bytes| bytes > JSON_BODY_MAX_BYTES) {
        let path = path.to_path_buf();
        return Err(FileError::TooLong { path, bytes });
    }
    Ok(Bytes::from(fs::read(path).map_err(unreadable)?))
}

/// Has the quote taken in; gives it without its progress.
async fn taken_in(api: &Api, request: Request<Full<Bytes>>, file: &Path) -> Result<Value, Failure> {
    match api.send(request).await {
        Ok(response) => api::whole(response).await,
        Err(source) => {
            let path = file.to_path_buf();
            Err(FileError::Refused { path, source }.into())
        }
    }
}

async fn leave(
    api: &Api,
    request: Request<Full<Bytes>>,
    options: &Options,
) -> Result<Ending, Failure> {
    let document = taken_in(api, request, &options.file).await?;
    let Quote { id, state, .. } = serde_json::from_value(document.clone())?;
    if options.json {
        output::json(&document)?;
        return Ok(Ending::Done);
    }
    output::line(format_args!("quote {id} is {state}"))?;
    let next = match api {
        Api::Server(_) => format!("watch it with `lastmile quotes watch {id}`"),
        Api::Here(_) => {
            format!("nobody fills it before `lastmile quotes watch {id}` or `lastmile serve` runs")
        }
    };
    output::note(next)?;
    Ok(Ending::Done)
}

async fn ask(
    api: &Api,
    request: Request<Full<Bytes>>,
    options: &Options,
    stop: &Stop,
) -> Result<Ending, Failure> {
    let document = taken_in(api, request, &options.file).await?;
    let quote: Quote = serde_json::from_value(document)?;
    let goes_on = "the same call goes on";
    until_settled(
        api,
        &quote,
        options.out.as_deref(),
        options.json,
        stop,
        goes_on,
    )
    .await
}

/// Watches a quote, writes its cells where that is wanted, and shows what it came to.
pub(crate) async fn until_settled(
    api: &Api,
    quote: &Quote,
    out: Option<&Path>,
    json: bool,
    stop: &Stop,
    goes_on: &str,
) -> Result<Ending, Failure> {
    // Before the wait, so that it is not for nothing.
    let out = out.map(Output::create).transpose()?;
    let document = match watch(api, &quote.href, stop).await? {
        Watched::Settled(document) => document,
        Watched::Interrupted => {
            output::note(format_args!(
                "quote {} is kept as it is; {goes_on}",
                quote.id
            ))?;
            return Ok(Ending::Interrupted);
        }
    };
    if let Some(out) = out {
        out.write(api, &quote.href).await?;
    }
    quote_table::show(api, &document, json).await?;
    let settled: Quote = serde_json::from_value(document)?;
    let counts = settled.counts();
    Ok(if counts.priced + counts.icb_pending == 0 {
        Ending::NothingFound
    } else {
        Ending::Done
    })
}

/// The file for the cells.
pub(crate) struct Output {
    path: PathBuf,
    file: File,
}

impl Output {
    /// Makes it.
    pub(crate) fn create(path: &Path) -> Result<Self, Failure> {
        let path = path.to_path_buf();
        match File::create(&path) {
            Ok(file) => Ok(Self { path, file }),
            Err(source) => Err(FileError::Write { path, source }.into()),
        }
    }

    /// Writes every cell of a quote.
    pub(crate) async fn write(self, api: &Api, href: &str) -> Result<(), Failure> {
        let Self { path, file } = self;
        let response = api.download(&format!("{href}/export")).await?;
        api::write_to(response, &mut io::BufWriter::new(file)).await?;
        output::note(format_args!("every cell is in {}", path.display()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_of_the_file_and_the_options() {
        let key = digest("term=12", b"address\n");
        assert_eq!(key.len(), "file-".len() + KEY_DIGITS);
        IdempotencyKey::new(&key).unwrap();
        assert_eq!(key, digest("term=12", b"address\n"));
        for other in [
            digest("term=36", b"address\n"),
            digest("term=12", b"street\n"),
        ] {
            assert_ne!(key, other);
        }
    }

    #[test]
    fn what_the_command_line_says_is_read() {
        assert_eq!(deadline("30m"), Ok(1_800));
        assert_eq!(deadline("1h 30m"), Ok(5_400));
        assert!(deadline("soon").is_err() && deadline("-5m").is_err());
        assert_eq!(term(" 36"), Ok(36));
        assert!(term("0").is_err() && term("121").is_err() && term("a year").is_err());
        assert!(mbps("0.768").is_ok() && mbps("0").is_err() && mbps("fast").is_err());
        assert_eq!(
            spelt(&FirmnessName::FirmSubjectToFeasibility),
            "firm_subject_to_feasibility"
        );
        assert_eq!(spelt(&ProductName::AccessELine), "access_e_line");
    }
}
