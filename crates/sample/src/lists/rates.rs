//! Rate cards of two of the lit-building providers: a price for each bandwidth and term, dearer downtown, and
//! the largest bandwidth by a person.

use std::io::{self, Write};

use crate::City;

const HEADER: &[&str] = &[
    "product",
    "bandwidth",
    "access medium",
    "term",
    "MRC",
    "NRC",
    "install interval",
    "zone",
    "currency",
    "effective from",
];

const PRODUCTS: &[&str] = &["basic_internet_access", "access_e_line"];
/// Months, and what of the one-year price is taken for that long, in hundredths of a percent.
const TERMS: &[(u32, u64)] = &[
    (12, 10_000),
    (24, 8_880),
    (36, 8_507),
    (48, 8_134),
    (60, 7_761),
];
/// Mbps, and what a month of one year costs, in cents.
const BANDWIDTHS: &[(u32, u64)] = &[
    (10, 18_900),
    (50, 29_900),
    (100, 39_900),
    (500, 64_900),
    (1_000, 84_900),
    (10_000, 143_469),
];
/// Mbps that a person prices.
const BY_PERSON: u32 = 100_000;
/// Terms of so many months have the installation for nothing.
const FREE_INSTALL_MONTHS: u32 = 36;
/// What the installation costs else, in cents.
const INSTALL: u64 = 110_000;
/// The ZIP code of downtown, where conduits are full.
const DOWNTOWN: &str = "03611";
/// How much dearer that is, in hundredths of a percent.
const DOWNTOWN_PART: u64 = 11_500;
/// One, in hundredths of a percent.
const WHOLE: u64 = 10_000;

/// Which card it is: each provider has a level of prices of its own.
const GRANITE: u64 = 7;
const KEYSTONE: u64 = 8;

pub(super) fn granite(city: &City, out: &mut dyn Write) -> io::Result<()> {
    rows(city, GRANITE, out)
}

pub(super) fn keystone(city: &City, out: &mut dyn Write) -> io::Result<()> {
    rows(city, KEYSTONE, out)
}

fn rows(city: &City, list: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(out);
    rows.write_record(HEADER)?;
    let level = city.chance(list, 0).u64(9_000..11_000);
    let from = city.today().first_of_year().to_string();
    for product in PRODUCTS {
        for (months, of_term) in TERMS {
            let nrc = if *months >= FREE_INSTALL_MONTHS {
                0
            } else {
                INSTALL
            };
            for (zone, of_zone) in [("everywhere", WHOLE), (DOWNTOWN, DOWNTOWN_PART)] {
                for (mbps, cents) in BANDWIDTHS {
                    let mrc = [level, *of_term, of_zone]
                        .into_iter()
                        .fold(*cents, |price, part| price * part / WHOLE);
                    rows.write_record([
                        product,
                        mbps.to_string().as_str(),
                        "ethernet",
                        &months.to_string(),
                        &amount(mrc),
                        &amount(nrc),
                        "45",
                        zone,
                        "USD",
                        &from,
                    ])?;
                }
            }
            rows.write_record([
                product,
                BY_PERSON.to_string().as_str(),
                "ethernet",
                &months.to_string(),
                "ICB",
                "",
                "90",
                "everywhere",
                "USD",
                &from,
            ])?;
        }
    }
    rows.flush()
}

fn amount(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
