//! Many places asked, answers in the order asked.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, stream};
use lastmile_model::availability::{Place, PlaceAnswer};
use lastmile_store::{Capacity, Metered};

use crate::Context;
use crate::availability::{Lists, LookupOptions, lookup};

/// Answers places as they come, in their order, with a bounded number under way; never more than that
/// many are read ahead of the reader. `T` is whatever the caller wants back with the answer (a row number).
/// One place that fails fails no other. Needs a Tokio runtime.
pub fn lookup_many<T, S>(
    context: Context,
    lists: Arc<Lists>,
    places: S,
    options: LookupOptions,
) -> impl Stream<Item = (T, Metered<PlaceAnswer>)>
where
    S: Stream<Item = (T, Place)>,
{
    places.then(move |(tag, place)| {
        let (context, lists) = (context.clone(), Arc::clone(&lists));
        async move { (tag, answer(&context, &lists, &place, &options).await) }
    })
}

async fn answer(
    context: &Context,
    lists: &Lists,
    place: &Place,
    options: &LookupOptions,
) -> Metered<PlaceAnswer> {
    match lookup(context, lists, place, options).await {
        Ok(Metered { value, capacity }) => Metered {
            value: PlaceAnswer::Answered(value),
            capacity,
        },
        Err(error) => Metered {
            value: PlaceAnswer::Failed(error.failure()),
            capacity: Capacity::default(),
        },
    }
}

/// [`lookup_many`] for places that are all at hand.
pub async fn lookup_all(
    context: &Context,
    lists: &Arc<Lists>,
    places: Vec<Place>,
    options: LookupOptions,
) -> Metered<Vec<PlaceAnswer>> {
    let places = stream::iter(places.into_iter().map(|place| ((), place)));
    let answers = lookup_many(context.clone(), Arc::clone(lists), places, options);
    let start = Metered {
        value: Vec::new(),
        capacity: Capacity::default(),
    };
    answers
        .fold(start, |mut all, ((), answer)| {
            all.capacity += answer.capacity;
            all.value.push(answer.value);
            std::future::ready(all)
        })
        .await
}
