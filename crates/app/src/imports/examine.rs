//! A file looked at before anything is written: what it is, and whether it was seen before.

use std::io::Read as _;

use jiff::civil::Date;
use lastmile_model::listing::Format;
use lastmile_model::listing::header::Header;
use lastmile_model::listing::layout::Layout;
use lastmile_model::listing::life::SourceFile;
use sha2::{Digest as _, Sha256};

use super::limits::DIGEST_READ_BYTES;
use super::load::{LoadError, LoadRequest};
use super::providers::ClaimsOf;
use super::rows::{NotText, RowReader, RowsShape};
use super::source::{Observer, Phase, Progress, RowSource};

/// What a file is.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) layout: Layout,
    pub(super) file: SourceFile,
}

/// Opens the file at its first data row.
pub(super) fn open(
    request: &LoadRequest,
    source: &dyn RowSource,
) -> Result<(RowReader, Vec<String>), LoadError> {
    let (reader, names) = RowReader::open(source, shape(request)).map_err(LoadError::Source)?;
    match names {
        Ok(names) if names.iter().all(String::is_empty) => Err(LoadError::Empty),
        Ok(names) => Ok((reader, names)),
        Err(NotText) => Err(LoadError::NotText),
    }
}

/// Reads the header. Blocks.
pub(super) fn layout(request: &LoadRequest, source: &dyn RowSource) -> Result<Layout, LoadError> {
    let (_, names) = open(request, source)?;
    let header = Header::new(names.iter().map(String::as_str));
    let map = request.column_map.as_ref().map(|mapping| &mapping.map);
    Ok(Layout::new(request.format, &header, map)?)
}

/// Reads the header and the digest. Blocks.
pub(super) fn examine(
    request: &LoadRequest,
    source: &dyn RowSource,
    observer: &dyn Observer,
) -> Result<Examined, LoadError> {
    let layout = layout(request, source)?;
    let (digest, bytes) = digest(source, observer).map_err(LoadError::Source)?;
    Ok(Examined {
        file: SourceFile {
            name: request.file_name.clone(),
            digest,
            reading_digest: reading_digest(request, layout.format()),
            bytes,
        },
        layout,
    })
}

fn shape(request: &LoadRequest) -> RowsShape {
    match &request.column_map {
        Some(mapping) => RowsShape {
            delimiter: mapping.map.delimiter,
            header_rows: mapping.map.header_rows,
            names_row: mapping.map.names_row,
        },
        None => RowsShape {
            delimiter: b',',
            header_rows: 1,
            names_row: 1,
        },
    }
}

fn digest(source: &dyn RowSource, observer: &dyn Observer) -> std::io::Result<([u8; 32], u64)> {
    let mut input = source.open()?;
    let bytes_total = source.length_bytes();
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; DIGEST_READ_BYTES];
    let mut bytes = 0;
    loop {
        let read = match input.read(&mut buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 || observer.is_cancelled() {
            return Ok((hasher.finalize().into(), bytes));
        }
        hasher.update(&buffer[..read]);
        bytes += read as u64;
        observer.progressed(&Progress {
            phase: Phase::Examining,
            bytes,
            bytes_total,
            counts: lastmile_model::listing::Counts::default(),
        });
    }
}

/// Everything but the file that decides what an import says.
fn reading_digest(request: &LoadRequest, format: Format) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mapping = request.column_map.as_ref();
    let as_of = request.as_of.as_ref().map(Date::to_string);
    for part in [
        Some(format.as_str()),
        mapping.map(|mapping| mapping.text.as_str()),
        as_of.as_deref(),
    ] {
        hasher.update(part.unwrap_or_default());
        hasher.update([0]);
    }
    match request.claims_of {
        // As before there was a choice, so that files of those days are recognised.
        ClaimsOf::Anyone => {}
        ClaimsOf::ListOwner => hasher.update("list owner"),
    }
    hasher.finalize().into()
}
