//! Real data that lies beside the repository and never in it.
//!
//! Evaluations and a few tests compare the product with real addresses, offers and lists. Their
//! licences keep them out of the repository, so a machine may or may not have them: whoever asks
//! must say plainly when they are absent.

use std::path::{Path, PathBuf};

/// The environment variable that names the directory of the reference data.
pub const DIRECTORY_VARIABLE: &str = "LASTMILE_REFERENCE_DATA";

/// Where the data lies if the variable is not set, from the root of the workspace.
const BESIDE_THE_REPOSITORY: &str = "../shared/data";

/// Where published specifications lie, beside the directory of the data.
const SPECIFICATIONS: &str = "specs";

/// What a test prints instead of passing in silence.
pub const SKIPPED: &str = "skipped: no reference data";

/// The path of a file of the reference data, if this machine has it: `path("address/cases.json")`.
#[must_use]
pub fn path(relative: &str) -> Option<PathBuf> {
    let directory = std::env::var_os(DIRECTORY_VARIABLE).map_or_else(beside, PathBuf::from);
    let path = directory.join(relative);
    path.exists().then_some(path)
}

/// The path of a published specification beside the data, if this machine has it: `specification("tmf/…json")`.
#[must_use]
pub fn specification(relative: &str) -> Option<PathBuf> {
    let directory = std::env::var_os(DIRECTORY_VARIABLE).map_or_else(beside, PathBuf::from);
    let path = directory.parent()?.join(SPECIFICATIONS).join(relative);
    path.exists().then_some(path)
}

fn beside() -> PathBuf {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_root
        .ancestors()
        .nth(2)
        .unwrap_or(crate_root)
        .join(BESIDE_THE_REPOSITORY)
}
