use serde_json::{Value, json};

use crate::program::{OFFERS_HEADER, Program, Running, cells, offer};
use crate::rates::quoted;

const LOOKUP: &str = "/availability/v1/lookup?address=1%20Elm%20St%2C%20Keene%2C%20NH%2003431";
const ELM: &str = "1 Elm St, Keene, NH 03431";

#[test]
fn a_server_answers_whoever_has_a_key_and_stops_politely() {
    let program = Program::new();
    let list = program.file(
        "list.csv",
        [OFFERS_HEADER, &offer(ELM, "Acme", 100)].concat(),
    );
    program.must(&["import", &list, "--provider", "Acme"]);
    let created = program
        .must(&["keys", "create", "--name", "test", "--json"])
        .last_object();
    let key = created["key"].as_str().unwrap();

    let server = Running::start(&program, &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(server.get(LOOKUP, "lastmile_0_wrong").0, 403);
    let (status, body) = server.get(LOOKUP, key);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("Acme"), "{body}");

    // The command line asks the server that has the data open.
    let answer = program.must(&["check", "--json", ELM]).last_object();
    assert_eq!(answer["findings"][0]["provider"], "Acme");
    assert!(program.must(&["check", ELM]).stdout.contains("Acme"));
    let input = program.file("in.csv", format!("address\n\"{ELM}\"\n"));
    let out = program.path("out.csv");
    program.must(&["check", "--batch", &input, "--out", &out]);
    assert_eq!(cells(&out)[1][4], "Acme");

    // What only one process can do says what to do.
    let ended = program.run(&["import", &list, "--provider", "Acme"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains(&server.address), "{}", ended.stderr);

    let (code, _) = server.interrupt();
    assert_eq!(code, 0);
    assert!(!program.data().join("server.json").exists());
    program.must(&["check", ELM]);
}

#[test]
fn regression_a_batch_gets_the_same_answers_with_a_server_and_without() {
    let program = Program::new();
    let list = program.file(
        "list.csv",
        [OFFERS_HEADER, &offer(ELM, "Acme", 100)].concat(),
    );
    program.must(&["import", &list, "--provider", "Acme"]);
    let long = "x".repeat(2_000);
    let lines = program.file(
        "lines.csv",
        format!("address,latitude,longitude\n\"{ELM}\"\n\n,42.93,-72.28\n{long}\n\"{ELM}\"\n"),
    );
    let parts = program.file(
        "parts.csv",
        "street,city,state,zip\n,Keene,NH,03431\n,,,\n\n1 Elm St,Keene,NH,03431\n",
    );
    let ask = |out: &str| {
        let (first, second) = (program.path(out), program.path(&format!("{out}.parts")));
        program.must(&["check", "--batch", &lines, "--out", &first]);
        program.must(&["check", "--batch", &parts, "--out", &second]);
        let nothing = program.run(&["check", "", "--json"]);
        assert_eq!(nothing.code, 3, "{}", nothing.stderr);
        (cells(first), cells(second), nothing.last_object())
    };
    let without = ask("without.csv");
    let server = Running::start(&program, &["serve", "--listen", "127.0.0.1:0"]);
    let with = ask("with.csv");
    assert_eq!(server.interrupt().0, 0);
    assert_eq!(with, without);
    let (lines, parts, _) = without;
    assert_eq!((lines.len(), parts.len()), (6, 5));
    assert_eq!((&*lines[2][2], &*lines[2][5]), ("none", "address_unknown"));
}

#[test]
fn the_demo_starts_stops_and_starts_again_on_the_same_data() {
    let program = Program::new();
    let arguments = ["demo", "--buildings", "300", "--listen", "127.0.0.1:0"];
    let mut demo = Running::start(&program, &arguments);
    assert!(demo.said.contains("Making up a city"), "{}", demo.said);
    for provider in [
        "Alden Telephone",
        "Granite State Fiber",
        "Skyreach Wireless",
        "Old Mill Metro",
    ] {
        assert!(demo.said.contains(provider), "{provider}: {}", demo.said);
    }
    let invitation = demo.read_until("Ctrl-C stops");
    let key = invitation
        .split("API key: ")
        .nth(1)
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let address = invitation
        .split("address=")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    let answer = program.must(&["check", "--json", address]).last_object();
    assert_eq!(answer["match"], "exact");
    assert_eq!(demo.get("/docs/", &key).0, 200);
    a_longer_term_costs_less(&demo, &key);
    assert_eq!(demo.interrupt().0, 0);

    let mut again = Running::start(&program, &arguments);
    assert!(again.said.contains("already in"), "{}", again.said);
    assert!(
        again.read_until("Ctrl-C stops").contains(&key),
        "the key is the same"
    );
    let (code, rest) = again.interrupt();
    assert_eq!(code, 0);
    assert!(rest.contains("Start the demo again"), "{rest}");

    let imports = program.must(&["imports", "--json"]).objects();
    let rates = imports.iter().filter(|import| import["as"] == "rates");
    assert_eq!(
        (imports.len(), rates.count()),
        (8, 2),
        "one import for each list and rate card, and none by the second start"
    );
    assert!(imports.iter().all(|import| import["state"] == "active"));
}

/// Wherever a provider with a rate card can deliver, each term has its own price.
fn a_longer_term_costs_less(demo: &Running, key: &str) {
    // The buildings of a city do not depend on the day.
    let city = lastmile_sample::City::new(1, 300, jiff::civil::date(2026, 3, 3));
    let address = |index| json!({"address": city.building(index).one_line()});
    let body = json!({
        "location": (0..100).map(address).collect::<Vec<_>>(),
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 100}],
        "term": [12, 24, 36],
        "provider": ["Granite State Fiber"],
    });
    let cents = |cell: &Value| {
        let mrc = cell["price"]["mrc"].as_str()?;
        Some(mrc.replace('.', "").parse::<u32>().unwrap())
    };
    let mut priced = 0;
    for cells in quoted(demo, key, &body) {
        let prices: Vec<u32> = cells.iter().filter_map(cents).collect();
        if let [one_year, two_years, three_years] = prices[..] {
            assert!(one_year > two_years && two_years > three_years, "{cells:?}");
            priced += 1;
        }
    }
    assert!(priced > 0, "no building has prices");
}

#[test]
fn the_demo_leaves_other_data_alone() {
    let program = Program::new();
    program.must(&["keys", "create", "--name", "mine"]);
    let ended = program.run(&["demo", "--listen", "127.0.0.1:0"]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.contains("--data"), "{}", ended.stderr);
}
