//! The lists that readers see: one snapshot per process, one per request.

use std::sync::Arc;

use crate::Context;
use crate::availability::StoreFailed;

/// Which import of each list is active, as of one moment.
#[derive(Debug, Default)]
pub struct Lists {}

/// The latest snapshot of this process.
#[derive(Debug, Default)]
pub(super) struct Snapshot {}

impl Snapshot {
    pub(super) async fn current(&self, _context: &Context) -> Result<Arc<Lists>, StoreFailed> {
        Ok(Arc::default())
    }
}
