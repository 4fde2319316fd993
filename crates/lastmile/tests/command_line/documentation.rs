//! The commands that the documentation shows exist.

use std::collections::BTreeSet;
use std::path::Path;

use crate::program::Program;

const PAGES: &[&str] = &["README.md", "docs/getting-started.md", "docs/operations.md"];

/// The `lastmile` commands in the code blocks of a page, each as its words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let text = std::fs::read_to_string(root.join(page)).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(str::trim);
    lines.filter_map(words).collect()
}

/// The words after the program's name, quoted ones whole.
fn words(line: &str) -> Option<Vec<String>> {
    let rest = [
        "lastmile ",
        "cargo run --release -- ",
        "./target/release/lastmile ",
    ]
    .iter()
    .find_map(|program| line.strip_prefix(program))?;
    let rest = rest.split(" #").next().unwrap_or(rest);
    let quoted = rest.split('"').enumerate();
    Some(
        quoted
            .flat_map(|(index, piece)| -> Vec<String> {
                if index % 2 == 1 {
                    vec![piece.to_owned()]
                } else {
                    piece.split_whitespace().map(str::to_owned).collect()
                }
            })
            .take_while(|word| !matches!(word.as_str(), "<" | ">" | "|"))
            .collect(),
    )
}

/// What a page's fenced blocks hold, with the paragraph before each and its language, in their order.
fn blocks(text: &str) -> Vec<(&str, &str, &str)> {
    let mut pieces = text.split("```");
    let mut blocks = Vec::new();
    while let (Some(before), Some(block)) = (pieces.next(), pieces.next()) {
        let (language, body) = block.split_once('\n').unwrap();
        let paragraph = before.trim_end().rsplit("\n\n").next().unwrap();
        blocks.push((paragraph, language, body));
    }
    blocks
}

/// The file as which a paragraph says that its block is to be saved.
fn saved_as(paragraph: &str) -> Option<&str> {
    let mut names = paragraph.split('`').skip(1).step_by(2);
    names.find(|name| name.ends_with(".csv") || name.ends_with(".toml"))
}

#[test]
fn the_walk_through_a_quote_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/getting-started.md");
    let text = std::fs::read_to_string(page).unwrap();
    let program = Program::new();
    let (mut id, mut walked) = (String::new(), Vec::new());
    for (paragraph, language, body) in blocks(&text) {
        match (language, saved_as(paragraph)) {
            ("csv" | "toml", Some(name)) => {
                program.file(name, body);
            }
            ("sh", _) => {
                for words in body.lines().filter_map(words) {
                    let Some((path, arguments)) = walk(&program, &words, &id) else {
                        continue;
                    };
                    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                    program.must(&arguments);
                    walked.push(path);
                    if id.is_empty() && walked.iter().any(|path| path == "quote") {
                        let quotes = program.must(&["quotes", "--json"]).last_object();
                        quotes["id"].as_str().unwrap().clone_into(&mut id);
                    }
                }
            }
            _ => {}
        }
    }
    let expected = [
        "import", "quote", "quotes", "quotes", "cases", "cases", "cases", "quotes", "quotes",
    ];
    assert_eq!(walked, expected);
    let quote = program.must(&["quotes", "--json"]).last_object();
    assert_eq!(quote["state"], "accepted", "{quote}");
}

/// A command of the walk and its arguments, as the test gives them; nothing for one that is not of the walk.
fn walk(program: &Program, words: &[String], id: &str) -> Option<(String, Vec<String>)> {
    let [option, _, rest @ ..] = words else {
        return None;
    };
    let path = rest.first().filter(|_| option == "--data")?;
    let is_of_walk = ["import", "quote", "quotes", "cases"].contains(&path.as_str());
    let arguments = rest.iter().map(|word| match word.as_str() {
        "$QUOTE" => id.to_owned(),
        name if saved_as(&format!("`{name}`")).is_some() => program.path(name),
        other => other.to_owned(),
    });
    is_of_walk.then(|| (path.clone(), arguments.collect()))
}

#[test]
fn every_command_that_is_shown_exists_with_its_options() {
    let program = Program::new();
    let mut seen = BTreeSet::new();
    for page in PAGES {
        for words in commands(page) {
            let words = match words.as_slice() {
                [option, _, rest @ ..] if option == "--data" => rest,
                all => all,
            };
            let path: Vec<&str> = words
                .iter()
                .map(String::as_str)
                .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
                .take(2)
                .collect();
            let known = |path: &[&str]| program.run(&[path, &["--help"]].concat()).code == 0;
            let depth = (1..=path.len()).rev().find(|depth| known(&path[..*depth]));
            let depth = depth.unwrap_or_else(|| panic!("{page}: no command {words:?}"));
            let help = program.must(&[&path[..depth], &["--help"]].concat()).stdout;
            for option in words.iter().filter(|word| word.starts_with("--")) {
                assert!(
                    help.contains(option.as_str()),
                    "{page}: {option} of {words:?} is unknown"
                );
            }
            seen.insert(path[0].to_owned());
        }
    }
    for command in [
        "address",
        "cases",
        "check",
        "cost",
        "demo",
        "import",
        "imports",
        "keys",
        "providers",
        "queues",
        "quote",
        "quotes",
        "serve",
    ] {
        assert!(seen.contains(command), "no page shows `lastmile {command}`");
    }
}
