//! `cargo xtask evaluate answered`: addresses that a client asked, and what a provider answered.
//!
//! The two meet when both lead to one building, either by their keys or because the asked street,
//! matched against all the streets that were answered in its ZIP, can only mean the answered one.
//! Where they do not meet, the miss is classified. No address may meet an answer with another number.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use lastmile_model::Text;
use lastmile_model::address::{Address, NormalAddress, Parts, parse};
use lastmile_testkit::reference_data;
use serde::{Deserialize, Serialize};

use super::directory::Directory;
use crate::failure::Failure;

/// The file that is read where none is named.
const DATA: &str = "offers/boston_address_pairs_dev.csv";

/// What may be asked of the evaluation.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// A file of asked and answered addresses; without it, the reference data.
    file: Option<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the table. Fails where an address meets an answer with another number.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let Some(file) = options.file.clone().or_else(|| reference_data::path(DATA)) else {
        return Err(Failure::NoReferenceData {
            evaluation: "answered",
        });
    };
    let meetings = measure(&read(&file)?);
    if options.json {
        println!(
            "{}",
            serde_json::json!({ "file": file, "meetings": meetings })
        );
    } else {
        println!("{}", file.display());
        print(&meetings);
    }
    match meetings.wrong() {
        0 => Ok(()),
        count => Err(Failure::Findings {
            check: "evaluate answered",
            count,
        }),
    }
}

/// A row of the file, as far as it is needed here.
#[derive(Clone, Debug, Default, Deserialize)]
struct Row {
    number: String,
    street: String,
    unit: String,
    postcode: String,
    provider_address: String,
    collection_status: String,
}

fn read(file: &Path) -> Result<Vec<Row>, Failure> {
    csv::Reader::from_path(file)
        .and_then(|mut reader| reader.deserialize().collect())
        .map_err(|reason| Failure::File {
            path: file.to_owned(),
            reason: reason.into(),
        })
}

/// How an asked address stands to the answered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// One building key.
    SameKey,
    /// The asked street can only mean the answered one.
    Corrected,
    /// The provider gave no address.
    NotAnswered,
    /// No building could be read from what was asked.
    AskedNotRead,
    /// No building could be read from the answer.
    AnswerNotRead,
    /// Another house number was answered.
    NumberDiffers,
    /// Another ZIP was answered.
    ZipDiffers,
    /// A street with the asked one's name and one more word or suffix.
    StreetExtended,
    /// A street with the asked one's name, another suffix or directional.
    StreetNameOnly,
    /// Another street.
    StreetDiffers,
}

impl Outcome {
    const ALL: [Self; 10] = [
        Self::SameKey,
        Self::Corrected,
        Self::NotAnswered,
        Self::AskedNotRead,
        Self::AnswerNotRead,
        Self::NumberDiffers,
        Self::ZipDiffers,
        Self::StreetExtended,
        Self::StreetNameOnly,
        Self::StreetDiffers,
    ];

    const fn meets(self) -> bool {
        matches!(self, Self::SameKey | Self::Corrected)
    }

    const fn label(self) -> &'static str {
        match self {
            Self::SameKey => "meets: same building key",
            Self::Corrected => "meets: corrected street",
            Self::NotAnswered => "missed: not answered",
            Self::AskedNotRead => "missed: asked address not read",
            Self::AnswerNotRead => "missed: answer not read",
            Self::NumberDiffers => "missed: number differs",
            Self::ZipDiffers => "missed: ZIP differs",
            Self::StreetExtended => "missed: street extended",
            Self::StreetNameOnly => "missed: other suffix/directional",
            Self::StreetDiffers => "missed: other street",
        }
    }
}

/// How the unit of an asked address that meets stands to the answered one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum UnitOutcome {
    NoneAsked,
    Same,
    NotAnswered,
    Differs,
}

/// One row and what became of it.
#[derive(Debug, Serialize)]
struct Line {
    asked: String,
    answered: String,
    /// The provider's own HTTP status: 200 verified, 400 not verified.
    status: String,
    outcome: Outcome,
    unit: Option<UnitOutcome>,
    /// The building that the product would take on the answers' streets, where it is not the answered one.
    taken_instead: Option<String>,
    /// Do the house numbers, as written, differ in more than signs between?
    number_differs: bool,
}

#[derive(Debug, Serialize)]
struct Meetings {
    rows: usize,
    counts: Vec<(Outcome, usize)>,
    units: Vec<(UnitOutcome, usize)>,
    /// Of the rows that meet, how many the provider answered with each status: 200 verified, 400 not
    /// verified (it echoes what was asked), 0 no answer.
    statuses: BTreeMap<String, usize>,
    /// Addresses that meet an answer with another number.
    number_differs_but_meets: usize,
    /// Addresses for which a building is taken that is not the answered one.
    taken_instead: usize,
    /// Every row that does not meet with one key.
    listed: Vec<Line>,
}

impl Meetings {
    fn wrong(&self) -> usize {
        self.number_differs_but_meets + self.taken_instead
    }
}

fn measure(rows: &[Row]) -> Meetings {
    let answered: Vec<NormalAddress> = rows
        .iter()
        .map(|row| NormalAddress::of(&parse(&row.provider_address)))
        .collect();
    let directory = Directory::of(&answered);
    let lines: Vec<Line> = rows
        .iter()
        .zip(&answered)
        .map(|(row, answered)| line(row, answered, &directory))
        .collect();
    let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
    let count_units = |unit| lines.iter().filter(|line| line.unit == Some(unit)).count();
    let units = [
        UnitOutcome::NoneAsked,
        UnitOutcome::Same,
        UnitOutcome::NotAnswered,
        UnitOutcome::Differs,
    ];
    let mut statuses = BTreeMap::new();
    for line in lines.iter().filter(|line| line.outcome.meets()) {
        *statuses.entry(line.status.clone()).or_default() += 1;
    }
    Meetings {
        statuses,
        rows: rows.len(),
        counts: Outcome::ALL
            .map(|outcome| (outcome, count(outcome)))
            .to_vec(),
        units: units.map(|unit| (unit, count_units(unit))).to_vec(),
        number_differs_but_meets: lines
            .iter()
            .filter(|line| line.number_differs && line.outcome.meets())
            .count(),
        taken_instead: lines
            .iter()
            .filter(|line| line.taken_instead.is_some())
            .count(),
        listed: lines
            .into_iter()
            .filter(|line| line.outcome != Outcome::SameKey)
            .collect(),
    }
}

fn line(row: &Row, answered: &NormalAddress, directory: &Directory) -> Line {
    let asked = NormalAddress::of(&Address::from_parts(&Parts {
        number: written(&row.number),
        street: written(&row.street),
        unit: written(&row.unit),
        zip: written(&row.postcode),
        ..Parts::default()
    }));
    let meant = directory.meant(&asked, None);
    let meant_answered = meant
        .as_ref()
        .is_some_and(|meant| Some(&meant.building) == answered.building_key().as_ref());
    let outcome = match outcome(row, &asked, answered) {
        Outcome::SameKey => Outcome::SameKey,
        _ if meant_answered => Outcome::Corrected,
        missed => missed,
    };
    // An asked building that other rows show to exist is no wrong answer, whatever this row answered.
    let taken_instead = meant.filter(|meant| !meant.corrections.is_empty() && !meant_answered);
    Line {
        asked: format!(
            "{} {} {} {}",
            row.number, row.street, row.unit, row.postcode
        ),
        answered: row.provider_address.clone(),
        status: row.collection_status.clone(),
        outcome,
        unit: outcome.meets().then(|| unit_outcome(&asked, answered)),
        taken_instead: taken_instead.map(|meant| meant.building.to_string()),
        number_differs: letters_and_digits(&row.number)
            != letters_and_digits(&leading_number(answered)),
    }
}

fn written(text: &str) -> Option<Text> {
    Some(Text::new(text.trim())).filter(|text| !text.is_empty())
}

fn leading_number(address: &NormalAddress) -> String {
    address
        .number
        .as_ref()
        .map_or_else(String::new, |number| number.text().to_owned())
}

fn letters_and_digits(number: &str) -> String {
    number
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_uppercase()
}

fn outcome(row: &Row, asked: &NormalAddress, answered: &NormalAddress) -> Outcome {
    if row.provider_address.trim().is_empty() {
        return Outcome::NotAnswered;
    }
    let Some(asked_key) = asked.building_key() else {
        return Outcome::AskedNotRead;
    };
    let Some(answered_key) = answered.building_key() else {
        return Outcome::AnswerNotRead;
    };
    if asked_key == answered_key {
        return Outcome::SameKey;
    }
    if asked_key.number != answered_key.number {
        return Outcome::NumberDiffers;
    }
    if asked_key.street.area != answered_key.street.area {
        return Outcome::ZipDiffers;
    }
    let name = |address: &NormalAddress| {
        address
            .street
            .as_ref()
            .map(|street| street.name.clone())
            .unwrap_or_default()
    };
    let (asked_name, answered_name) = (name(asked), name(answered));
    if asked_name == answered_name {
        Outcome::StreetNameOnly
    } else if answered_name.starts_with(&format!("{asked_name} ")) {
        Outcome::StreetExtended
    } else {
        Outcome::StreetDiffers
    }
}

fn unit_outcome(asked: &NormalAddress, answered: &NormalAddress) -> UnitOutcome {
    match (&asked.unit, &answered.unit) {
        (None, _) => UnitOutcome::NoneAsked,
        (Some(_), None) => UnitOutcome::NotAnswered,
        (Some(asked), Some(answered)) if asked == answered => UnitOutcome::Same,
        (Some(_), Some(_)) => UnitOutcome::Differs,
    }
}

fn print(meetings: &Meetings) {
    println!("  {:<34} {:>6}", "rows", meetings.rows);
    for (outcome, count) in &meetings.counts {
        println!("  {:<34} {count:>6}", outcome.label());
    }
    for (status, count) in &meetings.statuses {
        println!(
            "  {:<34} {count:>6}",
            format!("status of those that meet: {status}")
        );
    }
    for (unit, count) in &meetings.units {
        println!(
            "  {:<34} {count:>6}",
            format!("unit of those that meet: {}", unit_label(*unit))
        );
    }
    println!(
        "  {:<34} {:>6}",
        "number differs, but meets", meetings.number_differs_but_meets
    );
    println!(
        "  {:<34} {:>6}",
        "another building taken", meetings.taken_instead
    );
    for line in meetings
        .listed
        .iter()
        .filter(|line| line.outcome != Outcome::NotAnswered)
    {
        println!(
            "  {}: {} -> {} ({})",
            line.outcome.label(),
            line.asked,
            line.answered,
            line.status
        );
        if let Some(taken) = &line.taken_instead {
            println!("    taken instead: {taken}");
        }
    }
}

const fn unit_label(unit: UnitOutcome) -> &'static str {
    match unit {
        UnitOutcome::NoneAsked => "none asked",
        UnitOutcome::Same => "same",
        UnitOutcome::NotAnswered => "not answered",
        UnitOutcome::Differs => "differs",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: &str, street: &str, unit: &str, answer: &str) -> Row {
        Row {
            number: number.to_owned(),
            street: street.to_owned(),
            unit: unit.to_owned(),
            postcode: "02135".to_owned(),
            provider_address: answer.to_owned(),
            collection_status: "200".to_owned(),
        }
    }

    #[test]
    fn every_row_is_classified() {
        let rows = [
            row(
                "26",
                "Hackensack Road",
                "",
                "26 HACKENSACK RD, CHESTNUT HILL, MA, 02135-3210, USA",
            ),
            row(
                "19",
                "Portsmouth Street",
                "2",
                "19 PORTSMOUTH ST, BRIGHTON, MA, 02135-1462, USA",
            ),
            row(
                "85",
                "Charlame Place",
                "",
                "85 S CHARLAME PL, ROXBURY, MA, 02135-1842, USA",
            ),
            row(
                "1106",
                "Beacon Street",
                "",
                "1066 BEACON ST, BOSTON, MA, 02135, USA",
            ),
            row(
                "112",
                "Telford Street",
                "",
                "112 TELFORD STREET EXT, BRIGHTON, MA, 02135, USA",
            ),
            row("56", "Fenway", "", "56 FENWAY PLZ, BOSTON, MA, 02135, USA"),
            row("5", "Oak Street", "", "5 ELM ST, BRIGHTON, MA, 02135, USA"),
            row("6", "Oak Street", "", "6 OAK ST, BRIGHTON, MA, 02134, USA"),
            row("7", "Oak Street", "", ""),
            row("", "Oak Street", "", "7 OAK ST, BRIGHTON, MA, 02135, USA"),
            row("7", "Oak Street", "", "PO BOX 7, BRIGHTON, MA, 02135, USA"),
        ];
        let meetings = measure(&rows);
        assert_eq!(
            meetings.counts,
            [
                (Outcome::SameKey, 2),
                (Outcome::Corrected, 1),
                (Outcome::NotAnswered, 1),
                (Outcome::AskedNotRead, 1),
                (Outcome::AnswerNotRead, 1),
                (Outcome::NumberDiffers, 1),
                (Outcome::ZipDiffers, 1),
                (Outcome::StreetExtended, 1),
                (Outcome::StreetNameOnly, 1),
                (Outcome::StreetDiffers, 1),
            ]
        );
        assert_eq!(meetings.wrong(), 0);
        assert_eq!(meetings.statuses, BTreeMap::from([("200".to_owned(), 3)]));
        assert!(meetings.units.contains(&(UnitOutcome::NotAnswered, 1)));
    }

    /// What the reference data held when the rules were written; better is welcome, worse is not.
    const MEET_MIN: usize = 7_902;

    #[test]
    fn no_address_of_the_reference_data_meets_another_number() {
        let Some(path) = reference_data::path(DATA) else {
            println!("{}: {DATA}", reference_data::SKIPPED);
            return;
        };
        let meetings = measure(&read(&path).unwrap());
        assert_eq!(meetings.wrong(), 0);
        let met: usize = meetings
            .counts
            .iter()
            .filter(|(outcome, _)| outcome.meets())
            .map(|(_, count)| count)
            .sum();
        assert!(met >= MEET_MIN, "{met} of {}", meetings.rows);
    }
}
