use std::process::Stdio;
use std::time::Duration;

use jiff::civil::date;
use lastmile_sample::{City, plain_offers};
use rustix::process::Signal;

use crate::program::{OFFERS_HEADER, Program, cells, offer, signal};

const ELM: &str = "1 Elm St, Keene, NH 03431";

/// Who serves the address.
fn providers(program: &Program) -> Vec<String> {
    let answer = program.run(&["check", "--json", ELM]).last_object();
    let findings = answer["findings"].as_array().unwrap();
    let served = findings
        .iter()
        .filter(|finding| finding["outcome"] == "served");
    served
        .map(|finding| finding["provider"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_list_replaces_the_one_before_and_can_be_taken_back() {
    let program = Program::new();
    let first = [
        OFFERS_HEADER,
        &offer(ELM, "Acme", 100),
        &offer("3 Elm St,Keene,NH 03431", "Acme", 100),
    ];
    let first = program.file("first.csv", first.concat());
    let second = program.file(
        "second.csv",
        [
            OFFERS_HEADER,
            &offer("3 Elm St, Keene, NH 03431", "Acme", 100),
        ]
        .concat(),
    );

    let summary = program
        .must(&["import", &first, "--provider", "Acme", "--json"])
        .last_object();
    assert_eq!(
        (summary["rows"].as_u64(), summary["imported"].as_u64()),
        (Some(2), Some(2))
    );
    assert_eq!(summary["format"], "offers");
    assert_eq!(providers(&program), ["Acme"]);

    let again = program
        .must(&["import", &first, "--provider", "Acme", "--json"])
        .last_object();
    assert_eq!(
        (again["imported"].as_u64(), again["unchanged"].as_u64()),
        (Some(0), Some(2))
    );
    assert_eq!(again["changed"], false);

    let second = program
        .must(&["import", &second, "--provider", "Acme", "--json"])
        .last_object();
    assert_eq!(
        (second["imported"].as_u64(), second["unchanged"].as_u64()),
        (Some(0), Some(1))
    );
    assert!(
        providers(&program).is_empty(),
        "the building is not on the new list"
    );

    let id = second["id"].as_str().unwrap();
    let undone = program
        .must(&["imports", "undo", id, "--json"])
        .last_object();
    assert_eq!(undone["active"], summary["id"]);
    assert_eq!(providers(&program), ["Acme"]);

    let listed = program.must(&["imports", "--json"]).objects();
    let states: Vec<_> = listed
        .iter()
        .map(|import| import["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["undone", "active"]);
    let ended = program.run(&["imports", "undo", id]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("not the active one"),
        "{}",
        ended.stderr
    );
}

#[test]
fn rows_that_cannot_be_used_are_written_down_and_stop_nothing() {
    let program = Program::new();
    let rows = [
        OFFERS_HEADER,
        &offer(ELM, "Acme", 100),
        &offer("PO Box 3, Keene, NH 03431", "Acme", 100),
        &offer("5 Elm St, Keene, NH 03431", "Acme", 100),
        "\"cut off\n",
    ];
    let file = program.file("list.csv", rows.concat());
    let rejects = program.path("rejects.csv");
    let arguments = [
        "import",
        &file,
        "--provider",
        "Acme",
        "--rejects",
        &rejects,
        "--json",
    ];
    let summary = program.must(&arguments).last_object();
    assert_eq!(summary["rejected"].as_u64(), Some(2), "{summary}");
    assert_eq!(summary["imported"].as_u64(), Some(2));
    let rejected = cells(&rejects);
    assert_eq!(rejected[0], ["line", "reason", "column", "message", "raw"]);
    assert_eq!(
        (rejected[1][0].as_str(), rejected[1][1].as_str()),
        ("3", "not_a_building")
    );
    assert!(rejected[1][4].contains("PO Box 3"));
    assert_eq!(rejected.len(), 3);
}

#[test]
fn a_file_that_is_not_what_it_says_is_refused() {
    let program = Program::new();
    let other = program.file("other.csv", "a,b\n1,2\n");
    let ended = program.run(&["import", &other, "--provider", "Acme"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("column map"), "{}", ended.stderr);
    let offers = program.file(
        "offers.csv",
        [OFFERS_HEADER, &offer(ELM, "Acme", 100)].concat(),
    );
    let ended = program.run(&[
        "import",
        &offers,
        "--provider",
        "Acme",
        "--format",
        "fcc-bdc",
    ]);
    assert_eq!(ended.code, 1);
    assert!(
        ended.stderr.contains("looks like the format offers"),
        "{}",
        ended.stderr
    );
    let ended = program.run(&["import", &program.path("nowhere.csv"), "--provider", "Acme"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("nowhere.csv"), "{}", ended.stderr);
    assert!(
        program
            .must(&["imports", "--json"])
            .objects()
            .iter()
            .all(|i| i["state"] != "active")
    );
}

#[test]
fn every_layout_of_the_sample_city_is_read() {
    let program = Program::new();
    let city = City::new(3, 400, date(2026, 3, 3));
    let folder = program.path("lists");
    std::fs::create_dir(&folder).unwrap();
    for list in lastmile_sample::write_lists(&city, folder.as_ref()).unwrap() {
        let file = list.path.to_str().unwrap();
        let mut arguments = vec!["import", file, "--provider", list.provider, "--json"];
        // Only a layout of its own must be named; the others are found out.
        if let Some(mapping) = &list.mapping {
            arguments.extend(["--format", "mapped", "--mapping", mapping.to_str().unwrap()]);
        }
        let summary = program.must(&arguments).last_object();
        let count = |name: &str| summary[name].as_u64().unwrap();
        assert_eq!(summary["format"], list.format);
        assert!(count("imported") > 10, "{summary}");
        assert_eq!(
            count("rows"),
            [
                "imported",
                "unchanged",
                "duplicates",
                "excluded",
                "rejected"
            ]
            .map(count)
            .iter()
            .sum::<u64>(),
            "{summary}"
        );
        let padded = if list.format == "lit-speeds" {
            count("rows")
        } else {
            0
        };
        assert_eq!(
            count("warnings"),
            padded,
            "ZIP codes without their zero: {summary}"
        );
        let bad = if list.provider == "Alden Telephone" {
            3
        } else {
            0
        };
        assert_eq!(count("rejected"), bad, "{summary}");
        assert_eq!(
            count("excluded") > 0,
            list.format == "fcc-bdc",
            "satellite: {summary}"
        );
    }
}

/// A list that takes a while.
fn long_list(program: &Program, rows: u32) -> String {
    let mut bytes = Vec::new();
    plain_offers(&City::new(1, rows, date(2026, 3, 3)), "Acme", &mut bytes).unwrap();
    program.file("long.csv", bytes)
}

const LONG_ROWS: u32 = 30_000;

#[test]
fn an_import_that_was_killed_is_never_seen_and_goes_on() {
    let program = Program::new();
    let file = long_list(&program, LONG_ROWS);
    let first = City::new(1, LONG_ROWS, date(2026, 3, 3))
        .building(0)
        .one_line();
    let arguments = ["import", &file, "--provider", "Acme", "--json"];
    for delay_ms in [300, 700, 1_100] {
        let mut child = program
            .command(&arguments)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(delay_ms));
        signal(&child, Signal::KILL);
        if child.wait().unwrap().success() {
            break;
        }
        let answer = program.run(&["check", "--json", &first]);
        assert_eq!(answer.code, 3, "half an import was seen: {}", answer.stdout);
    }
    let summary = program.must(&arguments).last_object();
    assert_eq!(
        summary["rows"].as_u64(),
        Some(LONG_ROWS.into()),
        "{summary}"
    );
    assert_eq!(program.run(&["check", "--json", &first]).code, 0);
    let imports = program.must(&["imports", "--json"]).objects();
    assert_eq!(imports[0]["state"], "active");
}

#[test]
fn ctrl_c_leaves_an_import_that_goes_on() {
    let program = Program::new();
    let file = long_list(&program, LONG_ROWS);
    let arguments = ["import", &file, "--provider", "Acme", "--json"];
    let child = program.command(&arguments).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    let code = output.status.code();
    assert!(
        code == Some(130) || code == Some(0),
        "{code:?} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let summary = program.must(&arguments).last_object();
    assert_eq!(
        summary["rows"].as_u64(),
        Some(LONG_ROWS.into()),
        "{summary}"
    );
}

#[test]
fn regression_the_rejects_file_is_settled_before_anything_is_imported() {
    let program = Program::new();
    let text = [OFFERS_HEADER, &offer(ELM, "Acme", 100), "bad\n"].concat();
    let list = program.file("list.csv", &text);
    let import =
        |rejects: &str| program.run(&["import", &list, "--provider", "Acme", "--rejects", rejects]);

    let nowhere = import(&format!("{list}/rejects.csv"));
    assert_eq!(nowhere.code, 1);
    assert!(
        nowhere.stderr.contains("Nothing was imported"),
        "{}",
        nowhere.stderr
    );
    let itself = import(&list);
    assert_eq!(itself.code, 1);
    assert_eq!(std::fs::read_to_string(&list).unwrap(), text);
    assert!(
        program.must(&["imports", "--json"]).objects().is_empty(),
        "nothing was imported"
    );

    let rejects = program.path("rejects.csv");
    assert_eq!(import(&rejects).code, 0);
    assert_eq!(cells(&rejects).len(), 2);
}

#[test]
fn regression_a_list_without_a_row_says_that_it_empties_the_list() {
    let program = Program::new();
    let list = program.file("list.csv", OFFERS_HEADER);
    let ended = program.must(&["import", &list, "--provider", "Acme"]);
    assert!(ended.stdout.contains("empty now"), "{}", ended.stdout);
}
