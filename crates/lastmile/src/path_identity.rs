//! Whether two paths name one file, so that no output is written over its input.

use std::fs;
use std::path::Path;

/// Whether both are there and are one file, also through links.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
