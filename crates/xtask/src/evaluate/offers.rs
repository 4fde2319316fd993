//! `cargo xtask evaluate offers`: which rows of different providers meet in one building.
//!
//! The measure is what plain folding finds (upper case, punctuation as blanks, the country left off):
//! none of its pairs may be lost, and every pair beyond them is listed with what made it meet.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use lastmile_model::address::{Address, BuildingKey, NormalAddress, parse};
use lastmile_testkit::reference_data;
use serde::{Deserialize, Serialize};

use super::directory::Directory;
use super::spelling::{differences, plainly_folded};
use crate::failure::Failure;

/// The files that are read where none is named.
const DATA: [&str; 2] = ["offers/cheyenne_offers.csv", "offers/fargo_offers.csv"];

/// What may be asked of the evaluation.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Files with the columns `address_full` and `provider`; without any, the reference data.
    files: Vec<PathBuf>,
    /// Prints one JSON object a file.
    #[arg(long)]
    json: bool,
}

/// Prints a table for each file. Fails where a pair of plain folding is lost.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let files = if options.files.is_empty() {
        DATA.iter()
            .filter_map(|file| reference_data::path(file))
            .collect()
    } else {
        options.files.clone()
    };
    if files.is_empty() {
        return Err(Failure::NoReferenceData {
            evaluation: "offers",
        });
    }
    let mut lost = 0;
    for file in &files {
        let meetings = measure(&read(file)?);
        lost += meetings.lost.len();
        if options.json {
            println!(
                "{}",
                serde_json::json!({ "file": file, "meetings": meetings })
            );
        } else {
            println!("{}", file.display());
            print(&meetings);
        }
    }
    if lost == 0 {
        Ok(())
    } else {
        Err(Failure::Findings {
            check: "evaluate offers",
            count: lost,
        })
    }
}

/// A row of an offers file, as far as it is needed here.
#[derive(Clone, Debug, Deserialize)]
struct Offer {
    address_full: String,
    provider: String,
}

fn read(file: &Path) -> Result<Vec<Offer>, Failure> {
    csv::Reader::from_path(file)
        .and_then(|mut reader| reader.deserialize().collect())
        .map_err(|reason| Failure::File {
            path: file.to_owned(),
            reason: reason.into(),
        })
}

/// Two rows of different providers, by their place in the file.
type Pair = (usize, usize);

/// Which rows meet, by plain folding and by the product.
#[derive(Debug, Default, Serialize)]
struct Meetings {
    rows: usize,
    /// Rows in which a building was read.
    buildings_read: usize,
    /// Pairs whose texts are equal after plain folding.
    plain: usize,
    /// Pairs with one building key.
    same_key: usize,
    /// Pairs of plain folding that have two building keys.
    lost: Vec<Meeting>,
    /// Pairs with one building key that plain folding does not find.
    extra: Vec<Meeting>,
    /// Pairs that meet when the street of one row is matched against the other rows' streets.
    corrected: Vec<Meeting>,
}

/// Two texts and why they are one building.
#[derive(Debug, Serialize)]
struct Meeting {
    one: String,
    other: String,
    building: String,
    why: Vec<String>,
}

fn measure(offers: &[Offer]) -> Meetings {
    let addresses: Vec<Address> = offers
        .iter()
        .map(|offer| parse(&offer.address_full))
        .collect();
    let normal: Vec<NormalAddress> = addresses.iter().map(NormalAddress::of).collect();
    let keys: Vec<Option<BuildingKey>> = normal.iter().map(NormalAddress::building_key).collect();

    let plain = pairs(
        offers,
        offers
            .iter()
            .map(|offer| Some(plainly_folded(&offer.address_full))),
    );
    let same_key = pairs(offers, keys.iter().cloned());
    let meeting = |&(one, other): &Pair| Meeting {
        one: offers[one].address_full.clone(),
        other: offers[other].address_full.clone(),
        building: keys[other]
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        why: differences(&addresses[one], &addresses[other]),
    };
    Meetings {
        rows: offers.len(),
        buildings_read: keys.iter().flatten().count(),
        plain: plain.len(),
        same_key: same_key.len(),
        lost: plain.difference(&same_key).map(meeting).collect(),
        extra: same_key.difference(&plain).map(meeting).collect(),
        corrected: corrected(offers, &normal, &keys),
    }
}

/// Every two rows of different providers with one key.
fn pairs<K: Ord>(offers: &[Offer], keys: impl Iterator<Item = Option<K>>) -> BTreeSet<Pair> {
    let mut rows: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (row, key) in keys.enumerate() {
        if let Some(key) = key {
            rows.entry(key).or_default().push(row);
        }
    }
    let mut pairs = BTreeSet::new();
    for rows in rows.values() {
        for (place, &one) in rows.iter().enumerate() {
            for &other in &rows[place + 1..] {
                if offers[one].provider != offers[other].provider {
                    pairs.insert((one, other));
                }
            }
        }
    }
    pairs
}

/// Rows whose street no row of another provider has, matched against the streets those have.
fn corrected(
    offers: &[Offer],
    normal: &[NormalAddress],
    keys: &[Option<BuildingKey>],
) -> Vec<Meeting> {
    let providers: BTreeSet<&str> = offers.iter().map(|offer| offer.provider.as_str()).collect();
    let mut meetings = Vec::new();
    for provider in providers {
        let own = |row: &usize| offers[*row].provider == provider;
        let others = (0..offers.len()).filter(|row| !own(row));
        let directory = Directory::of(others.clone().map(|row| &normal[row]));
        for row in (0..offers.len()).filter(own) {
            let Some(meant) = directory
                .meant(&normal[row], None)
                .filter(|meant| !meant.corrections.is_empty())
            else {
                continue;
            };
            let Some(other) = others
                .clone()
                .find(|other| keys[*other].as_ref() == Some(&meant.building))
            else {
                continue;
            };
            meetings.push(Meeting {
                one: offers[row].address_full.clone(),
                other: offers[other].address_full.clone(),
                building: meant.building.to_string(),
                why: meant
                    .corrections
                    .iter()
                    .map(|what| what.as_str().to_owned())
                    .collect(),
            });
        }
    }
    meetings
}

fn print(meetings: &Meetings) {
    let lines = [
        ("rows", meetings.rows),
        ("rows with a building", meetings.buildings_read),
        ("pairs by plain folding", meetings.plain),
        ("pairs by building key", meetings.same_key),
        ("lost", meetings.lost.len()),
        ("extra", meetings.extra.len()),
        ("pairs by a corrected street", meetings.corrected.len()),
    ];
    for (what, count) in lines {
        println!("  {what:<28} {count:>6}");
    }
    for (title, listed) in [
        ("lost", &meetings.lost),
        ("extra", &meetings.extra),
        ("corrected", &meetings.corrected),
    ] {
        for meeting in listed {
            println!("  {title}: {}  =  {}", meeting.one, meeting.other);
            println!("    {}: {}", meeting.building, meeting.why.join("; "));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offers(rows: &[(&str, &str)]) -> Vec<Offer> {
        rows.iter()
            .map(|(provider, address)| Offer {
                address_full: (*address).to_owned(),
                provider: (*provider).to_owned(),
            })
            .collect()
    }

    #[test]
    fn rows_of_different_providers_meet_in_one_building() {
        let meetings = measure(&offers(&[
            ("A", "303 E 26TH ST,CHEYENNE,WY 82001,USA"),
            ("B", "303 E 26th St Cheyenne, WY 82001"),
            ("B", "303 East 26th Street Apt 2, Cheyenne, WY 82001"),
            ("A", "12 S CHARLAME PL,CHEYENNE,WY 82001,USA"),
            ("B", "12 Charlame Pl Cheyenne, WY 82001"),
            ("A", "303 W 26TH ST,CHEYENNE,WY 82001,USA"),
            ("A", "PO Box 12, Cheyenne, WY 82001"),
        ]));
        assert_eq!((meetings.rows, meetings.buildings_read), (7, 6));
        assert_eq!((meetings.plain, meetings.same_key), (1, 2));
        assert!(meetings.lost.is_empty());
        let [extra] = &meetings.extra[..] else {
            panic!("{:?}", meetings.extra)
        };
        assert_eq!(extra.building, "82001:E-26TH-ST:303");
        assert!(
            extra
                .why
                .iter()
                .any(|why| why.contains("a unit is within the building")),
            "{:?}",
            extra.why
        );
        let [corrected] = &meetings.corrected[..] else {
            panic!("{:?}", meetings.corrected)
        };
        assert_eq!(corrected.building, "82001:S-CHARLAME-PL:12");
        assert_eq!(corrected.why, ["directional"]);
    }

    #[test]
    fn two_rows_of_one_provider_are_no_pair() {
        let meetings = measure(&offers(&[
            ("A", "303 E 26TH ST,CHEYENNE,WY 82001,USA"),
            ("A", "303 E 26th St Cheyenne, WY 82001"),
        ]));
        assert_eq!((meetings.plain, meetings.same_key), (0, 0));
    }

    /// What plain folding finds in the reference data.
    const PLAIN_PAIRS: [(&str, usize); 2] = [
        ("offers/cheyenne_offers.csv", 131),
        ("offers/fargo_offers.csv", 186),
    ];

    #[test]
    fn no_pair_of_plain_folding_is_lost_in_the_reference_data() {
        for (file, pairs) in PLAIN_PAIRS {
            let Some(path) = reference_data::path(file) else {
                println!("{}: {file}", reference_data::SKIPPED);
                continue;
            };
            let meetings = measure(&read(&path).unwrap());
            assert_eq!(meetings.plain, pairs, "{file}");
            assert!(meetings.lost.is_empty(), "{file}: {:?}", meetings.lost);
            assert!(meetings.same_key >= pairs, "{file}");
        }
    }
}
