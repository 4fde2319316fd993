//! `lastmile check --batch`: each row of a file asked, one row out for each claim.
//!
//! Rows stream through: memory does not grow with the file. No row stops the others; an input that cannot
//! be read to its end is answered up to there, and the command fails. After Ctrl-C the output is whole up to its last row.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use csv::ByteRecord;
use futures_util::{Stream, StreamExt, stream};
use indicatif::ProgressBar;
use lastmile_app::availability::{LookupOptions, lookup_many};
use lastmile_model::Text;
use lastmile_model::address::{Address, NormalAddress, Parts, parse};
use lastmile_model::availability::Place;
use lastmile_model::geography::Coordinates;
use serde::Serialize;
use thiserror::Error;

use crate::answer_row::{ClaimRow, PlaceRows};
use crate::blank_lines::BlankLinesFilled;
use crate::command::check::Answers;
use crate::ending::{Ending, Failure};
use crate::path_identity::is_same_file;
use crate::remote::Remote;
use crate::runtime::Stop;
use crate::stopwatch::Stopwatch;
use crate::{output, progress};

/// Requests under way at once, where a server is asked.
const SERVER_REQUESTS_MAX: usize = 16;

/// The columns of the output, in order. Scripts rely on them.
const COLUMNS: [&str; 15] = [
    "row",
    "address",
    "match",
    "building_key",
    "provider",
    "outcome",
    "confidence",
    "reason",
    "technology",
    "down_mbps",
    "up_mbps",
    "mrc",
    "currency",
    "source",
    "as_of",
];

/// A batch could not be answered.
#[derive(Debug, Error)]
pub(crate) enum BatchError {
    /// The input cannot be read.
    #[error("{} cannot be read", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: csv::Error,
    },
    /// The input has not the columns.
    #[error(
        "{} has neither a column `address` nor a column `street`; its columns are: {}",
        path.display(), columns.join(", ")
    )]
    Columns {
        /// The file.
        path: PathBuf,
        /// What it has.
        columns: Vec<String>,
    },
    /// The input is not text.
    #[error("{} is not CSV text in UTF-8: export it as CSV", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// The output would be written over the input.
    #[error("{} is the input too; give the answers another file", path.display())]
    OutputIsInput {
        /// The file.
        path: PathBuf,
    },
    /// The output cannot be written.
    #[error("{} cannot be written", path.display())]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: csv::Error,
    },
}

/// Runs the command.
pub(crate) async fn run(
    answers: &Answers,
    input: &Path,
    out: &Path,
    json: bool,
) -> Result<Ending, Failure> {
    let stop = Stop::listen()?;
    let bar = progress::bytes(std::fs::metadata(input).ok().map(|data| data.len()));
    let broken = Broken::default();
    let asked = Input::open(input, &bar)?.asked(stop.clone(), broken.clone());
    if is_same_file(input, out) {
        let path = out.to_path_buf();
        return Err(BatchError::OutputIsInput { path }.into());
    }
    let mut writer = Writer::create(out)?;
    let stopwatch = Stopwatch::start();
    let mut summary = Summary::default();
    match answers {
        Answers::Store(availability) => {
            let lists = availability.lists().await?;
            let context = availability.context.clone();
            let options = LookupOptions::default();
            let mut answered = std::pin::pin!(lookup_many(context, lists, asked, options));
            while let Some((asked, answer)) = answered.next().await {
                writer.write(&asked, PlaceRows::of(&answer.value), &mut summary, &bar)?;
            }
        }
        Answers::Server(remote) => {
            let mut answered = std::pin::pin!(ask_server(remote, asked));
            while let Some((asked, rows)) = answered.next().await {
                writer.write(&asked, rows?, &mut summary, &bar)?;
            }
        }
    }
    writer.finish()?;
    bar.finish_and_clear();
    if let Some(source) = broken.take() {
        let path = input.to_path_buf();
        return Err(BatchError::Input { path, source }.into());
    }
    summary.seconds = stopwatch.seconds();
    summary.interrupted = stop.is_asked();
    summary.show(json)?;
    Ok(if summary.interrupted {
        Ending::Interrupted
    } else {
        Ending::Done
    })
}

fn ask_server(
    remote: &Remote,
    asked: impl Stream<Item = (Asked, Place)>,
) -> impl Stream<Item = (Asked, Result<PlaceRows, Failure>)> {
    asked
        .map(move |(asked, place)| async move {
            let coordinates = place.coordinates.map(
                |Coordinates {
                     latitude,
                     longitude,
                 }| { (latitude.to_string(), longitude.to_string()) },
            );
            let mut query = asked.query();
            if let Some((latitude, longitude)) = &coordinates {
                query.extend([
                    ("latitude", latitude.as_str()),
                    ("longitude", longitude.as_str()),
                ]);
            }
            let answer = remote.lookup(&query).await;
            (asked, answer.map(|answer| PlaceRows::of_json(&answer)))
        })
        .buffered(SERVER_REQUESTS_MAX)
}

/// What one row of the input asks, as the output shows it.
struct Asked {
    /// From 1.
    row: u64,
    /// Its address on one line.
    address: String,
    /// The parts it was given in, where it was.
    parts: Option<Parts>,
    /// The key of the building that the address names, whether it is known or not.
    own_key: Option<String>,
}

impl Asked {
    /// As a server is asked: in parts where it came in parts, so that it reads the same as the store.
    fn query(&self) -> Vec<(&'static str, &str)> {
        let Some(parts) = &self.parts else {
            return vec![("address", &self.address)];
        };
        let named = [
            ("street", &parts.street),
            ("unit", &parts.unit),
            ("city", &parts.city),
            ("state", &parts.state),
            ("zip", &parts.zip),
        ];
        let given = named.into_iter();
        let given = given.filter_map(|(name, part)| Some((name, part.as_deref()?)));
        given.collect()
    }
}

/// The input file.
struct Input {
    rows: csv::Reader<Box<dyn Read + Send>>,
    columns: Columns,
}

impl Input {
    fn open(path: &Path, bar: &ProgressBar) -> Result<Self, BatchError> {
        let unreadable = |source: csv::Error| BatchError::Input {
            path: path.to_path_buf(),
            source,
        };
        let file = File::open(path).map_err(|error| unreadable(error.into()))?;
        let read: Box<dyn Read + Send> = Box::new(BlankLinesFilled::new(bar.wrap_read(file)));
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(read);
        let header = rows.byte_headers().map_err(unreadable)?.clone();
        if header.iter().any(is_binary) {
            return Err(BatchError::NotText {
                path: path.to_path_buf(),
            });
        }
        let names: Vec<String> = header.iter().map(column_name).collect();
        let columns = Columns::find(&names).ok_or_else(|| BatchError::Columns {
            path: path.to_path_buf(),
            columns: names,
        })?;
        Ok(Self { rows, columns })
    }

    /// Its rows, until it ends or breaks off or the user asks to stop.
    fn asked(self, stop: Stop, broken: Broken) -> impl Stream<Item = (Asked, Place)> {
        let Self { rows, columns } = self;
        let records = rows
            .into_byte_records()
            .take_while(move |_| !stop.is_asked())
            .map_while(move |record| record.map_err(|error| broken.put(error)).ok());
        stream::iter(records.enumerate().map(move |(index, record)| {
            let (address, parts, place) = columns.read(&record);
            let own_key = NormalAddress::of(&place.address).building_key();
            let row = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
            let asked = Asked {
                row,
                address,
                parts,
                own_key: own_key.map(|key| key.to_string()),
            };
            (asked, place)
        }))
    }
}

/// Why the input broke off, if it did.
#[derive(Clone, Default)]
struct Broken(Arc<Mutex<Option<csv::Error>>>);

impl Broken {
    fn put(&self, error: csv::Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }

    fn take(&self) -> Option<csv::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Where the parts of an address are found.
struct Columns {
    address: AddressColumns,
    latitude: Option<usize>,
    longitude: Option<usize>,
}

enum AddressColumns {
    OneLine(usize),
    Parts {
        street: usize,
        unit: Option<usize>,
        city: Option<usize>,
        state: Option<usize>,
        zip: Option<usize>,
    },
}

impl Columns {
    fn find(names: &[String]) -> Option<Self> {
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let address = match (find("address"), find("street")) {
            (Some(address), _) => AddressColumns::OneLine(address),
            (None, Some(street)) => AddressColumns::Parts {
                street,
                unit: find("unit"),
                city: find("city"),
                state: find("state"),
                zip: find("zip"),
            },
            (None, None) => return None,
        };
        Some(Self {
            address,
            latitude: find("latitude"),
            longitude: find("longitude"),
        })
    }

    /// The address on one line, its parts where it has them apart, and the place that it asks about.
    fn read(&self, record: &ByteRecord) -> (String, Option<Parts>, Place) {
        let cell = |column: Option<usize>| -> Option<String> {
            let text = String::from_utf8_lossy(record.get(column?)?);
            let text = text.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let (line, parts, address) = match self.address {
            AddressColumns::OneLine(column) => {
                let line = cell(Some(column)).unwrap_or_default();
                let address = parse(&line);
                (line, None, address)
            }
            AddressColumns::Parts {
                street,
                unit,
                city,
                state,
                zip,
            } => {
                let text = |column| cell(column).map(Text::from);
                let parts = Parts {
                    street: text(Some(street)),
                    unit: text(unit),
                    city: text(city),
                    state: text(state),
                    zip: text(zip),
                    ..Parts::default()
                };
                let address = Address::from_parts(&parts);
                (one_line(&parts), Some(parts), address)
            }
        };
        let degrees = |column| cell(column)?.parse::<f64>().ok();
        let coordinates = degrees(self.latitude)
            .zip(degrees(self.longitude))
            .and_then(|(latitude, longitude)| Coordinates::new(latitude, longitude));
        (
            line,
            parts,
            Place {
                address,
                coordinates,
            },
        )
    }
}

/// Parts as a person would write them.
fn one_line(parts: &Parts) -> String {
    let join = |parts: [&Option<Text>; 2]| {
        parts
            .into_iter()
            .flatten()
            .map(Text::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    };
    [
        join([&parts.street, &parts.unit]),
        parts.city.as_deref().unwrap_or_default().to_owned(),
        join([&parts.state, &parts.zip]),
    ]
    .into_iter()
    .filter(|piece| !piece.is_empty())
    .collect::<Vec<_>>()
    .join(", ")
}

/// Whether a header cell is not text in UTF-8.
fn is_binary(cell: &[u8]) -> bool {
    cell.contains(&0) || str::from_utf8(cell).is_err()
}

/// A header cell as it is compared: without a byte-order mark, blanks around, and case.
fn column_name(cell: &[u8]) -> String {
    let text = String::from_utf8_lossy(cell);
    text.trim_start_matches('\u{feff}').trim().to_lowercase()
}

/// The output file.
struct Writer {
    path: PathBuf,
    rows: csv::Writer<File>,
}

impl Writer {
    fn create(path: &Path) -> Result<Self, BatchError> {
        let unwritable = |source| BatchError::Output {
            path: path.to_path_buf(),
            source,
        };
        let mut rows = csv::Writer::from_path(path).map_err(unwritable)?;
        rows.write_record(COLUMNS).map_err(unwritable)?;
        Ok(Self {
            path: path.to_path_buf(),
            rows,
        })
    }

    fn write(
        &mut self,
        asked: &Asked,
        place: PlaceRows,
        summary: &mut Summary,
        bar: &ProgressBar,
    ) -> Result<(), BatchError> {
        summary.count(&place);
        bar.set_message(format!("{} rows", summary.rows));
        let written = self.rows_of(asked, place);
        written.map_err(|source| BatchError::Output {
            path: self.path.clone(),
            source,
        })
    }

    fn rows_of(&mut self, asked: &Asked, place: PlaceRows) -> csv::Result<()> {
        let PlaceRows {
            matched,
            matched_sentence: _,
            building_key,
            outcome,
            reason,
            claims,
        } = place;
        let Asked {
            row,
            address,
            parts: _,
            own_key,
        } = asked;
        let row = row.to_string();
        let key = building_key
            .as_ref()
            .or(own_key.as_ref())
            .map_or("", String::as_str);
        if claims.is_empty() {
            let none = ClaimRow {
                outcome,
                reason,
                ..ClaimRow::default()
            };
            return self.row(&row, address, &matched, key, &none);
        }
        claims
            .iter()
            .try_for_each(|claim| self.row(&row, address, &matched, key, claim))
    }

    fn row(
        &mut self,
        row: &str,
        address: &str,
        matched: &str,
        key: &str,
        claim: &ClaimRow,
    ) -> csv::Result<()> {
        let ClaimRow {
            provider,
            outcome,
            confidence,
            reason,
            technology,
            product: _,
            down_mbps,
            up_mbps,
            mrc,
            currency,
            source,
            as_of,
        } = claim;
        self.rows.write_record([
            row, address, matched, key, provider, outcome, confidence, reason, technology,
            down_mbps, up_mbps, mrc, currency, source, as_of,
        ])
    }

    fn finish(mut self) -> Result<(), BatchError> {
        self.rows.flush().map_err(|source| BatchError::Output {
            path: self.path,
            source: source.into(),
        })
    }
}

/// What became of the rows.
#[derive(Debug, Default, Serialize)]
struct Summary {
    rows: u64,
    claims: u64,
    exact: u64,
    corrected: u64,
    alternative: u64,
    none: u64,
    served: u64,
    not_served: u64,
    address_unknown: u64,
    ask_person: u64,
    failed: u64,
    seconds: f64,
    interrupted: bool,
}

impl Summary {
    fn count(&mut self, place: &PlaceRows) {
        self.rows += 1;
        self.claims += u64::try_from(place.claims.len()).unwrap_or(u64::MAX);
        match place.matched.as_str() {
            "exact" => self.exact += 1,
            "corrected" => self.corrected += 1,
            "alternative" => self.alternative += 1,
            _ => self.none += 1,
        }
        match place.outcome.as_str() {
            "served" => self.served += 1,
            "not_served" => self.not_served += 1,
            "address_unknown" => self.address_unknown += 1,
            "ask_person" => self.ask_person += 1,
            _ => self.failed += 1,
        }
    }

    fn show(&self, json: bool) -> Result<(), Failure> {
        if json {
            output::json(self)?;
            return Ok(());
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = self.rows as f64 / self.seconds.max(f64::MIN_POSITIVE);
        output::line(format_args!(
            "{} addresses in {:.1} s ({rate:.0}/s), {} claims\n\
             matched: {} exact, {} corrected, {} with alternatives, {} not\n\
             outcome: {} served, {} ask a person, {} not served, {} address unknown, {} failed",
            self.rows,
            self.seconds,
            self.claims,
            self.exact,
            self.corrected,
            self.alternative,
            self.none,
            self.served,
            self.ask_person,
            self.not_served,
            self.address_unknown,
            self.failed
        ))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&[u8]]) -> Option<Columns> {
        let names: Vec<String> = names.iter().map(|name| column_name(name)).collect();
        Columns::find(&names)
    }

    #[test]
    fn columns_are_found_whatever_their_case_and_mark() {
        let columns =
            columns(&[b"\xef\xbb\xbfId", b" ADDRESS ", b"Latitude", b"longitude"]).unwrap();
        let record = ByteRecord::from(vec!["1", " 1 Main St, Keene, NH 03431 ", "43.5", "-71.5"]);
        let (line, _, place) = columns.read(&record);
        assert_eq!(line, "1 Main St, Keene, NH 03431");
        let expected = Coordinates {
            latitude: 43.5,
            longitude: -71.5,
        };
        assert_eq!(place.coordinates, Some(expected));
    }

    #[test]
    fn parts_are_joined_to_one_line() {
        let columns = columns(&[b"street", b"unit", b"city", b"state", b"zip"]).unwrap();
        let record = ByteRecord::from(vec!["1 Main St", "Apt 2", "Keene", "NH", "03431"]);
        let (line, _, place) = columns.read(&record);
        assert_eq!(line, "1 Main St Apt 2, Keene, NH 03431");
        let key = NormalAddress::of(&place.address)
            .building_key()
            .map(|key| key.to_string());
        assert_eq!(key.as_deref(), Some("03431:MAIN-ST:1"));
    }

    #[test]
    fn a_short_or_garbled_row_asks_what_it_has() {
        let columns = columns(&[b"street", b"city", b"latitude", b"longitude"]).unwrap();
        let (line, _, place) = columns.read(&ByteRecord::from(vec![&b"1 M\xffin St"[..]]));
        assert_eq!(line, "1 M\u{fffd}in St");
        assert_eq!(place.coordinates, None);
        assert_eq!(columns.read(&ByteRecord::new()).0, "");
    }

    #[test]
    fn a_file_without_addresses_is_not_a_batch() {
        assert!(columns(&[b"id", b"name"]).is_none());
    }
}
