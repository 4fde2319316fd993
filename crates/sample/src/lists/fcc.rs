//! What a wireless company reports to the FCC: hexagons, not buildings, and a satellite that serves
//! everywhere and so says nothing.

use std::io::{self, Write};

use h3o::{LatLng, Resolution};

use super::covered;
use crate::City;
use crate::city::Building;
use crate::spelling::Spelling;

const WIRELESS_LIST: u64 = 5;
const SATELLITE_LIST: u64 = 6;
const WIRELESS_PERCENT: u8 = 25;
const SATELLITE_PERCENT: u8 = 5;

const HEADER: &[&str] = &[
    "frn",
    "provider_id",
    "brand_name",
    "location_id",
    "technology",
    "max_advertised_download_speed",
    "max_advertised_upload_speed",
    "low_latency",
    "business_residential_code",
    "state_usps",
    "block_geoid",
    "h3_res8_id",
];

pub(super) fn rows(city: &City, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    for (building, mut chance, _) in
        covered(city, WIRELESS_LIST, WIRELESS_PERCENT, Spelling::Standard)
    {
        // Null and zero speeds are in the real files too.
        let (down, up) = match chance.u8(..50) {
            0 => ("", ""),
            1 => ("0", "0"),
            _ => ("100", "20"),
        };
        row(
            &mut rows,
            &building,
            [
                "0031234567",
                "190001",
                "Skyreach Wireless",
                "71",
                down,
                up,
                "1",
            ],
        )?;
    }
    for (building, _, _) in covered(city, SATELLITE_LIST, SATELLITE_PERCENT, Spelling::Standard) {
        row(
            &mut rows,
            &building,
            ["0030000001", "190002", "Polar Sat", "60", "100", "10", "0"],
        )?;
    }
    rows.flush()
}

fn row(
    rows: &mut csv::Writer<&mut dyn Write>,
    building: &Building,
    [frn, provider_id, brand, technology, down, up, low_latency]: [&str; 7],
) -> io::Result<()> {
    let location = (1_000_000_000 + building.index).to_string();
    rows.write_record([
        frn,
        provider_id,
        brand,
        &location,
        technology,
        down,
        up,
        low_latency,
        "X",
        "NH",
        "330010010001001",
        &cell(building),
    ])?;
    Ok(())
}

/// The H3 cell of resolution 8, in hexadecimal; empty for a place that is none.
fn cell(building: &Building) -> String {
    LatLng::new(building.latitude, building.longitude)
        .map(|place| place.to_cell(Resolution::Eight).to_string())
        .unwrap_or_default()
}
