//! `cargo xtask rooms`: the room table of ARCHITECTURE.md is what the crates really use.
//!
//! Every crate has a row; what it uses of ours is listed in it (tests may use more: the test kit and
//! whatever they need); and the crates that a room must not touch are not among its dependencies,
//! neither directly nor through a room of ours.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

use crate::failure::{Failure, report};
use crate::tree;

/// The line under which the table stands.
const TABLE_HEADING: &str = "## The rooms";
/// Prefix of our crates' names, left out in the table.
const OUR_PREFIX: &str = "lastmile-";
/// Cells that allow every room of ours, and every crate of others.
const ANY: &str = "any";

/// Checks the table.
pub(crate) fn run() -> Result<(), Failure> {
    let metadata = MetadataCommand::new()
        .current_dir(tree::root())
        .no_deps()
        .exec()?;
    let rows = table(&tree::text("ARCHITECTURE.md")?);
    report("rooms", &findings(&rows, &rooms(&metadata)))
}

/// What the table says of one room.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    may_use: Cell,
    must_not_touch: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Cell {
    Any,
    Only(BTreeSet<String>),
}

/// What a crate really uses outside its tests, split into ours (by room) and others'.
#[derive(Debug, Default, PartialEq, Eq)]
struct Uses {
    ours: BTreeSet<String>,
    others: BTreeSet<String>,
}

/// Reads `| \`room\` | rule | may use | must not touch |`.
fn table(text: &str) -> BTreeMap<String, Row> {
    text.lines()
        .skip_while(|line| *line != TABLE_HEADING)
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter_map(row)
        .collect()
}

fn row(line: &str) -> Option<(String, Row)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let name = cells
        .next()?
        .strip_prefix('`')?
        .strip_suffix('`')?
        .to_owned();
    let _rule = cells.next()?;
    let may_use = match cells.next()? {
        ANY => Cell::Any,
        listed => Cell::Only(names(listed)),
    };
    let must_not_touch = names(cells.next()?);
    Some((
        name,
        Row {
            may_use,
            must_not_touch,
        },
    ))
}

/// The names between backticks.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn rooms(metadata: &Metadata) -> BTreeMap<String, Uses> {
    metadata
        .packages
        .iter()
        .map(|package| (room_of(&package.name), uses(package)))
        .collect()
}

fn room_of(crate_name: &str) -> String {
    crate_name
        .strip_prefix(OUR_PREFIX)
        .unwrap_or(crate_name)
        .to_owned()
}

fn uses(package: &Package) -> Uses {
    let mut uses = Uses::default();
    for dependency in &package.dependencies {
        if dependency.kind == DependencyKind::Development {
            continue;
        }
        if dependency.path.is_some() {
            uses.ours.insert(room_of(&dependency.name));
        } else {
            uses.others.insert(dependency.name.clone());
        }
    }
    uses
}

fn findings(rows: &BTreeMap<String, Row>, rooms: &BTreeMap<String, Uses>) -> Vec<String> {
    let mut findings = Vec::new();
    for name in rows.keys().filter(|name| !rooms.contains_key(*name)) {
        findings.push(format!(
            "the table has a row for `{name}`, which is no crate"
        ));
    }
    for (name, uses) in rooms {
        match rows.get(name) {
            None => findings.push(format!("the table has no row for `{name}`")),
            Some(row) => findings.extend(room_findings(name, row, uses, rooms)),
        }
    }
    findings
}

fn room_findings(
    name: &str,
    row: &Row,
    uses: &Uses,
    rooms: &BTreeMap<String, Uses>,
) -> Vec<String> {
    let mut findings = Vec::new();
    if let Cell::Only(allowed) = &row.may_use {
        for used in uses.ours.difference(allowed) {
            findings.push(format!(
                "`{name}` uses our `{used}`, which its row does not list"
            ));
        }
    }
    for forbidden in &row.must_not_touch {
        if uses.ours.contains(forbidden) || uses.others.contains(forbidden) {
            findings.push(format!(
                "`{name}` uses `{forbidden}`, which it must not touch"
            ));
        } else if let Some(through) = carrier(uses, forbidden, rooms) {
            findings.push(format!(
                "`{name}` gets `{forbidden}` through `{through}`, and must not touch it"
            ));
        }
    }
    findings
}

/// The room, used directly or not, that brings `forbidden` in.
fn carrier(uses: &Uses, forbidden: &str, rooms: &BTreeMap<String, Uses>) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&String> = uses.ours.iter().collect();
    while let Some(room) = waiting.pop() {
        if !seen.insert(room) {
            continue;
        }
        let Some(inner) = rooms.get(room) else {
            continue;
        };
        if inner.others.contains(forbidden) {
            return Some(room.clone());
        }
        waiting.extend(&inner.ours);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
## The rooms
| room | its one-sentence rule | may use (ours) | must not touch |
|---|---|---|---|
| `model` | pure | - | `tokio`, `axum` |
| `store` | durable | `model` | `axum` |
| `xtask` | checks | any | - |
## Next
| `ghost` | not of this table | - | - |
";

    fn uses(ours: &[&str], others: &[&str]) -> Uses {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Uses {
            ours: owned(ours),
            others: owned(others),
        }
    }

    fn check(rooms: &[(&str, Uses)]) -> Vec<String> {
        let rooms = rooms
            .iter()
            .map(|(name, Uses { ours, others })| {
                (
                    (*name).to_owned(),
                    Uses {
                        ours: ours.clone(),
                        others: others.clone(),
                    },
                )
            })
            .collect();
        findings(&table(TABLE), &rooms)
    }

    #[test]
    fn a_workspace_that_keeps_its_table_has_no_findings() {
        let rooms = [
            ("model", uses(&[], &["h3o"])),
            ("store", uses(&["model"], &["tokio"])),
            ("xtask", uses(&["store", "model"], &["axum"])),
        ];
        assert_eq!(check(&rooms), Vec::<String>::new());
    }

    #[test]
    fn what_the_table_does_not_allow_is_found() {
        let rooms = [
            ("model", uses(&["store"], &["tokio"])),
            ("store", uses(&["model"], &["axum"])),
            ("extra", uses(&[], &[])),
        ];
        assert_eq!(
            check(&rooms),
            [
                "the table has a row for `xtask`, which is no crate",
                "the table has no row for `extra`",
                "`model` uses our `store`, which its row does not list",
                "`model` gets `axum` through `store`, and must not touch it",
                "`model` uses `tokio`, which it must not touch",
                "`store` uses `axum`, which it must not touch",
            ]
        );
    }

    #[test]
    fn this_repository_has_a_row_for_each_crate() {
        let rows = table(&tree::text("ARCHITECTURE.md").expect("ARCHITECTURE.md is readable"));
        assert!(rows.len() > 10, "the table was not found: {rows:?}");
    }
}
