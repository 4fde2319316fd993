//! `cargo xtask tidy`: what no compiler looks at.
//!
//! Each check is a function from files to findings, so that each is tested on a few lines of text.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use crate::failure::{Failure, report};
use crate::tree::{self, SourceFile};

/// Modules are named for their noun; these are drawers.
const DRAWERS: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];
/// The one module that builds stored keys, and the folder of its parts.
const KEY_FILE: &str = "crates/store/src/key.rs";
const KEY_FOLDER: &str = "crates/store/src/key/";
/// The one file that knows where reference data may lie outside the repository.
const REFERENCE_DATA_FILE: &str = "crates/testkit/src/reference_data.rs";
/// Where each error code has its page.
const ERROR_PAGES: &str = "docs/errors";
/// Where error codes are listed.
const ERROR_CODES_FILE: &str = "crates/api/src/error.rs";

/// Runs every check.
pub(crate) fn run() -> Result<(), Failure> {
    let sources = tree::files(&[".rs"])?;
    let pages = tree::files(&[".md"])?;
    let all = tree::files(&[".rs", ".md", ".toml", ".yml", ".yaml", ".sh"])?;
    let root = tree::root();
    let exists = |path: &Path| root.join(path).exists();
    let mut findings = Vec::new();
    findings.extend(drawers(&sources));
    findings.extend(keys_built_elsewhere(&sources));
    findings.extend(silenced_lints(&sources));
    findings.extend(dead_links(&pages, exists));
    findings.extend(paths_outside(&all));
    if let Ok(codes) = tree::text(ERROR_CODES_FILE) {
        findings.extend(missing_error_pages(&codes, exists));
    }
    report("tidy", &findings)
}

fn drawers(sources: &[SourceFile]) -> Vec<String> {
    sources
        .iter()
        .filter(|file| {
            Path::new(&file.path).components().any(|part| {
                let name = part.as_os_str().to_string_lossy();
                DRAWERS.contains(&name.trim_end_matches(".rs"))
            })
        })
        .map(|file| format!("{}: name the module for its noun", file.path))
        .collect()
}

fn is_key_module(path: &str) -> bool {
    path == KEY_FILE || path.starts_with(KEY_FOLDER)
}

/// `format!("QUOTE#{id}")` belongs in the one key module.
fn keys_built_elsewhere(sources: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in sources
        .iter()
        .filter(|file| is_product_code(file) && !is_key_module(&file.path))
    {
        for (number, line) in numbered(product_part(&file.text)) {
            if builds_a_key(line) {
                findings.push(format!(
                    "{}:{number}: build keys in {KEY_FILE} only",
                    file.path
                ));
            }
        }
    }
    findings
}

/// Whether the line formats a text that has `LETTERS#` in it, as stored keys do.
fn builds_a_key(line: &str) -> bool {
    let Some((_, after)) = line.split_once("format!(\"") else {
        return false;
    };
    let text = after.split('"').next().unwrap_or_default();
    text.match_indices('#').any(|(at, _)| {
        text[..at]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_ascii_uppercase() || c == '}')
            && !text[..at].ends_with("{:")
    })
}

fn silenced_lints(sources: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in sources {
        for (number, line) in numbered(&file.text) {
            let line = line.trim_start();
            if line.starts_with("#[allow(") || line.starts_with("#![allow(") {
                findings.push(format!(
                    "{}:{number}: say #[expect(…, reason = …)] instead of #[allow]",
                    file.path
                ));
            }
        }
    }
    findings
}

/// Links between pages must lead somewhere.
fn dead_links(pages: &[SourceFile], exists: impl Fn(&Path) -> bool) -> Vec<String> {
    let mut findings = Vec::new();
    for page in pages {
        let folder = Path::new(&page.path).parent().unwrap_or(Path::new(""));
        for (number, target) in links(&page.text) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let dead = inside(folder, path).is_none_or(|path| !exists(&path));
            if dead {
                findings.push(format!(
                    "{}:{number}: the link to {target} leads nowhere",
                    page.path
                ));
            }
        }
    }
    findings
}

/// The targets of `[text](target)`, outside of code blocks.
fn links(text: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut found = Vec::new();
    for (number, line) in numbered(text) {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        for piece in line.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push((number, target));
            }
        }
    }
    found
}

/// `path` seen from `folder`, or nothing if it leaves the repository.
fn inside(folder: &Path, path: &str) -> Option<PathBuf> {
    let mut resolved = PathBuf::new();
    for component in folder.join(path).components() {
        match component {
            Component::ParentDir => {
                if !resolved.pop() {
                    return None;
                }
            }
            Component::Normal(part) => resolved.push(part),
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(resolved)
}

/// Nothing may name a place outside of the repository, but for the one file that looks for reference data.
fn paths_outside(files: &[SourceFile]) -> Vec<String> {
    let outside = [
        concat!("/wo", "rk/"),
        concat!("..", "/shared"),
        concat!("/ho", "me/"),
    ];
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path != REFERENCE_DATA_FILE) {
        for (number, line) in numbered(&file.text) {
            for place in outside.iter().filter(|place| line.contains(**place)) {
                findings.push(format!(
                    "{}:{number}: {place} is outside of the repository",
                    file.path
                ));
            }
        }
    }
    findings
}

/// Every code in the list of error codes has a page that says what a caller should do.
fn missing_error_pages(codes: &str, exists: impl Fn(&Path) -> bool) -> Vec<String> {
    error_codes(codes)
        .into_iter()
        .filter(|code| !exists(Path::new(&format!("{ERROR_PAGES}/{code}.md"))))
        .map(|code| format!("{ERROR_PAGES}/{code}.md is missing: say what the caller should do"))
        .collect()
}

/// The codes, as `=> "code"` in the function that spells them.
fn error_codes(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| line.trim().split_once("=> \""))
        .filter_map(|(_, rest)| rest.strip_suffix("\","))
        .filter(|code| {
            code.chars()
                .all(|c| c.is_ascii_lowercase() || c == '-' || c == '_')
        })
        .map(str::to_owned)
        .collect()
}

fn is_product_code(file: &SourceFile) -> bool {
    ["crates/xtask/", "crates/testkit/"]
        .iter()
        .all(|tests| !file.path.starts_with(tests))
        && file.path.contains("/src/")
}

/// The file up to its tests.
fn product_part(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_drawer_is_found_as_file_and_as_folder() {
        let files = [
            file("crates/a/src/utils.rs", ""),
            file("crates/a/src/common/street.rs", ""),
            file("crates/a/src/commonplace.rs", ""),
        ];
        assert_eq!(
            drawers(&files),
            [
                "crates/a/src/utils.rs: name the module for its noun",
                "crates/a/src/common/street.rs: name the module for its noun",
            ]
        );
    }

    #[test]
    fn a_key_is_built_in_the_key_file_only() {
        let line = "let pk = format!(\"QUOTE#{id}\");";
        let files = [
            file("crates/app/src/quote.rs", line),
            file(KEY_FILE, line),
            file("crates/store/src/key/quotes.rs", line),
            file(
                "crates/app/src/colour.rs",
                "format!(\"{:#?} and {:#06x}\", a, b)",
            ),
            file(
                "crates/app/src/tested.rs",
                &format!("#[cfg(test)]\nmod tests {{ {line} }}"),
            ),
        ];
        assert_eq!(
            keys_built_elsewhere(&files),
            ["crates/app/src/quote.rs:1: build keys in crates/store/src/key.rs only"]
        );
    }

    #[test]
    fn a_link_must_lead_somewhere() {
        let pages = [file(
            "docs/start.md",
            "[a](here.md) [b](../README.md#walk) [c](gone.md)\n```\n[d](in-code.md)\n```\n\
             [e](https://example.com/x) [f](../../elsewhere.md)",
        )];
        let exists =
            |path: &Path| path == Path::new("docs/here.md") || path == Path::new("README.md");
        assert_eq!(
            dead_links(&pages, exists),
            [
                "docs/start.md:1: the link to gone.md leads nowhere",
                "docs/start.md:5: the link to ../../elsewhere.md leads nowhere",
            ]
        );
    }

    #[test]
    fn a_place_outside_is_found_but_in_the_reference_data_file() {
        let line = concat!("const DATA: &str = \"..", "/shared/data\";");
        let files = [
            file("crates/app/src/a.rs", line),
            file(REFERENCE_DATA_FILE, line),
        ];
        let place = concat!("..", "/shared");
        assert_eq!(
            paths_outside(&files),
            [format!(
                "crates/app/src/a.rs:1: {place} is outside of the repository"
            )]
        );
    }

    #[test]
    fn every_error_code_needs_its_page() {
        let codes = "Self::BadBody => \"bad_body\",\nSelf::Gone => \"gone\",\nx => \"Not A Code\",";
        let exists = |path: &Path| path == Path::new("docs/errors/gone.md");
        assert_eq!(
            missing_error_pages(codes, exists),
            ["docs/errors/bad_body.md is missing: say what the caller should do"]
        );
    }

    #[test]
    fn a_silenced_lint_is_found() {
        let text = concat!(
            "  #[al",
            "low(dead_code)]\n#[expect(dead_code, reason = \"x\")]"
        );
        assert_eq!(
            silenced_lints(&[file("a.rs", text)]),
            ["a.rs:1: say #[expect(…, reason = …)] instead of #[allow]"]
        );
    }
}
