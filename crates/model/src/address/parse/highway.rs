//! Numbered roads: `US HWY 190`, `COUNTY ROAD UV`, `FM 544`.

use std::ops::Range;

use super::super::AddressKind;
use super::Reader;
use super::street::Street;
use super::token::Label;
use super::words::Class;

/// Most digits of an interstate's number.
const INTERSTATE_MAX_DIGITS: u8 = 3;

impl Reader<'_> {
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
        if self.is_road_of_the_state(start, end) {
            return Some(self.road_tail(start + 2, end));
        }
        if self.is_interstate(start, end) {
            return Some(self.road_tail(start + 2, end));
        }
        let noun = self.after_qualifiers(start, end);
        let identifier = noun + self.road_nouns(noun, end, noun > start);
        if identifier == noun && !(noun > start && self.is_qualifier_of_figures(noun - 1, end)) {
            return None;
        }
        let after = self.road_identifier(identifier, end, noun > start)?;
        let after = self.road_tail(after, end);
        Some(if noun == start {
            self.second_number(after, end)
        } else {
            after
        })
    }

    /// `OH 28` in Ohio: the state's two letters before a number, with nothing but the city behind.
    fn is_road_of_the_state(&self, start: usize, end: usize) -> bool {
        let figures = self.token(start + 1);
        start + 1 < end
            && self.token(start).shape.letters == 2
            && self.is(start, Class::STATE)
            && !self.is(start, Class::SUFFIX.or(Class::DIRECTIONAL))
            && figures.is_digits()
            && figures.shape.digits <= INTERSTATE_MAX_DIGITS
            && !figures.after_comma
            && !self.is(start + 2, Class::SUFFIX)
            && (end..self.tokens.len())
                .find(|&at| self.token(at).label == Label::State)
                .and_then(|at| self.state_before(at))
                .is_some_and(|state| self.written(start..start + 1).eq_ignore_ascii_case(state))
    }

    /// `I 80`; not the road beside it, `I 49 S SERVICE RD`.
    fn is_interstate(&self, start: usize, end: usize) -> bool {
        let figures = self.token(start + 1);
        let after = start + 2 + usize::from(self.is(start + 2, Class::DIRECTIONAL));
        start + 1 < end
            && self.written(start..start + 1).eq_ignore_ascii_case("i")
            && figures.is_digits()
            && figures.shape.digits <= INTERSTATE_MAX_DIGITS
            && !figures.after_comma
            && (self.is(after, Class::SUFFIX)
                || !self.is(after, Class::ROAD_QUALIFIER.or(Class::ROAD_TAIL)))
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
    pub(super) fn is_road_named_by_a_state(&self, at: usize) -> bool {
        let noun = self.written(at + 1..at + 2);
        self.token(at).shape.letters > 2
            && (noun.eq_ignore_ascii_case("road") || noun.eq_ignore_ascii_case("rd"))
    }

    /// Words of the noun at `at`: `HWY`, `TRUNK HIGHWAY`, `FM`; 0 if there is none.
    fn road_nouns(&self, at: usize, end: usize, qualified: bool) -> usize {
        // `INTERSTATE LOOP 410`, `STATE SPUR 8`.
        let road = self.is(at, Class::ROAD) && (!qualified || self.is(at, Class::ROAD_TAIL));
        if at >= end || !(self.is(at, Class::ROAD_NOUN) || road) {
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
            // `COUNTY ROAD DV`: two letters that are a rare suffix.
            && !token.is(Class::STRONG.or(Class::CITY_START).or(Class::UNIT))
            && (!token.is(Class::SUFFIX) || token.shape.letters == 2 && self.breaks(at + 1, end));
        let directional =
            token.is(Class::DIRECTIONAL) && !(self.breaks(at + 1, end) && token.is_letter());
        let letters = token.is_word() && (token.is_letter() || long) && !directional;
        let figures = token.has_digit() && !token.is_ordinal_figure();
        (figures || letters).then_some(at + 1)
    }

    /// `250 HIGHWAY 6 AND 50`: one road with two numbers. Without a house number, and where the first
    /// says whose road it is (`US HIGHWAY 18 AND 15`), it is a crossing.
    fn second_number(&self, at: usize, end: usize) -> usize {
        let both = self.kind == AddressKind::Street
            && at + 1 < end
            && self.is(at, Class::AND)
            && self.token(at - 1).is_digits()
            && self.token(at + 1).is_digits()
            && self.breaks(at + 2, end);
        if both { at + 2 } else { at }
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
    pub(super) fn named_highway(&self, range: Range<usize>) -> Option<usize> {
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

    pub(super) fn after_highway(
        &self,
        name_end: usize,
        limit: usize,
        end: usize,
        wants_city: bool,
    ) -> Street {
        // `US 117 SOUTH ALT HWY`.
        let behind = name_end + 1;
        let ends =
            self.breaks(behind, end) || self.is(behind, Class::DIRECTIONAL) || self.is_city(behind);
        let suffix = name_end < limit
            && (self.is(name_end - 1, Class::ROAD_TAIL) || ends && !self.is_city(name_end))
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
}
