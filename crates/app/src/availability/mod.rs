//! Who can serve an address: lookups, checks, and the tasks that keep them.

use std::ops::Deref;
use std::sync::Arc;

use lastmile_model::availability::Failure;
use lastmile_store::StoreError;
use thiserror::Error;
use tokio::sync::Notify;

use crate::Context;

pub mod batch;
pub mod check;
mod directory;
pub mod limits;
pub mod lists;
pub(crate) mod locate;
pub mod lookup;
pub(crate) mod reads;
pub mod task;

pub use batch::lookup_many;
pub use check::check;
pub use lists::Lists;
pub use lookup::{LookupOptions, lookup};

/// What availability and address services share in one process; every route has a clone of it, so it
/// is one pointer.
#[derive(Clone)]
pub struct Availability(Arc<Shared>);

/// The doors, the snapshot of the active lists, and the bell that wakes the relay.
pub struct Shared {
    /// The doors.
    pub context: Context,
    snapshot: lists::Snapshot,
    bell: Notify,
}

impl Deref for Availability {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Availability {
    /// One per process, so that the snapshot is read once for all.
    #[must_use]
    pub fn new(context: Context) -> Self {
        Self(Arc::new(Shared {
            context,
            snapshot: lists::Snapshot::default(),
            bell: Notify::default(),
        }))
    }

    /// The lists that are active now, read again when the snapshot is older than
    /// [`limits::SNAPSHOT_AGE_MAX`]. A request takes one and keeps it, so it never sees half a switch.
    ///
    /// # Errors
    /// [`StoreFailed`] where they could not be read.
    pub async fn lists(&self) -> Result<Arc<Lists>, StoreFailed> {
        self.snapshot.current(&self.context).await
    }
}

impl Availability {
    /// Wakes the relay of this process.
    pub(crate) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Ready when this process has put something into the outbox.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }
}

/// The store could not be read or written.
#[derive(Debug, Error)]
#[error("the store could not be used; try again")]
pub struct StoreFailed(#[from] StoreError);

impl StoreFailed {
    /// Whether the same request may succeed later.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.0.is_retryable()
    }

    /// What the store said.
    pub(crate) fn into_source(self) -> StoreError {
        self.0
    }

    /// The outcome of a place that was asked about.
    #[must_use]
    pub const fn failure(&self) -> Failure {
        match self.0 {
            StoreError::Throttled => Failure::StoreBusy,
            StoreError::Backend(_)
            | StoreError::Corrupt { .. }
            | StoreError::Invalid(_)
            | StoreError::OverLimit { .. } => Failure::StoreFailed,
        }
    }
}
