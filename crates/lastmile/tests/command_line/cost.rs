//! The price list: its units are written down, so that a change that costs more is seen.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;

use crate::program::Program;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/prices.md");

const HEAD: &str = "# Prices

What each operation uses on AWS, and what that costs. This file is generated from `lastmile cost --json`, which does
each operation on a made-up city and counts. `UPDATE=1 cargo test -p lastmile --test command_line cost` writes it
anew; the test fails while it is stale, so a change that reads or writes more shows here.

The time of Lambda functions depends on the machine that measures it, so it is left out here, of the units and of the
price; `lastmile cost` prints both. Imports and undos are of 1,000,000 rows, scaled from fewer. Every function starts
with nothing read: the lists and the streets that a running one remembers are read, and paid, each time.

A quote is filled as on AWS: one message starts it, then there is one for each provider and each 20 locations, and a
quote-worker does up to ten of them at once. The time that it waits for carriers is Lambda time; `lastmile cost` has it,
with `--carrier-ms` for how long a carrier takes.

| operation | read units | write units | store calls | SQS requests | S3 requests | API calls | function starts | KB sent | price of 1,000,000 without Lambda time |
|---|---|---|---|---|---|---|---|---|---|
";

/// The list once for all tests: it takes a while.
static LIST: LazyLock<Vec<Value>> =
    LazyLock::new(|| Program::new().must(&["cost", "--json"]).objects());

fn number(object: &Value, name: &str) -> u64 {
    object[name]
        .as_u64()
        .unwrap_or_else(|| panic!("{name}: {object}"))
}

/// Picodollars of an amount with twelve decimals.
fn picodollars(text: &Value) -> u128 {
    let text = text.as_str().unwrap();
    assert_eq!(text.len() - text.find('.').unwrap(), 13, "{text}");
    text.replace('.', "").parse().unwrap()
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    for priced in LIST.iter() {
        let lines = priced["price_lines"].as_array().unwrap();
        let timeless = lines
            .iter()
            .filter(|line| line["what"] != "Lambda time (MB x ms)");
        let each: u128 = timeless.map(|line| picodollars(&line["usd"])).sum();
        let many = if priced["rows"].is_null() {
            1_000_000
        } else {
            1
        };
        let cents = (each * many).div_ceil(10_u128.pow(10));
        let halves = number(priced, "read_half_units");
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} | ${}.{:02} |",
            priced["title"].as_str().unwrap(),
            format!("{}.{}", halves / 2, halves % 2 * 5).trim_end_matches(".0"),
            number(priced, "write_units"),
            number(priced, "store_calls"),
            number(priced, "sqs_requests"),
            number(priced, "s3_puts") + number(priced, "s3_gets"),
            number(priced, "api_calls"),
            number(priced, "invocations"),
            number(priced, "bytes_out").div_ceil(1_024),
            cents / 100,
            cents % 100,
        );
    }
    page
}

#[test]
fn the_units_of_every_operation_are_as_they_are_written_down() {
    let page = page();
    let path = Path::new(FILE);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let pairs = written.lines().zip(page.lines());
    let differing: String = pairs
        .filter(|(written, now)| written != now)
        .map(|(written, now)| format!("written: {written}\nnow:     {now}\n"))
        .collect();
    assert!(
        written == page,
        "{differing}docs/prices.md is stale; run UPDATE=1 cargo test -p lastmile --test command_line cost"
    );
}

#[test]
fn every_price_is_the_sum_of_its_lines() {
    assert_eq!(LIST.len(), 15);
    for priced in LIST.iter() {
        let lines = priced["price_lines"].as_array().unwrap();
        let sum: u128 = lines.iter().map(|line| picodollars(&line["usd"])).sum();
        assert_eq!(sum, picodollars(&priced["price_usd"]), "{priced}");
        let many = if priced["rows"].is_null() {
            1_000_000
        } else {
            1
        };
        let million = picodollars(&priced["price_per_million_usd"]);
        assert_eq!(million, sum * many, "{priced}");
        let functions = priced["functions"].as_array().unwrap();
        let mb_ms: u64 = functions
            .iter()
            .map(|function| number(function, "memory_mb") * number(function, "billed_ms"))
            .sum();
        assert_eq!(mb_ms, number(priced, "lambda_mb_ms"), "{priced}");
    }
}

#[test]
fn lambda_time_has_every_round_trip_to_the_store() {
    let lookup = &LIST[0];
    assert_eq!(lookup["operation"], "lookup");
    let function = &lookup["functions"][0];
    let round_trips = number(function, "round_trips");
    assert_eq!(round_trips, 2, "the lists, then the building: {lookup}");
    assert!(number(function, "billed_ms") > round_trips * 5, "{lookup}");
    let batch = LIST
        .iter()
        .find(|priced| priced["operation"] == "batch_1000");
    let batch = batch.unwrap();
    let round_trips = number(&batch["functions"][0], "round_trips");
    let calls = number(batch, "store_calls");
    assert!(
        round_trips * 10 < calls,
        "a thousand places are not asked one after another: {batch}"
    );
}

fn named(operation: &str) -> &'static Value {
    let mut list = LIST.iter();
    let found = list.find(|priced| priced["operation"] == operation);
    found.unwrap_or_else(|| panic!("{operation} is not in the list"))
}

#[test]
fn a_quote_is_a_message_for_each_provider_and_slice_and_an_errand() {
    for operation in ["quote_100x3x5", "quote_100x3x5_by_api"] {
        let quote = named(operation);
        // The errand is sent, received and deleted; so are 5 slices x 5 providers, in batches of 10, 10 and 5.
        assert_eq!(number(quote, "sqs_requests"), 3 + 3 * 3, "{quote}");
        let started: Vec<_> = quote["functions"].as_array().unwrap().iter().collect();
        let started: Vec<_> = started
            .iter()
            .map(|function| {
                (
                    function["function"].as_str().unwrap(),
                    number(function, "invocations"),
                )
            })
            .collect();
        let expected = [
            ("quotes", 1),
            ("relay", 1),
            ("quote worker", 4),
            ("quotes", 1),
        ];
        assert_eq!(started, expected);
    }
    let progress = named("quote_progress");
    // The read itself, and the providers file of a function that has read nothing yet.
    assert_eq!(number(progress, "read_half_units"), 2, "{progress}");
    assert_eq!(number(progress, "write_units"), 0, "{progress}");
}

#[test]
fn a_quote_worker_pays_for_the_time_that_it_waits_for_carriers() {
    let worker = |operation| &named(operation)["functions"][2];
    assert_eq!(number(worker("quote_100x3x5"), "carrier_rounds"), 0);
    let asking = worker("quote_100x3x5_by_api");
    // Two batches have two slices of each provider, 40 locations; the last one has one slice. Eight are asked at once.
    let rounds = number(asking, "carrier_rounds");
    assert_eq!(rounds, 5 + 5 + 3, "{asking}");
    assert!(number(asking, "billed_ms") > rounds * 1_000, "{asking}");
}

#[test]
fn a_month_shows_its_arithmetic_beside_the_servers() {
    let said = Program::new()
        .must(&[
            "cost",
            "--monthly",
            "small",
            "--round-trip-ms",
            "40",
            "--carrier-ms",
            "70",
        ])
        .stdout;
    for part in [
        "A month of `small`",
        "lookup, served building: 40,000",
        "800,000 rows",
        "Serverless",
        "two servers that always run",
        "$0.625 per million write request units",
        "the servers are cheaper",
        "40 ms a round trip",
        "70 ms until a carrier has answered",
    ] {
        assert!(said.contains(part), "{part:?} is missing: {said}");
    }
    let ended = Program::new().run(&["cost", "--monthly", "enormous"]);
    assert_eq!(ended.code, 2);
}
