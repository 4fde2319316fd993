//! What DynamoDB says that a call consumed.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use lastmile_store::Capacity;

/// Of a call that only reads.
pub(super) fn read(consumed: &[ConsumedCapacity]) -> Capacity {
    Capacity {
        read_halves: halves(units(consumed, ConsumedCapacity::capacity_units)),
        writes: 0,
    }
}

/// Of a call that only writes.
pub(super) fn written(consumed: &[ConsumedCapacity]) -> Capacity {
    Capacity {
        read_halves: 0,
        writes: whole(units(consumed, ConsumedCapacity::capacity_units)),
    }
}

/// Of a transaction: writes, or the reads of one whose token came again. It says which.
pub(super) fn transacted(consumed: &[ConsumedCapacity]) -> Capacity {
    let reads = units(consumed, ConsumedCapacity::read_capacity_units);
    let all = units(consumed, ConsumedCapacity::capacity_units);
    Capacity {
        read_halves: halves(reads),
        writes: whole(all - reads),
    }
}

fn units(consumed: &[ConsumedCapacity], figure: impl Fn(&ConsumedCapacity) -> Option<f64>) -> f64 {
    consumed.iter().filter_map(figure).sum()
}

fn halves(units: f64) -> u64 {
    whole(units * 2.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "units are small, whole or half, and never negative; a cast saturates"
)]
fn whole(units: f64) -> u64 {
    units.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn consumed(all: f64, reads: Option<f64>) -> ConsumedCapacity {
        ConsumedCapacity::builder()
            .capacity_units(all)
            .set_read_capacity_units(reads)
            .build()
    }

    #[test]
    fn figures_of_all_tables_are_added() {
        let two = [consumed(0.5, None), consumed(2.0, None)];
        assert_eq!(read(&two).read_halves, 5);
        assert_eq!(written(&[consumed(3.0, None)]).writes, 3);
        assert_eq!(read(&[]), Capacity::default());
    }

    #[test]
    fn a_transaction_says_whether_it_wrote() {
        let first = transacted(&[consumed(4.0, None)]);
        assert_eq!((first.read_halves, first.writes), (0, 4));
        let again = transacted(&[consumed(2.0, Some(2.0))]);
        assert_eq!((again.read_halves, again.writes), (4, 0));
    }
}
