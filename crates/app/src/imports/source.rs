//! Where the rows come from, and who is told what becomes of them.

use std::fs::File;
use std::io::{self, Read, Seek as _, SeekFrom};
use std::path::PathBuf;

use lastmile_model::listing::row::{RejectReason, Warning};
use lastmile_model::listing::{Counts, ImportId};

/// A file that can be read from its beginning more than once: for its digest, for its rows, and again
/// when an interrupted import goes on.
pub trait RowSource: Send + Sync + 'static {
    /// Opens it at the beginning. Compression is found out and undone by the reader.
    ///
    /// # Errors
    /// Whatever the file system or the network says.
    fn open(&self) -> io::Result<Box<dyn Read + Send>>;

    /// Opens it behind so many bytes, which are not more than it has.
    ///
    /// # Errors
    /// Whatever the file system or the network says.
    fn open_at(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut input = self.open()?;
        io::copy(&mut input.by_ref().take(offset), &mut io::sink())?;
        Ok(input)
    }

    /// Length in bytes as it lies there, where that is known.
    fn length_bytes(&self) -> Option<u64>;
}

/// A file on disk.
#[derive(Clone, Debug)]
pub struct FileSource {
    /// Where it is.
    pub path: PathBuf,
}

impl RowSource for FileSource {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(&self.path)?))
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(offset))?;
        Ok(Box::new(file))
    }

    fn length_bytes(&self) -> Option<u64> {
        std::fs::metadata(&self.path).ok().map(|data| data.len())
    }
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The file is read once for its digest and its header.
    Examining,
    /// Rows are read and written.
    Loading,
    /// The list is shown to readers; claims that nobody sees any more are being removed.
    Sweeping,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub phase: Phase,
    /// Bytes of the file read in this phase, as it lies there.
    pub bytes: u64,
    /// Bytes of the whole file, where known.
    pub bytes_total: Option<u64>,
    /// Rows so far.
    pub counts: Counts,
}

/// A row that could not be used.
#[derive(Clone, Debug, PartialEq)]
pub struct Reject {
    /// Line of the file on which the row begins, from 1.
    pub line: u64,
    /// Why.
    pub reason: RejectReason,
    /// The row as it is in the file, at most [`RAW_MAX_BYTES`] of it.
    pub raw: String,
}

/// A row that was repaired.
#[derive(Clone, Debug, PartialEq)]
pub struct RowWarning {
    /// Line of the file on which the row begins, from 1.
    pub line: u64,
    /// What was repaired.
    pub warning: Warning,
}

/// Most bytes of a rejected row that are passed on.
pub const RAW_MAX_BYTES: usize = 4096;

/// Is told what an import does, and may stop it. Every method is called from one task at a time and
/// must not block for long.
pub trait Observer: Send + Sync + 'static {
    /// The import has its id; `resumed_rows` is not 0 where an interrupted one goes on.
    fn started(&self, _id: &ImportId, _resumed_rows: u64) {}
    /// It went on.
    fn progressed(&self, _progress: &Progress) {}
    /// A row was repaired.
    fn warned(&self, _warning: &RowWarning) {}
    /// A row could not be used. Told in the order of the file; told again for the rows that an
    /// interrupted import had already read, so that the rejects of a resumed import are complete.
    fn rejected(&self, _reject: &Reject) {}
    /// Whether the import should stop; what it wrote stays, so that it can be resumed.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// Nobody looks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unobserved;

impl Observer for Unobserved {}
