//! One offer a row: a telephone company with a reseller on its lines, and a cable company.

use std::io::{self, Write};

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{FRESH_DAYS, covered, times};
use crate::City;
use crate::city::{Building, CITY, STATE};
use crate::spelling::Spelling;

pub(super) const TELEPHONE: &str = "Alden Telephone";
pub(super) const CABLE: &str = "Pinnacle Cable";
const RESELLER: &str = "Pennywise Internet";

const TELEPHONE_LIST: u64 = 1;
const CABLE_LIST: u64 = 2;
const TELEPHONE_PERCENT: u8 = 72;
const CABLE_PERCENT: u8 = 55;
/// Of the telephone company's lines, in percent.
const RESOLD_PERCENT: u8 = 30;

const HEADER: &[&str] = &[
    "address_full",
    "major_city",
    "state",
    "lat",
    "lon",
    "block_group",
    "collection_datetime",
    "provider",
    "price",
    "speed_down",
    "speed_up",
    "technology",
    "package",
    "fastest_speed_down",
    "fastest_speed_price",
    "contract_provider",
];

/// What is offered, apart from where.
struct Offer {
    provider: &'static str,
    price: &'static str,
    down: &'static str,
    up: &'static str,
    technology: &'static str,
    package: &'static str,
    underlying: &'static str,
}

const COPPER: Offer = Offer {
    provider: TELEPHONE,
    price: "50.0",
    down: "40.0",
    up: "3.0",
    technology: "Not Fiber",
    package: "Internet 40",
    underlying: "",
};
const FIBER: Offer = Offer {
    provider: TELEPHONE,
    price: "65.0",
    down: "940.0",
    up: "940.0",
    technology: "Fiber",
    package: "Fiber Gigabit",
    underlying: "",
};
const RESOLD: Offer = Offer {
    provider: RESELLER,
    price: "49.95",
    down: "15.0",
    up: "0.75",
    technology: "Copper",
    package: "Pennywise 15M",
    underlying: TELEPHONE,
};
const COAX: Offer = Offer {
    provider: CABLE,
    price: "79.99",
    down: "1200.0",
    up: "35.0",
    technology: "Cable",
    package: "Business Internet 1200",
    underlying: "",
};

/// Rows that no importer can use, as real files have them.
const BAD_ROWS: &[&str] = &[
    ",port alden,NH,43.7,-71.9,,,Alden Telephone,50.0,40.0,3.0,Not Fiber,Internet 40,40.0,50.0,",
    "\"PO BOX 318,PORT ALDEN,NH 03611,USA\",port alden,NH,43.7,-71.9,,,Alden Telephone,50.0,40.0,3.0,Not Fiber,Internet 40,40.0,50.0,",
    "\"12 MAIN ST,PORT ALDEN\",port alden",
];

/// The telephone company's list, its reseller's rows among its own.
pub(super) fn telephone(city: &City, out: &mut dyn Write) -> io::Result<()> {
    let collected = collected(city.today());
    let mut rows = start(out)?;
    for (building, mut chance, spelling) in
        covered(city, TELEPHONE_LIST, TELEPHONE_PERCENT, Spelling::Standard)
    {
        let offer = if chance.u8(..100) < 20 {
            &FIBER
        } else {
            &COPPER
        };
        for _ in 0..times(&mut chance) {
            row(
                &mut rows,
                &building,
                &spelling.collected(&building),
                &collected,
                offer,
            )?;
        }
        if chance.u8(..100) < RESOLD_PERCENT {
            let written = Spelling::Words.collected(&building);
            row(&mut rows, &building, &written, &collected, &RESOLD)?;
        }
    }
    rows.flush()?;
    drop(rows);
    for bad in BAD_ROWS {
        writeln!(out, "{bad}")?;
    }
    Ok(())
}

/// The cable company's list.
pub(super) fn cable(city: &City, out: &mut dyn Write) -> io::Result<()> {
    let collected = collected(city.today());
    let mut rows = start(out)?;
    for (building, mut chance, spelling) in
        covered(city, CABLE_LIST, CABLE_PERCENT, Spelling::Words)
    {
        for _ in 0..times(&mut chance) {
            row(
                &mut rows,
                &building,
                &spelling.collected(&building),
                &collected,
                &COAX,
            )?;
        }
    }
    rows.flush()
}

/// A clean list that has every building of the city once, for measuring: the rows of `provider`, with
/// one fiber offer each.
///
/// # Errors
/// What writing gives.
pub fn plain_offers(city: &City, provider: &str, out: &mut dyn Write) -> io::Result<()> {
    let collected = collected(city.today());
    let mut rows = start(out)?;
    for building in city.buildings() {
        let address = format!("{},{CITY},{STATE} {},USA", building.line(), building.zip);
        named_row(&mut rows, &building, &address, &collected, provider, &FIBER)?;
    }
    rows.flush()
}

fn start(out: &mut dyn Write) -> io::Result<csv::Writer<&mut dyn Write>> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    Ok(rows)
}

fn row(
    rows: &mut csv::Writer<&mut dyn Write>,
    building: &Building,
    address: &str,
    collected: &str,
    offer: &Offer,
) -> io::Result<()> {
    named_row(rows, building, address, collected, offer.provider, offer)
}

fn named_row(
    rows: &mut csv::Writer<&mut dyn Write>,
    building: &Building,
    address: &str,
    collected: &str,
    provider: &str,
    offer: &Offer,
) -> io::Result<()> {
    let latitude = format!("{:.7}", building.latitude);
    let longitude = format!("{:.7}", building.longitude);
    rows.write_record([
        address,
        "port alden",
        STATE,
        &latitude,
        &longitude,
        "330010010001",
        collected,
        provider,
        offer.price,
        offer.down,
        offer.up,
        offer.technology,
        offer.package,
        offer.down,
        offer.price,
        offer.underlying,
    ])?;
    Ok(())
}

/// When the offers were collected, in seconds since 1970.
fn collected(today: Date) -> String {
    let day = today.saturating_sub(FRESH_DAYS.days());
    day.to_zoned(TimeZone::UTC).map_or_else(
        |_| String::new(),
        |noon| noon.timestamp().as_second().to_string(),
    )
}
