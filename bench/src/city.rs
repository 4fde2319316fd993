//! The sample city in the sizes that are measured, loaded by the product itself and kept.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use lastmile_sample::{City, plain_offers, spellings};

use crate::failure::Failure;
use crate::product;

const SEED: u64 = 11;
/// The city's lists are dated by this day; nothing measured depends on their age.
const DAY: Date = date(2026, 3, 3);
/// Raised when prepared data of before can no longer be used.
const DATA_VERSION: u32 = 2;
/// Where prepared data is kept, from the folder of the programs.
const FOLDER: &str = "bench";
/// Providers whose lists have every building of the city.
const PROVIDERS: &[&str] = &[
    "Anchor", "Beacon", "Cascade", "Delta", "Ember", "Fathom", "Glacier", "Harbor", "Inlet",
    "Juniper", "Kestrel", "Lantern", "Mariner", "Nimbus", "Orchard", "Pioneer", "Quartz", "Ridge",
    "Summit", "Tidal",
];

/// A city of so many buildings.
pub(crate) const fn of(buildings: u32) -> City {
    City::new(SEED, buildings, DAY)
}

/// Addresses as lists write them.
pub(crate) fn written_addresses(count: u32) -> Vec<String> {
    let city = of(count);
    (0..count)
        .map(|index| {
            let [standard, words, points, variant] = spellings(&city.building(index));
            match index % 4 {
                0 => standard,
                1 => words,
                2 => points,
                _ => variant,
            }
        })
        .collect()
}

/// A data folder that holds the claims of the first `providers` providers on every building.
pub(crate) fn loaded(buildings: u32, providers: usize) -> Result<PathBuf, Failure> {
    let folder = folder()?.join(format!("v{DATA_VERSION}-{buildings}x{providers}"));
    let ready = folder.join("ready");
    if ready.exists() {
        return Ok(folder);
    }
    remove(&folder)?;
    fs::create_dir_all(&folder).map_err(Failure::system("making a folder"))?;
    for provider in PROVIDERS.iter().take(providers) {
        eprintln!("  loading {buildings} buildings of {provider} ...");
        let list = folder.join("list.csv");
        write_list(&of(buildings), provider, &list)?;
        import(&folder, provider, &list)?;
        fs::remove_file(&list).map_err(Failure::system("removing a list"))?;
    }
    File::create(ready).map_err(Failure::system("marking the data as ready"))?;
    Ok(folder)
}

/// Runs `lastmile import` on one list.
pub(crate) fn import(data: &Path, provider: &str, list: &Path) -> Result<product::Run, Failure> {
    product::run(&[
        "--data",
        &data.to_string_lossy(),
        "import",
        &list.to_string_lossy(),
        "--provider",
        provider,
        "--format",
        "offers",
        "--json",
    ])
}

/// Writes a list that has every building once.
pub(crate) fn write_list(city: &City, provider: &str, path: &Path) -> Result<(), Failure> {
    let write = || {
        let mut file = BufWriter::new(File::create(path)?);
        plain_offers(city, provider, &mut file)
    };
    write().map_err(Failure::system("writing a list"))
}

/// The folder in which prepared data is kept.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let here = std::env::current_exe().map_err(Failure::system("finding the programs"))?;
    let folder = here
        .ancestors()
        .nth(2)
        .unwrap_or(Path::new("."))
        .join(FOLDER);
    fs::create_dir_all(&folder).map_err(Failure::system("making a folder"))?;
    Ok(folder)
}

/// A copy of prepared data, for what writes.
pub(crate) fn copied(data: &Path, name: &str) -> Result<PathBuf, Failure> {
    let folder = fresh_folder(name)?;
    let copy = || {
        for file in fs::read_dir(data)? {
            let file = file?;
            if file.file_type()?.is_file() {
                fs::copy(file.path(), folder.join(file.file_name()))?;
            }
        }
        Ok(())
    };
    copy().map_err(Failure::system("copying the data"))?;
    Ok(folder)
}

/// A folder that is empty.
pub(crate) fn fresh_folder(name: &str) -> Result<PathBuf, Failure> {
    let folder = folder()?.join(name);
    remove(&folder)?;
    fs::create_dir_all(&folder).map_err(Failure::system("making a folder"))?;
    Ok(folder)
}

/// Removes a folder with what is in it, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::system("removing a folder")(error))
        }
        _ => Ok(()),
    }
}
