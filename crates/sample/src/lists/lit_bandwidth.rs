//! Lit buildings, the address on one line, smallest and largest bandwidth as text, ZIP+4 now and then.

use std::io::{self, Write};

use super::{covered, times};
use crate::City;
use crate::city::{CITY, STATE};
use crate::spelling::Spelling;

const LIST: u64 = 4;
const PERCENT: u8 = 6;

const HEADER: &[&str] = &[
    "Ref",
    "Location Address",
    "Location City",
    "Location State",
    "Location Zip",
    "Location Zip4",
    "Building Type",
    "ENNI Node",
    "Switched Ethernet - Min Bandwidth",
    "Switched Ethernet - Max Bandwidth",
    "LATACode",
    "LATAName",
    "Latitude",
    "Longitude",
];

const LARGEST: &[&str] = &["100 Mbps", "1 Gbps", "10 Gbps", "100 Gbps"];

pub(super) fn rows(city: &City, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for (building, mut chance, spelling) in covered(city, LIST, PERCENT, Spelling::Standard) {
        let id = building.index.to_string();
        let zip4 = if chance.bool() {
            format!("{:04}", 1000 + building.index % 9000)
        } else {
            String::new()
        };
        let largest = LARGEST[chance.usize(..LARGEST.len())];
        let latitude = format!("{:.6}", building.latitude);
        let longitude = format!("{:.6}", building.longitude);
        for _ in 0..times(&mut chance) {
            rows.write_record([
                &id,
                &spelling.line(&building),
                CITY,
                STATE,
                &building.zip,
                &zip4,
                "Lit Building",
                "1 Wharf St, Port Alden, NH",
                "10 Mbps",
                largest,
                "122",
                "NEW HAMPSHIRE",
                &latitude,
                &longitude,
            ])?;
        }
    }
    rows.flush()
}
