//! The lists that readers see: one snapshot per process, one per request.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use lastmile_model::availability::Source;
use lastmile_model::identity::ProviderName;
use lastmile_model::listing::Generation;

use crate::Context;
use crate::availability::StoreFailed;
use crate::availability::directory::Directories;
use crate::imports::active::{ActiveLists, active_lists};

/// Which import of each list is active, as of one moment, and the streets that were read since.
#[derive(Debug, Default)]
pub struct Lists {
    active: Arc<ActiveLists>,
    pub(super) directories: Arc<Directories>,
}

impl Lists {
    /// How many lists are active.
    #[must_use]
    pub fn len(&self) -> usize {
        self.active.len()
    }

    /// Whether nothing was imported yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.active.is_empty()
    }

    /// Who has an active list of buildings, in the order of their names.
    #[must_use]
    pub fn providers(&self) -> BTreeSet<ProviderName> {
        self.active.providers()
    }

    /// The active rate cards of a provider.
    pub(crate) fn rate_cards(&self, provider: &ProviderName) -> Vec<Generation> {
        self.active.rate_cards(provider).collect()
    }

    /// Where a claim of this generation comes from; `None` where readers do not see it.
    pub(super) fn source(&self, generation: Generation) -> Option<Source> {
        let active = self.active.get(generation)?;
        Some(Source {
            list: active.list.clone(),
            import: active.import,
            as_of: active.as_of,
        })
    }

    /// Whether readers see what is of this generation.
    pub(super) fn shows(&self, generation: Generation) -> bool {
        self.active.get(generation).is_some()
    }
}

/// The latest snapshot of this process.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    last: Mutex<Option<Arc<Lists>>>,
}

impl Snapshot {
    /// The lists of now. The streets that were read stay known as long as no list changes.
    pub(super) async fn current(&self, context: &Context) -> Result<Arc<Lists>, StoreFailed> {
        let active = active_lists(context).await?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = last.as_ref()
            && Arc::ptr_eq(&lists.active, &active)
        {
            return Ok(Arc::clone(lists));
        }
        let directories = last
            .as_ref()
            .filter(|lists| lists.active == active)
            .map(|lists| Arc::clone(&lists.directories))
            .unwrap_or_default();
        let lists = Arc::new(Lists {
            active,
            directories,
        });
        *last = Some(Arc::clone(&lists));
        Ok(lists)
    }
}
