//! What the six providers give, each in its own layout and with its own dirt; and what two of them take for it.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::ToSpan;
use jiff::civil::Date;
use thiserror::Error;

use crate::City;
use crate::city::Building;
use crate::spelling::Spelling;

mod fcc;
mod lit_bandwidth;
mod lit_speeds;
mod mapped;
mod offers;
mod rates;

pub use offers::plain_offers;

/// Age of a list that is up to date, in days.
const FRESH_DAYS: i64 = 20;
/// Age of the one list that is not.
const OLD_DAYS: i64 = 240;

/// One list, written, and what its importer must be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListFile {
    /// The file.
    pub path: PathBuf,
    /// Who gives it.
    pub provider: &'static str,
    /// Name of the layout, as `lastmile import --format` takes it.
    pub format: &'static str,
    /// The column map, where the layout needs one.
    pub mapping: Option<PathBuf>,
    /// The day on which it was true.
    pub as_of: Date,
    /// What is worth knowing about it, for people.
    pub note: &'static str,
}

/// A list could not be written.
#[derive(Debug, Error)]
#[error("cannot write {}: check the folder's free space and permissions", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// Writes one list.
type Rows = fn(&City, &mut dyn Write) -> io::Result<()>;

/// One list before it is written.
struct Plan {
    file: &'static str,
    provider: &'static str,
    format: &'static str,
    mapping: Option<(&'static str, &'static str)>,
    age_days: i64,
    note: &'static str,
    rows: Rows,
}

const PLANS: &[Plan] = &[
    Plan {
        file: "alden_telephone_offers.csv",
        provider: offers::TELEPHONE,
        format: "offers",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "offers by address, with those of a reseller on the same lines",
        rows: offers::telephone,
    },
    Plan {
        file: "pinnacle_cable_offers.csv.gz",
        provider: offers::CABLE,
        format: "offers",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "offers by address, compressed, addresses written out in words",
        rows: offers::cable,
    },
    Plan {
        file: "granite_state_fiber_lit.csv",
        provider: "Granite State Fiber",
        format: "lit-speeds",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "lit buildings, Y / N / ICB by speed, leading zeros of the ZIP lost",
        rows: lit_speeds::rows,
    },
    Plan {
        file: "keystone_ethernet_lit.csv",
        provider: "Keystone Ethernet",
        format: "lit-bandwidth",
        mapping: None,
        age_days: OLD_DAYS,
        note: "lit buildings, bandwidth as text, a list out of date",
        rows: lit_bandwidth::rows,
    },
    Plan {
        file: "skyreach_wireless_bdc.csv",
        provider: "Skyreach Wireless",
        format: "fcc-bdc",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "FCC Broadband Data Collection: areas, not buildings; satellite among them",
        rows: fcc::rows,
    },
    Plan {
        file: "old_mill_metro_onnet.csv",
        provider: "Old Mill Metro",
        format: "mapped",
        mapping: Some(("old_mill_metro.toml", mapped::MAPPING)),
        age_days: FRESH_DAYS,
        note: "a layout of its own, read by a column map: two header rows, stubbed and restricted buildings",
        rows: mapped::rows,
    },
];

const CARDS: &[Plan] = &[
    Plan {
        file: "granite_state_fiber_rates.csv",
        provider: "Granite State Fiber",
        format: "rates",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "a rate card: a price for each bandwidth and term, dearer downtown",
        rows: rates::granite,
    },
    Plan {
        file: "keystone_ethernet_rates.csv.gz",
        provider: "Keystone Ethernet",
        format: "rates",
        mapping: None,
        age_days: FRESH_DAYS,
        note: "a rate card, compressed",
        rows: rates::keystone,
    },
];

/// Writes the rate cards of two of the providers into `folder`, which must be there.
///
/// # Errors
/// [`WriteError`] when a file cannot be written.
pub fn write_rate_cards(city: &City, folder: &Path) -> Result<Vec<ListFile>, WriteError> {
    CARDS
        .iter()
        .map(|plan| write_list(city, plan, folder))
        .collect()
}

/// Writes all six lists into `folder`, which must be there.
///
/// # Errors
/// [`WriteError`] when a file cannot be written.
pub fn write_lists(city: &City, folder: &Path) -> Result<Vec<ListFile>, WriteError> {
    PLANS
        .iter()
        .map(|plan| write_list(city, plan, folder))
        .collect()
}

fn write_list(city: &City, plan: &Plan, folder: &Path) -> Result<ListFile, WriteError> {
    let path = folder.join(plan.file);
    write_rows(city, plan.rows, &path).map_err(|source| WriteError {
        path: path.clone(),
        source,
    })?;
    let mapping = plan.mapping.map(|(name, text)| (folder.join(name), text));
    if let Some((path, text)) = &mapping {
        std::fs::write(path, text).map_err(|source| WriteError {
            path: path.clone(),
            source,
        })?;
    }
    Ok(ListFile {
        path,
        provider: plan.provider,
        format: plan.format,
        mapping: mapping.map(|(path, _)| path),
        as_of: city.today().saturating_sub(plan.age_days.days()),
        note: plan.note,
    })
}

fn write_rows(city: &City, rows: Rows, path: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut packed = GzEncoder::new(file, Compression::fast());
        rows(city, &mut packed)?;
        return packed.finish()?.flush();
    }
    rows(city, &mut file)?;
    file.flush()
}

/// The buildings that one list has, each with its chance and how this row spells it.
fn covered(
    city: &City,
    list: u64,
    percent: u8,
    usual: Spelling,
) -> impl Iterator<Item = (Building, fastrand::Rng, Spelling)> {
    city.buildings().filter_map(move |building| {
        let mut chance = city.chance(list, building.index);
        if chance.u8(..100) >= percent {
            return None;
        }
        let spelling = Spelling::mostly(usual, &mut chance);
        Some((building, chance, spelling))
    })
}

/// How many times a row is written: now and then twice, as real lists do.
fn times(chance: &mut fastrand::Rng) -> usize {
    if chance.u8(..100) == 0 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_same_seed_and_day_give_the_same_bytes() {
        let city = City::new(7, 500, date(2026, 3, 3));
        let [first, second] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let lists = write_lists(&city, first.path()).expect("written");
        let cards = write_rate_cards(&city, first.path()).expect("written");
        assert_eq!((lists.len(), cards.len()), (6, 2));
        write_lists(&city, second.path()).expect("written");
        write_rate_cards(&city, second.path()).expect("written");
        for list in lists.into_iter().chain(cards) {
            let name = list.path.file_name().expect("a file");
            let bytes = [first.path(), second.path()]
                .map(|folder| std::fs::read(folder.join(name)).expect("readable"));
            assert!(!bytes[0].is_empty());
            assert!(bytes[0] == bytes[1], "{} differs", list.path.display());
        }
    }

    #[test]
    fn another_seed_gives_another_city() {
        let written = [1, 2].map(|seed| {
            let mut bytes = Vec::new();
            offers::telephone(&City::new(seed, 500, date(2026, 3, 3)), &mut bytes)
                .expect("written");
            bytes
        });
        assert!(!written[0].is_empty());
        assert!(written[0] != written[1]);
    }
}
