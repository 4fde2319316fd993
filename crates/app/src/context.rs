//! What one request may use of the world.

use std::sync::Arc;

pub use lastmile_model::door::Random;
use lastmile_store::{Clock, Store};

use crate::imports::active::ListsCache;

/// The doors to the world, cheap to clone.
#[derive(Clone)]
pub struct Context {
    /// Everything durable.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Which imports readers see, as this process last read it.
    pub lists: Arc<ListsCache>,
}

impl Context {
    /// A context with nothing read yet.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self {
            store,
            clock,
            random,
            lists: Arc::default(),
        }
    }
}
