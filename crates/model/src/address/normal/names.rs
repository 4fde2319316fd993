//! Words within the names of streets and cities: `ST PAUL` is `SAINT PAUL`, `STONE CRK` is `STONE CREEK`.

use std::borrow::Cow;

use smol_str::SmolStrBuilder;

use crate::Text;
use crate::address::publication28;

/// Abbreviations that stand for a whole word wherever they occur within a name.
///
/// Publication 28 abbreviates the suffix only; within a name the word is written out (section 234).
/// Abbreviations that are also words or initials (`VIA`, `PR`, `KY`, `COR`) are left alone.
const WITHIN_NAMES: [(&str, &str); 66] = [
    ("AV", "AVENUE"),
    ("AVE", "AVENUE"),
    ("BCH", "BEACH"),
    ("BLF", "BLUFF"),
    ("BLFS", "BLUFFS"),
    ("BLVD", "BOULEVARD"),
    ("BND", "BEND"),
    ("BRG", "BRIDGE"),
    ("CIR", "CIRCLE"),
    ("CRK", "CREEK"),
    ("CT", "COURT"),
    ("CTR", "CENTER"),
    ("CV", "COVE"),
    ("CYN", "CANYON"),
    ("FLD", "FIELD"),
    ("FLDS", "FIELDS"),
    ("FLS", "FALLS"),
    ("FRST", "FOREST"),
    ("FT", "FORT"),
    ("GDN", "GARDEN"),
    ("GDNS", "GARDENS"),
    ("GLN", "GLEN"),
    ("GRN", "GREEN"),
    ("GRV", "GROVE"),
    ("HBR", "HARBOR"),
    ("HL", "HILL"),
    ("HLS", "HILLS"),
    ("HOLW", "HOLLOW"),
    ("HTS", "HEIGHTS"),
    ("HWY", "HIGHWAY"),
    ("JCT", "JUNCTION"),
    ("KNL", "KNOLL"),
    ("LK", "LAKE"),
    ("LKS", "LAKES"),
    ("LN", "LANE"),
    ("LNDG", "LANDING"),
    ("MDW", "MEADOW"),
    ("MDWS", "MEADOWS"),
    ("MNR", "MANOR"),
    ("MT", "MOUNT"),
    ("MTN", "MOUNTAIN"),
    ("MTNS", "MOUNTAINS"),
    ("ORCH", "ORCHARD"),
    ("PKWY", "PARKWAY"),
    ("PL", "PLACE"),
    ("PLZ", "PLAZA"),
    ("PT", "POINT"),
    ("PTS", "POINTS"),
    ("RD", "ROAD"),
    ("RDG", "RIDGE"),
    ("RIV", "RIVER"),
    ("RNCH", "RANCH"),
    ("SHR", "SHORE"),
    ("SHRS", "SHORES"),
    ("SPG", "SPRING"),
    ("SPGS", "SPRINGS"),
    ("SQ", "SQUARE"),
    ("STE", "SAINTE"),
    ("TER", "TERRACE"),
    ("TRL", "TRAIL"),
    ("TWP", "TOWNSHIP"),
    ("VLG", "VILLAGE"),
    ("VLY", "VALLEY"),
    ("VW", "VIEW"),
    ("WTR", "WATER"),
    ("XING", "CROSSING"),
];

/// Longest abbreviation of them, in bytes; most words are longer.
const WITHIN_NAMES_MAX_BYTES: usize = {
    let (mut longest, mut row) = (0, 0);
    while row < WITHIN_NAMES.len() {
        let length = WITHIN_NAMES[row].0.len();
        if length > longest {
            longest = length;
        }
        row += 1;
    }
    longest
};

/// The one name that half of the country's cities have a street of, as it is written: with or without
/// title and ending, in full or in initials. No area has two streets of it with one suffix.
const MARTIN_LUTHER_KING: &str = "MARTIN LUTHER KING JR";
const MARTIN_LUTHER_KING_WRITTEN: [&[&str]; 7] = [
    &["M", "L", "K"],
    &["M", "L", "KING"],
    &["MARTIN", "L", "KING"],
    &["MARTIN", "LUTHER", "KING"],
    &["ML", "KING"],
    &["MLK"],
    &["MLKING"],
];

/// A street's name in standard form. `suffixed`: a suffix follows the name.
pub(super) fn with_standard_names(words: &[Cow<'_, str>], suffixed: bool) -> Text {
    if is_martin_luther_king(words) {
        return Text::new_static(MARTIN_LUTHER_KING);
    }
    let mut name = SmolStrBuilder::new();
    let last = words.len().saturating_sub(1);
    let mut closed = false;
    for (index, word) in words.iter().enumerate() {
        if index > 0 && !closed {
            name.push(' ');
        }
        let next = words.get(index + 1).map(AsRef::as_ref);
        closed = index == 0 && opens_a_name(word, next);
        let place = Place {
            first: index == 0,
            last: index == last,
            alone: last == 0,
            suffixed,
            next,
        };
        name.push_str(standard_word(word, place));
    }
    name.finish()
}

fn is_martin_luther_king(words: &[Cow<'_, str>]) -> bool {
    if !words.iter().any(|word| word.starts_with('M')) {
        return false;
    }
    let words = match words {
        [title, name @ ..] if title == "DR" || title == "DOCTOR" || title == "REV" => name,
        name => name,
    };
    let words = match words {
        [name @ .., ending] if ending == "JR" || ending == "JUNIOR" => name,
        name => name,
    };
    MARTIN_LUTHER_KING_WRITTEN
        .iter()
        .any(|written| words.iter().eq(written.iter()))
}

/// A city in standard form: `ST. LOUIS` is `SAINT LOUIS`, `N LITTLE ROCK` is `NORTH LITTLE ROCK`.
pub(super) fn standard_city(folded: &str) -> Text {
    let mut words = folded.split_ascii_whitespace().enumerate().peekable();
    let mut city = SmolStrBuilder::new();
    while let Some((index, word)) = words.next() {
        if index > 0 {
            city.push(' ');
        }
        let ends = words.peek().is_none();
        let leads = index == 0 && !ends;
        let directional = if leads {
            publication28::directional(word)
        } else {
            None
        };
        let last = index > 0 && ends;
        city.push_str(match (directional, word) {
            (Some(directional), _) => spelled_out(directional),
            (None, "ST") if !last => "SAINT",
            (None, _) => within_name(word),
        });
    }
    city.finish()
}

/// Where in a name a word stands.
#[derive(Clone, Copy)]
struct Place<'w> {
    first: bool,
    last: bool,
    alone: bool,
    suffixed: bool,
    next: Option<&'w str>,
}

fn standard_word<'w>(word: &'w str, place: Place<'_>) -> &'w str {
    match word {
        // `TELFORD ST EXT` is Telford Street's extension; every other `ST` within a name is a saint.
        "ST" if place.alone => "ST",
        "ST" if place.last && place.suffixed => "STREET",
        // `ST N` is a street with a letter, as `AVENUE N` is.
        "ST" if place.first && place.next.is_some_and(is_letter_or_directional) => "STREET",
        "ST" => "SAINT",
        // `DR MARTIN LUTHER KING` is no drive.
        "DR" | "DOCTOR" if place.first => "DR",
        "DR" => "DRIVE",
        "JUNIOR" => "JR",
        // `NW HWY` is the Northwest Highway; a single letter may be the name itself (`N ST`).
        "NE" | "NW" | "SE" | "SW" if place.alone => spelled_out(word),
        _ => within_name(word),
    }
}

fn is_letter_or_directional(word: &str) -> bool {
    word.len() == 1 || publication28::directional(word).is_some()
}

/// `O BRIEN` and `D ANGELO` are written with a blank where an apostrophe was.
fn opens_a_name(word: &str, next: Option<&str>) -> bool {
    matches!(word, "O" | "D")
        && next.is_some_and(|next| {
            next.len() > 2
                && next.bytes().all(|byte| byte.is_ascii_uppercase())
                && publication28::suffix(next).is_none()
        })
}

fn within_name(word: &str) -> &str {
    if word.len() > WITHIN_NAMES_MAX_BYTES {
        return word;
    }
    match WITHIN_NAMES.binary_search_by_key(&word, |(abbreviation, _)| abbreviation) {
        Ok(found) => WITHIN_NAMES[found].1,
        Err(_) => word,
    }
}

fn spelled_out(directional: &str) -> &str {
    match directional {
        "N" => "NORTH",
        "E" => "EAST",
        "S" => "SOUTH",
        "W" => "WEST",
        "NE" => "NORTHEAST",
        "NW" => "NORTHWEST",
        "SE" => "SOUTHEAST",
        "SW" => "SOUTHWEST",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_sorted_and_told_once() {
        assert!(WITHIN_NAMES.is_sorted_by(|one, other| one.0 < other.0));
    }

    #[test]
    fn cities_are_written_out() {
        for (folded, expected) in [
            ("ST LOUIS", "SAINT LOUIS"),
            ("E ST LOUIS", "EAST SAINT LOUIS"),
            ("PORT ST LUCIE", "PORT SAINT LUCIE"),
            ("FT COLLINS", "FORT COLLINS"),
            ("MT VERNON", "MOUNT VERNON"),
            ("N LITTLE ROCK", "NORTH LITTLE ROCK"),
            ("NORTH", "NORTH"),
            ("COLORADO SPGS", "COLORADO SPRINGS"),
            ("CHEYENNE", "CHEYENNE"),
            ("DES MOINES", "DES MOINES"),
        ] {
            assert_eq!(standard_city(folded), expected, "{folded}");
        }
    }
}
