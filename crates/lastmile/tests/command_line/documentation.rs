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
        "demo", "check", "cost", "import", "imports", "keys", "queues", "serve", "address",
    ] {
        assert!(seen.contains(command), "no page shows `lastmile {command}`");
    }
}
