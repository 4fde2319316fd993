use std::time::Duration;

use rustix::process::Signal;

use crate::program::{OFFERS_HEADER, Program, cells, offer, signal};

const ELM: &str = "1 Elm St, Keene, NH 03431";

fn with_two_buildings() -> Program {
    let program = Program::new();
    let rows = [
        OFFERS_HEADER,
        &offer("1 ELM ST,KEENE,NH 03431,USA", "Acme", 100),
        &offer("1 Elm Street, Keene, NH 03431", "Beta", 940),
        &offer("7 N WALNUT AVE,KEENE,NH 03431,USA", "Acme", 40),
    ];
    let file = program.file("list.csv", rows.concat());
    program.must(&[
        "import",
        &file,
        "--provider",
        "Acme",
        "--as-of",
        "2026-03-03",
    ]);
    program
}

#[test]
fn an_address_is_answered_for_people_and_for_programs() {
    let program = with_two_buildings();
    let ended = program.must(&["check", ELM]);
    for text in ["03431:ELM-ST:1", "exact", "Acme", "Beta", "3 March 2026"] {
        assert!(
            ended.stdout.contains(text),
            "{text} is missing: {}",
            ended.stdout
        );
    }
    let answer = program.must(&["check", "--json", ELM]).last_object();
    assert_eq!(answer["match"], "exact");
    assert_eq!(answer["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn an_address_that_nobody_serves_ends_with_3() {
    let program = with_two_buildings();
    let ended = program.run(&["check", "12 Nowhere Blvd, Keene, NH 03431"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(ended.stdout.contains("address_unknown"), "{}", ended.stdout);
    let wrong = program.run(&["check"]);
    assert_eq!(wrong.code, 2);
}

#[test]
fn a_store_without_lists_says_so() {
    let program = Program::new();
    program.must(&["keys", "create", "--name", "first"]);
    let ended = program.run(&["check", ELM]);
    assert_eq!(ended.code, 3);
    assert!(ended.stderr.contains("lastmile import"), "{}", ended.stderr);
}

#[test]
fn regression_a_command_that_reads_makes_no_data_folder() {
    let program = Program::new();
    let input = program.file("in.csv", format!("address\n\"{ELM}\"\n"));
    let out = program.path("out.csv");
    let commands: [&[&str]; 6] = [
        &["check", ELM],
        &["check", "--batch", &input, "--out", &out],
        &["imports", "--json"],
        &["imports", "undo", "Acme.main.1"],
        &["keys", "list"],
        &["keys", "revoke", "3f9a1c07b2d4"],
    ];
    for command in commands {
        let ended = program.run(command);
        assert_eq!(ended.code, 1, "{command:?}");
        assert!(ended.stderr.contains("no data in"), "{}", ended.stderr);
        assert!(!program.data().exists(), "{command:?}");
        assert!(!std::path::Path::new(&out).exists(), "{command:?}");
    }
}

#[test]
fn a_batch_has_one_row_for_each_row_and_claim() {
    let program = with_two_buildings();
    let input = "\u{feff}Id,ADDRESS\n\
                 a,\"1 Elm St, Keene, NH 03431\"\n\
                 b,\"7 N Wallnut Ave, Keene, NH 03431\"\n\
                 c,\"9000 Elm St, Keene, NH 03431\"\n\
                 d\n\
                 e,PO Box 3\n";
    let input = program.file("in.csv", input);
    let out = program.path("out.csv");
    let summary = program
        .must(&["check", "--batch", &input, "--out", &out, "--json"])
        .last_object();
    assert_eq!(summary["rows"].as_u64(), Some(5), "{summary}");
    let rows = cells(&out);
    assert_eq!(
        rows[0].join(","),
        "row,address,match,building_key,provider,outcome,confidence,reason,technology,down_mbps,\
         up_mbps,mrc,currency,source,as_of"
    );
    let numbers: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers[..3], ["1", "1", "2"]);
    let matches: Vec<&str> = rows[1..4].iter().map(|row| row[2].as_str()).collect();
    assert_eq!(matches, ["exact", "exact", "corrected"]);
    assert_eq!(rows[3][3], "03431:N-WALNUT-AVE:7");
    let unknown = rows.iter().find(|row| row[0] == "3").unwrap();
    assert_ne!(unknown[2], "exact", "another number is never the answer");
    assert_eq!(unknown[3], "03431:ELM-ST:9000");
    let box_row = rows.iter().find(|row| row[0] == "5").unwrap();
    assert_eq!(
        (box_row[3].as_str(), box_row[5].as_str()),
        ("", "address_unknown")
    );
    assert_eq!((box_row[4].as_str(), box_row[6].as_str()), ("", ""));
    assert!(!box_row[7].is_empty(), "every row says why");
    let acme = rows.iter().find(|row| row[4] == "Acme").unwrap();
    assert_eq!(acme[9..13], ["100", "5", "50.00", "USD"]);
    assert_eq!(acme[14], "2026-03-03");
}

#[test]
fn regression_a_blank_line_of_a_batch_is_a_row() {
    let program = with_two_buildings();
    let input = format!("address\n\"{ELM}\"\n\n   \n\"{ELM}\"\n");
    let input = program.file("in.csv", input);
    let out = program.path("out.csv");
    program.must(&["check", "--batch", &input, "--out", &out]);
    let rows = cells(&out);
    let numbers: Vec<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(numbers, ["1", "1", "2", "3", "4", "4"]);
    for blank in [&rows[3], &rows[4]] {
        assert_eq!(
            (blank[2].as_str(), blank[5].as_str()),
            ("none", "address_unknown")
        );
    }
}

#[test]
fn a_batch_takes_parts_too() {
    let program = with_two_buildings();
    let input =
        "street,unit,City,STATE,zip,latitude,longitude\n1 Elm St,,Keene,NH,03431,42.9,-72.2\n";
    let input = program.file("in.csv", input);
    let out = program.path("out.csv");
    program.must(&["check", "--batch", &input, "--out", &out]);
    let rows = cells(&out);
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[1][1..4],
        ["1 Elm St, Keene, NH 03431", "exact", "03431:ELM-ST:1"]
    );
}

#[test]
fn a_batch_without_addresses_is_refused() {
    let program = with_two_buildings();
    let input = program.file("in.csv", "id,name\n1,x\n");
    let ended = program.run(&[
        "check",
        "--batch",
        &input,
        "--out",
        &program.path("out.csv"),
    ]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("its columns are: id, name"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_batch_that_is_interrupted_is_whole_up_to_a_row() {
    let program = with_two_buildings();
    let rows = "\"1 Elm St, Keene, NH 03431\"\n".repeat(400_000);
    let input = program.file("in.csv", format!("address\n{rows}"));
    let out = program.path("out.csv");
    let child = program
        .command(&["check", "--batch", &input, "--out", &out, "--json"])
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    let code = output.status.code();
    assert!(
        code == Some(130) || code == Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = cells(&out);
    assert_eq!(summary["claims"].as_u64(), Some(rows.len() as u64 - 1));
    assert!(rows.iter().all(|row| row.len() == 15));
}

#[test]
fn regression_a_batch_never_writes_over_its_input() {
    let program = with_two_buildings();
    let text = format!("address\n\"{ELM}\"\n");
    let input = program.file("in.csv", &text);
    let ended = program.run(&["check", "--batch", &input, "--out", &input]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("the input too"), "{}", ended.stderr);
    assert_eq!(std::fs::read_to_string(&input).unwrap(), text);
}

#[test]
fn regression_a_batch_that_is_not_text_is_not_poured_onto_the_terminal() {
    let program = with_two_buildings();
    let utf16: Vec<u8> = "address\n1 Elm St\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for bytes in [utf16, vec![0x1F, 0x8B, 8, 0, 0xFF]] {
        let input = program.file("in.csv", bytes);
        let out = program.path("out.csv");
        let ended = program.run(&["check", "--batch", &input, "--out", &out]);
        assert_eq!(ended.code, 1);
        assert!(ended.stderr.contains("not CSV text"), "{}", ended.stderr);
        assert!(!std::path::Path::new(&out).exists());
    }
}

#[test]
fn regression_a_neighbour_does_not_hide_that_the_building_is_not_known() {
    let program = with_two_buildings();
    let ended = program.must(&["check", "3 Elm St, Keene, NH 03431"]);
    assert!(
        ended.stdout.contains("did you mean 03431:ELM-ST:1"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("near-net"), "{}", ended.stdout);
}

#[test]
fn regression_a_zip_that_lost_its_zero_is_the_same_building() {
    let program = with_two_buildings();
    let input = program.file(
        "in.csv",
        "street,city,state,zip\n1 Elm St,Keene,NH,3431\n1 Elm St,,NH,3431\n",
    );
    let out = program.path("out.csv");
    program.must(&["check", "--batch", &input, "--out", &out]);
    let rows = cells(&out);
    assert!(rows[1..].iter().all(|row| row[2] == "exact"), "{rows:?}");
    assert_eq!(rows.len(), 5);
}
