//! What was asked against the streets that an area really has.
//!
//! A candidate whose number or street *name* differs beyond the bounded corrections below is an
//! alternative, never the answer: a wrong yes is a defect, unknown is an answer.
//!
//! A correction may supply what was left out and mend one misspelling; it never contradicts what was
//! asked. Another suffix (`TELFORD STREET EXT` for `TELFORD ST`), the opposite directional, another
//! number within the name are other streets. The rules, and what they were measured on, are in
//! `docs/decisions/0005-address-matching.md`.

use std::cmp::Ordering;

use super::normal::NormalStreet;
use super::normal::numerals::ordinal_figures;
use super::publication28;

/// What had to be changed in the asked street to meet a street that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Correction {
    /// A directional was missing or on the other side of the name.
    ///
    /// Among alternatives also: it is another one, or the street has none.
    Directional,
    /// The suffix was missing.
    ///
    /// Among alternatives also: it is another one, or the street has none.
    Suffix,
    /// One misspelling in the name, or another way to write the same name (`MC LEAN`, `5 MILE`).
    Spelling,
    /// The area came from the city, not from a ZIP.
    Area,
}

impl Correction {
    /// The name used on every surface: `directional`, `suffix`, `spelling`, `area`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Directional => "directional",
            Self::Suffix => "suffix",
            Self::Spelling => "spelling",
            Self::Area => "area",
        }
    }
}

/// A street of the area that is like the asked one.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Position in the list that was given.
    pub index: usize,
    /// How alike, 0.0 to 1.0.
    pub score: f32,
    /// What had to be changed; empty for the same street.
    pub corrections: Vec<Correction>,
}

/// What the streets of an area say about the asked street.
#[derive(Clone, Debug, PartialEq)]
pub enum StreetMatch {
    /// One street can be meant, and only one.
    One(Candidate),
    /// Streets that are like it, best first, none of which may be taken for it.
    Alternatives(Vec<Candidate>),
    /// None is like it.
    None,
}

/// Longest list of alternatives that is given back.
pub const ALTERNATIVES_MAX: usize = 5;

/// Shortest word in which a misspelling is recognised: in shorter ones a changed letter makes another
/// name as easily (`OAK` and `OAT`, `AVENUE C` and `AVENUE D`).
const MISSPELT_WORD_LETTERS_MIN: usize = 5;
/// The same where the first letter is concerned: people seldom mistake it, and many names differ in
/// it (`EVANS` and `BEVANS`, `DOVER` and `ROVER`).
const MISSPELT_START_LETTERS_MIN: usize = 8;
/// The same where two neighbours are swapped, which hardly ever makes another name.
const SWAPPED_WORD_LETTERS_MIN: usize = 4;

/// What each difference takes from the score of 1.0.
const PENALTY_MOVED: f32 = 0.05;
const PENALTY_MISSING: f32 = 0.08;
const PENALTY_SUPERFLUOUS: f32 = 0.15;
const PENALTY_OTHER: f32 = 0.25;
const PENALTY_SAME_NAME_OTHERWISE: f32 = 0.05;
const PENALTY_MISSPELT: f32 = 0.15;

/// Suffixes that are left out in speech and writing. Other ones (`EXT`, `PLZ`, `SQ`, `ALY`, …) mostly
/// set a smaller street apart from the one it is named after, and are never supplied.
const SUPPLIED_SUFFIXES: [&str; 14] = [
    "AVE", "BLVD", "CIR", "CT", "DR", "HWY", "LN", "PKWY", "PL", "RD", "ST", "TER", "TRL", "WAY",
];

/// Numbered streets this near belong to one row with a street.
const NEIGHBOURS_WITHIN: u32 = 3;
/// So many of them show that there is a row.
const NEIGHBOURS_MIN: usize = 2;
/// A row of numbered streets may go on to so many times the highest number that is known of it.
const ROW_MAY_GROW: u32 = 2;

/// Compares the asked street with `streets`: **all** the streets known in its area, each once.
///
/// The ambiguity is judged on the streets, not on the houses: where `E 26TH ST` and `W 26TH ST` both
/// exist, `26TH ST` is neither, even if only one of them has the asked number. The caller checks that
/// the number exists on the street it is given.
///
/// - [`StreetMatch::One`] without corrections: the asked street itself.
/// - [`StreetMatch::One`] with corrections: what was asked can only mean this street.
/// - [`StreetMatch::Alternatives`]: see [`similar_streets`].
#[must_use]
pub fn match_street(asked: &NormalStreet, streets: &[NormalStreet]) -> StreetMatch {
    if let Some(index) = streets.iter().position(|street| street == asked) {
        return StreetMatch::One(Candidate {
            index,
            score: 1.0,
            corrections: Vec::new(),
        });
    }
    let plain = plain_name(&asked.name);
    let compared: Vec<Compared> = streets
        .iter()
        .enumerate()
        .filter_map(|(index, street)| Compared::of(asked, &plain, street, index))
        .collect();
    if let Some(only) = only_meaning(&compared, streets) {
        return StreetMatch::One(only.candidate());
    }
    match best_first(&compared) {
        alternatives if alternatives.is_empty() => StreetMatch::None,
        alternatives => StreetMatch::Alternatives(alternatives),
    }
}

/// The streets that are like the asked one but not the same, best first, at most
/// [`ALTERNATIVES_MAX`]: what to offer where the asked street exists but the number does not.
#[must_use]
pub fn similar_streets(asked: &NormalStreet, streets: &[NormalStreet]) -> Vec<Candidate> {
    let plain = plain_name(&asked.name);
    let compared: Vec<Compared> = streets
        .iter()
        .enumerate()
        .filter(|(_, street)| *street != asked)
        .filter_map(|(index, street)| Compared::of(asked, &plain, street, index))
        .collect();
    best_first(&compared)
}

/// How one part of the asked street stands to the same part of a street that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PartRelation {
    Same,
    /// On the other side of the name.
    Moved,
    /// Not asked, but there.
    Missing,
    /// Asked, but not there.
    Superfluous,
    /// Another one than asked.
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameRelation {
    Same,
    /// The same name written otherwise, no letter changed.
    Otherwise,
    /// One letter added, dropped, changed or two neighbours swapped.
    Misspelt,
}

struct Compared {
    index: usize,
    name: NameRelation,
    directional: PartRelation,
    suffix: PartRelation,
}

impl Compared {
    /// `plain` is the asked street's [`plain_name`]. `None` where the names have nothing in common.
    fn of(asked: &NormalStreet, plain: &str, street: &NormalStreet, index: usize) -> Option<Self> {
        Some(Self {
            index,
            name: compare_names(&asked.name, plain, &street.name)?,
            directional: compare_directionals(asked, street),
            suffix: compare_suffixes(asked.suffix.as_deref(), street.suffix.as_deref()),
        })
    }

    /// Does the street leave everything that was asked as it is, and only add what was left out?
    fn keeps_what_was_asked(&self) -> bool {
        let kept = [
            PartRelation::Same,
            PartRelation::Moved,
            PartRelation::Missing,
        ];
        kept.contains(&self.directional) && kept.contains(&self.suffix)
    }

    /// May what was left out be added, as far as the area tells?
    fn may_be_supplied(&self, streets: &[NormalStreet]) -> bool {
        let street = &streets[self.index];
        (self.directional != PartRelation::Missing || !comes_in_halves(street, streets))
            && (self.suffix != PartRelation::Missing
                || is_suffix_left_out(street)
                || self.directional == PartRelation::Same
                    && is_number_of_one_suffix(street, streets))
    }

    fn differs_in_name_only(&self) -> bool {
        self.directional == PartRelation::Same && self.suffix == PartRelation::Same
    }

    fn score(&self) -> f32 {
        let name = match self.name {
            NameRelation::Same => 0.0,
            NameRelation::Otherwise => PENALTY_SAME_NAME_OTHERWISE,
            NameRelation::Misspelt => PENALTY_MISSPELT,
        };
        1.0 - name - self.directional.penalty() - self.suffix.penalty()
    }

    fn candidate(&self) -> Candidate {
        let changed = [
            (
                Correction::Directional,
                self.directional != PartRelation::Same,
            ),
            (Correction::Suffix, self.suffix != PartRelation::Same),
            (Correction::Spelling, self.name != NameRelation::Same),
        ];
        Candidate {
            index: self.index,
            score: self.score(),
            corrections: changed
                .into_iter()
                .filter(|(_, changed)| *changed)
                .map(|(what, _)| what)
                .collect(),
        }
    }
}

impl PartRelation {
    const fn penalty(self) -> f32 {
        match self {
            Self::Same => 0.0,
            Self::Moved => PENALTY_MOVED,
            Self::Missing => PENALTY_MISSING,
            Self::Superfluous => PENALTY_SUPERFLUOUS,
            Self::Other => PENALTY_OTHER,
        }
    }
}

/// The one street that can be meant.
///
/// A name that exists is no misspelling of another one. Where it does not exist, a different way to
/// write it comes before a misspelling, and either must leave directional and suffix as asked.
fn only_meaning<'c>(compared: &'c [Compared], streets: &[NormalStreet]) -> Option<&'c Compared> {
    for name in [
        NameRelation::Same,
        NameRelation::Otherwise,
        NameRelation::Misspelt,
    ] {
        let mut named = compared
            .iter()
            .filter(|street| street.name == name)
            .peekable();
        if named.peek().is_none() {
            continue;
        }
        let mut meanings = named.filter(|street| {
            street.keeps_what_was_asked()
                && (name == NameRelation::Same || street.differs_in_name_only())
        });
        let only = meanings
            .next()
            .filter(|street| street.may_be_supplied(streets));
        return if meanings.next().is_none() {
            only
        } else {
            None
        };
    }
    None
}

fn best_first(compared: &[Compared]) -> Vec<Candidate> {
    let mut candidates: Vec<Candidate> = compared.iter().map(Compared::candidate).collect();
    candidates.sort_by(|one, other| {
        other
            .score
            .partial_cmp(&one.score)
            .unwrap_or(Ordering::Equal)
            .then(one.index.cmp(&other.index))
    });
    candidates.truncate(ALTERNATIVES_MAX);
    candidates
}

fn compare_directionals(asked: &NormalStreet, street: &NormalStreet) -> PartRelation {
    let sides = |street: &NormalStreet| {
        (
            street.predirectional.clone(),
            street.postdirectional.clone(),
        )
    };
    match (sides(asked), sides(street)) {
        (asked, street) if asked == street => PartRelation::Same,
        ((None, None), _) => PartRelation::Missing,
        (_, (None, None)) => PartRelation::Superfluous,
        // Only a single directional can change sides: `N WOODCREST DR S` and `S WOODCREST DR N` are two.
        ((Some(before), None), (None, Some(after)))
        | ((None, Some(after)), (Some(before), None))
            if before == after =>
        {
            PartRelation::Moved
        }
        ((before, after), (other_before, other_after))
            if (before.is_none() || before == other_before)
                && (after.is_none() || after == other_after) =>
        {
            PartRelation::Missing
        }
        _ => PartRelation::Other,
    }
}

/// Is the area one whose streets come in halves along the directionals of this street?
///
/// Where some name exists in an eastern and a western half, `10TH ST` may be the half that no list
/// has; where none does, it is the one that is there. Numbered and named streets are judged apart:
/// a grid is halved as a whole.
fn comes_in_halves(street: &NormalStreet, streets: &[NormalStreet]) -> bool {
    let halves = streets.iter().filter(|half| {
        is_numbered(&half.name) == is_numbered(&street.name)
            && directional_letters(half)
                .any(|letter| directional_letters(street).any(|own| own == letter))
    });
    halves.into_iter().any(|half| {
        streets.iter().any(|other| {
            other.name == half.name
                && other.suffix == half.suffix
                && directional_letters(street)
                    .any(|own| directional_letters(other).any(|letter| letter == opposite(own)))
        })
    })
}

fn directional_letters(street: &NormalStreet) -> impl Iterator<Item = char> {
    [&street.predirectional, &street.postdirectional]
        .into_iter()
        .flatten()
        .flat_map(|part| part.chars())
}

const fn opposite(letter: char) -> char {
    match letter {
        'N' => 'S',
        'S' => 'N',
        'E' => 'W',
        'W' => 'E',
        other => other,
    }
}

/// Is the suffix one that people leave out, and the street no numbered one (`7TH` may be a street or
/// an avenue)?
fn is_suffix_left_out(street: &NormalStreet) -> bool {
    !is_numbered(&street.name)
        && street
            .suffix
            .as_deref()
            .is_some_and(|suffix| SUPPLIED_SUFFIXES.contains(&suffix))
}

/// May the suffix of a numbered street be supplied? `E 26TH` is `E 26TH ST` where the directional was
/// asked, the area's numbered streets of this suffix go on around it, and those of every other suffix
/// (the avenues 1 to 8 that cross them) end long before.
///
/// The list may lack the street that was meant, but hardly one that continues a row which it knows to
/// be far away.
fn is_number_of_one_suffix(street: &NormalStreet, streets: &[NormalStreet]) -> bool {
    let Some(number) = figure_of(&street.name) else {
        return false;
    };
    let directed = street.predirectional.is_some() || street.postdirectional.is_some();
    let mut neighbours = 0;
    let mut highest_other = 0;
    for other in streets {
        let Some(figure) = figure_of(&other.name) else {
            continue;
        };
        if other.suffix == street.suffix {
            neighbours +=
                usize::from(figure != number && figure.abs_diff(number) <= NEIGHBOURS_WITHIN);
        } else {
            highest_other = highest_other.max(figure);
        }
    }
    let supplied = street
        .suffix
        .as_deref()
        .is_some_and(|suffix| SUPPLIED_SUFFIXES.contains(&suffix));
    directed
        && supplied
        && neighbours >= NEIGHBOURS_MIN
        && number > highest_other.saturating_mul(ROW_MAY_GROW)
}

/// 26 of `26TH`.
fn figure_of(name: &str) -> Option<u32> {
    ordinal_figures(name)?.parse().ok()
}

fn is_numbered(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_digit())
}

fn compare_suffixes(asked: Option<&str>, street: Option<&str>) -> PartRelation {
    match (asked, street) {
        (asked, street) if asked == street => PartRelation::Same,
        (None, _) => PartRelation::Missing,
        (_, None) => PartRelation::Superfluous,
        _ => PartRelation::Other,
    }
}

fn compare_names(asked: &str, asked_plain: &str, street: &str) -> Option<NameRelation> {
    if asked == street {
        return Some(NameRelation::Same);
    }
    // Bounds the work per street: no rule below bridges more than a few characters.
    if asked.len().abs_diff(street.len()) > NAME_LENGTHS_APART_MAX {
        return None;
    }
    if asked_plain == plain_name(street) {
        return Some(NameRelation::Otherwise);
    }
    one_misspelling(asked, street).then_some(NameRelation::Misspelt)
}

/// `SEVENTEEN` for `17` is the longest way round of the same name.
const NAME_LENGTHS_APART_MAX: usize = 8;

/// Kinds of road of which an area has no two with one number, so that people (and lists) take one word
/// for the other: within a line, all are one road. A bare `HIGHWAY` or `ROUTE` may be of the second line.
const ROADS_ALIKE: [&[&str]; 2] = [
    &["COUNTY ROAD ", "COUNTY HIGHWAY ", "COUNTY ROUTE "],
    &[
        "STATE HIGHWAY ",
        "STATE ROUTE ",
        "STATE ROAD ",
        "US HIGHWAY ",
        "HIGHWAY ",
        "ROUTE ",
    ],
];

/// A name without what is written in more than one way: blanks (`MC LEAN`), cardinals in words
/// (`FIVE MILE`), the ending of an ordinal (`26` for `26TH`) and the kind of a numbered road.
fn plain_name(name: &str) -> String {
    for alike in ROADS_ALIKE {
        if let Some(number) = alike.iter().find_map(|kind| name.strip_prefix(kind)) {
            return format!("{}{number}", alike[0]);
        }
    }
    name.split(' ')
        .map(|word| {
            ordinal_figures(word)
                .or_else(|| publication28::cardinal_word(word))
                .unwrap_or(word)
        })
        .fold(String::with_capacity(name.len()), |mut plain, word| {
            // Two figures are never closed up: `1 2ND` is not `12TH`.
            if plain.ends_with(|c: char| c.is_ascii_digit())
                && word.starts_with(|c: char| c.is_ascii_digit())
            {
                plain.push(' ');
            }
            plain.push_str(word);
            plain
        })
}

/// Is one name the other with one letter added, dropped, changed or swapped with its neighbour, within
/// one word of letters?
fn one_misspelling(asked: &str, street: &str) -> bool {
    if asked.len().abs_diff(street.len()) > 1 {
        return false;
    }
    let (mut asked, mut street) = (asked.split(' '), street.split(' '));
    let mut misspelt = false;
    loop {
        match (asked.next(), street.next()) {
            (None, None) => return misspelt,
            (Some(one), Some(other)) if one == other => {}
            (Some(one), Some(other)) if !misspelt && is_misspelt(one, other) => misspelt = true,
            _ => return false,
        }
    }
}

fn is_misspelt(one: &str, other: &str) -> bool {
    let letters = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let shorter = one.len().min(other.len());
    if shorter < SWAPPED_WORD_LETTERS_MIN || !letters(one) || !letters(other) {
        return false;
    }
    if is_swapped(one.as_bytes(), other.as_bytes()) {
        return true;
    }
    let first_letter = one.as_bytes()[0] == other.as_bytes()[0];
    shorter
        >= if first_letter {
            MISSPELT_WORD_LETTERS_MIN
        } else {
            MISSPELT_START_LETTERS_MIN
        }
        && strsim::osa_distance(one, other) == 1
}

/// Do two neighbouring letters stand the other way round, and all else the same?
fn is_swapped(one: &[u8], other: &[u8]) -> bool {
    let Some(at) = one.iter().zip(other).position(|(one, other)| one != other) else {
        return false;
    };
    match (&one[at..], &other[at..]) {
        ([a, b, rest @ ..], [c, d, other_rest @ ..]) => a == d && b == c && rest == other_rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn street(written: &str) -> NormalStreet {
        NormalStreet::parse(written).unwrap()
    }

    fn streets(written: &[&str]) -> Vec<NormalStreet> {
        written.iter().map(|written| street(written)).collect()
    }

    /// The street that is meant and the corrections, or `?` and what is offered, or nothing.
    fn found(asked: &str, written: &[&str]) -> String {
        let streets = streets(written);
        match match_street(&street(asked), &streets) {
            StreetMatch::One(only) => {
                let corrections: Vec<&str> =
                    only.corrections.iter().map(|what| what.as_str()).collect();
                format!("{} [{}]", streets[only.index], corrections.join(" "))
            }
            StreetMatch::Alternatives(offered) => {
                let offered: Vec<String> = offered
                    .iter()
                    .map(|street| streets[street.index].to_string())
                    .collect();
                format!("? {}", offered.join(", "))
            }
            StreetMatch::None => String::new(),
        }
    }

    #[test]
    fn what_was_left_out_is_supplied_where_only_one_street_can_be_meant() {
        for (asked, streets, expected) in [
            ("E 26th St", &["W 26TH ST", "E 26TH ST"][..], "E 26TH ST []"),
            (
                "Charlame Place",
                &["S CHARLAME PL", "CHARLES ST"],
                "S CHARLAME PL [directional]",
            ),
            (
                "26th St E",
                &["E 26TH ST", "W 26TH ST"],
                "E 26TH ST [directional]",
            ),
            (
                "E Lincolnway",
                &["E LINCOLNWAY", "W LINCOLNWAY"],
                "E LINCOLNWAY []",
            ),
            ("Hackensack", &["HACKENSACK RD"], "HACKENSACK RD [suffix]"),
            ("Main", &["N MAIN ST"], "N MAIN ST [directional suffix]"),
            ("E Main", &["E MAIN ST", "MAIN ST"], "E MAIN ST [suffix]"),
            (
                "Hackensak Road",
                &["HACKENSACK RD", "MAIN ST"],
                "HACKENSACK RD [spelling]",
            ),
            ("Cener St", &["CENTER ST"], "CENTER ST [spelling]"),
            ("Centre St", &["CENTER ST"], "CENTER ST [spelling]"),
            ("Mc Lean Ave", &["MCLEAN AVE"], "MCLEAN AVE [spelling]"),
            (
                "Five Mile Rd",
                &["5 MILE RD", "6 MILE RD"],
                "5 MILE RD [spelling]",
            ),
            ("SW 8 St", &["SW 8TH ST", "SW 9TH ST"], "SW 8TH ST []"),
            ("SW 8", &["SW 8TH ST", "SW 9TH ST"], "? SW 8TH ST"),
            (
                "E 26th",
                &[
                    "E 25TH ST",
                    "E 26TH ST",
                    "W 26TH ST",
                    "E 27TH ST",
                    "E 1ST AVE",
                    "W 8TH AVE",
                ],
                "E 26TH ST [suffix]",
            ),
            ("Hwy 190", &["US HIGHWAY 190"], "US HIGHWAY 190 [spelling]"),
            (
                "County Hwy UV",
                &["COUNTY ROAD UV", "COUNTY ROAD U"],
                "COUNTY ROAD UV [spelling]",
            ),
        ] {
            assert_eq!(found(asked, streets), expected, "{asked}");
        }
    }

    #[test]
    fn where_two_streets_can_be_meant_none_is_taken() {
        for (asked, streets, expected) in [
            (
                "26th St",
                &["E 26TH ST", "W 26TH ST"][..],
                "? E 26TH ST, W 26TH ST",
            ),
            (
                "Telford",
                &["TELFORD ST", "TELFORD AVE"],
                "? TELFORD ST, TELFORD AVE",
            ),
            ("26th", &["26TH ST", "E 26TH ST"], "? 26TH ST, E 26TH ST"),
            (
                "Harold",
                &["HAROLD ST", "HAROLD PARK"],
                "? HAROLD ST, HAROLD PARK",
            ),
            (
                "Lenox",
                &["LENOX ST", "E LENOX ST"],
                "? LENOX ST, E LENOX ST",
            ),
            (
                "Loganne St",
                &["LOGANE ST", "LOGANNA ST"],
                "? LOGANE ST, LOGANNA ST",
            ),
            (
                "Hwy 190",
                &["US HIGHWAY 190", "STATE HIGHWAY 190"],
                "? US HIGHWAY 190, STATE HIGHWAY 190",
            ),
        ] {
            assert_eq!(found(asked, streets), expected, "{asked}");
        }
    }

    #[test]
    fn what_the_lists_may_not_have_is_not_guessed() {
        for (asked, streets, expected) in [
            // The area comes in halves: there may be a `W 10TH ST` that no list has.
            (
                "10th St",
                &["E 10TH ST", "E 9TH ST", "W 9TH ST"][..],
                "? E 10TH ST",
            ),
            (
                "10th St",
                &["E 10TH ST", "E 9TH ST", "W PINE ST"],
                "E 10TH ST [directional]",
            ),
            // Numbered streets cross numbered avenues.
            ("7th N", &["7TH ST N"], "? 7TH ST N"),
            (
                "7th N",
                &["6TH ST N", "7TH ST N", "8TH ST N", "9TH AVE N"],
                "? 7TH ST N",
            ),
            // The avenues may go on as far.
            (
                "12th N",
                &["11TH ST N", "12TH ST N", "13TH ST N", "9TH AVE N"],
                "? 12TH ST N",
            ),
            // Without its directional it is the street of neither half.
            (
                "26th",
                &["E 25TH ST", "E 26TH ST", "E 27TH ST"],
                "? E 26TH ST",
            ),
        ] {
            assert_eq!(found(asked, streets), expected, "{asked}");
        }
    }

    #[test]
    fn what_was_asked_is_never_contradicted() {
        for (asked, streets, expected) in [
            ("Telford Street", &["TELFORD STREET EXT"][..], ""),
            ("Telford Street", &["TELFORD AVE"], "? TELFORD AVE"),
            ("Fenway", &["FENWAY PLZ"], "? FENWAY PLZ"),
            ("Broadway St", &["BROADWAY"], "? BROADWAY"),
            ("E 26th St", &["W 26TH ST"], "? W 26TH ST"),
            ("E Main St", &["MAIN ST"], "? MAIN ST"),
            ("26th St", &["25TH ST", "27TH ST", "126TH ST"], ""),
            ("Avenue C", &["AVENUE D"], ""),
            ("Oak St", &["OAT ST", "ASH ST"], ""),
            (
                "Logan St",
                &["LOGAM ST", "LOGAN AVE"],
                "? LOGAM ST, LOGAN AVE",
            ),
            ("Hackensak St", &["HACKENSACK RD"], "? HACKENSACK RD"),
            ("Hackensak Road", &["N HACKENSACK RD"], "? N HACKENSACK RD"),
            ("US Hwy 19", &["US HIGHWAY 190"], ""),
            (
                "N Woodcrest Dr S",
                &["S WOODCREST DR N"],
                "? S WOODCREST DR N",
            ),
            ("Bevans St", &["EVANS ST"], ""),
            ("Rover St", &["DOVER ST"], ""),
            ("County Rd 19", &["STATE ROAD 19"], ""),
            ("Main St", &[], ""),
        ] {
            assert_eq!(found(asked, streets), expected, "{asked}");
        }
    }

    #[test]
    fn alternatives_are_few_and_the_best_come_first() {
        let written = [
            "MAIN AVE",
            "MAIN RD",
            "MAIN CT",
            "MAIN LN",
            "MAIN TER",
            "MAIN PL",
            "MAIN ST E",
            "W MAIN ST",
        ];
        let streets = streets(&written);
        let offered = similar_streets(&street("E Main St"), &streets);
        assert_eq!(offered.len(), ALTERNATIVES_MAX);
        assert_eq!(offered[0].index, 6);
        assert!(offered.is_sorted_by(|one, other| one.score >= other.score));
    }

    fn vocabulary() -> impl Strategy<Value = NormalStreet> {
        let directional =
            || proptest::option::of(proptest::sample::select(vec!["N", "S", "E", "W"]));
        let name = proptest::sample::select(vec![
            "MAIN",
            "MAINE",
            "HACKENSACK",
            "HACKENSAK",
            "26TH",
            "25TH",
            "26",
            "NORTH",
            "AVENUE C",
            "AVENUE D",
            "MC LEAN",
            "MCLEAN",
            "US HIGHWAY 19",
            "HIGHWAY 19",
        ]);
        let suffix =
            proptest::option::of(proptest::sample::select(vec!["ST", "AVE", "EXT", "PLZ"]));
        (directional(), name, suffix, directional()).prop_map(|(before, name, suffix, after)| {
            let words = [before, Some(name), suffix, after];
            street(&words.into_iter().flatten().collect::<Vec<_>>().join(" "))
        })
    }

    proptest! {
        #[test]
        fn an_answer_contradicts_nothing_that_was_asked(
            asked in vocabulary(),
            streets in proptest::collection::vec(vocabulary(), 0..8),
        ) {
            match match_street(&asked, &streets) {
                StreetMatch::One(only) => {
                    let street = &streets[only.index];
                    prop_assert_eq!(only.corrections.is_empty(), *street == asked);
                    prop_assert!((0.0..=1.0).contains(&only.score));
                    if asked.suffix.is_some() {
                        prop_assert_eq!(&street.suffix, &asked.suffix);
                    }
                    for directional in [&asked.predirectional, &asked.postdirectional].into_iter().flatten() {
                        let both = [street.predirectional.as_ref(), street.postdirectional.as_ref()];
                        prop_assert!(both.contains(&Some(directional)));
                    }
                    let figures = |street: &NormalStreet| -> String {
                        street.name.chars().filter(char::is_ascii_digit).collect()
                    };
                    prop_assert_eq!(figures(street), figures(&asked));
                }
                StreetMatch::Alternatives(offered) => {
                    prop_assert!(!offered.is_empty() && offered.len() <= ALTERNATIVES_MAX);
                    prop_assert!(!streets.contains(&asked));
                }
                StreetMatch::None => prop_assert!(!streets.contains(&asked)),
            }
        }

        #[test]
        fn the_order_of_the_streets_does_not_matter(
            asked in vocabulary(),
            streets in proptest::collection::btree_set(vocabulary(), 0..8),
        ) {
            let forward: Vec<NormalStreet> = streets.into_iter().collect();
            let backward: Vec<NormalStreet> = forward.iter().rev().cloned().collect();
            let one = |streets: &[NormalStreet]| match match_street(&asked, streets) {
                StreetMatch::One(only) => Some(streets[only.index].clone()),
                StreetMatch::Alternatives(_) | StreetMatch::None => None,
            };
            prop_assert_eq!(one(&forward), one(&backward));
        }
    }
}
