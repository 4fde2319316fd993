//! What files are called that imports read and put.

use lastmile_model::identity::{ListId, ListName, ProviderName};
use lastmile_model::listing::ImportId;
use lastmile_store::percent;
use thiserror::Error;

/// Lists that came in a request.
pub(super) const UPLOADS: &str = "uploads/";
/// Begins the names of lists that are put to be imported.
const LISTS: &str = "lists/";
/// Ends the name of a list's sidecar.
const SIDECAR: &str = ".import.toml";
/// Ends the name of the file that says why a list was refused.
const REFUSED: &str = ".refused.txt";

/// A file's name does not say whose list it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "a list is put as lists/PROVIDER/LIST/FILE, each part percent-encoded, for example \
     lists/Acme%20Fiber/main/2026-11.csv.gz"
)]
pub(super) struct BadListName;

/// A list that was put, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PutList {
    pub(super) list: ListId,
    /// The file's own name, for people.
    pub(super) file_name: String,
}

impl PutList {
    /// Reads the name of a file that was put; `None` where it is no list, but something beside one.
    pub(super) fn named(name: &str) -> Option<Result<Self, BadListName>> {
        let path = name.strip_prefix(LISTS)?;
        if name.ends_with(SIDECAR) || name.ends_with(REFUSED) || name.ends_with('/') {
            return None;
        }
        Some(Self::at(path).ok_or(BadListName))
    }

    fn at(path: &str) -> Option<Self> {
        let mut parts = path.split('/').map(percent::decoded);
        let (provider, list, file_name) = (parts.next()??, parts.next()??, parts.next()??);
        if parts.next().is_some() {
            return None;
        }
        Some(Self {
            list: ListId {
                provider: ProviderName::new(&provider).ok()?,
                name: ListName::new(&list).ok()?,
            },
            file_name,
        })
    }
}

pub(super) fn sidecar(list: &str) -> String {
    format!("{list}{SIDECAR}")
}

pub(super) fn refused(list: &str) -> String {
    format!("{list}{REFUSED}")
}

pub(super) fn upload(chance: [u8; 16]) -> String {
    format!("{UPLOADS}{:032x}", u128::from_be_bytes(chance))
}

/// Begins the names of an import's files of rejected rows.
pub(super) fn rejects(import: &ImportId) -> String {
    format!("rejects/{import}/")
}

/// The rejected rows of the slice that begins with this chunk. The names are in the order of the slices.
pub(super) fn rejects_of_slice(import: &ImportId, first_chunk: u32) -> String {
    format!("{}{first_chunk:010}.csv", rejects(import))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_list_it_is() {
        let put = PutList::named("lists/Acme%20Fiber/on-net/2026%2F11.csv.gz");
        let put = put.expect("a list").expect("its parts");
        assert_eq!(put.list.provider.as_str(), "Acme Fiber");
        assert_eq!(put.list.name.as_str(), "on-net");
        assert_eq!(put.file_name, "2026/11.csv.gz");
        let plain = PutList::named("lists/Acme Fiber/main/a b.csv");
        assert!(matches!(plain, Some(Ok(_))), "a blank need not be encoded");
    }

    #[test]
    fn what_stands_beside_a_list_is_none() {
        for name in [
            "uploads/1",
            "lists/Acme/main/a.csv.import.toml",
            "lists/Acme/main/a.csv.refused.txt",
            "lists/Acme/main/",
        ] {
            assert_eq!(PutList::named(name), None, "{name}");
        }
        for name in [
            "lists/a.csv",
            "lists/Acme/a.csv",
            "lists/A/b/c/d.csv",
            "lists/%/b/c",
        ] {
            assert_eq!(PutList::named(name), Some(Err(BadListName)), "{name}");
        }
    }
}
