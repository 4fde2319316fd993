//! What a transaction makes of the items it names, decided without touching a store.
//!
//! DynamoDB decides this itself; the backends that keep the items themselves all decide here, so that
//! they cannot differ.

use crate::capacity::Capacity;
use crate::error::{InvalidRequest, Limit, StoreError, TransactError};
use crate::item::{AttributeName, Item, PrimaryKey, Value};
use crate::write::TransactWrite;
use crate::{limits, validate};

/// What becomes of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It stays as it is: it was only checked.
    Kept,
    /// It becomes this.
    Stored(Item),
    /// It is absent afterwards.
    Removed,
}

/// A transaction that may happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What becomes of each item, in the order of the writes.
    pub effects: Vec<Effect>,
    /// What it costs.
    pub capacity: Capacity,
}

/// Decides a transaction that [`validate::transaction`] accepted. `current` holds the item of each
/// write as it is now, in their order.
///
/// # Errors
/// Conditions that do not hold (all of them are named), or an update whose result breaks a limit.
pub fn transaction(
    writes: Vec<TransactWrite>,
    current: &[Option<Item>],
) -> Result<Decision, TransactError> {
    debug_assert_eq!(writes.len(), current.len(), "one current item per write");
    let failed: Vec<usize> = writes
        .iter()
        .zip(current)
        .enumerate()
        .filter(|(_, (write, current))| !write.condition().holds(current.as_ref()))
        .map(|(position, _)| position)
        .collect();
    if !failed.is_empty() {
        return Err(TransactError::ConditionFailed { failed });
    }
    let mut decision = Decision {
        effects: Vec::with_capacity(writes.len()),
        capacity: Capacity::default(),
    };
    let mut bytes = 0;
    for (write, current) in writes.into_iter().zip(current) {
        let (effect, capacity) = effect(write, current.as_ref())?;
        if let Effect::Stored(item) = &effect {
            bytes += item.weight();
        }
        decision.effects.push(effect);
        decision.capacity += capacity;
    }
    validate::at_most(Limit::TransactBytes, bytes, limits::TRANSACT_MAX_BYTES)?;
    Ok(decision)
}

fn effect(
    write: TransactWrite,
    current: Option<&Item>,
) -> Result<(Effect, Capacity), TransactError> {
    let effect = match write {
        TransactWrite::Put { item, condition: _ } => Effect::Stored(item),
        TransactWrite::Update {
            key,
            set,
            add,
            remove,
            condition: _,
        } => {
            let item = updated(key, set, &add, &remove, current)?;
            validate::item(&item)?;
            Effect::Stored(item)
        }
        TransactWrite::Delete { .. } => Effect::Removed,
        TransactWrite::Check { .. } => Effect::Kept,
    };
    let capacity = match &effect {
        Effect::Kept => Capacity::of_check(current),
        Effect::Stored(item) => Capacity::of_transactional_write(current, Some(item)),
        Effect::Removed => Capacity::of_transactional_write(current, None),
    };
    Ok((effect, capacity))
}

fn updated(
    key: PrimaryKey,
    set: Vec<(&'static str, Value)>,
    add: &[(&'static str, i64)],
    remove: &[&'static str],
    current: Option<&Item>,
) -> Result<Item, StoreError> {
    let mut item = current.cloned().unwrap_or_else(|| Item::new(key));
    for (name, value) in set {
        item.attributes
            .insert(AttributeName::new_static(name), value);
    }
    for (name, addend) in add {
        let before = match item.attributes.get(name) {
            None => 0,
            Some(Value::N(number)) => *number,
            Some(Value::S(_) | Value::B(_) | Value::Bool(_)) => {
                return Err(InvalidRequest::NotANumber.into());
            }
        };
        let sum = before
            .checked_add(*addend)
            .ok_or(InvalidRequest::NumberOverflow)?;
        item.attributes
            .insert(AttributeName::new_static(name), Value::N(sum));
    }
    for name in remove {
        item.attributes.remove(name);
    }
    Ok(item)
}
