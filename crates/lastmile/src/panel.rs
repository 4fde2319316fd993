//! Who is asked for quotes, as the providers file says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lastmile_app::quotes::{Panel, providers_file};
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings;
use lastmile_store::Store;
use thiserror::Error;

use crate::ending::Failure;

/// The providers file cannot be read.
#[derive(Debug, Error)]
#[error("cannot read the providers file {}", path.display())]
struct UnreadableFile {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// Of a providers file; without one every provider is answered from its lists.
pub(crate) fn read(file: Option<&Path>) -> Result<Panel, Failure> {
    file.map_or_else(|| Ok(Panel::default()), |path| of_text(&text(path)?))
}

/// Of the providers file that all have who share the store, if there is one.
pub(crate) async fn shared(store: &dyn Store) -> Result<Panel, Failure> {
    let shared = providers_file::read(store).await?;
    shared.map_or_else(|| Ok(Panel::default()), |text| of_text(&text))
}

/// The text of a providers file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let read = fs::read_to_string(path);
    Ok(read.map_err(|source| UnreadableFile {
        path: path.to_owned(),
        source,
    })?)
}

fn of_text(text: &str) -> Result<Panel, Failure> {
    let settings = settings::read(text)?;
    let doors = Doors::new(SystemClock, SystemTimer, SystemRandom);
    Ok(Panel::of_settings(settings, &HttpsExchange::new()?, &doors))
}
