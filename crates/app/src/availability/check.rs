//! Is the asked service available at the place.

use lastmile_model::availability::{CheckVerdict, Criteria, Place};
use lastmile_store::Metered;

use crate::Context;
use crate::availability::lookup::lookup_for;
use crate::availability::{Lists, LookupOptions, StoreFailed};

/// Checks one place for one service. With `provide_alternative`, an answer that is not `served` names what
/// else can be had there.
///
/// # Errors
/// [`StoreFailed`] where the store could not be read.
pub async fn check(
    context: &Context,
    lists: &Lists,
    place: &Place,
    criteria: &Criteria,
    provide_alternative: bool,
    options: &LookupOptions,
) -> Result<Metered<CheckVerdict>, StoreFailed> {
    let Metered { value, capacity } = lookup_for(context, lists, place, options, criteria).await?;
    Ok(Metered {
        value: CheckVerdict::of(value, criteria, provide_alternative),
        capacity,
    })
}
