//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Folders that hold nothing written by hand.
const SKIPPED_FOLDERS: &[&str] = &[".git", "target", "lastmile-data", "data"];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// A file of the repository: its path from the root, and its text.
pub(crate) struct SourceFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    /// Contents.
    pub(crate) text: String,
}

/// All text files below the root whose names end in one of `endings`, ordered by path.
pub(crate) fn files(endings: &[&str]) -> Result<Vec<SourceFile>, Failure> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|reason| file_failure(&folder, reason))?;
        for entry in entries {
            let path = entry
                .map_err(|reason| file_failure(&folder, reason))?
                .path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !SKIPPED_FOLDERS.contains(&name.as_ref()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(read(&root, &path)?);
            }
        }
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

/// Reads one file by its path from the root.
pub(crate) fn text(path: &str) -> Result<String, Failure> {
    let path = root().join(path);
    fs::read_to_string(&path).map_err(|reason| file_failure(&path, reason))
}

fn read(root: &Path, path: &Path) -> Result<SourceFile, Failure> {
    let text = fs::read_to_string(path).map_err(|reason| file_failure(path, reason))?;
    let relative = path.strip_prefix(root).unwrap_or(path);
    Ok(SourceFile {
        path: relative.to_string_lossy().replace('\\', "/"),
        text,
    })
}

fn file_failure(path: &Path, reason: std::io::Error) -> Failure {
    Failure::File {
        path: path.to_path_buf(),
        reason,
    }
}
