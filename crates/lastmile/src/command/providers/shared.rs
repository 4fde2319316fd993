//! The providers file of all who share a table: the functions on AWS, and servers that are given no file of their own.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use lastmile_app::quotes::providers_file;
use lastmile_providers::settings;
use lastmile_store::{Consistency, Store};
use thiserror::Error;

use crate::ending::{Ending, Failure};
use crate::home::{Home, StoreKind};
use crate::{output, panel, runtime};

#[derive(Debug, Args)]
pub(super) struct Put {
    /// The providers file
    file: PathBuf,
}

/// Nobody shares the store.
#[derive(Debug, Error)]
#[error(
    "the embedded store is served by one process, which is told its file when it starts (`lastmile serve --providers \
     FILE`): this command is for --store dynamodb"
)]
struct NotShared;

/// There is no file.
#[derive(Debug, Error)]
#[error(
    "the table has no providers file, so every provider is answered from its lists: `lastmile providers put FILE`"
)]
struct NoFile;

/// Runs `put`: a file that cannot be used is refused, and the one before stays.
pub(super) fn put(options: &Put, home: &Home) -> Result<Ending, Failure> {
    let text = panel::text(&options.file)?;
    let count = settings::read(&text)?.providers.len();
    with_store(home, async |store| {
        providers_file::put(store, &text).await?;
        let providers = if count == 1 { "provider" } else { "providers" };
        output::line(format_args!(
            "put, with {count} {providers}; functions use it within a minute, servers from their next start"
        ))?;
        Ok(Ending::Done)
    })
}

/// Runs `get`.
pub(super) fn get(home: &Home) -> Result<Ending, Failure> {
    with_store(home, async |store| {
        let text = providers_file::read(store, Consistency::Strong)
            .await?
            .ok_or(NoFile)?;
        let mut out = output::stdout();
        out.write_all(text.as_bytes())?;
        out.flush()?;
        Ok(Ending::Done)
    })
}

/// Runs `remove`.
pub(super) fn remove(home: &Home) -> Result<Ending, Failure> {
    with_store(home, async |store| {
        providers_file::remove(store).await?;
        output::line(
            "removed; every provider is answered from its lists, by functions within a minute",
        )?;
        Ok(Ending::Done)
    })
}

fn with_store(
    home: &Home,
    work: impl AsyncFnOnce(&dyn Store) -> Result<Ending, Failure>,
) -> Result<Ending, Failure> {
    match home.store_kind()? {
        StoreKind::Embedded => Err(NotShared.into()),
        StoreKind::Dynamodb => {
            let opened = home.open_existing()?;
            runtime::block_on(async { work(opened.context.store.as_ref()).await })
        }
    }
}
