//! Makes the table of the cities of every state and ZIP code (see `src/address/gazetteer.rs`).

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{env, fs, iter};

#[path = "src/address/gazetteer/fingerprint.rs"]
mod fingerprint;

use fingerprint::{PAGE_BITS, fingerprint, push_folded};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/address/gazetteer/fingerprint.rs");
    let mut numbers = BTreeSet::new();
    for row in zipcodes::database() {
        let names = iter::once(&row.city)
            .chain(&row.acceptable_cities)
            .chain(&row.unacceptable_cities);
        for name in names {
            let mut letters = Vec::new();
            push_folded(&mut letters, name);
            numbers.insert(fingerprint(&row.state, &letters));
            numbers.insert(fingerprint(&row.zip_code, &letters));
        }
    }
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let starts = (0..=1_u64 << PAGE_BITS).map(|page| {
        let first = page << (u32::BITS - PAGE_BITS);
        u32::try_from(numbers.partition_point(|number| u64::from(*number) < first))
    });
    let starts: Vec<u32> = starts.collect::<Result<_, _>>()?;
    let folder = env::var("OUT_DIR")?;
    for (name, table) in [("gazetteer.bin", numbers), ("gazetteer-pages.bin", starts)] {
        let bytes: Vec<u8> = table.into_iter().flat_map(u32::to_le_bytes).collect();
        fs::write(Path::new(&folder).join(name), bytes)?;
    }
    Ok(())
}
