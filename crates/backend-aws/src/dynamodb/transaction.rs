//! `transact`: a transaction as a request, and what an answer that refuses it means.

use std::collections::HashMap;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::types::{
    CancellationReason, ConditionCheck, Delete, Put, ReturnConsumedCapacity,
    ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use lastmile_store::{
    Capacity, Condition, Consistency, Item, PrimaryKey, StoreError, TransactError, TransactWrite,
    Transaction, Value, decide, limits,
};
use sha2::{Digest, Sha256};

use super::error::{failed, is_conflict, is_invalid};
use super::expression::{self, Placeholders};
use super::{DynamoStore, capacity, item_codec};
use crate::retry::{Passing, is_busy};

const CALL: &str = "TransactWriteItems";

/// Codes of a write's reason; of a write that is no reason the code is `None`.
mod code {
    pub(super) const CONDITION: &str = "ConditionalCheckFailed";
    pub(super) const CONFLICT: &str = "TransactionConflict";
    pub(super) const THROTTLED: &str = "ThrottlingError";
    pub(super) const THROUGHPUT: &str = "ProvisionedThroughputExceeded";
    pub(super) const INVALID: &str = "ValidationError";
}

/// Why a transaction was refused.
#[derive(Debug, PartialEq)]
enum Refusal {
    /// Conditions of the caller did not hold, at these positions.
    Conditions(Vec<usize>),
    /// A number cannot be added to at this position, where the item is as it is here.
    NotAddable(usize, Option<Item>),
    /// The request or what it makes of an item breaks a rule; which one is not said.
    Invalid,
    /// Other transactions are on their way with its items, or this one is.
    Conflict,
    /// It passes.
    Passing(Passing),
    /// The token came before with other writes.
    TokenReused,
    /// Anything else.
    Other,
}

impl DynamoStore {
    /// Writes a transaction that is valid and not empty. All tries bear one token, so that a try whose
    /// answer was lost is not done twice.
    pub(super) async fn write_transaction(
        &self,
        transaction: Transaction,
    ) -> Result<Capacity, TransactError> {
        let Transaction { writes, token } = transaction;
        let token = match token {
            Some(token) => token_of_account(&self.table, &token),
            None => self.fresh_token(),
        };
        let request = self.transaction_request(&writes, token).await;
        let mut busy = self.busy.begin();
        let mut conflict = self.conflict.begin();
        loop {
            let error = match request.clone().send().await {
                Ok(answer) => {
                    let consumed = answer.consumed_capacity.unwrap_or_default();
                    return Ok(capacity::transacted(&consumed));
                }
                Err(error) => error,
            };
            match refusal(&error, &writes)? {
                Refusal::Conditions(failed) => {
                    return Err(TransactError::ConditionFailed { failed });
                }
                Refusal::TokenReused => return Err(TransactError::TokenReused),
                Refusal::NotAddable(position, item) => {
                    let write = writes.into_iter().nth(position);
                    return Err(decided(write.into_iter().collect(), &[item], error));
                }
                Refusal::Invalid => return Err(self.explained(writes, error).await),
                Refusal::Conflict if conflict.again().await => {}
                Refusal::Conflict => return Err(StoreError::Throttled.into()),
                Refusal::Passing(_) if busy.again().await => {}
                Refusal::Passing(Passing::Busy) => return Err(StoreError::Throttled.into()),
                Refusal::Passing(Passing::Lost) | Refusal::Other => {
                    return Err(failed(CALL, error).into());
                }
            }
        }
    }

    fn fresh_token(&self) -> String {
        format!("{:016x}{:016x}", self.jitter.draw(), self.jitter.draw())
    }

    async fn transaction_request(
        &self,
        writes: &[TransactWrite],
        token: String,
    ) -> TransactWriteItemsFluentBuilder {
        let writes = writes.iter().cloned();
        let writes = writes.map(|write| request(write, &self.table));
        self.client()
            .await
            .transact_write_items()
            .set_transact_items(Some(writes.collect()))
            .client_request_token(token)
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    /// Says which rule a transaction breaks, by deciding it on the items as they are now. DynamoDB's own
    /// answer is a sentence in English. Only defects of a caller come here, so the reads may cost.
    async fn explained(
        &self,
        writes: Vec<TransactWrite>,
        error: SdkError<TransactWriteItemsError>,
    ) -> TransactError {
        let keys: Vec<PrimaryKey> = writes.iter().map(|write| write.key().clone()).collect();
        let read = self.batch_get_items(&keys, Consistency::Strong).await;
        let found = match read {
            Ok(found) => found.value.into_iter(),
            Err(unread) => return unread.into(),
        };
        let mut found: HashMap<PrimaryKey, Item> =
            found.map(|item| (item.key.clone(), item)).collect();
        let current: Vec<Option<Item>> = keys.iter().map(|key| found.remove(key)).collect();
        decided(writes, &current, error)
    }
}

/// DynamoDB knows a token in the whole account; the contract's is the store's own.
fn token_of_account(table: &str, token: &str) -> String {
    let digest = Sha256::new()
        .chain_update(table)
        .chain_update([0])
        .chain_update(token)
        .finalize();
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    digits.take(limits::TOKEN_MAX_BYTES / 2).collect()
}

/// What the contract says of a transaction that DynamoDB refused; its own words if that is nothing.
fn decided(
    writes: Vec<TransactWrite>,
    current: &[Option<Item>],
    error: SdkError<TransactWriteItemsError>,
) -> TransactError {
    match decide::transaction(writes, current) {
        Err(reason) => reason,
        Ok(_) => failed(CALL, error).into(),
    }
}

fn refusal(
    error: &SdkError<TransactWriteItemsError>,
    writes: &[TransactWrite],
) -> Result<Refusal, StoreError> {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
            of_reasons(canceled.cancellation_reasons(), writes)
        }
        Some(TransactWriteItemsError::IdempotentParameterMismatchException(_)) => {
            Ok(Refusal::TokenReused)
        }
        _ if is_conflict(error) => Ok(Refusal::Conflict),
        _ if is_invalid(error) => Ok(Refusal::Invalid),
        _ => Ok(Passing::of(error).map_or(Refusal::Other, Refusal::Passing)),
    }
}

/// What stands against a transaction, the most lasting first: what will not pass by trying again must
/// not be tried again.
fn of_reasons(
    reasons: &[CancellationReason],
    writes: &[TransactWrite],
) -> Result<Refusal, StoreError> {
    let mut conditions = Vec::new();
    let mut not_addable = None;
    for (position, (reason, write)) in reasons.iter().zip(writes).enumerate() {
        if reason.code() != Some(code::CONDITION) {
            continue;
        }
        let item = reason.item().cloned().map(item_codec::decode).transpose()?;
        if is_addition(write) && write.condition().holds(item.as_ref()) {
            not_addable.get_or_insert(Refusal::NotAddable(position, item));
        } else {
            conditions.push(position);
        }
    }
    if !conditions.is_empty() {
        return Ok(Refusal::Conditions(conditions));
    }
    let mut codes = reasons.iter().filter_map(CancellationReason::code);
    if codes.clone().any(|code| code == code::INVALID) {
        return Ok(Refusal::Invalid);
    }
    if let Some(not_addable) = not_addable {
        return Ok(not_addable);
    }
    if codes.clone().any(|code| code == code::CONFLICT) {
        return Ok(Refusal::Conflict);
    }
    let busy =
        codes.any(|code| code == code::THROTTLED || code == code::THROUGHPUT || is_busy(code));
    Ok(if busy {
        Refusal::Passing(Passing::Busy)
    } else {
        Refusal::Other
    })
}

/// Whether a write has a condition of ours beside the caller's: that its numbers can be added to.
const fn is_addition(write: &TransactWrite) -> bool {
    matches!(write, TransactWrite::Update { add, .. } if !add.is_empty())
}

fn request(write: TransactWrite, table: &str) -> TransactWriteItem {
    let request = TransactWriteItem::builder();
    match write {
        TransactWrite::Put { item, condition } => request.put(put(item, &condition, table)),
        TransactWrite::Update {
            key,
            set,
            add,
            remove,
            condition,
        } => request.update(update(key, set, &add, &remove, &condition, table)),
        TransactWrite::Delete { key, condition } => request.delete(delete(key, &condition, table)),
        TransactWrite::Check { key, condition } => {
            request.condition_check(check(key, &condition, table))
        }
    }
    .build()
}

fn put(item: Item, condition: &Condition, table: &str) -> Put {
    let mut placeholders = Placeholders::default();
    let condition = expression::condition(condition, &mut placeholders);
    Put::builder()
        .table_name(table)
        .set_item(Some(item_codec::encode(item)))
        .set_condition_expression(condition)
        .set_expression_attribute_names(placeholders.names())
        .set_expression_attribute_values(placeholders.values())
        .build()
        .expect("the table and the item are given")
}

fn update(
    key: PrimaryKey,
    set: Vec<(&'static str, Value)>,
    add: &[(&'static str, i64)],
    remove: &[&'static str],
    condition: &Condition,
    table: &str,
) -> Update {
    let mut placeholders = Placeholders::default();
    let update = expression::update(set, add, remove, &mut placeholders);
    let condition = expression::condition(condition, &mut placeholders);
    let addable = expression::addable(add, &mut placeholders);
    // The item tells the caller's condition from ours.
    let item = addable
        .is_some()
        .then_some(ReturnValuesOnConditionCheckFailure::AllOld);
    let condition = match (condition, addable) {
        (Some(asked), Some(addable)) => Some(format!("{asked} AND {addable}")),
        (asked, addable) => asked.or(addable),
    };
    Update::builder()
        .table_name(table)
        .set_key(Some(item_codec::key(key)))
        .update_expression(update)
        .set_condition_expression(condition)
        .set_expression_attribute_names(placeholders.names())
        .set_expression_attribute_values(placeholders.values())
        .set_return_values_on_condition_check_failure(item)
        .build()
        .expect("the table, the key and the update are given")
}

fn delete(key: PrimaryKey, condition: &Condition, table: &str) -> Delete {
    let mut placeholders = Placeholders::default();
    let condition = expression::condition(condition, &mut placeholders);
    Delete::builder()
        .table_name(table)
        .set_key(Some(item_codec::key(key)))
        .set_condition_expression(condition)
        .set_expression_attribute_names(placeholders.names())
        .set_expression_attribute_values(placeholders.values())
        .build()
        .expect("the table and the key are given")
}

fn check(key: PrimaryKey, condition: &Condition, table: &str) -> ConditionCheck {
    let mut placeholders = Placeholders::default();
    let condition = expression::required_condition(condition, &mut placeholders);
    ConditionCheck::builder()
        .table_name(table)
        .set_key(Some(item_codec::key(key)))
        .condition_expression(condition)
        .set_expression_attribute_names(placeholders.names())
        .set_expression_attribute_values(placeholders.values())
        .build()
        .expect("the table, the key and the condition are given")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(sk: &str) -> PrimaryKey {
        PrimaryKey {
            pk: "p".into(),
            sk: sk.to_owned(),
        }
    }

    fn addition(condition: Condition) -> TransactWrite {
        TransactWrite::Update {
            key: key("sum"),
            set: vec![],
            add: vec![("n", 1)],
            remove: vec![],
            condition,
        }
    }

    fn full() -> Item {
        let mut item = Item::new(key("sum"));
        item.attributes.insert("n", Value::N(i64::MAX));
        item
    }

    fn reason(code: &str, item: Option<Item>) -> CancellationReason {
        CancellationReason::builder()
            .code(code)
            .set_item(item.map(item_codec::encode))
            .build()
    }

    fn read(codes: &[&str]) -> Refusal {
        let reasons: Vec<_> = codes.iter().map(|code| reason(code, None)).collect();
        let check = |sk: usize| TransactWrite::Check {
            key: key(&sk.to_string()),
            condition: Condition::Exists,
        };
        let writes: Vec<_> = (0..codes.len()).map(check).collect();
        of_reasons(&reasons, &writes).unwrap()
    }

    #[test]
    fn what_lasts_goes_before_what_passes() {
        let failed = read(&["None", code::CONDITION, code::CONFLICT, code::CONDITION]);
        assert_eq!(failed, Refusal::Conditions(vec![1, 3]));
        assert_eq!(read(&[code::CONFLICT, code::INVALID]), Refusal::Invalid);
        let busy = Refusal::Passing(Passing::Busy);
        assert_eq!(read(&[code::THROUGHPUT, code::CONFLICT]), Refusal::Conflict);
        assert_eq!(read(&["None", code::THROTTLED]), busy);
        assert_eq!(read(&["None", code::THROUGHPUT]), busy);
        assert_eq!(read(&["ItemCollectionSizeLimitExceeded"]), Refusal::Other);
    }

    #[test]
    fn a_number_that_is_full_is_no_failed_condition() {
        let reasons = [reason(code::CONDITION, Some(full()))];
        let of = |condition| of_reasons(&reasons, &[addition(condition)]).unwrap();
        assert_eq!(of(Condition::Exists), Refusal::NotAddable(0, Some(full())));
        assert_eq!(of(Condition::NotExists), Refusal::Conditions(vec![0]));
    }

    #[test]
    fn a_token_is_the_tables_own() {
        let token = token_of_account("t", "once");
        assert_eq!(token.len(), limits::TOKEN_MAX_BYTES);
        assert_eq!(token, token_of_account("t", "once"));
        assert_ne!(token, token_of_account("u", "once"));
        assert_ne!(token, token_of_account("t", "twice"));
    }

    #[test]
    fn only_an_addition_asks_for_the_item() {
        let update = |write| request(write, "t").update.unwrap();
        let added = update(addition(Condition::Exists));
        assert_eq!(
            added.condition_expression.unwrap(),
            "attribute_exists(pk) AND (attribute_not_exists(#0) OR #0 BETWEEN :1 AND :2)"
        );
        assert!(added.return_values_on_condition_check_failure.is_some());
        let set = update(TransactWrite::Update {
            key: key("a"),
            set: vec![("n", Value::N(1))],
            add: vec![],
            remove: vec![],
            condition: Condition::Always,
        });
        assert_eq!(set.condition_expression, None);
        assert!(set.return_values_on_condition_check_failure.is_none());
    }
}
