//! Many places asked, answers in the order asked.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;

use futures_util::stream::FuturesOrdered;
use futures_util::{Stream, StreamExt, stream};
use lastmile_model::availability::{Failure, Place, PlaceAnswer};
use lastmile_store::{Capacity, Metered};
use tokio::task::JoinHandle;

use crate::Context;
use crate::availability::limits::{BATCH_GROUP, BATCH_GROUPS_UNDER_WAY, QUESTIONS_UNDER_WAY};
use crate::availability::{Lists, LookupOptions, StoreFailed, lookup};

/// Answers places as they come, in their order, with a bounded number under way
/// ([`BATCH_GROUPS_UNDER_WAY`] groups of [`BATCH_GROUP`]), spread over the runtime's threads; never more
/// than that many are read ahead of the reader. `T` is whatever the caller wants back with the answer (a row
/// number). One place that fails fails no other. Must be polled within a Tokio runtime.
pub fn lookup_many<T, S>(
    context: Context,
    lists: Arc<Lists>,
    places: S,
    options: LookupOptions,
) -> impl Stream<Item = (T, Metered<PlaceAnswer>)>
where
    S: Stream<Item = (T, Place)>,
{
    places
        .ready_chunks(BATCH_GROUP)
        .map(move |group| {
            let (tags, places): (Vec<T>, Vec<Place>) = group.into_iter().unzip();
            let (context, lists) = (context.clone(), Arc::clone(&lists));
            let count = places.len();
            let answers = tokio::spawn(async move {
                let mut answers = Vec::with_capacity(places.len());
                for place in &places {
                    let answered = lookup(&context, &lists, place, &options).await;
                    answers.push(answered_or_failed(answered));
                }
                answers
            });
            async move { tags.into_iter().zip(joined(answers, count).await) }
        })
        .buffered(BATCH_GROUPS_UNDER_WAY)
        .flat_map(stream::iter)
}

/// Asks questions that are all at hand, each different one once and [`QUESTIONS_UNDER_WAY`] at a time, and
/// gives the answers in the questions' order.
pub(super) async fn ask_all<'q, Q, K, A, F>(
    questions: &'q [Q],
    sameness: impl Fn(&'q Q) -> K,
    ask: impl Fn(&'q Q) -> F,
    failed: impl Fn(Failure) -> A,
) -> Vec<A>
where
    K: Eq + Hash,
    A: Clone,
    F: Future<Output = Result<A, StoreFailed>>,
{
    let mut positions: HashMap<K, usize> = HashMap::new();
    let mut different: Vec<&'q Q> = Vec::new();
    let mut answered_at: Vec<usize> = Vec::with_capacity(questions.len());
    for question in questions {
        let position = *positions.entry(sameness(question)).or_insert_with(|| {
            different.push(question);
            different.len() - 1
        });
        answered_at.push(position);
    }
    let mut answers: Vec<A> = Vec::with_capacity(different.len());
    let mut take = |answered: Result<A, StoreFailed>| {
        answers.push(answered.unwrap_or_else(|error| failed(error.failure())));
    };
    let mut under_way = FuturesOrdered::new();
    for question in different {
        if under_way.len() == QUESTIONS_UNDER_WAY
            && let Some(answered) = under_way.next().await
        {
            take(answered);
        }
        under_way.push_back(politely(ask(question)));
    }
    while let Some(answered) = under_way.next().await {
        take(answered);
    }
    answered_at
        .into_iter()
        .map(|position| answers[position].clone())
        .collect()
}

/// A long batch on a store that answers at once must not hold its thread.
async fn politely<F: Future>(asked: F) -> F::Output {
    tokio::task::yield_now().await;
    asked.await
}

fn answered_or_failed(
    answered: Result<Metered<lastmile_model::availability::Answer>, StoreFailed>,
) -> Metered<PlaceAnswer> {
    match answered {
        Ok(Metered { value, capacity }) => Metered {
            value: PlaceAnswer::Answered(value),
            capacity,
        },
        Err(error) => failed(error.failure()),
    }
}

fn failed(failure: Failure) -> Metered<PlaceAnswer> {
    Metered {
        value: PlaceAnswer::Failed(failure),
        capacity: Capacity::default(),
    }
}

/// A group whose task was stopped (the runtime shuts down) failed as a whole.
async fn joined(
    answers: JoinHandle<Vec<Metered<PlaceAnswer>>>,
    count: usize,
) -> Vec<Metered<PlaceAnswer>> {
    answers
        .await
        .unwrap_or_else(|_| vec![failed(Failure::StoreFailed); count])
}
