//! Which import of each list readers see.
//!
//! A request takes one snapshot and keeps it, so it never sees half a switch. A snapshot is kept for
//! [`SNAPSHOT_AGE_MAX`], so a switch is seen by every process that much later at most.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use lastmile_model::identity::{ImportNumber, ListId, ProviderName};
use lastmile_model::listing::{Generation, Holds, ListNumber};
use lastmile_store::{Consistency, StoreError, key, record};

use crate::Context;

/// How old a snapshot may be before it is read again.
pub const SNAPSHOT_AGE_MAX: SignedDuration = SignedDuration::from_secs(1);

/// A list that readers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveList {
    /// Whose list, and which.
    pub list: ListId,
    /// What it holds.
    pub holds: Holds,
    /// The import of it that is active.
    pub import: ImportNumber,
    /// The day it was true.
    pub as_of: Date,
}

/// Every list that readers see, at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveLists {
    by_number: BTreeMap<ListNumber, ActiveList>,
}

impl ActiveLists {
    /// The list that a claim or hint of this generation belongs to; `None` where readers do not see it.
    #[must_use]
    pub fn get(&self, generation: Generation) -> Option<&ActiveList> {
        self.by_number
            .get(&generation.list)
            .filter(|active| active.import == generation.import)
    }

    /// Whose lists of buildings readers see, in the order of their names. A rate card alone says of no building
    /// that it is served.
    #[must_use]
    pub fn providers(&self) -> BTreeSet<ProviderName> {
        let lists = self.by_number.values();
        let of_buildings = lists.filter(|active| active.holds == Holds::Buildings);
        of_buildings
            .map(|active| active.list.provider.clone())
            .collect()
    }

    /// The imports of a provider's rate cards that readers see.
    pub fn rate_cards(&self, provider: &ProviderName) -> impl Iterator<Item = Generation> {
        let of_provider = self.by_number.iter().filter(move |(_, active)| {
            active.holds == Holds::Rates && active.list.provider == *provider
        });
        of_provider.map(|(number, active)| Generation {
            list: *number,
            import: active.import,
        })
    }

    /// How many lists readers see.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_number.len()
    }

    /// Whether nothing was imported yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }
}

impl FromIterator<(ListNumber, ActiveList)> for ActiveLists {
    fn from_iter<I: IntoIterator<Item = (ListNumber, ActiveList)>>(lists: I) -> Self {
        Self {
            by_number: lists.into_iter().collect(),
        }
    }
}

/// The last snapshot of this process.
#[derive(Debug, Default)]
pub struct ListsCache {
    last: Mutex<Option<(Timestamp, Arc<ActiveLists>)>>,
}

impl ListsCache {
    /// Forgets the snapshot, so that the next request reads a new one.
    pub fn forget(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn fresh(&self, now: Timestamp) -> Option<Arc<ActiveLists>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (read_at, lists) = last.as_ref()?;
        let age = now.duration_since(*read_at);
        (age >= SignedDuration::ZERO && age < SNAPSHOT_AGE_MAX).then(|| Arc::clone(lists))
    }

    fn keep(&self, read_at: Timestamp, lists: &Arc<ActiveLists>) {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((read_at, Arc::clone(lists)));
    }
}

/// The snapshot for one request.
///
/// # Errors
/// [`StoreError`] of the read.
pub async fn active_lists(context: &Context) -> Result<Arc<ActiveLists>, StoreError> {
    let now = context.clock.now();
    if let Some(lists) = context.lists.fresh(now) {
        return Ok(lists);
    }
    let lists = Arc::new(read(context).await?);
    context.lists.keep(now, &lists);
    Ok(lists)
}

async fn read(context: &Context) -> Result<ActiveLists, StoreError> {
    let mut query = lastmile_store::Query {
        consistency: Consistency::Strong,
        ..key::lists()
    };
    let mut by_number = BTreeMap::new();
    loop {
        let page = context.store.query(&query).await?.value;
        for item in &page.items {
            let list = record::list::from_item(item)?.list;
            if let Some(active) = list.active {
                by_number.insert(
                    list.number,
                    ActiveList {
                        list: list.id,
                        holds: list.holds,
                        import: active.import,
                        as_of: active.as_of,
                    },
                );
            }
        }
        query.after = page.next;
        if query.after.is_none() {
            return Ok(ActiveLists { by_number });
        }
    }
}
