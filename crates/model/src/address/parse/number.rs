//! The house number: where it stands, in figures or in words, and how far it goes.

use std::ops::Range;

use super::super::publication28;
use super::Reader;
use super::token::Label;
use super::words::Class;

impl Reader<'_> {
    /// The position of the house number.
    pub(super) fn find_number(&self, range: Range<usize>) -> Option<usize> {
        let first = self.first_number(&range)?;
        let later = (first + 1..range.end).find(|&at| {
            self.may_be_number(at, &range)
                && !self.is(at - 1, Class::DIRECTIONAL)
                && (at > first + 1 && self.is_building(first + 1..at)
                    || at == first + 1 && self.ends_a_name(first, &range))
                && self.any(at + 1..range.end, Class::STRONG)
        });
        Some(later.unwrap_or(first))
    }

    /// `Studio 54 254 W 54th St`: figures between a name and the house number.
    fn ends_a_name(&self, at: usize, range: &Range<usize>) -> bool {
        at > range.start
            && !self.token(at).after_comma
            && self.token(at - 1).is_word()
            && !self.token(at + 1).shape.fraction
            && !self.is(at + 2, Class::STRONG)
    }

    fn first_number(&self, range: &Range<usize>) -> Option<usize> {
        let mut at = range.start;
        while at < range.end {
            if self.may_be_number(at, range) {
                return Some(at);
            }
            // `Anheuser Busch One Busch Place`, `Two Penn Plaza Suite 10`.
            if self.cardinal(at) > 0 && self.is_spelt_number(at, range) {
                return Some(at);
            }
            // The figures of a unit are no house number.
            at = match self.unit_at(at, range.end) {
                Some(_) if self.is_name_of_building(at, range) => at + 1,
                Some(unit) if !self.is(at, Class::NUMBER_SIGN.or(Class::MAIL_STOP)) => unit.end(),
                _ => at + 1,
            };
        }
        None
    }

    /// `Empire State Building 350 5th Ave`: the figures behind a building's name, with a street and no
    /// other number behind them, are the house number.
    fn is_name_of_building(&self, at: usize, range: &Range<usize>) -> bool {
        let number = at + 1;
        let building = at > range.start
            && self.is(at, Class::WHOLE_BUILDING)
            && self.token(at - 1).is_word()
            && !self.token(at).after_comma;
        // `Front 222 Spruce St`.
        let alone =
            at == range.start && self.is(at, Class::UNIT_ALONE) && self.is(at, Class::WEAK_UNIT);
        (building || alone)
            && self.token(number).is_house_number()
            && self.any(
                number + 2..self.segment_end(number, range.end),
                Class::STRONG,
            )
            && !(number + 1..range.end).any(|at| self.token(at).is_house_number())
    }

    /// Words of a number that is written in words: `One`, `Twenty-One`, `Twenty One`; 0 if there is none.
    fn cardinal(&self, at: usize) -> usize {
        let token = self.token(at);
        if token.is(Class::CARDINAL) {
            let written = self.written(at..at + 1);
            let next = self.written(at + 1..at + 2);
            let joined = publication28::tens_word(written).is_some()
                && !self.token(at + 1).after_comma
                && publication28::cardinal_word(next).is_some_and(|figures| figures.len() == 1)
                && self.token(at + 2).is_word();
            return 1 + usize::from(joined);
        }
        let joined = token.is_word()
            && token.shape.marks == 1
            && publication28::cardinal_words(self.written(at..at + 1)).is_some();
        usize::from(joined)
    }

    /// Does a street follow the number in words at `at`, and no house number in figures?
    fn is_spelt_number(&self, at: usize, range: &Range<usize>) -> bool {
        let end = self.line_end(at, range.end);
        // `ONE JAMES CENTER` alone is a building.
        let whole = self.has_tail || self.is_line;
        let suffix = whole && at == range.start && end > at + 2 && self.is(end - 1, Class::SUFFIX);
        let street = suffix || end > at + 2 && self.any(at + 2..end, Class::STRONG);
        street
            && !(range.start..range.end).any(|other| {
                self.token(other).is_house_number()
                    && self.may_be_number(other, range)
                    && !self.is_unit_figure(other, range)
            })
    }

    /// Do the figures at `at` belong to a unit's designator right before them?
    fn is_unit_figure(&self, at: usize, range: &Range<usize>) -> bool {
        at > range.start
            && self
                .unit_at(at - 1, range.end)
                .is_some_and(|unit| unit.end() > at)
            || self.is(at + 1, Class::FLOOR)
    }

    /// Where the street that begins at `at` ends at the latest: at a comma, a unit or a known city.
    pub(super) fn line_end(&self, at: usize, end: usize) -> usize {
        let comma = self.segment_end(at, end);
        (at + 2..comma)
            .find(|&at| {
                self.is_city(at)
                    || self.is(at, Class::PLACE)
                    || self.designated_unit(at, comma)
                    || self.is(at + 1, Class::FLOOR) && at + 1 < comma
            })
            .unwrap_or(comma)
    }

    /// Do the tokens between two numbers name a building, not a street?
    fn is_building(&self, between: Range<usize>) -> bool {
        let street = Class::STRONG
            .or(Class::ROAD)
            .or(Class::ROAD_NOUN)
            .or(Class::DIRECTIONAL);
        !self.any(between.clone(), street)
            && !self.token(between.start).after_comma
            && self.any(between, Class::BUILDING.or(Class::SUFFIX))
    }

    fn may_be_number(&self, at: usize, range: &Range<usize>) -> bool {
        let token = self.token(at);
        let starts = at == range.start || token.after_comma;
        if at + 1 >= range.end {
            return false;
        }
        if starts && self.is_spaced_grid(at, range.end) {
            return true;
        }
        if token.is(Class::MILE) && starts {
            let next = self.token(at + 1);
            return (next.has_digit() || next.is_letter()) && at + 2 < range.end;
        }
        let words = self.cardinal(at);
        if words > 0 && starts {
            let segment = at + words..self.segment_end(at, range.end);
            return self.any(segment.clone(), Class::STRONG)
                || self.any(segment, Class::DIRECTIONAL);
        }
        let lettered =
            starts && token.shape.letters == 1 && token.shape.digits >= 3 && token.shape.marks == 0;
        if !(token.is_house_number() || lettered) || self.names_building(at, range.end) {
            return false;
        }
        if at > range.start {
            // `# 2 TURNER RD`: the sign of a house number.
            let signed = at == range.start + 1 && self.is(range.start, Class::NUMBER_SIGN);
            if signed && self.is_street_tail(at + 1..range.end) {
                return true;
            }
            let namers = Class::NUMBER_SIGN
                .or(Class::UNIT)
                .or(Class::BOX)
                .or(Class::ROAD_NOUN)
                .or(Class::ROAD)
                .or(Class::MAIL_STOP)
                .or(Class::CORNER)
                .or(Class::AND);
            let floor_before =
                at >= 2 && self.is(at - 1, Class::FLOOR) && self.unit_at(at - 2, at).is_some();
            let segment = at + 2..self.segment_end(at, range.end);
            let tower = self.is(at - 1, Class::MAIL_STOP) && self.any(segment, Class::STRONG);
            let building = self.is_name_of_building(at - 1, range);
            if !token.after_comma && self.is(at - 1, namers) && !(floor_before || tower || building)
            {
                return false;
            }
        }
        // `12A St`: the figures are the street's name.
        if self.is_figure_with_suffix(at, range.end) {
            return false;
        }
        // A number that only a unit follows is no house number; an ordinal before FLOOR is a floor.
        !self.is(at + 1, Class::FLOOR) || self.is_street_called_floor(at + 1, range.end)
    }

    /// `12A St`, `26 Ave`: figures that nothing but a suffix follows; `100 Court` is a street of that name.
    fn is_figure_with_suffix(&self, at: usize, end: usize) -> bool {
        const PLAIN: [&str; 8] = ["ST", "STREET", "AVE", "AVENUE", "RD", "ROAD", "BLVD", "DR"];
        at + 1 < end
            && !self.token(at + 1).after_comma
            && self.breaks(at + 2, end)
            && self.breaks_before(at)
            && self.is(at + 1, Class::STRONG)
            && PLAIN
                .iter()
                .any(|suffix| self.written(at + 1..at + 2).eq_ignore_ascii_case(suffix))
    }

    fn breaks_before(&self, at: usize) -> bool {
        at == 0 || self.token(at).after_comma
    }

    /// `W 220 N 1451 Springdale Rd`: a grid number with blanks.
    fn is_spaced_grid(&self, at: usize, end: usize) -> bool {
        let compass = |at: usize| self.token(at).is_letter() && self.is(at, Class::DIRECTIONAL);
        let digits = |at: usize| self.token(at).is_digits() && !self.token(at).after_comma;
        at + 5 < end
            && compass(at)
            && digits(at + 1)
            && compass(at + 2)
            && digits(at + 3)
            && self.token(at + 3).shape.digits >= 3
            && self.token(at + 4).is_word()
            && self.any(at + 5..self.segment_end(at + 4, end), Class::STRONG)
    }

    /// Does a segment hold a street with a suffix, and no second number?
    fn is_street_tail(&self, range: Range<usize>) -> bool {
        let end = self.segment_end(range.start, range.end);
        let number = range.clone().any(|at| self.token(at).is_house_number());
        self.any(range.start + 1..end, Class::STRONG) && !number
    }

    /// `1700 Wells Fargo Tower`: a number and words that end in a building, without a suffix.
    fn names_building(&self, at: usize, end: usize) -> bool {
        let mut segment = at + 1..self.segment_end(at, end);
        let Some(last) = segment.find(|&at| self.is(at, Class::WHOLE_BUILDING)) else {
            return false;
        };
        last > at + 1
            && !(at + 1..last).any(|at| self.is(at, Class::UNIT) && !self.is(at, Class::WEAK_UNIT))
            && !self.any(
                at + 1..last,
                Class::STRONG.or(Class::DIRECTIONAL).or(Class::ROAD_NOUN),
            )
            && !self.token((last + 1).min(end - 1)).has_digit()
            // `4741 Clock Tower Ln` is a street.
            && !segment.any(|at| self.is(at, Class::STRONG) && !self.is(at + 1, Class::SAINTED_PLACE))
    }

    /// Labels the house number at `at` with its fraction, range or letter; gives back what follows.
    pub(super) fn read_number(&mut self, at: usize, end: usize) -> usize {
        let mut next = at + 1;
        let words = self.cardinal(at);
        if self.is(at, Class::MILE) {
            next += 1;
        } else if words > 0 {
            next = at + words;
        } else if self.is_spaced_grid(at, end) {
            next = at + 4;
        } else {
            if next + 1 < end && self.token(at).shape.grid && self.token(next).shape.grid {
                next += 1;
            }
            next += self.second_house_number(next, end);
            if next < end && self.continues_number(next, end) {
                next += 1;
            }
            if next < end && self.token(next).shape.fraction {
                next += 1;
            }
            if next + 1 < end && self.is_number_letter(next, end) {
                next += 1;
            }
        }
        self.label(at..next, Label::Number);
        next += self.block(next, end);
        // `6910 # G MARY CAROLINE CIRCLE`.
        if self.is(next, Class::NUMBER_SIGN)
            && let Some(unit) = self.unit_at(next, end)
            && unit.end() < end
        {
            return self.take_unit(&unit);
        }
        next
    }

    /// Tokens of a second number: `900 - 902 Elm St`, `900 & 902 Elm St`.
    fn second_house_number(&self, at: usize, end: usize) -> usize {
        let joint = usize::from(self.is(at, Class::AND));
        let second = self.token(at + joint);
        let dash = || {
            let gap = usize::from(self.token(at - 1).end)..usize::from(second.start);
            self.text
                .get(gap)
                .is_some_and(|gap| gap.contains(['-', '\u{2013}']))
        };
        let street = at + joint + 1;
        let both = self.token(at - 1).is_digits()
            && second.is_digits()
            && !second.after_comma
            && !self.token(at).after_comma
            && street < end
            && !self.is(street, Class::STRONG)
            && !self.token(street).after_comma
            && (joint > 0 || dash());
        if both { joint + 1 } else { 0 }
    }

    /// Tokens that say that a whole block is meant: `900 BLOCK OF ELM ST`, `300 BLOCK N MAIN`.
    fn block(&self, at: usize, end: usize) -> usize {
        let said = |word: &str| self.written(at..at + 1).eq_ignore_ascii_case(word);
        let hundred = self.written(at - 1..at).ends_with("00");
        if at + 2 >= end || !(said("block") || said("blk")) || self.token(at).after_comma {
            return 0;
        }
        if self.written(at + 1..at + 2).eq_ignore_ascii_case("of") {
            return 2;
        }
        usize::from(hundred && !self.is(at + 1, Class::STRONG) || said("blk"))
    }

    /// A second number of a range, `358 370 E 71ST`, but not the street of `20713 2700 N AVE`.
    fn continues_number(&self, at: usize, end: usize) -> bool {
        let token = self.token(at);
        if !token.is_digits() || token.after_comma || at + 2 >= end {
            return false;
        }
        // `84 12 37th Ave`: Queens without its hyphen.
        if token.shape.digits == 2
            && self.token(at - 1).is_digits()
            && self.token(at + 1).is_ordinal_figure()
            && self.is(at + 2, Class::STRONG)
        {
            return true;
        }
        let next = if self.is(at + 1, Class::DIRECTIONAL) {
            at + 2
        } else {
            return false;
        };
        next < end && !self.is(next, Class::STRONG) && !self.token(next).after_comma
    }

    /// The letter of `214 B South Boulevard`, `123 A Smith Street`; not the street of `1800 M Street`.
    fn is_number_letter(&self, at: usize, end: usize) -> bool {
        let token = self.token(at);
        if !token.is_letter() || token.is(Class::DIRECTIONAL) || token.after_comma {
            return false;
        }
        let next = self.token(at + 1);
        // `12 O BRIEN CT`.
        if next.shape.letters > 2 && self.written(at..at + 1).eq_ignore_ascii_case("o") {
            return false;
        }
        if next.after_comma
            || next.is(Class::STRONG.or(Class::AND))
            || next.is_letter() && !next.is(Class::DIRECTIONAL)
        {
            return false;
        }
        if next.is(Class::DIRECTIONAL) {
            // `439 B West Grant`; `1234 K NW` is a street without its suffix.
            return at + 2 < end && !self.token(at + 2).after_comma;
        }
        next.is_word() && !next.is(Class::UNIT) || next.is_ordinal_figure()
    }
}
