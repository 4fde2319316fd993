//! The street line: directionals, the names that need a second look, and crossings.

use std::ops::Range;

use super::Reader;
use super::street::Street;
use super::token::Label;
use super::words::Class;

impl Reader<'_> {
    /// Reads the street line and what follows it. `has_city` says whether a city is expected.
    pub(super) fn read_line(&mut self, line: Range<usize>, has_city: bool) {
        if line.is_empty() {
            return;
        }
        let end = line.end;
        // A number and its unit without a street.
        if self.designated_unit(line.start, end)
            // `900 RM 620`: a Texas road rather than a room without a street.
            && !self.is(line.start, Class::NUMBER_SIGN.or(Class::ROAD))
        {
            return self.read_rest(line, has_city);
        }
        let comma = self.segment_end(line.start, end);
        let name = line.start + self.predirectional(line.start, comma);
        let (name, street) = if line.start > 1 && self.is(line.start - 2, Class::MILE) {
            // Miles are counted along highways, whose names end in anything.
            let name_end = (line.start + 1..comma)
                .find(|&at| self.is_city(at))
                .unwrap_or(comma);
            (
                line.start,
                Street {
                    name_end,
                    suffix_end: name_end,
                    end: name_end,
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
        // `North Ave E`: in full it is the name; `N Ave E` has a letter for it.
        if token.is(Class::STRONG)
            && self.token(start).shape.letters > 2
            && self.is(next + 1, Class::DIRECTIONAL)
            && self.token(next + 1).is_letter()
            && next + 1 < end
        {
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
            || (self.is(at, Class::FOREIGN_TYPE) || !next.is(Class::DIRECTIONAL))
                && self.pretype(at, end).is_some()
            || self.is_saint(at, end)
    }

    /// `ST` before a word that is no directional, unit or suffix.
    pub(super) fn is_saint(&self, at: usize, end: usize) -> bool {
        let abbreviation = self.written(at..at + 1);
        at + 1 < end
            && abbreviation.len() == 2
            && abbreviation.eq_ignore_ascii_case("ST")
            && self.token(at + 1).is_word()
            && !self.token(at + 1).is_letter()
            && !self.is(at + 1, Class::DIRECTIONAL.or(Class::UNIT))
            && !self.is_city_after(at)
    }

    /// `Avenue C`, `Avenue 14`, `Avenue of the Americas`: where the name that starts with its type ends.
    pub(super) fn pretype(&self, at: usize, end: usize) -> Option<usize> {
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
        // `AVENUE E ROUGEMONT`: nothing but the letter is left for the name.
        let before_city = self.is_city_after(at + 1);
        let letter =
            next.is_letter() && (!next.is(Class::DIRECTIONAL) || at + 2 >= end || before_city);
        ((letter || next.is_digits()) && last).then_some(at + 2)
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
}
