//! Units times prices.

use lastmile_prices::Amount;
use lastmile_prices::table::{
    API_CALL, BYTE_OUT, INVOCATION, LOG_BYTE, MB_MS, Price, READ_HALF, S3_GET, S3_PUT, SQS,
    WAF_REQUEST, WRITE,
};

use super::measure::{Measured, Operation, ROWS_PRICED};
use super::units::{Totals, Units, Waits};

/// So many of an operation are priced together.
const MANY: u64 = 1_000_000;

/// One operation with its price.
#[derive(Clone, Debug)]
pub(crate) struct Priced {
    pub(crate) operation: Operation,
    pub(crate) units: Units,
    /// What it consists of.
    pub(crate) lines: Vec<Line>,
}

/// A part of a price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line {
    pub(crate) price: Price,
    pub(crate) count: u64,
}

impl Line {
    pub(crate) const fn amount(&self) -> Amount {
        self.price.of(self.count as u128)
    }
}

impl Priced {
    /// Prices what was measured, where others take so long.
    pub(crate) fn of(measured: Measured, waits: Waits) -> Self {
        let Measured { operation, units } = measured;
        let Totals {
            read_halves,
            writes,
            store_calls: _,
            invocations,
            bytes_out,
            processor: _,
        } = units.spent();
        let lines = [
            (READ_HALF, read_halves),
            (WRITE, writes),
            (SQS, units.sqs_requests),
            (S3_PUT, units.s3_puts),
            (S3_GET, units.s3_gets),
            (API_CALL, units.api_calls),
            (WAF_REQUEST, units.api_calls),
            (INVOCATION, invocations),
            (MB_MS, units.mb_ms(waits)),
            (LOG_BYTE, units.log_bytes()),
            (BYTE_OUT, bytes_out),
        ];
        let used = lines.into_iter().filter(|(_, count)| *count > 0);
        Self {
            operation,
            lines: used.map(|(price, count)| Line { price, count }).collect(),
            units,
        }
    }

    /// The price of one.
    pub(crate) fn each(&self) -> Amount {
        self.lines.iter().map(Line::amount).sum()
    }

    /// The price of a million; of an import, that is a million rows.
    pub(crate) fn per_million(&self) -> Amount {
        if self.operation.is_by_rows() {
            self.each()
        } else {
            self.each() * MANY
        }
    }

    /// The same for so many: of an import, so many rows.
    pub(crate) fn lines_for(&self, count: u64) -> impl Iterator<Item = Used> {
        let per = if self.operation.is_by_rows() {
            u128::from(ROWS_PRICED)
        } else {
            1
        };
        self.lines.iter().map(move |line| Used {
            price: line.price,
            count: (u128::from(line.count) * u128::from(count)).div_ceil(per),
        })
    }
}

/// So much of one thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    pub(crate) price: Price,
    pub(crate) count: u128,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use lastmile_store::{Capacity, Spent};

    use super::*;
    use crate::cost::units::{Function, Stage};

    const NEAR: Waits = Waits {
        round_trip_ms: 5,
        carrier_ms: 700,
    };

    fn lookup() -> Measured {
        let stage = Stage {
            function: Function::Availability,
            invocations: 1,
            spent: Spent {
                capacity: Capacity {
                    read_halves: 3,
                    writes: 0,
                },
                round_trips: 2,
                ..Spent::default()
            },
            carrier_rounds: 0,
            processor: Duration::ZERO,
            bytes_out: 2_048,
        };
        Measured {
            operation: Operation::Lookup,
            units: Units::of_call(stage),
        }
    }

    #[test]
    fn a_lookup_worked_out_by_hand() {
        let priced = Priced::of(lookup(), NEAR);
        let shown: Vec<_> = priced
            .lines
            .iter()
            .map(|line| (line.price.name, line.count, line.amount().exact()))
            .collect();
        let line = |name, count, amount: &str| (name, count, amount.to_owned());
        assert_eq!(
            shown,
            [
                line("reads (half units)", 3, "0.000000187500"),
                line("API calls", 1, "0.000003500000"),
                line("WAF requests", 1, "0.000000600000"),
                line("invocations", 1, "0.000000200000"),
                line("Lambda time (MB x ms)", 512 * 10, "0.000000066667"),
                line("logs (bytes)", 1_536, "0.000000715256"),
                line("data out (bytes)", 2_048, "0.000000171662"),
            ]
        );
        assert_eq!(priced.each().exact(), "0.000005441085");
        assert_eq!(priced.per_million().to_string(), "$5.44");
    }

    #[test]
    fn an_import_is_priced_by_its_rows() {
        let measured = Measured {
            operation: Operation::NextImport,
            ..lookup()
        };
        let priced = Priced::of(measured, NEAR);
        assert_eq!(priced.per_million(), priced.each());
        let half: Vec<_> = priced.lines_for(500_000).collect();
        assert_eq!(half[0].count, 2, "three half units, halved and rounded up");
        assert_eq!(half[4].count, 512 * 5);
    }
}
