//! The streets of a ZIP or a city, read once and kept while no list changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lastmile_model::address::normal::NormalStreet;
use lastmile_model::address::{Area, StreetKey};

use crate::availability::limits::DIRECTORIES_KEPT_MAX;

/// The streets of one area.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    /// The streets, each once.
    pub(crate) streets: Vec<NormalStreet>,
    /// For each street the partitions of its claims: one in a ZIP's directory, one per ZIP in a city's.
    pub(crate) keys: Vec<Vec<StreetKey>>,
}

impl Directory {
    pub(super) fn of(entries: impl IntoIterator<Item = (StreetKey, NormalStreet)>) -> Self {
        let mut directory = Self::default();
        let mut positions: HashMap<NormalStreet, usize> = HashMap::new();
        for (key, street) in entries {
            let position = *positions.entry(street).or_insert_with_key(|street| {
                directory.streets.push(street.clone());
                directory.keys.push(Vec::new());
                directory.streets.len() - 1
            });
            directory.keys[position].push(key);
        }
        directory
    }

    /// The partitions of the street that is written so.
    pub(super) fn named(&self, street: &str) -> Vec<StreetKey> {
        let keys = self.keys.iter().flatten();
        keys.filter(|key| key.street == street).cloned().collect()
    }
}

/// The directories that were read lately: a batch of misspelt addresses of one city reads its streets once.
#[derive(Debug, Default)]
pub(super) struct Directories {
    by_area: Mutex<HashMap<Area, Arc<Directory>>>,
}

impl Directories {
    pub(super) fn get(&self, area: &Area) -> Option<Arc<Directory>> {
        let by_area = self.by_area.lock().unwrap_or_else(PoisonError::into_inner);
        by_area.get(area).map(Arc::clone)
    }

    /// Keeps a directory; when there are too many, all are forgotten, which costs one read each.
    pub(super) fn keep(&self, area: &Area, directory: &Arc<Directory>) {
        let mut by_area = self.by_area.lock().unwrap_or_else(PoisonError::into_inner);
        if by_area.len() >= DIRECTORIES_KEPT_MAX {
            by_area.clear();
        }
        by_area.insert(area.clone(), Arc::clone(directory));
    }
}
