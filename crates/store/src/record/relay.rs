//! How far the change feed has been relayed to the queues, and by whom.

use jiff::Timestamp;

use super::{REVISION, VALUE, some_or_corrupt, unchanged_since};
use crate::change::ChangePosition;
use crate::error::StoreError;
use crate::item::{Attributes, Item, Value};
use crate::key::Key;
use crate::write::TransactWrite;

/// Name of the attribute with the owner of the seat.
const OWNER: &str = "o";
/// Name of the attribute with the second until which the seat is held.
const UNTIL: &str = "u";

/// The seat of the one process that relays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelaySeat {
    /// How far it has read.
    pub position: ChangePosition,
    /// Chosen by chance when the process began.
    pub owner: i64,
    /// Until when nobody else may take the seat, to the second.
    pub until: Timestamp,
}

/// Puts the seat in place of the one of this `revision`; 0 where there is none yet.
#[must_use]
pub fn put(seat: &RelaySeat, revision: i64) -> TransactWrite {
    let RelaySeat {
        position,
        owner,
        until,
    } = seat;
    let attributes = [
        (VALUE, Value::S(position.as_text().to_owned())),
        (OWNER, Value::N(*owner)),
        (UNTIL, Value::N(until.as_second())),
        (REVISION, Value::N(revision + 1)),
    ];
    TransactWrite::Put {
        item: Item {
            attributes: Attributes::from_iter(attributes),
            ..Item::new(Key::Relay.primary())
        },
        condition: unchanged_since(revision),
    }
}

/// Reads the seat and its revision.
///
/// # Errors
/// [`StoreError::Corrupt`] where the item is something else.
pub fn from_item(item: &Item) -> Result<(RelaySeat, i64), StoreError> {
    let seat = item.attributes.text(VALUE).and_then(|position| {
        let number = |name| item.attributes.number(name);
        let seat = RelaySeat {
            position: ChangePosition::from_text(position.to_owned()),
            owner: number(OWNER)?,
            until: Timestamp::from_second(number(UNTIL)?).ok()?,
        };
        Some((seat, number(REVISION)?))
    });
    some_or_corrupt(seat, &item.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_read_as_it_was_put() {
        let seat = RelaySeat {
            position: ChangePosition::from_text("shard-1:42".to_owned()),
            owner: -7,
            until: Timestamp::from_second(1_800_000_000).expect("a time"),
        };
        for revision in [0, 6] {
            let TransactWrite::Put { item, condition } = put(&seat, revision) else {
                unreachable!("a put puts");
            };
            assert_eq!(
                from_item(&item).expect("readable"),
                (seat.clone(), revision + 1)
            );
            assert_eq!(condition.holds(None), revision == 0);
            assert!(!condition.holds(Some(&item)));
        }
        assert!(from_item(&Item::new(Key::Relay.primary())).is_err());
    }
}
