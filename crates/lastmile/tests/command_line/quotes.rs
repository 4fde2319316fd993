use std::net::TcpListener;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::carriers::Simulated;
use crate::program::{Ended, OFFERS_HEADER, Program, Running, cells, offer, signal};

const ELM: &str = "1 Elm St, Keene, NH 03431";
const WALNUT: &str = "7 N Walnut Ave, Keene, NH 03431";
const BAY: &str = "[[provider]]\nname = \"Bay Cooperative\"\nkind = \"person\"\n";

/// Acme serves both houses from its list.
fn with_a_list() -> Program {
    let program = Program::new();
    let rows = [
        OFFERS_HEADER,
        &offer(ELM, "Acme", 100),
        &offer(WALNUT, "Acme", 40),
    ];
    let file = program.file("list.csv", rows.concat());
    program.must(&["import", &file, "--provider", "Acme"]);
    program
}

fn locations(program: &Program) -> String {
    let text = format!("Label,ADDRESS,owner\nschool,\"{ELM}\",x\nlibrary,\"{WALNUT}\",y\n");
    program.file("locations.csv", text)
}

fn ids(program: &Program) -> Vec<String> {
    let quotes = program.must(&["quotes", "--json"]).objects();
    let id = |quote: &Value| quote["id"].as_str().unwrap().to_owned();
    quotes.iter().map(id).collect()
}

/// A call with these options more than those that all have.
fn call<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let usual = [
        "quote", file, "--terms", "12,36", "--down", "30", "--up", "5",
    ];
    [&usual, more].concat()
}

#[test]
fn a_file_is_quoted_priced_by_a_person_and_accepted() {
    let program = with_a_list();
    let file = locations(&program);
    let providers = program.file("providers.toml", BAY);
    let out = program.path("prices.csv");
    let more = [
        "--provider",
        "Acme",
        "--provider",
        "Bay Cooperative",
        "--providers",
        &providers,
        "--out",
        &out,
    ];
    let shown = program.must(&call(&file, &more));
    for text in [
        "school",
        WALNUT,
        "50.00 USD",
        "Acme, ",
        "12 months",
        "2 for a person",
        "pending",
    ] {
        assert!(shown.stdout.contains(text), "{text}: {}", shown.stdout);
    }
    assert!(
        shown
            .stdout
            .contains("cheapest 3600.00 USD at 2 of 2 locations, by Acme"),
        "{}",
        shown.stdout
    );
    assert!(
        shown.stderr.contains("8 of 8 cells answered"),
        "{}",
        shown.stderr
    );
    let rows = cells(&out);
    assert_eq!((rows.len(), &*rows[0][0]), (9, "location"));

    // The same call again is the same quote, for programs as well.
    let again = program
        .must(&call(&file, &[&more[..], &["--json"]].concat()))
        .last_object();
    let quotes = ids(&program);
    let [id] = &quotes[..] else {
        panic!("one quote: {quotes:?}");
    };
    assert_eq!(again["quote"]["id"], **id);
    assert_eq!(again["location"][0]["best"][1]["mrc"], "50.00");
    assert_eq!(again["location"][1]["icbPending"], 2);
    assert_eq!(again["recommendation"][1]["cheapest"]["total"], "3600.00");

    let early = program.run(&["quotes", "accept", id]);
    assert_eq!(early.code, 1);
    assert!(
        early.stderr.contains("pending") && early.stderr.contains("move_refused"),
        "{}",
        early.stderr
    );
    answered_by_a_person(&program, id);
    taken(&program, id);
}

/// With the last answer it is approved: shown, accepted, listed, exported.
fn taken(program: &Program, id: &str) {
    let best = program
        .must(&["quotes", "show", id, "--json"])
        .last_object();
    let best = &best["location"][0]["best"][1];
    assert_eq!(
        (&best["provider"], &best["mrc"]),
        (&"Bay Cooperative".into(), &"35.50".into())
    );
    let accepted = program.must(&["quotes", "accept", id]);
    assert!(accepted.stdout.contains("accepted"), "{}", accepted.stdout);
    let listed = program.must(&["quotes", "list", "--state", "accepted"]);
    assert!(listed.stdout.contains(id), "{}", listed.stdout);
    let exported = program.must(&["quotes", "export", id]);
    assert!(
        exported.stdout.contains(",35.50,500.00,USD,45,"),
        "{}",
        exported.stdout
    );
    assert!(
        exported.stdout.contains(",by telephone,"),
        "{}",
        exported.stdout
    );
}

/// Four cells: the oldest are listed first, three are declined, one is priced.
fn answered_by_a_person(program: &Program, id: &str) {
    let open = program.must(&["cases", "--json"]).objects();
    assert_eq!(open.len(), 4);
    assert_eq!(
        (&open[0]["quote"], &open[0]["provider"]),
        (&id.into(), &"Bay Cooperative".into())
    );
    assert!(open[0]["ageSeconds"].as_i64().unwrap() < 600, "{}", open[0]);
    let shown = program.must(&["cases", "--provider", "Bay Cooperative"]);
    assert!(
        shown.stdout.contains(id) && shown.stdout.contains("Walnut"),
        "{}",
        shown.stdout
    );
    let others = program.must(&["cases", "list", "--provider", "Acme"]);
    assert!(others.stderr.contains("nothing waits"), "{}", others.stderr);
    let few = program.must(&["cases", "list", "--limit", "3", "--json"]);
    assert_eq!(few.objects().len(), 3);
    assert!(few.stderr.contains("--limit"), "{}", few.stderr);

    let cell = |location: &'static str, term: &'static str| {
        [
            "cases",
            "answer",
            id,
            "--provider",
            "Bay Cooperative",
            "--location",
            location,
            "--term",
            term,
        ]
        .map(str::to_owned)
    };
    let run = |cell: &[String], said: &[&str]| -> Ended {
        let cell: Vec<&str> = cell.iter().map(String::as_str).collect();
        program.run(&[&cell[..], said].concat())
    };
    for (said, code) in [
        (&["--mrc", "35.505"][..], 1),
        (&["--mrc", "-1"], 2),
        (&["--mrc", "$35"], 1),
        (&["--mrc", "35", "--decline"], 2),
        (&[], 2),
    ] {
        assert_eq!(run(&cell("1", "36"), said).code, code, "{said:?}");
    }
    let price = [
        "--mrc",
        "35.50",
        "--nrc",
        "500",
        "--interval",
        "45",
        "--note",
        "by telephone",
        "--json",
    ];
    let said = run(&cell("1", "36"), &price);
    assert_eq!(said.last_object()["state"], "pending", "{}", said.stderr);
    let twice = run(&cell("1", "36"), &price);
    assert_eq!(twice.code, 1);
    assert!(twice.stderr.contains("cell_not_open"), "{}", twice.stderr);
    for (location, term) in [("1", "12"), ("2", "12"), ("2", "36")] {
        assert_eq!(run(&cell(location, term), &["--decline"]).code, 0);
    }
    let none = program.must(&["cases"]);
    assert!(none.stderr.contains("nothing waits"), "{}", none.stderr);
}

#[test]
fn a_server_that_has_the_data_does_the_asking() {
    let program = with_a_list();
    let file = locations(&program);
    let simulated = Simulated::start();
    let providers = program.file(
        "providers.toml",
        BAY.to_owned() + &simulated.settings(&program),
    );
    let server = Running::start(
        &program,
        &[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--providers",
            &providers,
        ],
    );
    let more = ["--provider", "Acme", "--provider", "Simulated 01"];
    let first = program
        .must(&call(&file, &[&more[..], &["--json"]].concat()))
        .last_object();
    assert_eq!(first["quote"]["progress"]["waiting"], 0);
    assert_eq!(first["location"].as_array().map(Vec::len), Some(2));
    let again = program.must(&call(&file, &more));
    let id = first["quote"]["id"].as_str().unwrap();
    assert!(again.stdout.contains(id), "{}", again.stdout);

    let own = program.must(&call(
        &file,
        &["--provider", "Acme", "--providers", &providers],
    ));
    assert!(
        own.stderr.contains("--providers is not used"),
        "{}",
        own.stderr
    );
    let left = program.must(&call(
        &file,
        &["--provider", "Acme", "--key", "k-1", "--no-wait"],
    ));
    assert!(
        left.stderr.contains("lastmile quotes watch"),
        "{}",
        left.stderr
    );
    let other = program.run(&call(
        &file,
        &["--provider", "Simulated 01", "--key", "k-1"],
    ));
    assert_eq!(other.code, 1);
    assert!(
        other.stderr.contains("idempotency_key_reused"),
        "{}",
        other.stderr
    );
    assert_eq!(ids(&program).len(), 3);
    program.must(&["quotes", "show", id]);

    carriers_are_shown(&program);
    assert_eq!(server.interrupt().0, 0);
}

/// A person, and a carrier that was asked about two locations and two terms.
fn carriers_are_shown(program: &Program) {
    let health = program.must(&["providers", "--json"]).objects();
    assert_eq!(
        (&health[0]["kind"], &health[0]["health"]),
        (&"person".into(), &Value::Null)
    );
    let live = &health[1]["health"];
    assert_eq!(
        (&live["breaker"], &live["callsUnderWayMax"]),
        (&"closed".into(), &20.into())
    );
    let outcomes = live["outcome"].as_object().unwrap().values();
    assert_eq!(
        outcomes.map(|count| count.as_u64().unwrap()).sum::<u64>(),
        4
    );
    assert!(live["latency"]["medianMs"].is_u64(), "{live}");
    let shown = program.must(&["providers"]);
    for text in ["Simulated 01", "by API", "asked", "0 of 20", "by a person"] {
        assert!(shown.stdout.contains(text), "{text}: {}", shown.stdout);
    }
}

#[test]
fn carriers_are_asked_without_a_server_and_without_a_list() {
    let program = Program::new();
    let file = locations(&program);
    let simulated = Simulated::start();
    let providers = program.file("providers.toml", simulated.settings(&program));
    let more = [
        "--provider",
        "Simulated 01",
        "--providers",
        &providers,
        "--json",
    ];
    let ended = program.run(&call(&file, &more));
    assert!(matches!(ended.code, 0 | 3), "{}", ended.stderr);
    let quote = &ended.last_object()["quote"];
    assert_eq!(quote["progress"]["waiting"], 0, "{quote}");
    assert_ne!(quote["state"], "inProgress");
}

#[test]
fn what_cannot_be_asked_about_says_what_to_do() {
    let program = with_a_list();
    let file = locations(&program);
    let columns = program.file("columns.csv", "id,place\n1,x\n");
    let many = program.file(
        "many.csv",
        format!("address\n{}", format!("\"{ELM}\"\n").repeat(2_001)),
    );
    let rows = program.file("rows.csv", format!("address,label\n\"{ELM}\",a\n,b\n"));
    let long = program.file(
        "long.csv",
        format!("address\n{}", "x".repeat(5 * 1024 * 1024)),
    );
    let missing = program.path("missing.csv");
    for (arguments, code, said) in [
        (call(&columns, &[]), 1, "its columns are: id, place"),
        (call(&many, &[]), 1, "2001 locations where at most 2000"),
        (call(&rows, &[]), 1, "line 3: "),
        (call(&long, &[]), 1, "split it"),
        (call(&missing, &[]), 1, "missing.csv cannot be read"),
        (call(&file, &["--out", &file]), 1, "another file"),
        (
            call(&file, &["--service", "color:1:1"]),
            2,
            "cannot be used with",
        ),
        (
            vec!["quote", &file, "--service", "color:1:1"],
            1,
            "service[0]",
        ),
        (call(&file, &["--deadline", "25h"]), 1, "24 hours"),
        (
            vec!["quote", &file, "--terms", "12,0"],
            2,
            "1 to 120 months",
        ),
        (vec!["quote", &file, "--down", "fast"], 2, "Mbit/s"),
        (vec!["quote", &file, "--deadline", "soon"], 2, "30m"),
        (vec!["quote", &file, "--key", "a b"], 2, "visible"),
    ] {
        let ended = program.run(&arguments);
        assert_eq!(ended.code, code, "{arguments:?}: {}", ended.stderr);
        assert!(
            ended.stderr.contains(said),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
    assert_eq!(ids(&program).len(), 0);
    let unknown = "0".repeat(32);
    for arguments in [
        vec!["quotes", "show", &unknown],
        vec!["quotes", "export", &unknown],
        vec!["quotes", "cancel", &unknown],
    ] {
        let ended = program.run(&arguments);
        assert_eq!(ended.code, 1, "{arguments:?}");
        assert!(ended.stderr.contains("no such quote"), "{}", ended.stderr);
    }
    assert_eq!(program.run(&["quotes", "show", "1"]).code, 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 3);
}

#[test]
fn without_data_nothing_is_made() {
    let program = Program::new();
    let file = program.file("locations.csv", format!("address\n\"{ELM}\"\n"));
    for arguments in [vec!["quote", &file], vec!["quotes"], vec!["cases"]] {
        let ended = program.run(&arguments);
        assert_eq!(ended.code, 1, "{arguments:?}");
        assert!(ended.stderr.contains("no data in"), "{}", ended.stderr);
        assert!(!program.data().exists(), "{arguments:?}");
    }
}

#[test]
fn a_quote_without_a_price_ends_with_3() {
    let program = with_a_list();
    let file = program.file(
        "locations.csv",
        "address\n\"9000 Nowhere Blvd, Keene, NH 03431\"\n",
    );
    let ended = program.run(&["quote", &file]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    assert!(
        ended.stdout.contains("2 address unknown"),
        "{}",
        ended.stdout
    );
}

#[test]
fn a_quote_that_is_left_is_kept_and_goes_on() {
    let program = with_a_list();
    let file = locations(&program);
    let providers = program.file("providers.toml", BAY);
    let left = program
        .must(&call(&file, &["--no-wait", "--json"]))
        .last_object();
    assert_eq!(left["state"], "inProgress");
    let id = left["id"].as_str().unwrap();
    let watched = program.must(&["quotes", "watch", id, "--providers", &providers, "--json"]);
    assert_eq!(
        watched.last_object()["quote"]["state"],
        "approved",
        "{}",
        watched.stderr
    );

    // Takes calls and never answers them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let simulated = Simulated::at(silent.local_addr().unwrap());
    let slow = "concurrent = 20\ntimeout_ms = 2000\ntries = 1";
    let slow = simulated
        .settings(&program)
        .replace("concurrent = 20", slow);
    let providers = program.file("slow.toml", slow);
    let more = ["--provider", "Simulated 01", "--providers", &providers];
    let child = program.command(&call(&file, &more)).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(1_500));
    signal(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("the same call goes on"), "{said}");
    let newest = &program.must(&["quotes", "--json"]).objects()[0];
    assert_eq!(newest["state"], "inProgress");
    let newest = newest["id"].as_str().unwrap();
    program.must(&["quotes", "cancel", newest]);
    let cancelled = program.must(&["quotes", "list", "--state", "cancelled"]);
    assert!(cancelled.stdout.contains(newest), "{}", cancelled.stdout);
}

#[test]
fn who_wants_a_quote_at_once_does_not_wait_for_ever() {
    let program = with_a_list();
    // Takes calls and never answers them.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let simulated = Simulated::at(silent.local_addr().unwrap());
    let providers = program.file("providers.toml", simulated.settings(&program));
    let key = program.must(&["keys", "create", "--name", "test", "--json"]);
    let key = key.last_object()["key"].as_str().unwrap().to_owned();
    let address = "127.0.0.1:0";
    let serve = ["serve", "--listen", address, "--providers", &providers];
    let server = Running::start(&program, &serve);
    let body = serde_json::json!({
        "instantSyncQuote": true,
        "location": [{"address": ELM}],
        "service": [{"product": "basic_internet_access", "downMbps": 30, "upMbps": 5}],
        "term": [12],
        "provider": ["Simulated 01"],
    });
    let (status, answer) = server.post("/tmf-api/quoteManagement/v4/quote", &key, &body);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((status, &answer["state"]), (201, &"inProgress".into()));
}

#[test]
fn without_a_server_providers_are_those_of_the_file() {
    let program = with_a_list();
    let none = program.run(&["providers"]);
    assert_eq!(none.code, 1);
    assert!(none.stderr.contains("no server runs"), "{}", none.stderr);
    let file = program.file("providers.toml", BAY);
    let shown = program.must(&["providers", "--providers", &file]);
    assert!(shown.stdout.contains("by a person"), "{}", shown.stdout);
    assert!(shown.stderr.contains("no states"), "{}", shown.stderr);
    let wrong = program.file(
        "wrong.toml",
        "[[provider]]\nname = \"A\"\nkind = \"persn\"\n",
    );
    assert_eq!(program.run(&["providers", "--providers", &wrong]).code, 1);
}

/// Nobody would read a file that was put there.
#[test]
fn the_embedded_store_keeps_no_providers_file() {
    let program = Program::new();
    let providers = program.file("providers.toml", BAY);
    let put: &[&str] = &["providers", "put", &providers];
    for command in [put, &["providers", "get"], &["providers", "remove"]] {
        let ended = program.run(command);
        assert_eq!(ended.code, 1, "{command:?}");
        assert!(
            ended.stderr.contains("serve --providers"),
            "{}",
            ended.stderr
        );
    }
    let broken = program.file("providers.toml", "[[provider]]");
    let ended = program.run(&["providers", "put", &broken]);
    assert!(ended.stderr.contains("line 1"), "{}", ended.stderr);
}
