//! The street line: directionals, name, suffix, units, and where the city begins.
//!
//! Commas and unit designators settle most lines. Where neither stands between street and city,
//! every place where the street could end is scored by what it leaves on both sides ([`Reader::score`]).

use std::ops::Range;

use super::Reader;
use super::token::Label;
use super::unit::Unit;
use super::words::Class;

/// How a street is made up: positions of the tokens after the predirectional.
#[derive(Clone, Copy, Debug)]
struct Street {
    /// After the name.
    name_end: usize,
    /// After the suffix; `name_end` if there is none.
    suffix_end: usize,
    /// After the postdirectional; `suffix_end` if there is none.
    end: usize,
}

impl Reader<'_> {
    /// Reads the street line and what follows it. `has_city` says whether a city is expected.
    pub(super) fn read_line(&mut self, line: Range<usize>, has_city: bool) {
        if line.is_empty() {
            return;
        }
        let end = line.end;
        // A number and its unit without a street.
        if self.designated_unit(line.start, end) && !self.is(line.start, Class::NUMBER_SIGN) {
            return self.read_rest(line, has_city);
        }
        let comma = self.segment_end(line.start, end);
        let name = line.start + self.predirectional(line.start, comma);
        let (name, street) = if line.start > 1 && self.is(line.start - 2, Class::MILE) {
            // Miles are counted along highways, whose names end in anything.
            (
                line.start,
                Street {
                    name_end: comma,
                    suffix_end: comma,
                    end: comma,
                },
            )
        } else if let Some(after) = self.named_highway(name..comma) {
            (
                name,
                self.after_highway(after, comma, end, has_city && comma == end),
            )
        } else {
            let unit = self.first_unit(line.start, comma);
            let cross = self.crossing(line.start, unit.unwrap_or(comma));
            let limit = cross.or(unit).unwrap_or(comma);
            let name = line.start + self.predirectional(line.start, limit);
            let wants_city = has_city && limit == end;
            (
                name,
                self.best_street(name..limit, limit == end, wants_city, limit < comma),
            )
        };
        self.label(line.start..name, Label::Predirectional);
        let inner = self.inner_directional(name, street);
        self.label(name..inner, Label::Street);
        self.label(inner..street.name_end, Label::Postdirectional);
        self.label(street.name_end..street.suffix_end, Label::Suffix);
        self.label(street.suffix_end..street.end, Label::Postdirectional);
        if let Some(and) = self.cross_street_at(street.end, end) {
            return self.read_cross_street(and, end, has_city);
        }
        self.read_rest(street.end..end, has_city);
    }

    /// `SAINT JOHN W ST`: an abbreviated directional between name and suffix, as a position. In full it
    /// is a part of the name: `KEY WEST AVE`.
    fn inner_directional(&self, name: usize, street: Street) -> usize {
        let at = street.name_end.saturating_sub(1);
        let inner = street.suffix_end > street.name_end
            && street.end == street.suffix_end
            && at > name
            && self.is(at, Class::DIRECTIONAL)
            && self.token(at - 1).is_word()
            && self.token(at).shape.letters <= 2;
        if inner { at } else { street.name_end }
    }

    /// The first unit with a designator after at least one word of the street.
    fn first_unit(&self, start: usize, end: usize) -> Option<usize> {
        (start + 1..end).find(|&at| {
            // The number of a road is no unit: `ROUTE # A`, `BEACH ROAD # 1` at the end.
            let road = at == start + 1
                && self.is(start, Class::ROAD_NOUN)
                && self.is(at, Class::NUMBER_SIGN);
            !road && self.unit_at(at, end).is_some()
        })
    }

    /// Tokens of the directional before the name, 0 to 2.
    fn predirectional(&self, start: usize, end: usize) -> usize {
        if start + 1 >= end || !self.is(start, Class::DIRECTIONAL) {
            return 0;
        }
        let two = self.is_pair(start)
            && start + 2 < end
            && !self.token(start + 2).is_letter()
            && !self.is(start + 2, Class::STRONG);
        let next = start + 1 + usize::from(two);
        let token = self.token(next);
        if self.highway(next..end).is_some() {
            return next - start;
        }
        let name_follows =
            next + 1 < end && self.any(next + 1..end, Class::STRONG) && !self.breaks(next + 1, end);
        let words_follow = next + 3 < end
            && (next + 1..next + 4).all(|at| self.token(at).is_word() && !self.breaks(at, end));
        if token.is(Class::STRONG)
            && (name_follows || words_follow)
            && self.token(next + 1).is_word()
            && self.is_title(next)
        {
            return next - start;
        }
        if self.names_with_directional(start, next, end) {
            return 0;
        }
        // `North Ave`, `E Street`: the directional is the name, unless a name follows the suffix word.
        if token.is(Class::STRONG) && !self.suffix_starts_name(next, end) {
            return 0;
        }
        // `N NW` without a name.
        if token.is(Class::DIRECTIONAL) && next + 1 >= end && token.shape.letters <= 2 {
            return 0;
        }
        next - start
    }

    /// `DR MARTIN LUTHER KING`: the suffix word is a title.
    fn is_title(&self, at: usize) -> bool {
        self.token(at).shape.letters == 2
            && ["DR", "ST"]
                .iter()
                .any(|title| self.written(at..at + 1).eq_ignore_ascii_case(title))
    }

    /// `East West Highway`, `West End Ave`, `West Side Pl`: the directional belongs to the name.
    fn names_with_directional(&self, start: usize, next: usize, end: usize) -> bool {
        if next + 1 >= end
            || next != start + 1
            || !self.is(next + 1, Class::STRONG)
            || self.token(start).shape.letters < 4
        {
            return false;
        }
        let (first, second) = (self.written(start..next), self.written(next..next + 1));
        let pairs = [
            ("EAST", "WEST"),
            ("WEST", "EAST"),
            ("NORTH", "SOUTH"),
            ("SOUTH", "NORTH"),
        ];
        pairs
            .iter()
            .any(|pair| first.eq_ignore_ascii_case(pair.0) && second.eq_ignore_ascii_case(pair.1))
            || ["END", "SIDE"]
                .iter()
                .any(|word| second.eq_ignore_ascii_case(word))
    }

    /// `St. Louis Ave`, `Avenue C`, `Court St`: a suffix word that begins the name.
    fn suffix_starts_name(&self, at: usize, end: usize) -> bool {
        if at + 1 >= end {
            return false;
        }
        let next = self.token(at + 1);
        next.is(Class::SUFFIX) && !next.is(Class::DIRECTIONAL)
            || self.pretype(at, end).is_some()
                && !(next.is(Class::DIRECTIONAL) && !self.is(at, Class::FOREIGN_TYPE))
            || self.is_saint(at, end)
    }

    /// `ST` before a word that is no directional, unit or suffix.
    fn is_saint(&self, at: usize, end: usize) -> bool {
        let abbreviation = self.written(at..at + 1);
        at + 1 < end
            && abbreviation.len() == 2
            && abbreviation.eq_ignore_ascii_case("ST")
            && self.token(at + 1).is_word()
            && !self.token(at + 1).is_letter()
            && !self.is(at + 1, Class::DIRECTIONAL.or(Class::UNIT))
    }

    /// `Avenue C`, `Avenue 14`, `Avenue of the Americas`: where the name that starts with its type ends.
    fn pretype(&self, at: usize, end: usize) -> Option<usize> {
        if at + 1 >= end || !self.is(at, Class::STRONG) || self.is(at, Class::CITY_START) {
            return None;
        }
        let next = self.token(at + 1);
        if next.after_comma {
            return None;
        }
        if self.written(at + 1..at + 2).eq_ignore_ascii_case("of") {
            let the = at + 2 < end && self.written(at + 2..at + 3).eq_ignore_ascii_case("the");
            return Some((at + 3 + usize::from(the)).min(end));
        }
        let last =
            at + 2 >= end || self.is(at + 2, Class::DIRECTIONAL.or(Class::STATE)) || self.has_tail;
        let letter = next.is_letter() && (!next.is(Class::DIRECTIONAL) || at + 2 >= end);
        ((letter || next.is_digits()) && last).then_some(at + 2)
    }

    /// A numbered road: `US HWY 190`, `COUNTY ROAD UV`, `FM 544`, `Old State Route 3`, `U.S. 17 Business`.
    /// Gives back the position after it.
    pub(super) fn highway(&self, range: Range<usize>) -> Option<usize> {
        let Range { start, end } = range;
        let start = start
            + usize::from(
                start < end && self.written(start..start + 1).eq_ignore_ascii_case("old"),
            );
        // `C R 850`: initials.
        if start + 2 < end
            && self.token(start).is_letter()
            && self.token(start + 1).is_letter()
            && self.token(start + 2).is_digits()
            && !self.is(start, Class::DIRECTIONAL)
        {
            return Some(self.road_tail(start + 3, end));
        }
        let noun = self.after_qualifiers(start, end);
        let identifier = noun + self.road_nouns(noun, end, noun > start);
        if identifier == noun && !(noun > start && self.is_qualifier_of_figures(noun - 1, end)) {
            return None;
        }
        let after = self.road_identifier(identifier, end, noun > start)?;
        Some(self.road_tail(after, end))
    }

    /// Skips `US`, `STATE`, `COUNTY`, `FARM TO MARKET`, `TX` before the noun of a road.
    fn after_qualifiers(&self, start: usize, end: usize) -> usize {
        let mut at = start;
        while at < end && at < start + 3 {
            let qualifies = self.is(at, Class::ROAD_QUALIFIER)
                || self.is(at, Class::STATE)
                    && at + 1 < end
                    && self.is(at + 1, Class::ROAD_NOUN.or(Class::ROAD_QUALIFIER))
                    && !self.is_road_named_by_a_state(at);
            if !qualifies || self.is(at, Class::ROAD_NOUN) {
                break;
            }
            at += 1;
            if at + 1 < end && self.written(at..at + 1).eq_ignore_ascii_case("to") {
                at += 2;
            }
        }
        at
    }

    /// `Washington Road #4` is a street with a unit; no state numbers its roads under its full name.
    fn is_road_named_by_a_state(&self, at: usize) -> bool {
        let noun = self.written(at + 1..at + 2);
        self.token(at).shape.letters > 2
            && (noun.eq_ignore_ascii_case("road") || noun.eq_ignore_ascii_case("rd"))
    }

    /// Words of the noun at `at`: `HWY`, `TRUNK HIGHWAY`, `FM`; 0 if there is none.
    fn road_nouns(&self, at: usize, end: usize, qualified: bool) -> usize {
        if at >= end || !(self.is(at, Class::ROAD_NOUN) || self.is(at, Class::ROAD) && !qualified) {
            return 0;
        }
        1 + usize::from(
            at + 1 < end && self.is(at + 1, Class::ROAD_NOUN) && !self.token(at + 1).after_comma,
        )
    }

    /// `US 190`, `BUSINESS 15`, `U.S. 17`: a qualifier and figures only.
    fn is_qualifier_of_figures(&self, qualifier: usize, end: usize) -> bool {
        let figures = qualifier + 1;
        figures < end
            && self.token(figures).is_digits()
            && !self.token(figures).after_comma
            && self.is(qualifier, Class::ROAD_QUALIFIER)
            && !self.is(qualifier, Class::SUFFIX)
    }

    fn road_identifier(&self, at: usize, end: usize, qualified: bool) -> Option<usize> {
        let signed = at < end && self.is(at, Class::NUMBER_SIGN);
        let at = at + usize::from(signed);
        if at >= end || (self.token(at).after_comma && !signed) {
            return None;
        }
        let token = self.token(at);
        let long = qualified
            && token.shape.letters <= 3
            && !token.is(Class::SUFFIX.or(Class::CITY_START).or(Class::UNIT));
        let directional =
            token.is(Class::DIRECTIONAL) && !(self.breaks(at + 1, end) && token.is_letter());
        let letters = token.is_word() && (token.is_letter() || long) && !directional;
        let figures = token.has_digit() && !token.is_ordinal_figure();
        (figures || letters).then_some(at + 1)
    }

    /// `BUSINESS`, `ALT`, or the letter of `139 A` after the number of a road.
    fn road_tail(&self, mut at: usize, end: usize) -> usize {
        while at < end && !self.token(at).after_comma {
            let token = self.token(at);
            // `US 117 SOUTH ALT`.
            if token.is(Class::DIRECTIONAL)
                && at + 1 < end
                && self.is(at + 1, Class::ROAD_TAIL)
                && !self.breaks(at + 1, end)
            {
                at += 2;
                continue;
            }
            let letter = token.is_letter()
                && !token.is(Class::DIRECTIONAL)
                && self.token(at - 1).is_digits()
                && self.breaks(at + 1, end);
            if !(token.is(Class::ROAD_TAIL) || letter) {
                break;
            }
            at += 1;
        }
        at
    }

    /// A numbered road with a name before it: `Anderson County Rd 312`, `Scenic Hwy 98`.
    fn named_highway(&self, range: Range<usize>) -> Option<usize> {
        if let Some(after) = self.highway(range.clone()) {
            return Some(after);
        }
        let at = range.start + 1;
        let sure = self.is(at, Class::ROAD_QUALIFIER)
            && !self.is(at, Class::SUFFIX)
            && self.is(at + 1, Class::ROAD_NOUN)
            || self.is(at, Class::ROAD_NOUN)
                && !self
                    .written(at..at + 1)
                    .to_ascii_uppercase()
                    .starts_with("R");
        if at + 1 >= range.end
            || !sure
            || self.is(range.start, Class::STRONG.or(Class::DIRECTIONAL))
        {
            return None;
        }
        let after = self.highway(at..range.end)?;
        self.token(after - 1).has_digit().then_some(after)
    }

    /// `AT` or `&` behind a whole street, with another street behind it.
    fn crossing(&self, start: usize, end: usize) -> Option<usize> {
        let street = Class::STRONG.or(Class::ROAD_NOUN);
        (start + 2..end.saturating_sub(1)).find(|&at| {
            self.is(at, Class::AND)
                && (self.is(at - 1, street) || self.token(at - 1).has_digit())
                && (self.any(at + 1..end, street) || self.token(at + 1).has_digit())
        })
    }

    fn after_highway(&self, name_end: usize, limit: usize, end: usize, wants_city: bool) -> Street {
        // `US 117 SOUTH ALT HWY`.
        let suffix = name_end < limit
            && self.is(name_end - 1, Class::ROAD_TAIL)
            && self.is(name_end, Class::ROAD_NOUN)
            && !self.token(name_end).after_comma;
        let suffix_end = name_end + usize::from(suffix);
        let directional = suffix_end < limit
            && !self.token(suffix_end).after_comma
            && self.is(suffix_end, Class::DIRECTIONAL)
            && !(wants_city && self.directional_is_city(suffix_end, end));
        Street {
            name_end,
            suffix_end,
            end: suffix_end + usize::from(directional),
        }
    }

    /// Does the city need the directional at `at`? `WEST PALM BEACH`, or nothing else is left for it.
    fn directional_is_city(&self, at: usize, end: usize) -> bool {
        if at + 1 >= end {
            return true;
        }
        let next = self.token(at + 1);
        if next.after_comma {
            return false;
        }
        let abbreviation = self.token(at).shape.letters <= 2;
        if abbreviation && self.token(at).shape.letters == 2 {
            return false;
        }
        self.names_directed_place(at)
    }

    /// Is the directional at `at` the first word of a city, as in `WEST PALM BEACH`?
    ///
    /// A single letter mostly is not: who writes `9TH AVE N FARGO` abbreviates the street and spells
    /// the city out, so that `N FARGO` is Fargo and `WEST FARGO` is West Fargo. It is where the city
    /// has more words (`N PALM BEACH`) or the street its directional already (`S CEDAR AVE S PITTSBURG`).
    fn names_directed_place(&self, at: usize) -> bool {
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
    fn best_street(&self, range: Range<usize>, open: bool, wants_city: bool, unit: bool) -> Street {
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
        best
    }

    /// Tokens of a directional at `at`, 0 to 2: `N`, `N E`.
    fn directionals_at(&self, at: usize, end: usize) -> usize {
        let first = at < end && self.is(at, Class::DIRECTIONAL) && !self.is_signed_unit(at);
        let pair = first && at + 1 < end && self.is_pair(at);
        usize::from(first) + usize::from(pair)
    }

    /// `N E`, `S. W.`: two letters that are one directional.
    fn is_pair(&self, at: usize) -> bool {
        let letter = |at: usize, letters: [&str; 2]| {
            letters
                .iter()
                .any(|letter| self.written(at..at + 1).eq_ignore_ascii_case(letter))
        };
        letter(at, ["N", "S"]) && letter(at + 1, ["E", "W"]) && !self.token(at + 1).after_comma
    }

    /// `NO 2202`: the sign of a number, not the north.
    fn is_signed_unit(&self, at: usize) -> bool {
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

    fn is_park_before_directional(&self, at: usize) -> bool {
        self.written(at..at + 1).eq_ignore_ascii_case("park")
            && self.is(at + 1, Class::DIRECTIONAL)
            && self.token(at + 1).shape.letters > 2
    }

    fn is_article(&self, at: usize) -> bool {
        self.written(at..at + 1).eq_ignore_ascii_case("the")
    }

    fn score_suffix(&self, street: Street, range: &Range<usize>) -> i32 {
        let mut score = 0;
        // `THE CIRCLE`: an article alone is no name.
        if street.suffix_end > street.name_end
            && street.name_end == range.start + 1
            && self.is_article(range.start)
        {
            return -100;
        }
        if street.suffix_end > street.name_end {
            let at = street.name_end;
            let strong = self.is(at, Class::STRONG);
            let starts_city = self.is(at, Class::CITY_START) && at + 1 < range.end;
            score += match (strong, starts_city) {
                (false, _) if self.is_natural_name(street, range) => -40,
                (true, true) if self.is(at + 1, Class::SAINTED_PLACE) => 5,
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
                (false, true) if self.token(street.name_end - 1).is_digits() => 20,
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
            return if wants_city { -70 } else { 0 };
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
            // A unit without a designator, and then the rest.
            let side = usize::from(length > 2 && self.token(left.start + 1).is_letter());
            let rest = left.start + 1 + side..left.end;
            return if rest.is_empty() {
                -5
            } else {
                -15 + self.score_left(rest, open, wants_city, unit)
            };
        }
        score -= match length {
            1 => 0,
            2 => 2,
            3 => 6,
            more => 10 * i32::try_from(more).unwrap_or(i32::MAX / 40),
        };
        let first = left.start;
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
        if self.is(first, Class::DIRECTIONAL) {
            score += if length > 1 && self.names_directed_place(first) {
                12
            } else {
                -6
            };
        }
        if length == 1 && self.is(first, Class::PLACE) {
            score += if wants_city { 8 } else { 20 };
        }
        score
    }

    fn cross_street_at(&self, at: usize, end: usize) -> Option<usize> {
        (at + 1 < end && self.is(at, Class::AND)).then_some(at)
    }

    /// Sets the second street of a crossing aside, up to its suffix or a comma; the rest is the city.
    pub(super) fn read_cross_street(&mut self, and: usize, end: usize, has_city: bool) {
        let comma = self.segment_end(and, end);
        let mut stop = comma;
        if comma == end && has_city {
            let name = and + 1 + self.predirectional(and + 1, comma);
            stop = match self.highway(name..comma) {
                Some(after) => after,
                None => self.best_street(name..comma, true, true, false).end,
            };
        }
        self.label(and..stop, Label::CrossStreet);
        self.read_rest(stop..end, has_city);
    }

    /// What follows the street: a late directional, units, and the city.
    pub(super) fn read_rest(&mut self, rest: Range<usize>, has_city: bool) {
        let end = rest.end;
        let mut at = rest.start;
        while at < end {
            let directional = self.is_late_directional(at, end);
            if directional > 0 {
                self.label(at..at + directional, Label::Postdirectional);
                at += directional;
                continue;
            }
            if self.is_unit_without_identifier(at, end) {
                self.label(at..at + 1, Label::UnitType);
                at += 1;
                continue;
            }
            if let Some(unit) = self
                .unit_at(at, end)
                .or_else(|| self.bare_unit_here(at, end, has_city))
            {
                at = self.take_unit(&unit);
                continue;
            }
            // A building's name before a unit is set aside.
            let segment = self.segment_end(at, end);
            match (at + 1..segment)
                .find(|&next| self.token(next).is_word() && self.designated_unit(next, segment))
            {
                Some(next) => at = next,
                None => break,
            }
        }
        if at < end {
            self.read_city(at..end, has_city);
        }
    }

    /// `PL NE UNIT CEDAR RAPIDS`: the identifier was forgotten.
    fn is_unit_without_identifier(&self, at: usize, end: usize) -> bool {
        let doubtful = Class::WEAK_UNIT
            .or(Class::STATE)
            .or(Class::SUFFIX)
            .or(Class::WHOLE_BUILDING);
        self.is(at, Class::UNIT)
            && !self.is(at, doubtful)
            && self.unit_at(at, end).is_none()
            && !self
                .tokens
                .iter()
                .any(|token| token.label == Label::UnitType)
    }

    /// A bare unit that is not the number of a building: `400 Colony square, Suite 1730`.
    fn bare_unit_here(&self, at: usize, end: usize, has_city: bool) -> Option<Unit> {
        let unit = self.bare_unit(at, end)?;
        let segment = self.segment_end(at, end);
        let last = segment == end && has_city;
        (unit.end() >= segment || last || self.unit_at(unit.end(), end).is_some()).then_some(unit)
    }

    /// `Peachtree Street, NE`, `Ave., S. W.`: a directional between comma and comma or unit.
    fn is_late_directional(&self, at: usize, end: usize) -> usize {
        let read = |label| self.tokens[..at].iter().any(|token| token.label == label);
        if at == 0
            || !self.is(at, Class::DIRECTIONAL)
            || self.is_signed_unit(at)
            || !read(Label::Street)
            || read(Label::Postdirectional)
            || read(Label::City)
        {
            return 0;
        }
        let pair = at + 1 < end && self.is_pair(at);
        let after = at + 1 + usize::from(pair);
        let initials = pair || self.token(at).shape.letters == 2;
        if after >= end {
            return after - at;
        }
        // `HWY. 31, W. WHITE HOUSE`: numbered roads often end in a directional.
        let road = self.token(at - 1).is_digits()
            && self.token(at - 1).label == Label::Street
            && self.token(at).is_letter()
            && !self.is(after, Class::DIRECTED_PLACE);
        let breaks = road || self.token(after).after_comma || self.unit_at(after, end).is_some();
        if breaks || initials { after - at } else { 0 }
    }

    /// The city: the last segment. Units before it are read, the rest is set aside.
    fn read_city(&mut self, range: Range<usize>, has_city: bool) {
        let end = range.end;
        let mut start = range.start;
        while self.segment_end(start, end) < end {
            start = self.read_middle(start..self.segment_end(start, end));
        }
        while let Some(unit) = self
            .unit_at(start, end)
            .or_else(|| self.bare_figures(start, end, has_city))
        {
            start = self.take_unit(&unit);
        }
        start = self.read_state_before_city(start, end);
        if has_city {
            start = self.city_start(start, end);
        } else if self.cannot_be_city(start..end) {
            return;
        }
        self.label(start..end, Label::City);
    }

    fn bare_figures(&self, at: usize, end: usize, has_city: bool) -> Option<Unit> {
        self.bare_unit_here(at, end, has_city)
            .filter(|_| self.token(at).has_digit())
    }

    /// `CA LONG BEACH 90807`: a state before its city.
    fn read_state_before_city(&mut self, at: usize, end: usize) -> usize {
        let read = self.tokens.iter().any(|token| token.label == Label::State);
        let here = at + 1 < end
            && self.token(at).shape.letters == 2
            && self.is(at, Class::STATE)
            && !self.is(at, Class::DIRECTIONAL.or(Class::CITY_START));
        if read || !here {
            return at;
        }
        self.label(at..at + 1, Label::State);
        at + 1
    }

    /// Where the city starts in a segment before a state: behind figures and companies, which are no city.
    pub(super) fn city_start(&self, start: usize, end: usize) -> usize {
        let other = |at: usize| {
            self.token(at).has_digit() || self.is(at, Class::COMPANY_END.or(Class::WHOLE_BUILDING))
        };
        let start = (start..end.saturating_sub(1))
            .rev()
            .find(|&at| other(at))
            .map_or(start, |at| at + 1);
        let start = self.saint_start(start, end);
        let start = self.after_attention(start, end);
        let stray =
            self.token(start).is_letter() && !self.is(start, Class::DIRECTIONAL) && start + 2 < end;
        start + usize::from(stray)
    }

    /// `NORTH BREAKERS SAINT SIMONS ISLAND`: a saint's place begins with the saint.
    fn saint_start(&self, start: usize, end: usize) -> usize {
        let known = |at: usize| {
            self.is(at, Class::CITY_START)
                && self.is(at + 1, Class::SAINTED_PLACE)
                && self
                    .written(at..at + 1)
                    .to_ascii_uppercase()
                    .starts_with('S')
                && !self.is(at - 1, Class::DIRECTIONAL.or(Class::CITY_START))
        };
        (start + 2..end.saturating_sub(1))
            .find(|&at| known(at))
            .unwrap_or(start)
    }

    /// `ATTN. A/R SAN FRANCISCO`: of what follows, the last word or the last two are the city.
    fn after_attention(&self, start: usize, end: usize) -> usize {
        if start + 2 >= end
            || !["ATTN", "ATTENTION", "C/O"]
                .iter()
                .any(|word| self.written(start..start + 1).eq_ignore_ascii_case(word))
        {
            return start;
        }
        if self.is(end - 2, Class::CITY_START) {
            end - 2
        } else {
            end - 1
        }
    }

    /// Without a state behind them, words are a city only if nothing speaks against it.
    fn cannot_be_city(&self, words: Range<usize>) -> bool {
        self.any(
            words.clone(),
            Class::COMPANY
                .or(Class::WHOLE_BUILDING)
                .or(Class::STRONG)
                .or(Class::ROAD_NOUN),
        ) || words.len() > 2 && self.is(words.end - 1, Class::DIRECTIONAL)
            || words.into_iter().any(|at| self.token(at).has_digit())
    }

    /// A segment between street and city: units are read, names of buildings set aside.
    fn read_middle(&mut self, segment: Range<usize>) -> usize {
        let mut at = segment.start;
        while at < segment.end {
            let unit = self.unit_at(at, segment.end).or_else(|| {
                let whole = at == segment.start && segment.len() <= 2;
                self.bare_unit(at, segment.end).filter(|_| whole)
            });
            at = match unit {
                Some(unit) => self.take_unit(&unit),
                None => at + 1,
            };
        }
        segment.end
    }
}
