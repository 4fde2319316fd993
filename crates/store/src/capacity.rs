//! Request units, the money of a serverless table.
//!
//! Calculated here once, so that every backend names the price DynamoDB would ("Read and write
//! capacity", "Global secondary indexes: provisioned throughput considerations").

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use crate::item::{IndexKey, Item};
use crate::limits::{READ_UNIT_BYTES, WRITE_UNIT_BYTES};
use crate::query::Consistency;

/// Read halves that one started unit of a transactional read costs.
const TRANSACTIONAL_READ_HALVES: u64 = 4;
/// Times a write in a transaction is billed: once to prepare it, once to commit it.
const TRANSACTIONAL_WRITES: u64 = 2;

/// Units that operations consumed, as DynamoDB bills them on demand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Half read units: an eventually consistent read of up to 4 KB costs one of these, a consistent
    /// one two, a transactional one four.
    pub read_halves: u64,
    /// Write units: one per started kilobyte of each item (twice that in a transaction), and again for
    /// each index entry that is written.
    pub writes: u64,
}

impl Capacity {
    /// Read units.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "a figure for people; 2^53 half units cost more than the planet has"
    )]
    pub const fn read_units(self) -> f64 {
        self.read_halves as f64 / 2.0
    }

    /// One read of `bytes`: the weight of a single item (each item of a `batch_get` on its own), or
    /// the sum of the weights of a query's page. A read that finds nothing (0) costs as much as one of
    /// a byte.
    #[must_use]
    pub fn of_read(bytes: usize, consistency: Consistency) -> Self {
        let halves = match consistency {
            Consistency::Eventual => 1,
            Consistency::Strong => 2,
        };
        Self {
            read_halves: started_units(bytes, READ_UNIT_BYTES) * halves,
            writes: 0,
        }
    }

    /// One item read because a transaction's token came again.
    #[must_use]
    pub fn of_repeated_write(bytes: usize) -> Self {
        let units = started_units(bytes, READ_UNIT_BYTES);
        Self {
            read_halves: units * TRANSACTIONAL_READ_HALVES,
            writes: 0,
        }
    }

    /// One item written outside a transaction, from what it was to what it became (`None`: absent).
    #[must_use]
    pub fn of_write(before: Option<&Item>, after: Option<&Item>) -> Self {
        Self {
            read_halves: 0,
            writes: table_units(before, after) + index_units(before, after),
        }
    }

    /// One item written in a transaction. The item is billed twice, its index entries once: they are
    /// written after the transaction.
    #[must_use]
    pub fn of_transactional_write(before: Option<&Item>, after: Option<&Item>) -> Self {
        let item = table_units(before, after) * TRANSACTIONAL_WRITES;
        Self {
            read_halves: 0,
            writes: item + index_units(before, after),
        }
    }

    /// One item whose condition was checked in a transaction.
    #[must_use]
    pub fn of_check(current: Option<&Item>) -> Self {
        Self {
            read_halves: 0,
            writes: table_units(current, current) * TRANSACTIONAL_WRITES,
        }
    }
}

/// The larger of the item before and after counts; removing what is not there costs one unit.
fn table_units(before: Option<&Item>, after: Option<&Item>) -> u64 {
    let larger = before
        .map_or(0, Item::weight)
        .max(after.map_or(0, Item::weight));
    started_units(larger, WRITE_UNIT_BYTES)
}

/// What the two indexes cost: nothing for an entry that stays as it was, two writes for one whose
/// place changes (the old entry is removed, a new one is put).
fn index_units(before: Option<&Item>, after: Option<&Item>) -> u64 {
    if before == after {
        return 0;
    }
    let places: [fn(&Item) -> Option<&IndexKey>; 2] =
        [|item| item.index1.as_ref(), |item| item.index2.as_ref()];
    places
        .iter()
        .map(
            |place| match (before.and_then(place), after.and_then(place)) {
                (None, None) => 0,
                (Some(_), None) => table_units(before, None),
                (None, Some(_)) => table_units(None, after),
                (Some(old), Some(new)) if old == new => table_units(before, after),
                (Some(_), Some(_)) => table_units(before, None) + table_units(None, after),
            },
        )
        .sum()
}

/// Units begun by so many bytes; nothing counts as one byte.
const fn started_units(bytes: usize, unit_bytes: usize) -> u64 {
    if bytes == 0 {
        1
    } else {
        bytes.div_ceil(unit_bytes) as u64
    }
}

impl Add for Capacity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            read_halves: self.read_halves + other.read_halves,
            writes: self.writes + other.writes,
        }
    }
}

impl AddAssign for Capacity {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Capacity {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{PrimaryKey, Value};

    /// An item of exactly this weight: 10 bytes of key, the rest a blob.
    fn weighing(bytes: usize) -> Item {
        let mut item = Item::new(PrimaryKey {
            pk: "ppp".into(),
            sk: "sss".into(),
        });
        item.attributes.insert("b", Value::B(vec![0; bytes - 11]));
        assert_eq!(item.weight(), bytes);
        item
    }

    fn indexed(mut item: Item, sk: &str) -> Item {
        item.index1 = Some(IndexKey {
            pk: "i".into(),
            sk: sk.into(),
        });
        item
    }

    #[test]
    fn reads_cost_by_the_started_four_kilobytes() {
        let halves = |bytes, consistency| Capacity::of_read(bytes, consistency).read_halves;
        assert_eq!(halves(0, Consistency::Eventual), 1);
        assert_eq!(halves(4096, Consistency::Eventual), 1);
        assert_eq!(halves(4097, Consistency::Eventual), 2);
        assert_eq!(halves(0, Consistency::Strong), 2);
        assert_eq!(halves(4097, Consistency::Strong), 4);
        assert_eq!(Capacity::of_repeated_write(5000).read_halves, 8);
    }

    #[test]
    fn writes_cost_by_the_larger_of_before_and_after() {
        let (small, large) = (weighing(1024), weighing(1025));
        assert_eq!(Capacity::of_write(None, Some(&small)).writes, 1);
        assert_eq!(Capacity::of_write(Some(&large), Some(&small)).writes, 2);
        assert_eq!(Capacity::of_write(None, None).writes, 1);
        assert_eq!(
            Capacity::of_transactional_write(None, Some(&large)).writes,
            4
        );
        assert_eq!(Capacity::of_check(None).writes, 2);
        assert_eq!(Capacity::of_check(Some(&large)).writes, 4);
    }

    #[test]
    fn an_index_entry_costs_when_it_changes() {
        let here = indexed(weighing(900), "1");
        let mut changed = here.clone();
        changed.attributes.insert("n", Value::N(1));
        let there = indexed(weighing(1200), "2");
        assert_eq!(Capacity::of_write(None, Some(&here)).writes, 1 + 1);
        assert_eq!(Capacity::of_write(Some(&here), Some(&here)).writes, 1);
        assert_eq!(
            Capacity::of_write(Some(&here), Some(&changed)).writes,
            1 + 1
        );
        assert_eq!(
            Capacity::of_write(Some(&here), Some(&there)).writes,
            2 + 1 + 2
        );
        assert_eq!(
            Capacity::of_transactional_write(Some(&here), None).writes,
            2 + 1
        );
    }
}
