//! The life of a list: one import loads, takes the place of the one before, and may be taken back.
//!
//! Every change is a pure function from one state to the next; what it means for the stored claims
//! comes back as data.

use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use super::{Counts, Format, Holds, ImportId, ImportState, ListNumber};
use crate::identity::{ImportNumber, ListId, TenantId};

/// A list and which of its imports readers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Whose list, and which.
    pub id: ListId,
    /// Its short number in the keys of what it holds.
    pub number: ListNumber,
    /// What it holds, from its first import on.
    pub holds: Holds,
    /// The highest import number given so far.
    pub last: ImportNumber,
    /// What readers see; `None` before the first import is complete and after it was taken back.
    pub active: Option<Listed>,
    /// What an undo goes back to.
    pub previous: Option<Listed>,
    /// The import that is being loaded, or was when it stopped.
    pub loading: Option<ImportNumber>,
}

/// What readers must know of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Which import.
    pub import: ImportNumber,
    /// The day it was true.
    pub as_of: Date,
}

/// Another import of the list is not finished.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("import {import} of this list is not finished")]
pub struct NotFinished {
    /// Which.
    pub import: ImportId,
}

/// An import that is to become active is not the one that loads: another took its place.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("import {import} is no longer loading")]
pub struct NotLoading {
    /// Which.
    pub import: ImportId,
}

/// An import cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum UndoRefused {
    /// Only the active import can be undone.
    #[error("import {import} is not the active one of its list; only that one can be undone")]
    NotActive {
        /// Which.
        import: ImportId,
    },
    /// The import before it was removed already; import its file again instead.
    #[error(
        "the import before {import} is no longer kept (one step back is); import its file again instead"
    )]
    NothingKept {
        /// Which.
        import: ImportId,
    },
    /// A newer file is being loaded into the same list.
    #[error("import {loading} of this list is not finished; wait for it or let it be cleaned up")]
    Loading {
        /// Which.
        loading: ImportId,
    },
}

/// The list after an import became active.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activated {
    /// The list.
    pub list: List,
    /// The import whose place was taken: kept, so that the new one can be undone.
    pub superseded: Option<ImportNumber>,
    /// The import whose claims are no longer needed.
    pub to_sweep: Option<ImportNumber>,
}

impl List {
    /// A list that was never imported.
    #[must_use]
    pub const fn new(id: ListId, number: ListNumber, holds: Holds) -> Self {
        Self {
            id,
            number,
            holds,
            last: ImportNumber(0),
            active: None,
            previous: None,
            loading: None,
        }
    }

    /// The id of one of its imports.
    #[must_use]
    pub fn import_id(&self, number: ImportNumber) -> ImportId {
        ImportId {
            list: self.id.clone(),
            number,
        }
    }

    /// Whether the claims of an import are seen, may be seen again, or are being written.
    #[must_use]
    pub fn needs(&self, import: ImportNumber) -> bool {
        let shown = [self.active, self.previous].into_iter().flatten();
        shown.map(|listed| listed.import).any(|kept| kept == import) || self.loading == Some(import)
    }

    /// Gives the next import its number.
    ///
    /// # Errors
    /// [`NotFinished`] while another one is loading or interrupted.
    pub fn begin(self) -> Result<Self, NotFinished> {
        if let Some(loading) = self.loading {
            return Err(NotFinished {
                import: self.import_id(loading),
            });
        }
        let next = ImportNumber(self.last.0 + 1);
        Ok(Self {
            last: next,
            loading: Some(next),
            ..self
        })
    }

    /// Shows a complete import to readers, in place of the one before.
    ///
    /// # Errors
    /// [`NotLoading`] where it is not the import that loads.
    pub fn activate(self, listed: Listed) -> Result<Activated, NotLoading> {
        if self.loading != Some(listed.import) {
            return Err(NotLoading {
                import: self.import_id(listed.import),
            });
        }
        let superseded = self.active;
        Ok(Activated {
            superseded: superseded.map(|before| before.import),
            to_sweep: self.previous.map(|before| before.import),
            list: Self {
                active: Some(listed),
                previous: superseded,
                loading: None,
                ..self
            },
        })
    }

    /// Gives up the import that loads; readers never saw it.
    #[must_use]
    pub fn abandon(self) -> Self {
        Self {
            loading: None,
            ..self
        }
    }

    /// Takes the active import back and shows the one before it again, or nothing where it was the first.
    ///
    /// # Errors
    /// [`UndoRefused`].
    pub fn undo(self, import: &Import) -> Result<Self, UndoRefused> {
        if let Some(loading) = self.loading {
            return Err(UndoRefused::Loading {
                loading: self.import_id(loading),
            });
        }
        if self.active.map(|active| active.import) != Some(import.id.number) {
            return Err(UndoRefused::NotActive {
                import: import.id.clone(),
            });
        }
        if import.replaced.is_some() && self.previous.is_none() {
            return Err(UndoRefused::NothingKept {
                import: import.id.clone(),
            });
        }
        Ok(Self {
            active: self.previous,
            previous: None,
            ..self
        })
    }
}

/// One import of a list, from its first row to its place in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Its list's number.
    pub list: ListNumber,
    /// How the file is laid out.
    pub format: Format,
    /// What was read.
    pub file: SourceFile,
    /// Where it stands.
    pub state: ImportState,
    /// What became of the rows so far.
    pub counts: Counts,
    /// How far it is.
    pub progress: ImportProgress,
    /// The day the list was true, as the one who loads it says.
    pub asked_as_of: Option<Date>,
    /// The newest time that a row names.
    pub newest_row: Option<Timestamp>,
    /// The day the list was true; known when it is complete.
    pub as_of: Option<Date>,
    /// The import that was active when this one began.
    pub replaced: Option<ImportNumber>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it became active, or stopped for good.
    pub finished_at: Option<Timestamp>,
    /// Who works on it; `None` when nobody does.
    pub lease: Option<Lease>,
    /// Whether its claims are still stored.
    pub kept: bool,
    /// On whose behalf it was loaded; its operators, and the provider, may replace it and take it back.
    pub tenant: TenantId,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Name, for people.
    pub name: String,
    /// SHA-256 of the file as it came (before decompression).
    pub digest: [u8; 32],
    /// SHA-256 of everything else that decides how it is read (format, column map).
    pub reading_digest: [u8; 32],
    /// Length as it came, in bytes.
    pub bytes: u64,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportProgress {
    /// Chunks of rows that are written whole, without a gap.
    pub chunks: u32,
    /// Bytes of the file that were read for them.
    pub bytes: u64,
    /// Where the chunk after them begins; unknown before the first, and of imports of older versions.
    pub next: Option<TextPosition>,
}

/// A place in the text of a file, behind its decompression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPosition {
    /// Bytes before it.
    pub offset: u64,
    /// The line it is on, from 1.
    pub line: u64,
}

/// A worker's right to go on with an import, which it must renew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Chosen by chance when the worker began.
    pub owner: u64,
    /// When it lapses.
    pub until: Timestamp,
}

impl Import {
    /// Whether a worker holds it at this time.
    #[must_use]
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.state == ImportState::Loading && self.lease.is_some_and(|lease| lease.until > now)
    }

    /// Whether readers see a list without a row, because none of the file could be used.
    #[must_use]
    pub fn empties_its_list(&self) -> bool {
        self.state == ImportState::Active && self.counts.is_of_nothing()
    }

    /// Nobody works on it any more. One that has failed stays failed.
    pub fn let_go(&mut self) {
        if self.state == ImportState::Loading {
            self.state = ImportState::Interrupted;
        }
        self.lease = None;
    }

    /// Its file cannot be read to the end, today or another day.
    pub fn fail(&mut self, now: Timestamp) {
        self.state = ImportState::Failed;
        self.lease = None;
        self.finished_at = Some(now);
    }
}
