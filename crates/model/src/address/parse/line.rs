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
        let comma = self.segment_end(line.start, end);
        let name = line.start + self.predirectional(line.start, comma);
        let (name, street) = if let Some(after) = self.named_highway(name..comma) {
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

    /// `SAINT JOHN W ST`: an abbreviated directional between name and suffix, as a position.
    fn inner_directional(&self, name: usize, street: Street) -> usize {
        let at = street.name_end.saturating_sub(1);
        let inner = street.suffix_end > street.name_end
            && street.end == street.suffix_end
            && at > name
            && self.is(at, Class::DIRECTIONAL)
            && self.token(at).shape.letters <= 2
            && self.token(at - 1).is_word();
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
        let two = self.token(start).is_letter()
            && self.is(start + 1, Class::DIRECTIONAL)
            && self.token(start + 1).is_letter()
            && start + 2 < end
            && !self.is(start + 2, Class::STRONG);
        let next = start + 1 + usize::from(two);
        let token = self.token(next);
        if self.highway(next..end).is_some() {
            return next - start;
        }
        let name_follows =
            next + 1 < end && self.any(next + 1..end, Class::STRONG) && !self.breaks(next + 1, end);
        if token.is(Class::STRONG)
            && name_follows
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
        ["DR", "ST"]
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
        let directional = name_end < limit
            && !self.token(name_end).after_comma
            && self.is(name_end, Class::DIRECTIONAL)
            && !(wants_city && self.directional_is_city(name_end, end));
        Street {
            name_end,
            suffix_end: name_end,
            end: name_end + usize::from(directional),
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
    /// A single letter is not: who writes `9TH AVE N FARGO` abbreviates the street and spells the
    /// city out, so that `N FARGO` is Fargo and `WEST FARGO` is West Fargo.
    fn names_directed_place(&self, at: usize) -> bool {
        !self.token(at).is_letter() && self.is(at + 1, Class::DIRECTED_PLACE)
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
                let directional = suffix_end < range.end && self.is(suffix_end, Class::DIRECTIONAL);
                for post in (0..=usize::from(directional)).rev() {
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
            + self.score_left(left, open, wants_city, unit)
    }

    fn score_name(&self, name: Range<usize>, suffix: bool) -> i32 {
        let mut score = match name.len() {
            1 => 0,
            2 => -2,
            3 => -6,
            4 => -14,
            more => -20 * i32::try_from(more).unwrap_or(i32::MAX / 40),
        };
        let first = name.start;
        for at in name.clone() {
            let token = self.token(at);
            // A suffix inside the name is a suffix that was missed, unless it begins the name.
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

    fn score_suffix(&self, street: Street, range: &Range<usize>) -> i32 {
        let mut score = 0;
        if street.suffix_end > street.name_end {
            let at = street.name_end;
            let strong = self.is(at, Class::STRONG);
            let starts_city = self.is(at, Class::CITY_START) && at + 1 < range.end;
            score += match (strong, starts_city) {
                (true, true) if self.is(at + 1, Class::SAINTED_PLACE) => 15,
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
            if !strong && self.is(at + 1, Class::DIRECTIONAL) && at + 2 == range.end {
                score -= 30;
            }
            if !strong && street.suffix_end == range.end {
                score += 15;
            }
        }
        if street.end > street.suffix_end {
            let at = street.suffix_end;
            let initials = self.token(at).shape.letters == 2;
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
            score += if has_suffix {
                0
            } else if numbered {
                5
            } else {
                -4
            };
        }
        score
    }

    fn score_left(&self, left: Range<usize>, open: bool, wants_city: bool, unit: bool) -> i32 {
        if left.is_empty() {
            return if wants_city { -70 } else { 0 };
        }
        let mut score = if open && wants_city {
            0
        } else if open {
            -12
        } else if unit {
            -25
        } else {
            -15
        };
        let length = left.len();
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
                score -= 35;
            }
        }
        if wants_city && self.is(first, Class::CITY_START) && length > 1 {
            score += 12;
        }
        if wants_city && length > 1 && self.is(left.end - 1, Class::CITY_END) {
            score += 6;
        }
        if length == 1 && self.is(first, Class::SUFFIX) {
            score -= 25;
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
            || !read(Label::Street)
            || read(Label::Postdirectional)
            || read(Label::City)
        {
            return 0;
        }
        let pair = at + 1 < end
            && self.token(at).is_letter()
            && self.token(at + 1).is_letter()
            && self.is(at + 1, Class::DIRECTIONAL);
        let after = at + 1 + usize::from(pair);
        let initials = pair || self.token(at).shape.letters == 2;
        if after >= end {
            return after - at;
        }
        let breaks = self.token(after).after_comma || self.unit_at(after, end).is_some();
        if breaks || initials { after - at } else { 0 }
    }

    /// The city: the last segment, or the one before it ends; units between are read, the rest is set aside.
    fn read_city(&mut self, range: Range<usize>, has_city: bool) {
        let mut start = range.start;
        while start < range.end {
            let end = self.segment_end(start, range.end);
            if end == range.end {
                break;
            }
            start = self.read_middle(start..end);
        }
        // Bare figures and units before the city in its own segment.
        while let Some(unit) = self.unit_at(start, range.end).or_else(|| {
            self.bare_unit(start, range.end)
                .filter(|_| self.token(start).has_digit())
        }) {
            start = self.take_unit(&unit);
        }
        // A state before its city: `CA LONG BEACH 90807`.
        let stateless = !self.tokens.iter().any(|token| token.label == Label::State);
        if stateless
            && start + 1 < range.end
            && self.token(start).shape.letters == 2
            && self.is(start, Class::STATE)
            && !self.is(start, Class::DIRECTIONAL.or(Class::CITY_START))
        {
            self.label(start..start + 1, Label::State);
            start += 1;
        }
        // What stands before the city and ends in a word of companies is set aside.
        if let Some(company) = (start..range.end)
            .rev()
            .find(|&at| self.is(at, Class::COMPANY) && at + 1 < range.end)
            && has_city
        {
            start = company + 1;
        }
        if start >= range.end {
            return;
        }
        let company = self.any(start..range.end, Class::COMPANY) && !has_city;
        if company
            || self.tokens[start..range.end]
                .iter()
                .any(|token| token.has_digit())
                && !has_city
        {
            return;
        }
        self.label(start..range.end, Label::City);
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
