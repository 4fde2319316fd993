//! Who is asked for quotes, as the providers file says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lastmile_app::quotes::Panel;
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings;
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
    let Some(path) = file else {
        return Ok(Panel::default());
    };
    let text = fs::read_to_string(path).map_err(|source| UnreadableFile {
        path: path.to_owned(),
        source,
    })?;
    let settings = settings::read(&text)?;
    let doors = Doors::new(SystemClock, SystemTimer, SystemRandom);
    Ok(Panel::of_settings(settings, &HttpsExchange::new()?, &doors))
}
