//! The results of a task, whether it is answered at once or by the worker.

use lastmile_model::address::{Address, Parts};
use lastmile_model::availability::task::{TaskItem, TaskKind, TaskResults, Terms};
use lastmile_model::availability::{CheckVerdict, Criteria, Failure, Outcome, Place, PlaceAnswer};
use lastmile_model::geography::Coordinates;

use crate::Context;
use crate::address::validate;
use crate::availability::batch::ask_all;
use crate::availability::limits::TASK_FINDINGS_MAX;
use crate::availability::lookup::lookup_for;
use crate::availability::{Lists, LookupOptions, StoreFailed, check};

/// Answers every item. In a query or a check one that cannot be answered is `failed` and fails no other;
/// a validation, which has one only, fails as a whole.
pub(in crate::availability) async fn answer(
    context: &Context,
    lists: &Lists,
    kind: TaskKind,
    terms: Terms,
    items: &[TaskItem],
) -> Result<TaskResults, StoreFailed> {
    let Terms {
        near_net,
        provide_alternative,
    } = terms;
    let options = LookupOptions { near_net };
    match kind {
        TaskKind::Query => {
            let ask = |item| query(context, lists, item, options);
            Ok(TaskResults::Query(
                ask_all(items, sameness, ask, PlaceAnswer::Failed).await,
            ))
        }
        TaskKind::Check => {
            let ask = |item| verdict(context, lists, item, provide_alternative, options);
            Ok(TaskResults::Check(
                ask_all(items, sameness, ask, CheckVerdict::failed).await,
            ))
        }
        TaskKind::Validation => {
            let nothing = Address::from_parts(&Parts::default());
            let submitted = items.first().map_or(&nothing, |item| &item.place.address);
            let validation = validate(context, lists, submitted, provide_alternative).await?;
            Ok(TaskResults::Validation(Box::new(validation.value)))
        }
    }
}

/// The results where not even the lists could be read; `None` for a validation, which has no such result.
pub(in crate::availability) fn all_failed(
    kind: TaskKind,
    count: usize,
    failure: Failure,
) -> Option<TaskResults> {
    match kind {
        TaskKind::Query => Some(TaskResults::Query(vec![
            PlaceAnswer::Failed(failure);
            count
        ])),
        TaskKind::Check => Some(TaskResults::Check(vec![
            CheckVerdict::failed(failure);
            count
        ])),
        TaskKind::Validation => None,
    }
}

/// Whether an item could not be answered, so that asking again may help.
pub(in crate::availability) fn has_failures(results: &TaskResults) -> bool {
    match results {
        TaskResults::Query(answers) => answers
            .iter()
            .any(|answer| answer.outcome() == Outcome::Failed),
        TaskResults::Check(verdicts) => verdicts
            .iter()
            .any(|verdict| verdict.outcome == Outcome::Failed),
        TaskResults::Validation(_) => false,
    }
}

/// Two items with the same of this get the same answer.
fn sameness(item: &TaskItem) -> (&Address, Option<(u64, u64)>, &Criteria) {
    let TaskItem {
        document: _,
        place: Place {
            address,
            coordinates,
        },
        criteria,
    } = item;
    let bits = |point: &Coordinates| (point.latitude.to_bits(), point.longitude.to_bits());
    (address, coordinates.as_ref().map(bits), criteria)
}

async fn query(
    context: &Context,
    lists: &Lists,
    item: &TaskItem,
    options: LookupOptions,
) -> Result<PlaceAnswer, StoreFailed> {
    let criteria = &item.criteria;
    let found = lookup_for(context, lists, &item.place, &options, criteria).await?;
    let mut answer = found.value;
    answer.findings.retain(|finding| criteria.admits(finding));
    answer.keep_best(TASK_FINDINGS_MAX);
    Ok(PlaceAnswer::Answered(answer))
}

async fn verdict(
    context: &Context,
    lists: &Lists,
    item: &TaskItem,
    provide_alternative: bool,
    options: LookupOptions,
) -> Result<CheckVerdict, StoreFailed> {
    let TaskItem {
        document: _,
        place,
        criteria,
    } = item;
    let checked = check(
        context,
        lists,
        place,
        criteria,
        provide_alternative,
        &options,
    )
    .await?;
    let mut verdict = checked.value;
    verdict.keep_best(TASK_FINDINGS_MAX);
    Ok(verdict)
}
