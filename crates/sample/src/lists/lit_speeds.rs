//! Lit buildings, parsed address columns, one column a speed with Y / N / ICB. The ZIP went through a
//! spreadsheet and lost its leading zero.

use std::io::{self, Write};

use super::{covered, times};
use crate::City;
use crate::city::{CITY, STATE};
use crate::spelling::Spelling;

const LIST: u64 = 3;
const PERCENT: u8 = 9;

const HEADER: &[&str] = &[
    "ID",
    "Provider Company Name",
    "ICSC",
    "System",
    "Address",
    "Street Number",
    "Prefix",
    "Street Name",
    "Street Type",
    "Suffix",
    "BLDG",
    "City",
    "State",
    "Zip Code",
    "BLDG CLLI",
    "Latitude",
    "Longitude",
    "Horizontal Coordinate",
    "Vertical Coordinate",
    "LATA",
    "10-100M Ethernet",
    "1G Ethernet",
    "10G Ethernet",
    "40G Ethernet",
    "100G Ethernet",
    "Site Type",
];

pub(super) fn rows(city: &City, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for (building, mut chance, _) in covered(city, LIST, PERCENT, Spelling::Standard) {
        let cells = speeds(&mut chance);
        let id = building.index.to_string();
        let number = building.number.to_string();
        let latitude = format!("{:.6}", building.latitude);
        let longitude = format!("{:.6}", building.longitude);
        let line = building.line();
        let clli = format!("PTALNH{:02}", building.index % 100);
        for _ in 0..times(&mut chance) {
            rows.write_record([
                &id,
                "GRANITE STATE FIBER",
                "GS01",
                "NEW ENGLAND",
                &line,
                &number,
                building.predirectional.unwrap_or(""),
                building.street,
                building.suffix,
                "",
                "",
                CITY,
                STATE,
                building.zip.trim_start_matches('0'),
                &clli,
                &latitude,
                &longitude,
                "4360",
                "1730",
                "122",
                cells[0],
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                "CUSTOMER",
            ])?;
        }
    }
    rows.flush()
}

/// Slow speeds nearly everywhere, fast ones rarely, a person's price in between.
fn speeds(chance: &mut fastrand::Rng) -> [&'static str; 5] {
    match chance.u8(..10) {
        0 => ["N", "N", "N", "N", "N"],
        1..=2 => ["Y", "ICB", "N", "N", "N"],
        3..=5 => ["Y", "Y", "ICB", "N", "N"],
        6..=8 => ["Y", "Y", "Y", "ICB", "N"],
        _ => ["Y", "Y", "Y", "Y", "ICB"],
    }
}
