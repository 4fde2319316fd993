use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use crate::program::Program;

#[test]
fn one_address_a_line_becomes_one_object_a_line() {
    let program = Program::new();
    let input = "303 E 26th Street Apt 4, Cheyenne, WY 82001-1234\n\nPO Box 318, Keene, NH 03431\n";
    let objects = program
        .must_with_input(&["address", "--json"], input.as_bytes())
        .objects();
    assert_eq!(
        objects[0],
        serde_json::json!({
            "number": "303", "predirectional": "E", "street": "26th", "suffix": "Street",
            "postdirectional": null, "unit_type": "Apt", "unit": "4", "city": "Cheyenne",
            "state": "WY", "zip": "82001", "zip4": "1234",
            "building_key": "82001:E-26TH-ST:303", "unit_key": "82001:E-26TH-ST:303:4",
            "kind": "street", "unparsed": [],
            "normalized": "303 E 26TH ST APT 4, CHEYENNE, WY 82001-1234",
        })
    );
    assert_eq!(objects[1]["kind"], "unknown");
    assert_eq!(objects[2]["kind"], "po_box");
    assert_eq!(objects[2]["building_key"], serde_json::Value::Null);
    assert_eq!(objects.len(), 3);
    assert!(!program.data().exists(), "parsing needs no data");
}

#[test]
fn garbled_input_is_answered_line_by_line() {
    let program = Program::new();
    let input = [
        b"\xff\xfe 12 M\x00ain St\r\n".as_slice(),
        &[b'x'; 100_000],
        b"\n1 Elm St",
    ]
    .concat();
    let objects = program
        .must_with_input(&["address", "--json"], &input)
        .objects();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[2]["street"], "Elm");
}

#[test]
fn a_program_that_asks_one_line_at_a_time_gets_its_answer() {
    let program = Program::new();
    let mut child = program
        .command(&["address", "--json"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for number in 1..=3 {
        writeln!(stdin, "{number} Elm St, Keene, NH 03431").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert!(line.contains(&format!("03431:ELM-ST:{number}")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn an_argument_is_shown_to_people() {
    let ended = Program::new().must(&["address", "1 Elm St, Keene, NH 03431"]);
    assert!(ended.stdout.contains("03431:ELM-ST:1"), "{}", ended.stdout);
}
