//! Rows out of [`Files`], for readers that wait for each block.

use std::io::{self, Read};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use lastmile_store::message::FileVersion;
use lastmile_store::{Files, FilesError};
use tokio::runtime::Handle;

use crate::imports::limits::{FILE_BLOCK_MAX_BYTES, READ_BYTES};
use crate::imports::source::RowSource;

/// One version of a file. It is read on a thread that may wait, which the runtime's own may not.
pub(super) struct FileVersionSource {
    files: Arc<dyn Files>,
    file: FileVersion,
    runtime: Handle,
}

impl FileVersionSource {
    /// To be made within a runtime.
    pub(super) fn new(files: Arc<dyn Files>, file: FileVersion) -> Self {
        Self {
            files,
            file,
            runtime: Handle::current(),
        }
    }
}

impl RowSource for FileVersionSource {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Blocks {
            files: Arc::clone(&self.files),
            file: self.file.clone(),
            runtime: self.runtime.clone(),
            block: Bytes::new(),
            at: offset,
            step: READ_BYTES as u64,
        }))
    }

    fn length_bytes(&self) -> Option<u64> {
        Some(self.file.length)
    }
}

/// Blocks of a file, each twice as long as the one before: whoever wants the header reads little, and
/// whoever wants everything asks seldom.
struct Blocks {
    files: Arc<dyn Files>,
    file: FileVersion,
    runtime: Handle,
    block: Bytes,
    /// Where the next block begins.
    at: u64,
    step: u64,
}

impl Read for Blocks {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.block.is_empty() && self.at < self.file.length {
            let end = self.file.length.min(self.at + self.step);
            let FileVersion { name, version, .. } = &self.file;
            let block = self.files.read(name, version, self.at..end);
            self.block = self.runtime.block_on(block).map_err(io::Error::other)?;
            self.at = end;
            self.step = FILE_BLOCK_MAX_BYTES.min(self.step * 2);
        }
        let taken = into.len().min(self.block.len());
        self.block.copy_to_slice(&mut into[..taken]);
        Ok(taken)
    }
}

/// Whether an error says that the file is no longer the one that was examined.
pub(super) fn is_gone(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
    matches!(inner, Some(FilesError::Gone { .. }))
}
