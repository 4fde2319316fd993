//! A month of a named workload, beside the same on servers that always run.

use clap::ValueEnum;
use lastmile_prices::Amount;
use lastmile_prices::table::{
    ALARM, API_CALL, BALANCER_BYTE, BALANCER_HOUR, BYTE_OUT, DATABASE_GB, DATABASE_HOUR, DISK_GB,
    LOG_BYTE, Price, SERVER_HOUR, SQS_POLL, TABLE_GB, TABLE_RECOVERY_GB, WAF_ACL, WAF_REQUEST,
    WAF_RULE,
};

use super::measure::Operation;
use super::price_list::{Priced, Used};
use super::units::LOG_BYTES_PER_API_CALL;

/// Hours of a month, as AWS reckons.
const HOURS: u128 = 730;
/// Queues that start functions.
pub(super) const POLLED_QUEUES: u128 = 3;
/// Connections that Lambda keeps open to each, each asking anew after a wait of 20 seconds.
const POLLERS: u128 = 5;
const POLLS_PER_HOUR: u128 = 180;
/// Rules of the firewall: a rate and three managed groups.
pub(super) const WAF_RULES: u128 = 4;
/// Alarms of the deployment.
pub(super) const ALARMS: u128 = 33;
/// Servers, so that one may fail.
const SERVERS: u128 = 2;
/// Disk of a server.
const SERVER_DISK_GB: u128 = 20;
/// The smallest storage of a database.
const DATABASE_GB_LEAST: u128 = 20;
/// Break-even factors are given in tenths.
const TENTHS: u128 = 10;

/// A month's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Workload {
    /// Nothing is asked, and nothing is stored
    Idle,
    /// 50,000 lookups, 200 batches of 1,000, 4 imports of 200,000 rows, 2 GB stored
    Small,
    /// 2,000,000 lookups, 5,000 batches of 1,000, 60 imports of 500,000 rows, 100 GB stored
    Distributor,
}

impl Workload {
    /// Its name.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Small => "small",
            Self::Distributor => "distributor",
        }
    }

    /// What is done, how often. Of imports these are the rows, and what is asked once an import (a call, an
    /// object put) goes by rows too: that is hundredths of a cent. Of ten lookups one is misspelt and one is
    /// served by nobody.
    pub(crate) const fn volumes(self) -> &'static [(Operation, u64)] {
        match self {
            Self::Idle => &[],
            Self::Small => &[
                (Operation::Lookup, 40_000),
                (Operation::LookupMisspelt, 5_000),
                (Operation::LookupUnserved, 5_000),
                (Operation::Batch, 200),
                (Operation::NextImport, 4 * 200_000),
            ],
            Self::Distributor => &[
                (Operation::Lookup, 1_600_000),
                (Operation::LookupMisspelt, 200_000),
                (Operation::LookupUnserved, 200_000),
                (Operation::Batch, 5_000),
                (Operation::NextImport, 60 * 500_000),
            ],
        }
    }

    /// What is stored.
    const fn stored_gb(self) -> u128 {
        match self {
            Self::Idle => 0,
            Self::Small => 2,
            Self::Distributor => 100,
        }
    }
}

/// A month's bill.
#[derive(Clone, Debug)]
pub(crate) struct Bill {
    /// What is paid whether anything is asked or not.
    pub(crate) fixed: Vec<Used>,
    /// What grows with what is asked.
    pub(crate) by_use: Vec<Used>,
}

impl Used {
    pub(crate) const fn amount(&self) -> Amount {
        self.price.of(self.count)
    }
}

impl Bill {
    fn new(fixed: &[(Price, u128)], by_use: &[(Price, u128)]) -> Self {
        let used = |lines: &[(Price, u128)]| {
            let some = lines.iter().filter(|(_, count)| *count > 0);
            let used = some.map(|(price, count)| Used {
                price: *price,
                count: *count,
            });
            used.collect()
        };
        Self {
            fixed: used(fixed),
            by_use: used(by_use),
        }
    }

    pub(crate) fn fixed_amount(&self) -> Amount {
        self.fixed.iter().map(Used::amount).sum()
    }

    pub(crate) fn amount_by_use(&self) -> Amount {
        self.by_use.iter().map(Used::amount).sum()
    }

    /// All of it.
    pub(crate) fn total(&self) -> Amount {
        self.fixed_amount() + self.amount_by_use()
    }
}

/// The workload on functions and the on-demand table.
pub(crate) fn serverless(workload: Workload, list: &[Priced]) -> Bill {
    let stored = workload.stored_gb();
    let polls = POLLED_QUEUES * POLLERS * POLLS_PER_HOUR * HOURS;
    Bill::new(
        &[
            (TABLE_GB, stored),
            (TABLE_RECOVERY_GB, stored),
            (SQS_POLL, polls),
            (WAF_ACL, 1),
            (WAF_RULE, WAF_RULES),
            (ALARM, ALARMS),
        ],
        &used_by(workload, list),
    )
}

/// The workload on two servers behind a load balancer, with a database that has a second one in another
/// zone; the firewall, the alarms, the logs of requests and the data out are the same.
pub(crate) fn always_on(workload: Workload, list: &[Priced]) -> Bill {
    let used = used_by(workload, list);
    let count_of = |wanted: Price| {
        let found = used.iter().find(|(price, _)| *price == wanted);
        found.map_or(0, |(_, count)| *count)
    };
    let (calls, sent) = (count_of(API_CALL), count_of(BYTE_OUT));
    Bill::new(
        &[
            (SERVER_HOUR, SERVERS * HOURS),
            (DISK_GB, SERVERS * SERVER_DISK_GB),
            (DATABASE_HOUR, HOURS),
            (DATABASE_GB, workload.stored_gb().max(DATABASE_GB_LEAST)),
            (BALANCER_HOUR, HOURS),
            (WAF_ACL, 1),
            (WAF_RULE, WAF_RULES),
            (ALARM, ALARMS),
        ],
        &[
            (WAF_REQUEST, calls),
            (LOG_BYTE, calls * u128::from(LOG_BYTES_PER_API_CALL)),
            (BYTE_OUT, sent),
            (BALANCER_BYTE, sent),
        ],
    )
}

/// At how many tenths of the workload both cost the same: above it the servers are cheaper. `None` where they
/// never are.
pub(crate) fn break_even_tenths(serverless: &Bill, always_on: &Bill) -> Option<u128> {
    let [fixed, fixed_on] = [serverless, always_on].map(|bill| bill.fixed_amount().picodollars());
    let [use_, use_on] = [serverless, always_on].map(|bill| bill.amount_by_use().picodollars());
    let saved = use_.checked_sub(use_on).filter(|saved| *saved > 0)?;
    Some(fixed_on.saturating_sub(fixed) * TENTHS / saved)
}

/// What the workload uses, summed over its operations.
fn used_by(workload: Workload, list: &[Priced]) -> Vec<(Price, u128)> {
    let mut sums: Vec<(Price, u128)> = Vec::new();
    for (operation, count) in workload.volumes() {
        let priced = list.iter().filter(|priced| priced.operation == *operation);
        for Used { price, count } in priced.flat_map(|priced| priced.lines_for(*count)) {
            match sums.iter_mut().find(|(known, _)| *known == price) {
                Some((_, sum)) => *sum += count,
                None => sums.push((price, count)),
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::measure::Measured;
    use crate::cost::units::{Units, Waits};

    /// A lookup that is an API call and nothing else.
    fn list() -> Vec<Priced> {
        let units = Units {
            api_calls: 1,
            ..Units::default()
        };
        let measured = Measured {
            operation: Operation::Lookup,
            units,
        };
        let waits = Waits {
            round_trip_ms: 5,
            carrier_ms: 700,
        };
        vec![Priced::of(measured, waits)]
    }

    #[test]
    fn an_idle_month_is_what_stands_there() {
        let bill = serverless(Workload::Idle, &list());
        // 1,971,000 polls of $0.40 a million, the firewall's 5 + 4, 33 alarms of $0.10.
        assert_eq!(bill.total().exact(), "13.088400000000");
        assert_eq!(bill.amount_by_use(), Amount::default());
        // 2 x 24.528 + 40 x 0.08 + 94.17 + 20 x 0.23 + 16.425 + 9 + 3.3
        let servers = always_on(Workload::Idle, &list());
        assert_eq!(servers.total().exact(), "179.751000000000");
        assert_eq!(break_even_tenths(&bill, &servers), None);
    }

    #[test]
    fn a_month_of_calls_and_where_the_servers_become_cheaper() {
        let bill = serverless(Workload::Small, &list());
        // 40,000 calls: 0.14 for the gateway, 0.024 for the firewall, 20,480,000 bytes of log.
        let by_use = bill.amount_by_use().exact();
        assert_eq!(by_use, "0.173536743165");
        // The servers pay the firewall and the logs too, so the gateway's 0.14 is what they save.
        let servers = always_on(Workload::Small, &list());
        let fixed = servers.fixed_amount().picodollars() - bill.fixed_amount().picodollars();
        let tenths = break_even_tenths(&bill, &servers);
        assert_eq!(tenths, Some(fixed * 10 / 140_000_000_000));
        assert_eq!(tenths, Some(11_840));
    }
}
