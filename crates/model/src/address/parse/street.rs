//! Where a street ends, when neither a comma nor a unit says so: every possible end is scored by the
//! suffix it finds, the name it leaves on the one side and the city it leaves on the other.
//!
//! The scores are set by hand; mostly it is their order that matters. A strong suffix (60) outweighs
//! everything but a missing city (70) or a suffix left over in the city (35 to 50).

use std::ops::{Range, RangeInclusive};

use super::Reader;
use super::city::CityHere;
use super::token::Label;
use super::words::Class;

/// Suffixes that are told with one letter wrong: long ones, and such without a vowel. Of the others,
/// too many are one letter from a name (`COURT`, `COUNT`).
const MISSPELT_SUFFIXES: &[&str] = &[
    "AVENUE",
    "BLVD",
    "BOULEVARD",
    "CIRCLE",
    "CROSSING",
    "HIGHWAY",
    "PARKWAY",
    "PKWY",
    "SQUARE",
    "STREET",
    "TERRACE",
    "TURNPIKE",
];

/// Letters of a word that can be one letter from them.
const MISSPELT_LETTERS: RangeInclusive<usize> = 4..=10;

/// How a street is made up: positions of the tokens after the predirectional.
#[derive(Clone, Copy, Debug)]
pub(super) struct Street {
    /// After the name.
    pub(super) name_end: usize,
    /// After the suffix; `name_end` if there is none.
    pub(super) suffix_end: usize,
    /// After the postdirectional; `suffix_end` if there is none.
    pub(super) end: usize,
}

impl Reader<'_> {
    /// Is the directional at `at` the first word of a city, as in `WEST PALM BEACH`?
    ///
    /// A single letter mostly is not: who writes `9TH AVE N FARGO` abbreviates the street and spells
    /// the city out, so that `N FARGO` is Fargo and `WEST FARGO` is West Fargo. It is where the city
    /// has more words (`N PALM BEACH`) or the street its directional already (`S CEDAR AVE S PITTSBURG`).
    pub(super) fn names_directed_place(&self, at: usize) -> bool {
        if self.is_city_from(at) {
            return true;
        }
        if self.is_city_after(at) {
            return false;
        }
        // Both are known; a directional in full is hardly ever the street's.
        if self.is_city(at) && self.token(at).shape.letters > 2 {
            return true;
        }
        let words = self.token(at + 2).is_word()
            && self.token(at + 2).label == Label::NotUnderstood
            && !self.token(at + 2).after_comma;
        self.is(at + 1, Class::DIRECTED_PLACE)
            && (!self.token(at).is_letter() || words || self.has_predirectional(at))
    }

    fn has_predirectional(&self, before: usize) -> bool {
        (1..before).any(|at| {
            self.is(at, Class::DIRECTIONAL)
                && self.token(at - 1).is_house_number()
                && at + 2 < before
                && !self.is(at + 1, Class::STRONG)
        })
    }

    /// The best end of the street in a segment. `open`: nothing stands between the segment and the
    /// end of the line; `wants_city`: a city must come out of it; `unit`: a unit follows directly.
    pub(super) fn best_street(
        &self,
        range: Range<usize>,
        open: bool,
        wants_city: bool,
        unit: bool,
    ) -> Street {
        let mut best = Street {
            name_end: range.end,
            suffix_end: range.end,
            end: range.end,
        };
        if range.is_empty() {
            return best;
        }
        let mut best_score = i32::MIN;
        for name_end in range.start + 1..=range.end {
            let suffixes = if name_end < range.end && self.can_be_suffix(name_end, &range) {
                1
            } else {
                0
            };
            for suffix in (0..=suffixes).rev() {
                let suffix_end = name_end + suffix;
                for post in (0..=self.directionals_at(suffix_end, range.end)).rev() {
                    let street = Street {
                        name_end,
                        suffix_end,
                        end: suffix_end + post,
                    };
                    let score = self.score(street, &range, open, wants_city, unit);
                    if score > best_score {
                        (best, best_score) = (street, score);
                    }
                }
            }
        }
        self.with_misspelt_suffix(best, &range)
    }

    /// `MLK BKVD`, `MAIN STREAT`: behind a name that nothing else ends, the last word is its suffix if
    /// one wrong letter is all that keeps it from being one.
    fn with_misspelt_suffix(&self, street: Street, range: &Range<usize>) -> Street {
        let last = street.name_end - 1;
        let ends = street.suffix_end == street.name_end
            && (street.end == range.end || self.is_city(street.end));
        if ends
            && last > range.start
            && !self.any(range.start + 1..street.name_end, Class::SUFFIX)
            && self.token(last - 1).is_word_or_ordinal()
            && self.is_misspelt_suffix(last)
        {
            return Street {
                name_end: last,
                ..street
            };
        }
        street
    }

    fn is_misspelt_suffix(&self, at: usize) -> bool {
        let token = self.token(at);
        let length = usize::from(token.shape.letters);
        if !token.is_word() || !MISSPELT_LETTERS.contains(&length) {
            return false;
        }
        let word = self.written(at..at + 1).to_ascii_uppercase();
        MISSPELT_SUFFIXES
            .iter()
            .any(|suffix| strsim::osa_distance(&word, suffix) == 1)
    }

    /// Tokens of a directional at `at`, 0 to 2: `N`, `N E`.
    fn directionals_at(&self, at: usize, end: usize) -> usize {
        let first = at < end
            && self.is(at, Class::DIRECTIONAL)
            && !self.is_signed_unit(at)
            // `WEST TOWER SUITE 800` names a part of the building.
            && !(self.is(at + 1, Class::WHOLE_BUILDING) || self.is_wing(at + 1));
        let pair = first && at + 1 < end && self.is_pair(at);
        usize::from(first) + usize::from(pair)
    }

    fn is_wing(&self, at: usize) -> bool {
        self.written(at..at + 1).eq_ignore_ascii_case("wing")
    }

    /// `N E`, `S. W.`: two letters that are one directional.
    pub(super) fn is_pair(&self, at: usize) -> bool {
        let letter = |at: usize, letters: [&str; 2]| {
            letters
                .iter()
                .any(|letter| self.written(at..at + 1).eq_ignore_ascii_case(letter))
        };
        letter(at, ["N", "S"]) && letter(at + 1, ["E", "W"]) && !self.token(at + 1).after_comma
    }

    /// `NO 2202`: the sign of a number, not the north.
    pub(super) fn is_signed_unit(&self, at: usize) -> bool {
        self.is(at, Class::NUMBER_SIGN)
            && self.token(at + 1).has_digit()
            && !self.token(at + 1).after_comma
    }

    fn can_be_suffix(&self, at: usize, range: &Range<usize>) -> bool {
        let token = self.token(at);
        token.is(Class::SUFFIX) && (at > range.start) && (token.is_word())
    }

    /// What a street end is worth: the suffix it finds, the name it leaves, the city it leaves.
    fn score(
        &self,
        street: Street,
        range: &Range<usize>,
        open: bool,
        wants_city: bool,
        unit: bool,
    ) -> i32 {
        let left = street.end..range.end;
        self.score_name(
            range.start..street.name_end,
            street.suffix_end > street.name_end,
        ) + self.score_suffix(street, range)
            + self.score_left(left.clone(), open, wants_city, unit)
            - if self.is_open_name(street, &left, wants_city) {
                60
            } else {
                0
            }
    }

    /// A name without a suffix and words behind it, though no city is expected: one long name.
    fn is_open_name(&self, street: Street, left: &Range<usize>, wants_city: bool) -> bool {
        let known = left.len() == 1 && self.is(left.start, Class::PLACE);
        let unit = self.token(left.start).has_digit();
        street.end == street.name_end && !(wants_city || left.is_empty() || unit || known)
    }

    fn score_name(&self, name: Range<usize>, suffix: bool) -> i32 {
        let mut score = match name.len() {
            1 => 0,
            2 => -2,
            3 => -6,
            4 => -14,
            more => 26 - 10 * i32::try_from(more).unwrap_or(i32::MAX / 40),
        };
        let first = name.start;
        // `SAINT JAMES`, `VAN BRUNT`: the first half of a name alone.
        if name.len() == 1 && !suffix && self.is_half_a_name(first) {
            score -= 12;
        }
        for at in name.clone() {
            let token = self.token(at);
            // A suffix inside the name is a suffix that was missed, unless it begins the name.
            if at > first
                && at + 1 == name.end
                && !suffix
                && token.is_letter()
                && token.is(Class::DIRECTIONAL)
            {
                score -= 10;
            }
            if at > first && token.has_digit() && !self.is(at - 1, Class::DIRECTIONAL) {
                score -= 18;
            }
            if token.is(Class::STRONG) && at > first && !self.is_saint(at, name.end) {
                score -= if suffix && at + 1 == name.end { 8 } else { 30 };
            }
        }
        if let Some(end) = self.pretype(first, name.end.max(first + 1) + 1) {
            score += if end == name.end && !suffix { 40 } else { 0 };
        }
        score
    }

    pub(super) fn is_half_a_name(&self, at: usize) -> bool {
        [
            "SAINT", "VAN", "VON", "DE", "LA", "EL", "OLD", "NEW", "MOUNT", "FORT", "GRAND", "THE",
        ]
        .iter()
        .any(|word| self.written(at..at + 1).eq_ignore_ascii_case(word))
    }

    fn is_park_before_directional(&self, at: usize) -> bool {
        self.written(at..at + 1).eq_ignore_ascii_case("park")
            && self.is(at + 1, Class::DIRECTIONAL)
            && self.token(at + 1).shape.letters > 2
    }

    fn is_article(&self, at: usize) -> bool {
        self.written(at..at + 1).eq_ignore_ascii_case("the")
    }

    /// `THE CIRCLE`, `CAMINO DE LA PLAZA`: an article ends no name before a suffix.
    fn ends_in_article(&self, street: Street, range: &Range<usize>) -> bool {
        let last = street.name_end - 1;
        let alone = last == range.start && self.is_article(last);
        let joint = last > range.start
            && self.is(last, Class::ARTICLE)
            && self.is(last - 1, Class::ARTICLE.or(Class::FOREIGN_TYPE));
        street.suffix_end > street.name_end && (alone || joint)
    }

    fn score_suffix(&self, street: Street, range: &Range<usize>) -> i32 {
        let mut score = 0;
        if self.ends_in_article(street, range) {
            return -100;
        }
        if street.suffix_end > street.name_end {
            let at = street.name_end;
            let strong = self.is(at, Class::STRONG);
            let starts_city = self.is(at, Class::CITY_START) && at + 1 < range.end;
            score += match (strong, starts_city) {
                (false, _) if self.is_natural_name(street, range) => -40,
                _ if at + 1 < range.end && self.is_city_from(at) => 5,
                (true, true)
                    if self.is(at + 1, Class::SAINTED_PLACE) && !self.is_city_after(at) =>
                {
                    if self.is_city(at) { -5 } else { 5 }
                }
                (false, true) if self.is_city_after(at) => 20,
                (true, _) => 60,
                (false, true) => 5,
                (false, false) => 20,
            };
            if !strong
                && at + 2 < range.end
                && self.is(at + 1, Class::SUFFIX)
                && !self.is(at + 1, Class::CITY_START)
            {
                score -= 12;
            }
            // `Central Park South`; `PRAIRIEWOOD XING S` has its suffix.
            if !strong
                && self.is_park_before_directional(at)
                && (at + 2 == range.end || self.token(at + 2).has_digit())
            {
                score -= 30;
            }
            if !strong && street.suffix_end == range.end {
                score += 15;
            }
        }
        if street.end > street.suffix_end {
            let at = street.suffix_end;
            let initials = self.token(at).shape.letters == 2 || street.end == at + 2;
            let has_suffix = street.suffix_end > street.name_end;
            score += if street.end == range.end {
                20
            } else if initials {
                15
            } else if self.names_directed_place(at) {
                -10
            } else {
                5
            };
            let numbered = self.token(street.name_end - 1).has_digit();
            score += match (has_suffix, numbered) {
                (true, _) => 0,
                // `1200 N 400 E`; not `1024 RANDOLPH 1 N`.
                (false, true)
                    if street.name_end == range.start + 1
                        && self.token(range.start).is_digits() =>
                {
                    20
                }
                (false, true) => 5,
                (false, false) => -4,
            };
        }
        score
    }

    /// `Cottage Grove`, `Willow Hill`: one word and a word of the landscape in full are more often a
    /// whole name than a name and its suffix.
    fn is_natural_name(&self, street: Street, range: &Range<usize>) -> bool {
        let is = |at: usize, word: &str| self.written(at..at + 1).eq_ignore_ascii_case(word);
        street.name_end == range.start + 1
            && (["GROVE", "HILL", "HOLLOW"]
                .iter()
                .any(|word| is(street.name_end, word))
                || is(range.start, "CENTRAL") && is(street.name_end, "PARK"))
    }

    fn score_left(&self, left: Range<usize>, open: bool, wants_city: bool, unit: bool) -> i32 {
        if left.is_empty() {
            return match wants_city {
                true if self.has_state => -70,
                true => -20,
                false => 0,
            };
        }
        // Behind a comma the city comes from another segment: what is left here is a building.
        let mut score = match (open, wants_city, unit) {
            (true, true, _) => 0,
            (true, false, _) => -12,
            (false, _, true) => -25,
            (false, _, false) => -40,
        };
        let length = left.len();
        let figures =
            self.token(left.start).has_digit() && !self.token(left.start).is_ordinal_figure();
        if figures && (length == 1 || wants_city) {
            return self.score_unit_and_city(left, open, wants_city, unit);
        }
        score -= match length {
            1 => 0,
            2 => 2,
            3 => 6,
            more => 10 * i32::try_from(more).unwrap_or(i32::MAX / 40),
        };
        let first = left.start;
        if wants_city && self.is_city(first) {
            return score + self.score_known_city(first, length);
        }
        for at in left.clone() {
            let token = self.token(at);
            if token.has_digit() && at > first {
                score -= 10;
            }
            if token.is(Class::STRONG) && !(at == first && self.is_saint(at, left.end)) {
                score -= if at == first { 50 } else { 35 };
            }
        }
        if wants_city && self.is(first, Class::CITY_START) && length > 1 {
            score += 12;
        }
        if wants_city && length > 1 && self.is(left.end - 1, Class::CITY_END) {
            score += 6;
        }
        // `SALT LAKE | CITY`: a city is hardly ever called by its last word alone.
        if length == 1 && self.is(first, Class::CITY_END) && !self.is(first - 1, Class::STRONG) {
            score -= 20;
        }
        if length == 1 && self.is(first, Class::SUFFIX) {
            score -= 25;
        }
        if wants_city
            && length > 1
            && self.is(first, Class::SUFFIX)
            && !self.is(first, Class::CITY_START)
        {
            score -= 8;
        }
        score += self.score_directed_place(first, length);
        if length == 1 && self.is(first, Class::PLACE) {
            score += if wants_city { 8 } else { 20 };
        }
        score
    }

    /// A unit without a designator, and then the rest.
    fn score_unit_and_city(
        &self,
        left: Range<usize>,
        open: bool,
        wants_city: bool,
        unit: bool,
    ) -> i32 {
        let side = usize::from(left.len() > 2 && self.token(left.start + 1).is_letter());
        let rest = left.start + 1 + side..left.end;
        if rest.is_empty() {
            return -5;
        }
        let before_city = wants_city && self.is_city(rest.start);
        let figures = if before_city { -8 } else { -15 };
        figures + self.score_left(rest, open, wants_city, unit)
    }

    /// What a city is worth that the ZIP code or the state has.
    fn score_known_city(&self, first: usize, length: usize) -> i32 {
        let known = match self.token(first).city {
            CityHere::OfZip => 45,
            CityHere::OfState => 30,
            CityHere::Unknown => 0,
        };
        known + self.score_directed_place(first, length)
    }

    /// A directional is the first word of a city only if a place is called so.
    fn score_directed_place(&self, first: usize, length: usize) -> i32 {
        match self.is(first, Class::DIRECTIONAL) {
            true if length > 1 && self.names_directed_place(first) => 12,
            true => -6,
            false => 0,
        }
    }
}
