//! `cargo xtask evaluate corrections`: real buildings, asked with one thing wrong.
//!
//! Each building of the reference data is asked again with a part left out or misspelt, once among all
//! the streets of its ZIP, and once with its own street thought away, as if no list had it: then every
//! building that is taken is a wrong yes. The answers say which corrections may be trusted.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use lastmile_model::Text;
use lastmile_model::address::{NormalAddress, NormalStreet, parse};
use lastmile_testkit::reference_data;
use serde::{Deserialize, Serialize};

use super::directory::Directory;
use crate::failure::Failure;

/// The files whose buildings are asked, and the column of the address.
const DATA: [&str; 3] = [
    "offers/cheyenne_offers.csv",
    "offers/fargo_offers.csv",
    "offers/boston_address_pairs_dev.csv",
];

/// What may be asked of the evaluation.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Files with a column `address_full` or `provider_address`; without any, the reference data.
    files: Vec<PathBuf>,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// Lists so many of the wrong answers.
    #[arg(long, default_value_t = 0)]
    wrong: usize,
}

/// Prints the table. Fails where a known building is asked and another one is taken.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let files: Vec<PathBuf> = if options.files.is_empty() {
        DATA.iter()
            .filter_map(|file| reference_data::path(file))
            .collect()
    } else {
        options.files.clone()
    };
    if files.is_empty() {
        return Err(Failure::NoReferenceData {
            evaluation: "corrections",
        });
    }
    let mut texts = Vec::new();
    for file in &files {
        texts.append(&mut read(file)?);
    }
    let results = measure(&texts);
    if options.json {
        println!(
            "{}",
            serde_json::json!({ "files": files, "corrections": results })
        );
    } else {
        print(&results, options.wrong);
    }
    match results.iter().map(|result| result.wrong).sum() {
        0 => Ok(()),
        count => Err(Failure::Findings {
            check: "evaluate corrections",
            count,
        }),
    }
}

#[derive(Deserialize)]
struct Row {
    #[serde(alias = "provider_address")]
    address_full: String,
}

fn read(file: &PathBuf) -> Result<Vec<String>, Failure> {
    let rows: Result<Vec<Row>, csv::Error> =
        csv::Reader::from_path(file).and_then(|mut reader| reader.deserialize().collect());
    let rows = rows.map_err(|reason| Failure::File {
        path: file.clone(),
        reason: reason.into(),
    })?;
    Ok(rows.into_iter().map(|row| row.address_full).collect())
}

/// One thing that is wrong with what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Damage {
    Nothing,
    NoDirectional,
    DirectionalMoved,
    OppositeDirectional,
    NoSuffix,
    OtherSuffix,
    NeitherDirectionalNorSuffix,
    LetterDropped,
    LettersSwapped,
    LetterChanged,
    NextNumberedStreet,
}

impl Damage {
    const ALL: [Self; 11] = [
        Self::Nothing,
        Self::NoDirectional,
        Self::DirectionalMoved,
        Self::OppositeDirectional,
        Self::NoSuffix,
        Self::OtherSuffix,
        Self::NeitherDirectionalNorSuffix,
        Self::LetterDropped,
        Self::LettersSwapped,
        Self::LetterChanged,
        Self::NextNumberedStreet,
    ];

    /// Does the damage name another street, so that any correction of it is wrong?
    const fn is_another_street(self) -> bool {
        matches!(
            self,
            Self::OppositeDirectional | Self::OtherSuffix | Self::NextNumberedStreet
        )
    }

    const fn label(self) -> &'static str {
        match self {
            Self::Nothing => "as it is",
            Self::NoDirectional => "directional left out",
            Self::DirectionalMoved => "directional on the other side",
            Self::OppositeDirectional => "opposite directional",
            Self::NoSuffix => "suffix left out",
            Self::OtherSuffix => "other suffix",
            Self::NeitherDirectionalNorSuffix => "neither directional nor suffix",
            Self::LetterDropped => "a letter dropped",
            Self::LettersSwapped => "two letters swapped",
            Self::LetterChanged => "a letter changed",
            Self::NextNumberedStreet => "next numbered street",
        }
    }

    /// The damaged street; `None` where it cannot be damaged so. `turn` chooses the letter.
    fn of(self, street: &NormalStreet, turn: usize) -> Option<NormalStreet> {
        let mut damaged = street.clone();
        let directional = street.predirectional.is_some() || street.postdirectional.is_some();
        match self {
            Self::Nothing => return Some(damaged),
            Self::NoDirectional => (damaged.predirectional, damaged.postdirectional) = (None, None),
            Self::DirectionalMoved => {
                std::mem::swap(&mut damaged.predirectional, &mut damaged.postdirectional);
            }
            Self::OppositeDirectional => {
                damaged.predirectional = street.predirectional.as_deref().map(opposite);
                damaged.postdirectional = street.postdirectional.as_deref().map(opposite);
            }
            Self::NoSuffix => damaged.suffix = None,
            Self::OtherSuffix => {
                let other = if street.suffix.as_deref() == Some("ST") {
                    "AVE"
                } else {
                    "ST"
                };
                damaged.suffix = street.suffix.as_ref().map(|_| other.into());
            }
            Self::NeitherDirectionalNorSuffix => {
                (damaged.predirectional, damaged.postdirectional) = (None, None);
                damaged.suffix = street.suffix.as_ref().filter(|_| !directional).cloned();
                if directional {
                    damaged.suffix = None;
                }
            }
            Self::LetterDropped | Self::LettersSwapped | Self::LetterChanged => {
                damaged.name = self.misspelt(&street.name, turn)?.into();
            }
            Self::NextNumberedStreet => damaged.name = next_numbered(&street.name)?.into(),
        }
        // What was asked is read anew, as any address is.
        Some(NormalStreet::parse(&damaged.to_string())?).filter(|damaged| damaged != street)
    }

    fn misspelt(self, name: &str, turn: usize) -> Option<String> {
        let mut letters: Vec<char> = name.chars().collect();
        if letters.len() < 2 || letters.iter().any(|letter| !letter.is_ascii_uppercase()) {
            return None;
        }
        let at = turn % (letters.len() - 1);
        match self {
            Self::LetterDropped => drop(letters.remove(at)),
            Self::LettersSwapped => letters.swap(at, at + 1),
            _ => letters[at] = if letters[at] == 'E' { 'A' } else { 'E' },
        }
        Some(letters.into_iter().collect())
    }
}

fn opposite(directional: &str) -> Text {
    let turned = directional.chars().map(|letter| match letter {
        'N' => 'S',
        'S' => 'N',
        'E' => 'W',
        'W' => 'E',
        other => other,
    });
    turned.collect()
}

fn next_numbered(name: &str) -> Option<String> {
    let figures: String = name.chars().take_while(char::is_ascii_digit).collect();
    let number: u32 = figures.parse().ok()?;
    Some(format!("{}{}", number + 1, &name[figures.len()..]))
}

/// What became of one kind of damage.
#[derive(Debug, Serialize)]
struct Outcome {
    damage: Damage,
    asked: usize,
    /// The building that was damaged is taken.
    right: usize,
    /// The damaged address is another building that exists.
    another_exists: usize,
    /// Nothing is taken.
    refused: usize,
    /// Another building is taken by a correction.
    wrong: usize,
    /// A building is taken by a correction although the street is on no list.
    wrong_if_unknown: usize,
    /// The wrong ones: asked, taken.
    wrong_ones: Vec<(String, String)>,
}

fn measure(texts: &[String]) -> Vec<Outcome> {
    let addresses: Vec<NormalAddress> = texts
        .iter()
        .map(|text| NormalAddress::of(&parse(text)))
        .collect();
    let directory = Directory::of(&addresses);
    let mut seen = BTreeSet::new();
    let buildings: Vec<&NormalAddress> = addresses
        .iter()
        .filter(|address| address.building_key().is_some_and(|key| seen.insert(key)))
        .collect();
    Damage::ALL
        .map(|damage| outcome(damage, &buildings, &directory))
        .into()
}

fn outcome(damage: Damage, buildings: &[&NormalAddress], directory: &Directory) -> Outcome {
    let mut outcome = Outcome {
        damage,
        asked: 0,
        right: 0,
        another_exists: 0,
        refused: 0,
        wrong: 0,
        wrong_if_unknown: 0,
        wrong_ones: Vec::new(),
    };
    for (turn, building) in buildings.iter().enumerate() {
        let Some(street) = &building.street else {
            continue;
        };
        let Some(damaged) = damage.of(street, turn) else {
            continue;
        };
        let asked = NormalAddress {
            street: Some(damaged),
            ..(*building).clone()
        };
        outcome.asked += 1;
        let right = building.building_key();
        match directory.meant(&asked, None) {
            Some(meant)
                if Some(&meant.building) == right.as_ref() && !damage.is_another_street() =>
            {
                outcome.right += 1
            }
            Some(meant) if meant.corrections.is_empty() => outcome.another_exists += 1,
            Some(meant) => {
                outcome.wrong += 1;
                outcome
                    .wrong_ones
                    .push((asked.delivery_line(), meant.building.to_string()));
            }
            None => outcome.refused += 1,
        }
        if let Some(meant) = directory.meant(&asked, Some(street))
            && !meant.corrections.is_empty()
        {
            outcome.wrong_if_unknown += 1;
            outcome.wrong_ones.push((
                format!("({street} unknown) {}", asked.delivery_line()),
                meant.building.to_string(),
            ));
        }
    }
    outcome
}

fn print(results: &[Outcome], wrong: usize) {
    println!(
        "{:<32} {:>7} {:>7} {:>8} {:>8} {:>6} {:>17}",
        "asked with", "asked", "right", "another", "refused", "wrong", "wrong if unknown"
    );
    for result in results {
        println!(
            "{:<32} {:>7} {:>7} {:>8} {:>8} {:>6} {:>17}",
            result.damage.label(),
            result.asked,
            result.right,
            result.another_exists,
            result.refused,
            result.wrong,
            result.wrong_if_unknown
        );
    }
    for result in results {
        for (asked, taken) in result.wrong_ones.iter().take(wrong) {
            println!("{}: {asked} -> {taken}", result.damage.label());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn results(texts: &[&str]) -> Vec<Outcome> {
        measure(
            &texts
                .iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>(),
        )
    }

    fn of(results: &[Outcome], damage: Damage) -> (usize, usize, usize, usize) {
        let result = results
            .iter()
            .find(|result| result.damage == damage)
            .expect("every damage is measured");
        (
            result.asked,
            result.right,
            result.refused,
            result.wrong + result.wrong_if_unknown,
        )
    }

    #[test]
    fn each_damage_is_done_and_judged() {
        let results = results(&[
            "303 E 26TH ST, CHEYENNE, WY 82001",
            "12 HACKENSACK RD, CHEYENNE, WY 82001",
            "12 HACKENSACK RD, CHEYENNE, WY 82001-1234",
        ]);
        assert_eq!(of(&results, Damage::Nothing), (2, 2, 0, 0));
        assert_eq!(of(&results, Damage::NoDirectional), (1, 1, 0, 0));
        assert_eq!(of(&results, Damage::DirectionalMoved), (1, 1, 0, 0));
        assert_eq!(of(&results, Damage::OppositeDirectional), (1, 0, 1, 0));
        assert_eq!(of(&results, Damage::NoSuffix), (2, 1, 1, 0));
        assert_eq!(of(&results, Damage::OtherSuffix), (2, 0, 2, 0));
        assert_eq!(of(&results, Damage::LetterDropped), (1, 1, 0, 0));
        assert_eq!(of(&results, Damage::NextNumberedStreet), (1, 0, 1, 0));
    }

    /// Buildings of the reference data that a test has the time for.
    const EVERY: usize = 8;
    /// Of a thousand addresses whose street no list has, so many may be taken for another street.
    const WRONG_IF_UNKNOWN_PER_MILLE_MAX: usize = 1;

    #[test]
    fn no_building_of_the_reference_data_is_taken_for_another() {
        for file in DATA {
            let Some(path) = reference_data::path(file) else {
                println!("{}: {file}", reference_data::SKIPPED);
                continue;
            };
            let texts: Vec<String> = read(&path).unwrap().into_iter().step_by(EVERY).collect();
            for result in measure(&texts) {
                assert_eq!(result.wrong, 0, "{file}: {:?}", result.wrong_ones);
                let bound = result.asked * WRONG_IF_UNKNOWN_PER_MILLE_MAX / 1000;
                assert!(
                    result.wrong_if_unknown <= bound,
                    "{file}: {:?}",
                    result.wrong_ones
                );
            }
        }
    }
}
