//! Makes the table of the cities of every state and ZIP code (see `src/address/gazetteer.rs`).

use std::collections::BTreeSet;
use std::error::Error;
use std::path::Path;
use std::{env, fs, iter};

#[path = "src/address/gazetteer/fingerprint.rs"]
mod fingerprint;

use fingerprint::{fingerprint, folded};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/address/gazetteer/fingerprint.rs");
    let mut numbers = BTreeSet::new();
    for row in zipcodes::database() {
        let names = iter::once(&row.city)
            .chain(&row.acceptable_cities)
            .chain(&row.unacceptable_cities);
        for name in names {
            let name = folded(name);
            numbers.insert(fingerprint(&row.state, &name));
            numbers.insert(fingerprint(&row.zip_code, &name));
        }
    }
    let table: Vec<u8> = numbers.into_iter().flat_map(u32::to_be_bytes).collect();
    let file = Path::new(&env::var("OUT_DIR")?).join("gazetteer.bin");
    fs::write(file, table)?;
    Ok(())
}
