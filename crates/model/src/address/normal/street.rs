//! A street in any spelling into its standard form.
//!
//! The whole street is read as one run of words, whatever parts it came in: a client that puts
//! `North Point` into the name and one that puts `North` beside it mean one street.

use std::borrow::Cow;
use std::fmt;

use super::fold::folded_pieces;
use super::highway::{highway, within_state};
use super::names::with_standard_names;
use super::numerals::{is_figures, ordinal, with_figures};
use crate::address::publication28;
use crate::{Spell, Text};

/// A street in standard form, displayed as `E 26TH ST`.
///
/// What is displayed reads back as the same street ([`NormalStreet::parse`]).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NormalStreet {
    /// `N`, `NE`, … before the name.
    pub predirectional: Option<Text>,
    /// Upper-case name, punctuation folded, ordinals as figures (`26TH`). A numbered road is all
    /// name: `US HIGHWAY 190`.
    pub name: Text,
    /// Standard suffix abbreviation (`ST`, `AVE`).
    pub suffix: Option<Text>,
    /// `N`, `NE`, … after the name.
    pub postdirectional: Option<Text>,
}

impl NormalStreet {
    /// Brings the words of a whole street, in any spelling, to the standard form; `None` where there
    /// is no word.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        Self::of_pieces([written])
    }

    /// The same of a street that comes in pieces.
    pub(super) fn of_pieces<'p>(pieces: impl IntoIterator<Item = &'p str>) -> Option<Self> {
        let folded = folded_pieces(pieces);
        let words = folded.split_ascii_whitespace().map(Cow::Borrowed);
        let words = with_figures(words.collect());
        if words.is_empty() {
            return None;
        }
        Some(Self::of_highway(&words).unwrap_or_else(|| Self::of_words(&words)))
    }

    /// The street as its own state calls it: `OH-28` and `OHIO ROUTE 28` are Ohio's `STATE ROUTE 28`.
    #[must_use]
    pub fn within_state(mut self, state: &str) -> Self {
        if let Some(name) = within_state(&self.name, state) {
            self.name = name.into();
        }
        self
    }

    fn of_highway(words: &[Cow<'_, str>]) -> Option<Self> {
        let (predirectional, road) = match highway(words) {
            Some(road) => (None, road),
            None => {
                let (first, rest) = words.split_first()?;
                (Some(publication28::directional(first)?), highway(rest)?)
            }
        };
        let (mut rest, postdirectional) = match road.rest.split_last() {
            Some((last, before)) => match publication28::directional(last) {
                Some(directional) => (before.to_vec(), Some(directional)),
                None => (road.rest.clone(), None),
            },
            None => (Vec::new(), None),
        };
        for word in &mut rest {
            if let Some(standard) = publication28::suffix(word) {
                *word = Cow::Borrowed(standard);
            }
        }
        rest.insert(0, Cow::Borrowed(&road.name));
        Some(Self {
            predirectional: predirectional.map(Text::new_static),
            name: rest.join(" ").into(),
            suffix: None,
            postdirectional: postdirectional.map(Text::new_static),
        })
    }

    fn of_words(words: &[Cow<'_, str>]) -> Self {
        let (words, postdirectional) = without_postdirectional(words);
        let (words, suffix) = match words.split_last() {
            Some((last, name)) if !name.is_empty() => match publication28::suffix(last) {
                Some(standard) => (name, Some(standard)),
                None => (words, None),
            },
            _ => (words, None),
        };
        let (words, predirectional) = without_predirectional(words);
        let name = match words {
            // `37 AVE` is 37th Avenue.
            [figures] if suffix.is_some() && is_figures(figures) => ordinal(figures).into(),
            _ => with_standard_names(words, suffix.is_some()),
        };
        Self {
            predirectional: predirectional.map(Text::new_static),
            name,
            suffix: suffix.map(Text::new_static),
            postdirectional: postdirectional.map(Text::new_static),
        }
    }
}

impl fmt::Display for NormalStreet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spell(f)
    }
}

impl Spell for NormalStreet {
    fn spell<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        if let Some(directional) = &self.predirectional {
            out.write_str(directional)?;
            out.write_str(" ")?;
        }
        out.write_str(&self.name)?;
        for part in [&self.suffix, &self.postdirectional].into_iter().flatten() {
            out.write_str(" ")?;
            out.write_str(part)?;
        }
        Ok(())
    }
}

/// Takes a directional off the end, unless what is left would be no street: `AVENUE N`, `W NORTH`.
fn without_postdirectional<'w, 'a>(
    words: &'w [Cow<'a, str>],
) -> (&'w [Cow<'a, str>], Option<&'static str>) {
    if let [left @ .., first, second] = words
        && let Some(both) = compound(first, second)
        && stands_alone(left)
    {
        return (left, Some(both));
    }
    if let [left @ .., last] = words
        && let Some(directional) = publication28::directional(last)
        && stands_alone(left)
    {
        return (left, Some(directional));
    }
    (words, None)
}

/// Takes a directional off the start, unless it is all the name there is: `NORTH AVE`, `N ST`.
fn without_predirectional<'w, 'a>(
    words: &'w [Cow<'a, str>],
) -> (&'w [Cow<'a, str>], Option<&'static str>) {
    match words {
        [first, second, left @ ..] if !left.is_empty() && compound(first, second).is_some() => {
            (left, compound(first, second))
        }
        [first, left @ ..] if !left.is_empty() => match publication28::directional(first) {
            Some(directional) => (left, Some(directional)),
            None => (words, None),
        },
        _ => (words, None),
    }
}

/// `N` and `E` as `NE`.
fn compound(first: &str, second: &str) -> Option<&'static str> {
    match (
        publication28::directional(first)?,
        publication28::directional(second)?,
    ) {
        ("N", "E") => Some("NE"),
        ("N", "W") => Some("NW"),
        ("S", "E") => Some("SE"),
        ("S", "W") => Some("SW"),
        _ => None,
    }
}

/// Is this a street without the directional after it? `AVENUE` of `AVENUE N` and `W` of `W NORTH`
/// are none.
fn stands_alone(words: &[Cow<'_, str>]) -> bool {
    match words {
        [] => false,
        [only] => {
            publication28::suffix(only).is_none() && publication28::directional(only).is_none()
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standard(written: &str) -> String {
        NormalStreet::parse(written)
            .map(|street| street.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn spellings_of_one_street_have_one_text() {
        for (spellings, expected) in [
            (
                &[
                    "E 26TH ST",
                    "East Twenty-Sixth Street",
                    "e. 26th st.",
                    "E 026th Str",
                    "E 26 TH ST",
                ][..],
                "E 26TH ST",
            ),
            (&["N POINT DR", "North Point Drive"], "N POINT DR"),
            (
                &["W ROXBURY PKWY", "West Roxbury Parkway"],
                "W ROXBURY PKWY",
            ),
            (&["CHARLESGATE E", "Charlesgate East"], "CHARLESGATE E"),
            (
                &[
                    "NE 5TH ST",
                    "N.E. Fifth St",
                    "North East 5th Street",
                    "Northeast 5TH ST",
                ],
                "NE 5TH ST",
            ),
            (
                &["CROWLEY ROGERS WAY", "Crowley-Rogers Way"],
                "CROWLEY ROGERS WAY",
            ),
            (
                &["SAINT PAUL ST", "St. Paul Street", "St Paul St"],
                "SAINT PAUL ST",
            ),
            (
                &["OLD SAINT AUGUSTINE RD", "Old St. Augustine Road"],
                "OLD SAINT AUGUSTINE RD",
            ),
            (&["MOUNT VERNON AVE", "Mt Vernon Av"], "MOUNT VERNON AVE"),
            (
                &["FORT WASHINGTON AVE", "Ft. Washington Avenue"],
                "FORT WASHINGTON AVE",
            ),
            (
                &[
                    "TELFORD STREET EXT",
                    "Telford St Ext",
                    "TELFORD STREET EXTENSION",
                ],
                "TELFORD STREET EXT",
            ),
            (&["STONE CREEK DR", "Stone Crk Dr"], "STONE CREEK DR"),
            (&["OBRIEN CT", "O'Brien Court", "O Brien Ct"], "OBRIEN CT"),
        ] {
            for spelling in spellings {
                assert_eq!(standard(spelling), expected, "{spelling}");
            }
        }
    }

    #[test]
    fn spellings_of_lettered_and_numbered_streets_have_one_text() {
        for (spellings, expected) in [
            (&["AVENUE C", "Ave C", "AVE. C"][..], "AVENUE C"),
            (&["AVENUE N", "Ave N"], "AVENUE N"),
            (&["W NORTHWEST HWY", "West NW Highway"], "W NORTHWEST HWY"),
            (
                &[
                    "MARTIN LUTHER KING JR BLVD",
                    "DR MARTIN LUTHER KING JR BLVD",
                    "Doctor Martin Luther King Junior Boulevard",
                    "Martin Luther King Blvd",
                    "Martin L. King Jr. Blvd",
                    "M. L. King Blvd",
                    "M.L.K. Blvd",
                    "MLK Jr Blvd",
                ],
                "MARTIN LUTHER KING JR BLVD",
            ),
            (
                &["US HIGHWAY 190", "US-190", "U.S. Hwy 190", "US RTE 190"],
                "US HIGHWAY 190",
            ),
            (&["N HIGHWAY 99", "North Hwy 99"], "N HIGHWAY 99"),
            (&["HIGHWAY 26 E", "HWY 26 East"], "HIGHWAY 26 E"),
            (
                &["COUNTY ROAD UV", "County Rd. UV", "CR UV"],
                "COUNTY ROAD UV",
            ),
            (&["S 500 W", "South 500 West"], "S 500 W"),
            (&["22ND ST", "22th Street", "Twenty Second St"], "22ND ST"),
            (&["26 1/2 RD", "26½ Road"], "26 1/2 RD"),
            (&["37TH AVE", "37 Ave", "037 Avenue"], "37TH AVE"),
            (&["W 1ST ST", "West 1 Street"], "W 1ST ST"),
            (
                &[
                    "STATE ROUTE 28",
                    "St Rt 28",
                    "State Rte 28",
                    "SR-28",
                    "ST RT. 28",
                ],
                "STATE ROUTE 28",
            ),
        ] {
            for spelling in spellings {
                assert_eq!(standard(spelling), expected, "{spelling}");
            }
        }
    }

    #[test]
    fn a_street_named_by_a_suffix_or_a_direction_keeps_its_name() {
        for (written, pre, name, suffix, post) in [
            ("Avenue C", None, "AVENUE C", None, None),
            ("North Ave", None, "NORTH", Some("AVE"), None),
            ("W North Ave", Some("W"), "NORTH", Some("AVE"), None),
            ("Court St", None, "COURT", Some("ST"), None),
            ("Park Avenue West", None, "PARK", Some("AVE"), Some("W")),
            ("N St NW", None, "N", Some("ST"), Some("NW")),
            ("E St", None, "E", Some("ST"), None),
            ("South East St", Some("S"), "EAST", Some("ST"), None),
            ("W North", Some("W"), "NORTH", None, None),
            ("Avenue North", None, "AVENUE NORTH", None, None),
            ("Avenue S E", None, "AVENUE S", None, Some("E")),
            ("Street Road", None, "STREET", Some("RD"), None),
            ("Highway Dr", None, "HIGHWAY", Some("DR"), None),
            ("Broadway", None, "BROADWAY", None, None),
            ("Court", None, "COURT", None, None),
            ("North", None, "NORTH", None, None),
        ] {
            let street = NormalStreet::parse(written).unwrap();
            let parts = (
                street.predirectional.as_deref(),
                street.name.as_str(),
                street.suffix.as_deref(),
                street.postdirectional.as_deref(),
            );
            assert_eq!(parts, (pre, name, suffix, post), "{written}");
        }
    }

    #[test]
    fn streets_that_differ_stay_apart() {
        let all = [
            "Telford St",
            "Telford Street Ext",
            "N Main St",
            "S Main St",
            "Main St",
            "Main St N",
            "Main Ave",
            "Main",
            "26th St",
            "26th Rd",
            "E 300 S",
            "E 300th S",
            "Martin Luther King St",
            "Martin King St",
            "Luther King St",
            "26 1/2 Rd",
            "26.5 Rd",
            "N St",
            "North St",
            "Avenue N",
            "Avenue North",
            "US Hwy 19",
            "Hwy 19",
            "County Rd 19",
            "State Rd 19",
            "State Rte 19",
            "19th St",
            "Old Hwy 19",
            "Fort St",
            "St Paul St",
            "Paul St",
            "Pine Ct",
            "Pines Ct",
            "1st St",
            "21st St",
            "I St",
            "Interstate 9",
            "Route 9",
        ];
        for (index, one) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(
                    NormalStreet::parse(one),
                    NormalStreet::parse(other),
                    "{one} and {other}"
                );
            }
        }
    }

    #[test]
    fn no_words_are_no_street() {
        assert_eq!(NormalStreet::parse(""), None);
        assert_eq!(NormalStreet::parse(" -- "), None);
    }

    /// Words that have a meaning of their own somewhere in a street.
    fn word() -> impl Strategy<Value = String> {
        prop_oneof![
            proptest::sample::select(vec![
                "N",
                "NORTH",
                "E",
                "EAST",
                "SW",
                "NORTHWEST",
                "ST",
                "STREET",
                "AVE",
                "AVENUE",
                "RD",
                "ROAD",
                "HWY",
                "HIGHWAY",
                "US",
                "STATE",
                "COUNTY",
                "CR",
                "I",
                "O",
                "OLD",
                "MT",
                "FT",
                "DR",
                "26",
                "26TH",
                "TWENTY",
                "FIRST",
                "TH",
                "ND",
                "1/2",
                "C",
                "PARK",
                "COURT",
                "EXT",
                "FM",
                "SAINT",
                "MAIN",
                "KY",
                "NO",
                "SIXTH",
                "RTE",
                "BYPASS",
                "D",
                "ANGELO",
            ])
            .prop_map(str::to_owned),
            "[A-Z]{1,8}",
            "[0-9]{1,4}(ST|ND|RD|TH)?",
            "\\PC{1,4}",
        ]
    }

    proptest! {
        #[test]
        fn what_is_displayed_reads_back_as_the_same_street(words in proptest::collection::vec(word(), 1..6)) {
            if let Some(street) = NormalStreet::parse(&words.join(" ")) {
                let again = NormalStreet::parse(&street.to_string());
                prop_assert_eq!(again, Some(street));
            }
        }

        #[test]
        fn case_and_signs_between_words_make_no_difference(
            words in proptest::collection::vec("[A-Z]{2,7}|[1-9][0-9]{0,2}", 1..5),
            signs in proptest::collection::vec("[ ,;-]{1,2}", 5),
        ) {
            let plain = words.join(" ");
            let mut signed = String::new();
            for (word, sign) in words.iter().zip(&signs) {
                signed.push_str(&word.to_lowercase());
                signed.push_str(sign);
            }
            prop_assert_eq!(NormalStreet::parse(&plain), NormalStreet::parse(&signed));
        }
    }
}
