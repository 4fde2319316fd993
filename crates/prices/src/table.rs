//! What AWS asks: on demand, us-east-1 (N. Virginia), US dollars, no free tier, no volume discount.
//!
//! The figures are those of the pricing pages of the named services. Compared with what others wrote of
//! them in 2025 and 2026: DynamoDB's request units (halved in November 2024), Lambda, API Gateway, WAF, RDS
//! (the instance by the hour, within a tenth of a cent; storage of one zone) and data out. Not found
//! elsewhere and taken from memory of those pages: SQS, S3, the table's storage and backup, CloudWatch, EC2,
//! its disks and the load balancer. Look at the page before you rely on one; put in a newer price here, with
//! the day, and everything that is printed follows.

use crate::Amount;

/// The day as of which the table is meant to be true.
pub const AS_OF: &str = "2026-11-25";
/// Where.
pub const REGION: &str = "us-east-1";

/// What one thing costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// What is counted.
    pub name: &'static str,
    /// The price of `per` of them.
    amount: Amount,
    /// How many that price is for.
    per: u128,
    /// The price as AWS's page says it.
    pub said: &'static str,
    /// Name of AWS's page.
    pub page: &'static str,
}

impl Price {
    /// What so many cost.
    #[must_use]
    pub const fn of(&self, count: u128) -> Amount {
        self.amount.for_each(count, self.per)
    }
}

const MILLION: u128 = 1_000_000;
/// Bytes in the gigabyte that AWS bills.
pub const GB: u128 = 1 << 30;
/// Megabyte-milliseconds in a gigabyte-second.
const GB_SECOND: u128 = 1_024 * 1_000;

/// Half a read request unit: an eventually consistent read of up to 4 KB.
pub const READ_HALF: Price = Price {
    name: "reads (half units)",
    amount: Amount::of_millidollars(125),
    per: 2 * MILLION,
    said: "$0.125 per million read request units",
    page: "Amazon DynamoDB pricing, on-demand capacity",
};
/// A write request unit.
pub const WRITE: Price = Price {
    name: "writes (units)",
    amount: Amount::of_millidollars(625),
    per: MILLION,
    said: "$0.625 per million write request units",
    page: "Amazon DynamoDB pricing, on-demand capacity",
};
/// A gigabyte of the table for a month.
pub const TABLE_GB: Price = Price {
    name: "table (GB)",
    amount: Amount::of_millidollars(250),
    per: 1,
    said: "$0.25 per GB and month",
    page: "Amazon DynamoDB pricing, on-demand capacity",
};
/// A gigabyte of the table for a month, with the past 35 days to go back to.
pub const TABLE_RECOVERY_GB: Price = Price {
    name: "table, point-in-time recovery (GB)",
    amount: Amount::of_millidollars(200),
    per: 1,
    said: "$0.20 per GB and month",
    page: "Amazon DynamoDB pricing, on-demand capacity",
};
/// A request to SQS: send, receive or delete, of up to ten messages and 64 KB.
pub const SQS: Price = Price {
    name: "SQS requests",
    amount: Amount::of_millidollars(400),
    per: MILLION,
    said: "$0.40 per million requests to a standard queue",
    page: "Amazon SQS pricing",
};
/// A request by which Lambda looks into a queue that is empty.
pub const SQS_POLL: Price = Price {
    name: "SQS requests, looking into empty queues",
    ..SQS
};
/// An object that is put.
pub const S3_PUT: Price = Price {
    name: "S3 PUT",
    amount: Amount::of_millidollars(5),
    per: 1_000,
    said: "$0.005 per 1,000 PUT requests",
    page: "Amazon S3 pricing, S3 Standard",
};
/// An object, or a part of one, that is read.
pub const S3_GET: Price = Price {
    name: "S3 GET",
    amount: Amount::of_picodollars(400_000_000),
    per: 1_000,
    said: "$0.0004 per 1,000 GET requests",
    page: "Amazon S3 pricing, S3 Standard",
};
/// A request that API Gateway took.
pub const API_CALL: Price = Price {
    name: "API calls",
    amount: Amount::of_millidollars(3_500),
    per: MILLION,
    said: "$3.50 per million requests to a REST API",
    page: "Amazon API Gateway pricing",
};
/// A request that the firewall looked at.
pub const WAF_REQUEST: Price = Price {
    name: "WAF requests",
    amount: Amount::of_millidollars(600),
    per: MILLION,
    said: "$0.60 per million requests",
    page: "AWS WAF pricing",
};
/// The firewall's list of rules for a month.
pub const WAF_ACL: Price = Price {
    name: "WAF web ACL",
    amount: Amount::of_millidollars(5_000),
    per: 1,
    said: "$5.00 a month",
    page: "AWS WAF pricing",
};
/// One rule, or one managed group of them, for a month.
pub const WAF_RULE: Price = Price {
    name: "WAF rules",
    amount: Amount::of_millidollars(1_000),
    per: 1,
    said: "$1.00 a month",
    page: "AWS WAF pricing",
};
/// A start of a function's handler.
pub const INVOCATION: Price = Price {
    name: "invocations",
    amount: Amount::of_millidollars(200),
    per: MILLION,
    said: "$0.20 per million requests",
    page: "AWS Lambda pricing",
};
/// A megabyte of a function on arm64 for a millisecond.
pub const MB_MS: Price = Price {
    name: "Lambda time (MB x ms)",
    amount: Amount::of_picodollars(13_333_400),
    per: GB_SECOND,
    said: "$0.0000133334 per GB-second on Arm",
    page: "AWS Lambda pricing",
};
/// A byte of log.
pub const LOG_BYTE: Price = Price {
    name: "logs (bytes)",
    amount: Amount::of_millidollars(500),
    per: GB,
    said: "$0.50 per GB collected",
    page: "Amazon CloudWatch pricing",
};
/// An alarm for a month.
pub const ALARM: Price = Price {
    name: "alarms",
    amount: Amount::of_millidollars(100),
    per: 1,
    said: "$0.10 per alarm metric and month",
    page: "Amazon CloudWatch pricing",
};
/// A byte that is sent to the internet.
pub const BYTE_OUT: Price = Price {
    name: "data out (bytes)",
    amount: Amount::of_millidollars(90),
    per: GB,
    said: "$0.09 per GB to the internet, the first 10 TB",
    page: "Amazon EC2 on-demand pricing, data transfer",
};
/// A server for an hour: 2 processors of which a fifth may be used all the time, 4 GB.
pub const SERVER_HOUR: Price = Price {
    name: "servers, t4g.medium (hours)",
    amount: Amount::of_picodollars(33_600_000_000),
    per: 1,
    said: "$0.0336 an hour for t4g.medium, Linux",
    page: "Amazon EC2 on-demand pricing",
};
/// A gigabyte of a server's disk for a month.
pub const DISK_GB: Price = Price {
    name: "servers' disks, gp3 (GB)",
    amount: Amount::of_millidollars(80),
    per: 1,
    said: "$0.08 per GB and month",
    page: "Amazon EBS pricing",
};
/// A database with a second one in another zone for an hour.
pub const DATABASE_HOUR: Price = Price {
    name: "database, db.t4g.medium, two zones (hours)",
    amount: Amount::of_millidollars(129),
    per: 1,
    said: "$0.129 an hour for db.t4g.medium, PostgreSQL, Multi-AZ",
    page: "Amazon RDS for PostgreSQL pricing",
};
/// A gigabyte of that database for a month.
pub const DATABASE_GB: Price = Price {
    name: "database storage, two zones (GB)",
    amount: Amount::of_millidollars(230),
    per: 1,
    said: "$0.23 per GB and month, Multi-AZ",
    page: "Amazon RDS for PostgreSQL pricing",
};
/// A load balancer for an hour.
pub const BALANCER_HOUR: Price = Price {
    name: "load balancer (hours)",
    amount: Amount::of_picodollars(22_500_000_000),
    per: 1,
    said: "$0.0225 an hour",
    page: "Elastic Load Balancing pricing, Application Load Balancer",
};
/// A byte that goes through the load balancer: a capacity unit is a gigabyte in an hour.
pub const BALANCER_BYTE: Price = Price {
    name: "through the load balancer (bytes)",
    amount: Amount::of_millidollars(8),
    per: GB,
    said: "$0.008 per LCU-hour, which carries 1 GB",
    page: "Elastic Load Balancing pricing, Application Load Balancer",
};

/// The whole table.
pub const ALL: &[Price] = &[
    READ_HALF,
    WRITE,
    TABLE_GB,
    TABLE_RECOVERY_GB,
    SQS,
    S3_PUT,
    S3_GET,
    API_CALL,
    WAF_REQUEST,
    WAF_ACL,
    WAF_RULE,
    INVOCATION,
    MB_MS,
    LOG_BYTE,
    ALARM,
    BYTE_OUT,
    SERVER_HOUR,
    DISK_GB,
    DATABASE_HOUR,
    DATABASE_GB,
    BALANCER_HOUR,
    BALANCER_BYTE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_costs_what_the_page_says() {
        let million = |price: Price| price.of(MILLION).exact();
        assert_eq!(READ_HALF.of(2 * MILLION).exact(), "0.125000000000");
        assert_eq!(million(WRITE), "0.625000000000");
        assert_eq!(million(SQS), "0.400000000000");
        assert_eq!(million(S3_PUT), "5.000000000000");
        assert_eq!(million(S3_GET), "0.400000000000");
        assert_eq!(million(API_CALL), "3.500000000000");
        assert_eq!(million(INVOCATION), "0.200000000000");
    }

    #[test]
    fn half_a_gigabyte_for_a_fifth_of_a_second_is_a_tenth_of_a_gigabyte_second() {
        assert_eq!(MB_MS.of(512 * 200).exact(), "0.000001333340");
    }

    #[test]
    fn a_month_of_a_server_is_730_hours() {
        assert_eq!(SERVER_HOUR.of(730).exact(), "24.528000000000");
        assert_eq!(DATABASE_HOUR.of(730).exact(), "94.170000000000");
    }
}
