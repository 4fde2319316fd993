//! Rate cards by the command line, and what a quote says of them.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{OFFERS_HEADER, Program, Running, cells, offer};

const ELM: &str = "1 Elm St, Keene, NH 03431";
const HEADER: &str =
    "product,down,up,access medium,term,MRC,NRC,install interval,zone,effective until\n";
const QUOTES: &str = "/tmf-api/quoteManagement/v4/quote";
/// How often a quote is looked at before it counts as stuck.
const LOOKS_MAX: usize = 3_000;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A program whose Acme serves one house by fiber, 50.00 a month by its list; and a key.
fn served() -> (Program, String) {
    let program = Program::new();
    let list = [OFFERS_HEADER, &offer(ELM, "Acme", 1_000)].concat();
    let list = program.file("list.csv", list);
    program.must(&["import", &list, "--provider", "Acme"]);
    let created = program.must(&["keys", "create", "--name", "test", "--json"]);
    let key = created.last_object()["key"].as_str().unwrap().to_owned();
    (program, key)
}

fn import(program: &Program, rows: &str) -> Value {
    let card = program.file("rates.csv", format!("{HEADER}{rows}"));
    let arguments = [
        "import",
        &card,
        "--provider",
        "Acme",
        "--as",
        "rates",
        "--json",
    ];
    program.must(&arguments).last_object()
}

/// Asks for a quote and waits for its answers: the cells of each location.
pub(crate) fn quoted(server: &Running, key: &str, body: &Value) -> Vec<Vec<Value>> {
    let (status, created) = server.post(QUOTES, key, body);
    assert_eq!(status, 201, "{created}");
    let created: Value = serde_json::from_str(&created).unwrap();
    let href = created["href"].as_str().unwrap();
    for _ in 0..LOOKS_MAX {
        let (_, quote) = server.get(href, key);
        let quote: Value = serde_json::from_str(&quote).unwrap();
        if quote["state"] != "inProgress" {
            let (_, locations) = server.get(&format!("{href}/location?limit=100"), key);
            let locations: Value = serde_json::from_str(&locations).unwrap();
            let locations = locations.as_array().unwrap().iter();
            return locations
                .map(|location| location["cell"].as_array().unwrap().clone())
                .collect();
        }
        sleep(PAUSE);
    }
    panic!("in progress for ever: {created}");
}

/// What Acme takes at the house for some terms: prices, or outcomes and reasons.
fn prices(program: &Program, key: &str, terms: &[u16]) -> Vec<String> {
    let server = Running::start(program, &["serve", "--listen", "127.0.0.1:0"]);
    let body = json!({
        "location": [{"address": ELM}],
        "service": [{"product": "basic_internet_access", "downMbps": 100, "upMbps": 5}],
        "term": terms,
        "provider": ["Acme"],
    });
    let cells = quoted(&server, key, &body).remove(0);
    assert_eq!(server.interrupt().0, 0);
    let said = |cell: &Value| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let price = text(&cell["price"]["mrc"]);
        let reason = text(&cell["reason"]);
        price.or(reason).or(text(&cell["outcome"])).unwrap()
    };
    cells.iter().map(said).collect()
}

/// The imports as they are listed, each with what it holds.
fn listed(program: &Program) -> Vec<(String, String)> {
    let listed = program.must(&["imports", "--json"]).objects();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let kind = |import: &Value| (text(&import["id"]), text(&import["as"]));
    listed.iter().map(kind).collect()
}

#[test]
fn a_quote_has_the_prices_of_the_card_term_by_term() {
    let (program, key) = served();
    assert_eq!(prices(&program, &key, &[12, 36]), ["50.00", "50.00"]);
    let first = import(
        &program,
        "basic_internet_access,100,5,fiber,12,100.00,250,45,,\n\
         basic_internet_access,100,5,fiber,36,80.00,0,45,,\n\
         basic_internet_access,100,5,fiber,60,ICB,,,,\n",
    );
    assert_eq!(
        (&first["as"], &first["format"]),
        (&"rates".into(), &"rates".into())
    );
    assert_eq!(
        (
            &first["id"],
            &first["list"],
            &first["imported"],
            &first["claims"]
        ),
        (
            &"Acme.rates.1".into(),
            &"rates".into(),
            &3.into(),
            &3.into()
        )
    );
    assert_eq!(
        prices(&program, &key, &[12, 24, 36, 60]),
        ["100.00", "term_not_on_rate_card", "80.00", "icb_pending"]
    );

    let second = import(
        &program,
        "basic_internet_access,100,5,fiber,12,100.00,250,45,,\n\
         basic_internet_access,100,5,fiber,24,90.00,,,NH,\n\
         basic_internet_access,100,5,fiber,36,80.00,0,45,,2020-12-31\n",
    );
    assert_eq!(
        (&second["imported"], &second["unchanged"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        prices(&program, &key, &[12, 24, 36]),
        ["100.00", "90.00", "term_not_on_rate_card"]
    );
    let undone = program.must(&["imports", "undo", "Acme.rates.2", "--json"]);
    assert_eq!(undone.last_object()["active"], "Acme.rates.1");
    assert_eq!(prices(&program, &key, &[12, 36]), ["100.00", "80.00"]);

    let kinds = [
        ("Acme.main.1", "buildings"),
        ("Acme.rates.2", "rates"),
        ("Acme.rates.1", "rates"),
    ];
    let kinds = kinds.map(|(id, kind)| (id.to_owned(), kind.to_owned()));
    assert_eq!(listed(&program), kinds);
    program.must(&["imports", "undo", "Acme.rates.1"]);
    assert_eq!(prices(&program, &key, &[12, 36]), ["50.00", "50.00"]);
}

#[test]
fn rows_of_a_card_that_cannot_be_used_say_what_to_do() {
    let program = Program::new();
    let card = program.file(
        "rates.csv",
        [
            HEADER,
            "basic_internet_access,100,5,fiber,12,100.00,,,NH,\n",
            "basic_internet_access,100,5,smoke,12,100.00,,,NH,\n",
            "basic_internet_access,100,5,fiber,,100.00,,,NH,\n",
            "basic_internet_access,100,5,fiber,12,-1,,,ZZ,\n",
        ]
        .concat(),
    );
    let rejects = program.path("rejects.csv");
    let arguments = [
        "import",
        &card,
        "--provider",
        "Acme",
        "--as",
        "rates",
        "--rejects",
        &rejects,
        "--json",
    ];
    let summary = program.must(&arguments).last_object();
    assert_eq!(
        (&summary["imported"], &summary["rejected"]),
        (&1.into(), &3.into())
    );
    let rows = cells(&rejects);
    let said: Vec<_> = rows[1..]
        .iter()
        .map(|row| (row[0].as_str(), row[1].as_str(), row[2].as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("3", "bad_technology", "access medium"),
            ("4", "missing", "term"),
            ("5", "bad_price", "MRC")
        ]
    );
    assert!(rows[3][3].contains("0 or more"), "{:?}", rows[3]);
}

#[test]
fn a_card_is_imported_as_one_only() {
    let (program, _) = served();
    let card = format!("{HEADER}basic_internet_access,100,5,fiber,12,100.00,,,,\n");
    let card = program.file("rates.csv", card);
    for (arguments, said) in [
        (&[][..], "import it as rates"),
        (&["--as", "rates", "--list", "main"], "holds buildings"),
        (&["--as", "rates", "--format", "offers"], "leave them out"),
        (&["--as", "rates", "--mapping", "x.toml"], "leave them out"),
    ] {
        let start = ["import", &card, "--provider", "Acme"];
        let ended = program.run(&[&start, arguments].concat());
        assert_eq!(ended.code, 1, "{arguments:?}");
        assert!(
            ended.stderr.contains(said),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
}

#[test]
fn the_card_of_the_documentation_is_read_whole() {
    let program = Program::new();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples/rates.csv");
    let example = example.to_str().unwrap();
    let arguments = [
        "import",
        example,
        "--provider",
        "Acme",
        "--as",
        "rates",
        "--json",
    ];
    let summary = program.must(&arguments).last_object();
    let rows = cells(example).len() - 1;
    assert_eq!(summary["imported"], rows, "{summary}");
    assert_eq!(
        (&summary["rejected"], &summary["warnings"]),
        (&0.into(), &0.into())
    );
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/imports.md");
    let page = std::fs::read_to_string(page).unwrap();
    let columns = cells(example).swap_remove(0);
    for column in columns {
        assert!(
            page.contains(&format!("`{column}`")),
            "{column} is not described"
        );
    }
}
