//! Numbered and lettered roads: `HWY 190`, `US-190`, `CR UV`, `I-10`.
//!
//! The words before the number are brought to the forms of Publication 28, appendix F. Kinds of road
//! are not merged here (a state road and a state route may be two): see [`super::super::matching`].

use std::borrow::Cow;

use crate::address::publication28;

type Words<'a> = Vec<Cow<'a, str>>;

/// Longest letters of a lettered road (Wisconsin's `COUNTY ROAD KKK`).
const ROAD_LETTERS_MAX: usize = 3;

/// Suffixes of two letters that are the letters of a county's road as easily (`COUNTY ROAD DV`).
const RARE_SUFFIXES: [&str; 14] = [
    "BG", "CP", "DL", "DM", "DV", "HL", "HT", "LF", "LK", "ML", "UN", "VL", "VW", "WL",
];

/// The words before a road's number, and their standard form. Longer ones stand first.
const DESIGNATIONS: [(&[&str], &str); 45] = [
    (&["UNITED", "STATES", "HIGHWAY"], "US HIGHWAY"),
    (&["U", "S", "HIGHWAY"], "US HIGHWAY"),
    (&["U", "S", "ROUTE"], "US HIGHWAY"),
    (&["US", "HIGHWAY"], "US HIGHWAY"),
    (&["US", "ROUTE"], "US HIGHWAY"),
    (&["U", "S"], "US HIGHWAY"),
    (&["US"], "US HIGHWAY"),
    (&["USHWY"], "US HIGHWAY"),
    (&["INTERSTATE", "HIGHWAY"], "INTERSTATE"),
    (&["INTERSTATE"], "INTERSTATE"),
    (&["IH"], "INTERSTATE"),
    (&["I"], "INTERSTATE"),
    (&["STATE", "HIGHWAY"], "STATE HIGHWAY"),
    (&["ST", "HIGHWAY"], "STATE HIGHWAY"),
    (&["SH"], "STATE HIGHWAY"),
    (&["STATE", "ROUTE"], "STATE ROUTE"),
    (&["ST", "ROUTE"], "STATE ROUTE"),
    (&["SR"], "STATE ROUTE"),
    (&["STATE", "ROAD"], "STATE ROAD"),
    (&["ST", "ROAD"], "STATE ROAD"),
    (&["COUNTY", "TRUNK", "HIGHWAY"], "COUNTY HIGHWAY"),
    (&["COUNTY", "HIGHWAY"], "COUNTY HIGHWAY"),
    (&["CNTY", "HIGHWAY"], "COUNTY HIGHWAY"),
    (&["CTY", "HIGHWAY"], "COUNTY HIGHWAY"),
    (&["CTH"], "COUNTY HIGHWAY"),
    (&["COUNTY", "ROUTE"], "COUNTY ROUTE"),
    (&["COUNTY", "ROAD"], "COUNTY ROAD"),
    (&["CNTY", "ROAD"], "COUNTY ROAD"),
    (&["CTY", "ROAD"], "COUNTY ROAD"),
    (&["CO", "ROAD"], "COUNTY ROAD"),
    (&["CR"], "COUNTY ROAD"),
    (&["TOWNSHIP", "ROAD"], "TOWNSHIP ROAD"),
    (&["TWP", "ROAD"], "TOWNSHIP ROAD"),
    (&["FARM", "TO", "MARKET", "ROAD"], "FM"),
    (&["FARM", "TO", "MARKET"], "FM"),
    (&["FM", "ROAD"], "FM"),
    (&["FM"], "FM"),
    (&["RANCH", "TO", "MARKET", "ROAD"], "RM"),
    (&["RANCH", "TO", "MARKET"], "RM"),
    (&["RM", "ROAD"], "RM"),
    (&["RM"], "RM"),
    (&["RANCH", "ROAD"], "RANCH ROAD"),
    (&["HIGHWAY"], "HIGHWAY"),
    (&["ROUTE"], "ROUTE"),
    (&["ROAD"], "ROAD"),
];

/// By first letter, `A` to `Z`: a bit for each length of a word that begins a designation.
const FIRST_WORDS: [u32; 26] = {
    let mut lengths = [0; 26];
    let mut row = 0;
    while row < DESIGNATIONS.len() {
        let first = DESIGNATIONS[row].0[0].as_bytes();
        lengths[(first[0] - b'A') as usize] |= 1 << first.len();
        row += 1;
    }
    lengths
};

/// Designations that people write together with the figures: `CR441`, `I10`.
const CLOSED_UP: [&str; 10] = ["US", "I", "IH", "SR", "SH", "CR", "FM", "HWY", "RT", "RTE"];

/// A road known by its number.
pub(super) struct Highway<'a> {
    /// `US HIGHWAY 190`, with `OLD` before it where it was written.
    pub(super) name: String,
    /// What was written after the number.
    pub(super) rest: Vec<Cow<'a, str>>,
}

/// Reads words, from the first one, as a numbered or lettered road.
pub(super) fn highway<'a>(words: &[Cow<'a, str>]) -> Option<Highway<'a>> {
    let (old, words) = match words.split_first() {
        Some((first, rest)) if first == "OLD" => ("OLD ", rest),
        _ => ("", words),
    };
    let opened = opened_up(words);
    let words = opened.as_deref().unwrap_or(words);
    let (designation, length) = designation(words)?;
    let number = words.get(length)?;
    if !names_a_road(number, &designation, words.len() == length + 1) {
        return None;
    }
    let number = if super::numerals::is_figures(number) {
        crate::address::key::without_leading_zeros(number)
    } else {
        number
    };
    Some(Highway {
        name: format!("{old}{designation} {number}"),
        rest: words[length + 1..].to_vec(),
    })
}

/// `CR441` as `CR` and `441`.
fn opened_up<'a>(words: &[Cow<'a, str>]) -> Option<Words<'a>> {
    let (first, rest) = words.split_first()?;
    let digits_at = first.find(|c: char| c.is_ascii_digit())?;
    let (letters, number) = first.split_at(digits_at);
    let state = road_of_a_state(letters, number, rest.is_empty()).is_some();
    (CLOSED_UP.contains(&letters) || state).then(|| {
        let mut opened = vec![
            Cow::Owned(letters.to_owned()),
            Cow::Owned(number.to_owned()),
        ];
        opened.extend_from_slice(rest);
        opened
    })
}

/// The standard form of the words before the number, and how many they are.
fn designation(words: &[Cow<'_, str>]) -> Option<(Cow<'static, str>, usize)> {
    let (first, others) = words.split_first()?;
    let first = road_word(first);
    let designations = if may_begin(first) {
        &DESIGNATIONS[..]
    } else {
        &[]
    };
    let known = designations.iter().find(|(pattern, _)| {
        pattern[0] == first
            && pattern.len() < words.len()
            && pattern[1..]
                .iter()
                .zip(others)
                .all(|(expected, word)| road_word(word) == *expected)
    });
    if let Some((pattern, standard)) = known {
        return Some((Cow::Borrowed(*standard), pattern.len()));
    }
    // `OH 28`, `KY HWY 1207`, `KENTUCKY ROUTE 9`.
    let [state, road, ..] = words else {
        return None;
    };
    if let Some(state) = road_of_a_state(state, road, words.len() == 2) {
        return Some((Cow::Owned(format!("{state} ROUTE")), 1));
    }
    let road = road_word(road);
    if !matches!(road, "HIGHWAY" | "ROUTE") {
        return None;
    }
    let state = publication28::state(state)?;
    Some((Cow::Owned(format!("{state} {road}")), 2))
}

/// Could a designation begin with this word? Few streets are roads by number, and there are many designations to compare.
fn may_begin(first: &str) -> bool {
    let letter = first.bytes().next().unwrap_or_default();
    let lengths = FIRST_WORDS.get(usize::from(letter.wrapping_sub(b'A')));
    lengths
        .is_some_and(|lengths| lengths.checked_shr(first.len() as u32).unwrap_or_default() & 1 == 1)
}

/// `OH 28`: a state's two letters and figures, with nothing behind them but a directional's place.
fn road_of_a_state(state: &str, number: &str, last: bool) -> Option<&'static str> {
    if !last || state.len() != 2 || !super::numerals::is_figures(number) {
        return None;
    }
    let other = publication28::directional(state).or(publication28::suffix(state));
    publication28::state(state).filter(|_| other.is_none())
}

/// A road's name within its state: `OH ROUTE 28` is Ohio's own `STATE ROUTE 28`.
pub(super) fn within_state(name: &str, state: &str) -> Option<String> {
    let road = name.strip_prefix(state)?.strip_prefix(' ')?;
    let kinds = ["HIGHWAY ", "ROUTE "];
    kinds
        .iter()
        .any(|kind| road.starts_with(kind))
        .then(|| format!("STATE {road}"))
}

/// The words for a road, spelled out; any other word as it is.
fn road_word(word: &str) -> &str {
    match word {
        "HIWAY" | "HIWY" | "HWAY" | "HWY" | "HIGHWY" => "HIGHWAY",
        "RT" | "RTE" => "ROUTE",
        "RD" => "ROAD",
        "TRK" => "TRUNK",
        other => other,
    }
}

/// Can the word be the number of such a road? `RD 5A`, `CR UV`, but not `HIGHWAY DR`.
fn names_a_road(number: &str, designation: &str, last: bool) -> bool {
    if number.starts_with(|c: char| c.is_ascii_digit()) {
        // `ROUTE 1ST`, `ROAD 5TH` are no numbered roads.
        return super::numerals::ordinal_figures(number).is_none();
    }
    let lettered = designation.starts_with("COUNTY")
        || designation.starts_with("STATE")
        || matches!(designation, "HIGHWAY" | "ROUTE");
    let short =
        number.len() <= ROAD_LETTERS_MAX && number.bytes().all(|byte| byte.is_ascii_uppercase());
    let one_letter = number.len() == 1;
    lettered
        && short
        && (one_letter || last)
        && (publication28::suffix(number).is_none()
            || last && designation.starts_with("COUNTY") && RARE_SUFFIXES.contains(&number))
        && (one_letter || publication28::directional(number).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_roads_have_one_spelling() {
        for (written, expected) in [
            ("HWY 190", Some("HIGHWAY 190")),
            ("US HIGHWAY 190", Some("US HIGHWAY 190")),
            ("US 190", Some("US HIGHWAY 190")),
            ("U S HWY 190", Some("US HIGHWAY 190")),
            ("US190", Some("US HIGHWAY 190")),
            ("I 10", Some("INTERSTATE 10")),
            ("INTERSTATE HWY 10", Some("INTERSTATE 10")),
            ("ST RD 39", Some("STATE ROAD 39")),
            ("STATE RTE 039", Some("STATE ROUTE 39")),
            ("CR 441", Some("COUNTY ROAD 441")),
            ("CR441", Some("COUNTY ROAD 441")),
            ("COUNTY ROAD UV", Some("COUNTY ROAD UV")),
            ("CO RD 12A", Some("COUNTY ROAD 12A")),
            ("COUNTY ROAD DV", Some("COUNTY ROAD DV")),
            ("COUNTY ROAD ST", None),
            ("COUNTY RD N", Some("COUNTY ROAD N")),
            ("FARM TO MARKET RD 1200", Some("FM 1200")),
            ("KENTUCKY HWY 1207", Some("KY HIGHWAY 1207")),
            ("ST RT 28", Some("STATE ROUTE 28")),
            ("US RT 28", Some("US HIGHWAY 28")),
            ("RT 28", Some("ROUTE 28")),
            ("OH 28", Some("OH ROUTE 28")),
            ("OH28", Some("OH ROUTE 28")),
            ("OH ROUTE 28", Some("OH ROUTE 28")),
            ("NE 28", None),
            ("OH 28 EXTRA", None),
            ("OLD HWY 99", Some("OLD HIGHWAY 99")),
            ("HIGHWAY DR", None),
            ("HIGHWAY", None),
            ("ROUTE 1ST", None),
            ("STATE RD", None),
            ("COUNTY ROAD NORTH", None),
            ("US GRANT ST", None),
            ("I ST", None),
            ("ROAD RUNNER", None),
            ("ROUTE DES CHAMPS", None),
        ] {
            let words: Words<'_> = written.split(' ').map(Cow::Borrowed).collect();
            assert_eq!(
                highway(&words).map(|road| road.name).as_deref(),
                expected,
                "{written}"
            );
        }
    }
}
