//! Who is asked for quotes, as the providers file says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lastmile_app::quotes::{Panel, providers_file};
use lastmile_doors::{SystemClock, SystemRandom, SystemTimer};
use lastmile_providers::Doors;
use lastmile_providers::exchange::https::HttpsExchange;
use lastmile_providers::settings;
use lastmile_store::{Consistency, Store};
use thiserror::Error;

use crate::ending::Failure;
use crate::home::{Home, StoreKind};

/// The providers file cannot be read.
#[derive(Debug, Error)]
#[error("cannot read the providers file {}", path.display())]
struct UnreadableFile {
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// The providers file of the table cannot be used.
#[derive(Debug, Error)]
#[error(
    "the providers file of the table cannot be used: put a better one with `lastmile providers put FILE`"
)]
struct UnusableShared {
    source: Failure,
}

/// Of a providers file; without one every provider is answered from its lists.
pub(crate) fn read(file: Option<&Path>) -> Result<Panel, Failure> {
    file.map_or_else(|| Ok(Panel::default()), |path| of_text(&text(path)?))
}

/// Of a providers file, or else of the one that all have who share the store, if there is one.
pub(crate) async fn read_or_shared(file: Option<&Path>, home: &Home) -> Result<Panel, Failure> {
    match (file, home.store_kind()?) {
        (None, StoreKind::Dynamodb) => shared(home.open()?.context.store.as_ref()).await,
        (Some(_), _) | (None, StoreKind::Embedded) => read(file),
    }
}

/// Of the providers file that all have who share the store, if there is one.
pub(crate) async fn shared(store: &dyn Store) -> Result<Panel, Failure> {
    match providers_file::read(store, Consistency::Strong).await? {
        Some(text) => of_text(&text).map_err(|source| UnusableShared { source }.into()),
        None => Ok(Panel::default()),
    }
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
