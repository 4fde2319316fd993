//! `lastmile cost`: what each operation costs on AWS, measured, and what a month does.

use clap::Args;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use lastmile_prices::table as prices;
use serde_json::{Value, json};

use crate::cost::measure::measure;
use crate::cost::monthly::{Bill, Workload, always_on, break_even_tenths, serverless};
use crate::cost::price_list::{Priced, Used};
use crate::cost::sample::IMPORTED_ROWS;
use crate::cost::units::{
    LOG_BYTES_PER_API_CALL, LOG_BYTES_PER_INVOCATION, Stage, Totals, Units, Waits,
};
use crate::ending::{Ending, Failure};
use crate::{output, runtime};

/// Say what each operation costs on AWS, from units measured here and now
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    lastmile cost\n  \
    lastmile cost --json\n  \
    lastmile cost --monthly distributor\n\n\
    A sample city is made in a temporary folder, each operation is done on it, and what it reads, writes and \
    sends is counted. The data folder is not touched.")]
pub(crate) struct Options {
    /// A month of this workload, beside the same on servers that always run
    #[arg(long, value_enum, value_name = "WORKLOAD")]
    monthly: Option<Workload>,
    /// How long a call of the store takes on AWS: an assumption
    #[arg(long, value_name = "MS", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=1_000))]
    round_trip_ms: u64,
    /// How long a carrier takes to answer about one location, with all its requests: an assumption
    #[arg(long, value_name = "MS", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(0..=5_000))]
    carrier_ms: u64,
    /// One JSON object a line: an operation, or the month
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Ending, Failure> {
    let Options {
        monthly,
        round_trip_ms,
        carrier_ms,
        json,
    } = options;
    let waits = Waits {
        round_trip_ms: *round_trip_ms,
        carrier_ms: *carrier_ms,
    };
    let measured = runtime::block_on(measure())?;
    let list: Vec<Priced> = measured
        .into_iter()
        .map(|measured| Priced::of(measured, waits))
        .collect();
    match monthly {
        Some(workload) => show_month(*workload, &list, *json)?,
        None if *json => {
            for priced in &list {
                output::json(&object(priced, waits))?;
            }
        }
        None => output::line(people(&list, waits))?,
    }
    if !json {
        output::line(assumptions(waits))?;
    }
    Ok(Ending::Done)
}

/// The price list and the prices behind it.
fn people(list: &[Priced], waits: Waits) -> String {
    let mut table = table([
        "operation",
        "read units",
        "write units",
        "SQS",
        "S3",
        "API calls",
        "Lambda ms x MB",
        "price each",
        "per 1,000,000",
    ]);
    for priced in list {
        let Priced {
            operation, units, ..
        } = priced;
        let Totals {
            read_halves,
            writes,
            ..
        } = units.spent();
        table.add_row([
            operation.title().to_owned(),
            read_units(read_halves),
            grouped(writes.into()),
            grouped(units.sqs_requests.into()),
            grouped((units.s3_puts + units.s3_gets).into()),
            grouped(units.api_calls.into()),
            functions(units, waits),
            priced.each().to_string(),
            priced.per_million().to_string(),
        ]);
    }
    aligned_right(&mut table, &[1, 2, 3, 4, 5, 7, 8]);
    let mut used = self::table(["AWS asks", "for", "as its page says it"]);
    for price in prices::ALL {
        used.add_row([price.said, price.name, price.page]);
    }
    format!(
        "{table}\nThe last column of imports and undos is for 1,000,000 rows.\n\n\
         Prices of {}, {}, US dollars:\n{used}",
        prices::AS_OF,
        prices::REGION
    )
}

/// `22 x 512, 31 x 1,024`: the functions of an operation in their order.
fn functions(units: &Units, waits: Waits) -> String {
    let shown = |stage: &Stage| {
        let billed = grouped(stage.billed_ms(waits).into());
        format!("{billed} x {}", grouped(stage.function.memory_mb().into()))
    };
    let shown: Vec<String> = units.stages.iter().map(shown).collect();
    shown.join(", ")
}

/// An operation for programs.
fn object(priced: &Priced, waits: Waits) -> Value {
    let Priced {
        operation,
        units,
        lines,
    } = priced;
    let Totals {
        read_halves,
        writes,
        store_calls,
        invocations,
        bytes_out,
        processor: _,
    } = units.spent();
    let stage = |stage: &Stage| {
        json!({
            "function": stage.function.as_str(),
            "memory_mb": stage.function.memory_mb(),
            "invocations": stage.invocations,
            "round_trips": stage.spent.round_trips,
            "carrier_rounds": stage.carrier_rounds,
            "processor_us": u64::try_from(stage.processor.as_micros()).unwrap_or(u64::MAX),
            "billed_ms": stage.billed_ms(waits),
        })
    };
    let rows = operation
        .is_by_rows()
        .then_some(crate::cost::measure::ROWS_PRICED);
    json!({
        "operation": operation.name(),
        "title": operation.title(),
        "rows": rows,
        "rows_measured": rows.map(|_| IMPORTED_ROWS),
        "read_half_units": read_halves,
        "write_units": writes,
        "store_calls": store_calls,
        "sqs_requests": units.sqs_requests,
        "s3_puts": units.s3_puts,
        "s3_gets": units.s3_gets,
        "api_calls": units.api_calls,
        "invocations": invocations,
        "bytes_out": bytes_out,
        "functions": units.stages.iter().map(stage).collect::<Vec<_>>(),
        "lambda_mb_ms": units.mb_ms(waits),
        "price_lines": lines.iter().map(|line| json!({
            "what": line.price.name,
            "count": line.count,
            "usd": line.amount().exact(),
        })).collect::<Vec<_>>(),
        "price_usd": priced.each().exact(),
        "price_per_million_usd": priced.per_million().exact(),
        "prices_as_of": prices::AS_OF,
    })
}

fn show_month(workload: Workload, list: &[Priced], json: bool) -> Result<(), Failure> {
    let functions = serverless(workload, list);
    let servers = always_on(workload, list);
    let break_even = break_even_tenths(&functions, &servers);
    if json {
        output::json(&json!({
            "workload": workload.as_str(),
            "serverless": bill_object(&functions),
            "always_on": bill_object(&servers),
            "break_even_tenths": break_even.and_then(|tenths| u64::try_from(tenths).ok()),
            "prices_as_of": prices::AS_OF,
        }))?;
        return Ok(());
    }
    let volumes: String = workload
        .volumes()
        .iter()
        .map(|(operation, count)| {
            let unit = if operation.is_by_rows() { " rows" } else { "" };
            format!(
                "  {}: {}{unit}\n",
                operation.title(),
                grouped((*count).into())
            )
        })
        .collect();
    output::line(format_args!(
        "A month of `{}`:\n{volumes}\nServerless (functions, on-demand table):\n{}\n\n\
         The same on two servers that always run:\n{}\n\n{}",
        workload.as_str(),
        bill_table(&functions),
        bill_table(&servers),
        verdict(&functions, &servers, break_even)
    ))?;
    Ok(())
}

fn verdict(functions: &Bill, servers: &Bill, break_even: Option<u128>) -> String {
    let (total, total_on) = (functions.total(), servers.total());
    let beside = format!("{total} serverless, {total_on} on servers.");
    match break_even {
        None => format!("{beside} As nothing is asked, more of it changes nothing."),
        Some(tenths) => format!(
            "{beside} From {}.{} times this workload on, with the same data stored, the servers are cheaper, \
             if they can carry it.",
            grouped(tenths / 10),
            tenths % 10
        ),
    }
}

fn bill_table(bill: &Bill) -> Table {
    let mut table = table(["what", "count", "at", "a month"]);
    for used in bill.fixed.iter().chain(&bill.by_use) {
        table.add_row([
            used.price.name.to_owned(),
            grouped(used.count),
            used.price.said.to_owned(),
            used.amount().to_string(),
        ]);
    }
    let total =
        |what: &str, amount: String| [what.to_owned(), String::new(), String::new(), amount];
    table.add_row(total("fixed", bill.fixed_amount().to_string()));
    table.add_row(total("by use", bill.amount_by_use().to_string()));
    table.add_row(total("together", bill.total().to_string()));
    aligned_right(&mut table, &[1, 3]);
    table
}

fn bill_object(bill: &Bill) -> Value {
    let lines = |used: &[Used]| -> Vec<Value> {
        used.iter()
            .map(|used| {
                json!({
                    "what": used.price.name,
                    "count": u64::try_from(used.count).unwrap_or(u64::MAX),
                    "price": used.price.said,
                    "usd": used.amount().exact(),
                })
            })
            .collect()
    };
    json!({
        "fixed": lines(&bill.fixed),
        "by_use": lines(&bill.by_use),
        "fixed_usd": bill.fixed_amount().exact(),
        "by_use_usd": bill.amount_by_use().exact(),
        "total_usd": bill.total().exact(),
    })
}

/// What is not measured, said with every price list.
fn assumptions(waits: Waits) -> String {
    let Waits {
        round_trip_ms,
        carrier_ms,
    } = waits;
    let built = if cfg!(debug_assertions) {
        " This is a debug build, whose processor time is many times that of a release build."
    } else {
        ""
    };
    format!(
        "\nMeasured here: units, calls, bytes, processor time (of this machine).{built}\n\
         Imports and undos are measured on {rows} rows and scaled; a list of offers, one row a building.\n\
         Assumed: {round_trip_ms} ms a round trip to the store, a queue or the bucket (--round-trip-ms); a processor whole at 1,769 MB \
         and in proportion below; {LOG_BYTES_PER_INVOCATION} bytes of log a start and {LOG_BYTES_PER_API_CALL} a \
         call; a function that has read nothing yet, neither lists nor streets nor the providers file; \
         {carrier_ms} ms until a carrier has answered about one location (--carrier-ms), as many at once as a \
         providers file allows that does not say; messages of quotes that come ten at a time, as far as there are \
         so many, and do not meet at the counts of a provider; the authorizer's answer kept by \
         the gateway; no free tier, no discounts, no taxes.",
        rows = grouped(IMPORTED_ROWS.into()),
    )
}

fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    table
}

fn aligned_right(table: &mut Table, columns: &[usize]) {
    for index in columns {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Read units from their halves: `1.5`.
fn read_units(halves: u64) -> String {
    let half = if halves.is_multiple_of(2) { "" } else { ".5" };
    format!("{}{half}", grouped((halves / 2).into()))
}

/// A number with its thousands apart: `1,234,567`.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_thousands() {
        let shown = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([1, 2, 2_001].map(read_units), ["0.5", "1", "1,000.5"]);
    }
}
