//! Whole files by name: lists on their way in, and the rows of them that could not be used.
//!
//! The semantics are those of S3: a file is put as a whole and read in ranges; one that is put again
//! has another version.

use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use thiserror::Error;

/// Largest file that is put at once, in bytes.
pub const FILE_PUT_MAX_BYTES: usize = 64 * 1024 * 1024;
/// Longest range that is read at once, in bytes.
pub const FILE_READ_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Longest name, in bytes.
pub const FILE_NAME_MAX_BYTES: usize = 900;

/// What is known of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its length, in bytes.
    pub length: u64,
    /// Differs between any two contents that the name ever had.
    pub version: String,
}

/// Files could not do what was asked.
#[derive(Debug, Error)]
pub enum FilesError {
    /// There is no such file, or no longer in this version.
    #[error("the file {name} is not there, or was replaced")]
    Gone {
        /// Which.
        name: String,
    },
    /// The request breaks a limit: a defect of the caller, never retried.
    #[error("the file {name} breaks a limit: {actual} bytes where {allowed} are allowed")]
    OverLimit {
        /// Which.
        name: String,
        /// What was asked.
        actual: u64,
        /// What may be asked.
        allowed: u64,
    },
    /// The disk or the network failed. It may have happened or not.
    #[error("the files cannot be used")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Where files are kept. Names are paths with `/`; a prefix lists a folder.
///
/// Every implementation passes the contract suite of the test kit. Requests are checked before anything
/// happens. What was put is seen by whoever asks afterwards.
#[async_trait]
pub trait Files: Send + Sync + 'static {
    /// Puts a whole file of at most [`FILE_PUT_MAX_BYTES`] in place of what has its name.
    async fn put(&self, name: &str, content: Bytes) -> Result<(), FilesError>;

    /// `None` where there is no such file.
    async fn facts(&self, name: &str) -> Result<Option<FileFacts>, FilesError>;

    /// Reads a range (at most [`FILE_READ_MAX_BYTES`], within the file) of the named version. An empty
    /// range may be read of a version that is gone.
    async fn read(&self, name: &str, version: &str, range: Range<u64>)
    -> Result<Bytes, FilesError>;

    /// The names that begin with a prefix, in order; at most `most`.
    async fn names(&self, prefix: &str, most: usize) -> Result<Vec<String>, FilesError>;

    /// Removes a file; no error where there is none.
    async fn remove(&self, name: &str) -> Result<(), FilesError>;
}

/// Checks what is to be put, the same way for every implementation.
///
/// # Errors
/// [`FilesError::OverLimit`].
pub fn validate_put(name: &str, content: &Bytes) -> Result<(), FilesError> {
    validate_name(name)?;
    at_most(name, content.len() as u64, FILE_PUT_MAX_BYTES as u64)
}

/// Checks what is to be read, apart from the file's length.
///
/// # Errors
/// [`FilesError::OverLimit`].
pub fn validate_read(name: &str, range: &Range<u64>) -> Result<(), FilesError> {
    validate_name(name)?;
    let length = range.end.saturating_sub(range.start);
    at_most(name, length, FILE_READ_MAX_BYTES)
}

/// Checks a name or a prefix: some text, up to [`FILE_NAME_MAX_BYTES`].
///
/// # Errors
/// [`FilesError::OverLimit`].
pub fn validate_name(name: &str) -> Result<(), FilesError> {
    if name.is_empty() {
        return Err(FilesError::OverLimit {
            name: String::new(),
            actual: 0,
            allowed: FILE_NAME_MAX_BYTES as u64,
        });
    }
    at_most(name, name.len() as u64, FILE_NAME_MAX_BYTES as u64)
}

fn at_most(name: &str, actual: u64, allowed: u64) -> Result<(), FilesError> {
    if actual > allowed {
        return Err(FilesError::OverLimit {
            name: name.to_owned(),
            actual,
            allowed,
        });
    }
    Ok(())
}
