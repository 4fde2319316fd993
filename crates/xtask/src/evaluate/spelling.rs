//! What sets two spellings of one address apart.

use lastmile_model::address::{Address, NormalAddress, Parts};

/// Upper case, punctuation as blanks, single blanks, the country left off: what any program does
/// that knows nothing of addresses.
pub(super) fn plainly_folded(text: &str) -> String {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let words = match words.split_last() {
        Some((&"USA", rest)) => rest,
        _ => &words,
    };
    words.join(" ")
}

/// What is written differently in two addresses of one building, and why that makes no difference.
pub(super) fn differences(one: &Address, other: &Address) -> Vec<String> {
    let (normal_one, normal_other) = (NormalAddress::of(one), NormalAddress::of(other));
    let mut found = Vec::new();
    for (part, of) in PARTS {
        let (written, written_other) = (of(&one.parts), of(&other.parts));
        if plain(written) == plain(written_other) {
            continue;
        }
        let shown = format!("{part} {} / {}", shown(written), shown(written_other));
        found.push(match part {
            "unit" | "unit type" => format!("{shown}: a unit is within the building"),
            "city" | "state" if normal_one.zip.is_some() => {
                format!("{shown}: the ZIP names the area")
            }
            "ZIP+4" => format!("{shown}: not part of the key"),
            _ if normal_one.street == normal_other.street => {
                format!("{shown}: one standard spelling")
            }
            _ => shown,
        });
    }
    let set_aside = |address: &Address| -> Vec<String> {
        address
            .unparsed
            .iter()
            .map(|piece| format!("`{}` ({})", piece.text, piece.reason.as_str()))
            .collect()
    };
    for piece in set_aside(one).into_iter().chain(set_aside(other)) {
        found.push(format!("set aside {piece}"));
    }
    found
}

type PartOf = fn(&Parts) -> Option<&str>;

const PARTS: [(&str, PartOf); 11] = [
    ("number", |parts| parts.number.as_deref()),
    ("predirectional", |parts| parts.predirectional.as_deref()),
    ("street", |parts| parts.street.as_deref()),
    ("suffix", |parts| parts.suffix.as_deref()),
    ("postdirectional", |parts| parts.postdirectional.as_deref()),
    ("unit type", |parts| parts.unit_type.as_deref()),
    ("unit", |parts| parts.unit.as_deref()),
    ("city", |parts| parts.city.as_deref()),
    ("state", |parts| parts.state.as_deref()),
    ("ZIP", |parts| parts.zip.as_deref()),
    ("ZIP+4", |parts| parts.zip4.as_deref()),
];

fn plain(written: Option<&str>) -> String {
    plainly_folded(written.unwrap_or_default())
}

fn shown(written: Option<&str>) -> String {
    written.map_or_else(|| "-".to_owned(), |written| format!("`{written}`"))
}
