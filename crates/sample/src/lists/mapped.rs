//! A list in a layout of its own: two header rows, one column misspelt, on-net types in words.

use std::io::{self, Write};

use super::{covered, times};
use crate::City;
use crate::city::{CITY, STATE};
use crate::spelling::Spelling;

const LIST: u64 = 7;
const PERCENT: u8 = 7;

const TITLE: &str = "OLD MILL METRO ON-NET BUILDINGS,,,,,,,,\n";
const HEADER: &[&str] = &[
    "BLDG CODE",
    "STREET ADRESS",
    "CITY",
    "ST",
    "ZIP",
    "ON-NET TYPE",
    "MAX BW (MB)",
    "MRC",
    "CLLI",
];

/// The column map that reads it.
pub(super) const MAPPING: &str = r#"# How Old Mill Metro's list is read: `lastmile import --format mapped --mapping old_mill_metro.toml`.

[header]
rows = 2       # a title, then the names of the columns
names_row = 2

[columns]
address = "STREET ADRESS"   # as the list misspells it
city = "CITY"
state = "ST"
zip = "ZIP"
standing = "ON-NET TYPE"
down = "MAX BW (MB)"
up = "MAX BW (MB)"
mrc = "MRC"
building_id = "BLDG CODE"

[fixed]
technology = "Fiber"

[units]
bandwidth = "Mbps"
currency = "USD"

[words.standing]
"On-Net" = "offered"
"POP" = "offered"
"Stubbed" = "near_net"
"Fiber Only" = "near_net"
"Restricted" = "restricted"

[words.technology]
"Fiber" = "fiber"
"#;

pub(super) fn rows(city: &City, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(TITLE.as_bytes())?;
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for (building, mut chance, spelling) in covered(city, LIST, PERCENT, Spelling::Standard) {
        let code = format!("OM{:06}", building.index);
        let clli = format!("PTALNH{:02}", building.index % 100);
        let (standing, price) = standing(&mut chance);
        for _ in 0..times(&mut chance) {
            rows.write_record([
                &code,
                &spelling.line(&building),
                CITY,
                STATE,
                &building.zip,
                standing,
                "10000",
                price,
                &clli,
            ])?;
        }
    }
    rows.flush()
}

fn standing(chance: &mut fastrand::Rng) -> (&'static str, &'static str) {
    match chance.u8(..10) {
        0 => ("Restricted", ""),
        1 => ("Stubbed", "ICB"),
        2 => ("Fiber Only", "ICB"),
        3 => ("POP", "990.00"),
        _ => ("On-Net", "1,250.00"),
    }
}
