//! `lastmile openapi`: the documents that describe the APIs, as files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use lastmile_http::openapi::documents;
use thiserror::Error;

use crate::ending::{Ending, Failure};
use crate::output;

/// Write the OpenAPI documents of the APIs to a folder
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  lastmile openapi --out openapi")]
pub(crate) struct Options {
    /// The folder; made when it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only compare: fail when a file is not what this program would write
    #[arg(long)]
    check: bool,
}

/// The documents could not be written, or are not what they should be.
#[derive(Debug, Error)]
enum OpenapiError {
    /// The file system said no.
    #[error("{} cannot be written", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// A file differs or is missing.
    #[error("{} is not what the code makes; run `cargo xtask openapi` and commit it", path.display())]
    Stale { path: PathBuf },
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Ending, Failure> {
    let Options { out, check } = options;
    for document in documents() {
        let path = out.join(document.file_name);
        if *check {
            compare(&path, &document.text)?;
        } else {
            write(&path, &document.text)?;
            output::line(format_args!("{} ({})", path.display(), document.title))?;
        }
    }
    Ok(Ending::Done)
}

fn compare(path: &Path, expected: &str) -> Result<(), OpenapiError> {
    match fs::read_to_string(path) {
        Ok(found) if found == expected => Ok(()),
        Ok(_) | Err(_) => Err(OpenapiError::Stale {
            path: path.to_path_buf(),
        }),
    }
}

fn write(path: &Path, text: &str) -> Result<(), OpenapiError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|source| OpenapiError::Write {
            path: path.to_path_buf(),
            source,
        })
}
