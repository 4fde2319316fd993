//! What follows the street: a late directional, units, names of buildings, and the city.

use std::ops::Range;

use super::Reader;
use super::city::CityHere;
use super::token::Label;
use super::unit::Unit;
use super::words::Class;

/// Words that are no part of a city's name.
const OTHER_THAN_CITY: Class = Class::BUILDING
    .or(Class::WHOLE_BUILDING)
    .or(Class::COMPANY)
    .or(Class::COMPANY_END);

impl Reader<'_> {
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
            match (at + 1..segment).find(|&next| {
                self.token(next).is_word() && self.designated_unit(next, segment)
                    || self.token(next).is_ordinal_figure() && self.unit_at(next, segment).is_some()
            }) {
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
            && !self.is_city(at)
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
        let mut end = if has_city {
            self.read_units_behind(&range)
        } else {
            range.end
        };
        // `Coppell, Dallas County, TX`: the county behind the city is set aside.
        let county = |at: usize| {
            ["COUNTY", "PARISH"]
                .iter()
                .any(|word| self.written(at..at + 1).eq_ignore_ascii_case(word))
        };
        if has_city
            && county(end - 1)
            && let Some(start) = (range.start + 1..end - 1)
                .rev()
                .find(|&at| self.token(at).after_comma)
        {
            end = start;
        }
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

    /// `BIG BEND, TRLR 48, WV`: units between the commas behind the city. Gives back where the rest ends.
    fn read_units_behind(&mut self, range: &Range<usize>) -> usize {
        let mut end = range.end;
        while let Some(start) = (range.start + 1..end)
            .rev()
            .find(|&at| self.token(at).after_comma)
        {
            let city =
                !self.is(start - 1, Class::WHOLE_BUILDING) && !self.token(start - 1).has_digit();
            match self.unit_at(start, end) {
                Some(unit) if city && unit.end() == end => self.take_unit(&unit),
                _ => break,
            };
            end = start;
        }
        end
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
            && !self.is(at, Class::DIRECTIONAL.or(Class::CITY_START))
            && !self.is_city(at)
            && (self.has_tail || !self.is(at, Class::ARTICLE));
        if read || !here {
            return at;
        }
        self.label(at..at + 1, Label::State);
        at + 1
    }

    /// Where the city starts in a segment before a state: behind figures and companies, which are no city.
    pub(super) fn city_start(&self, start: usize, end: usize) -> usize {
        if self.is_city(start) {
            return start;
        }
        // `CRABTREE VALLEY MALL RALEIGH`: the ZIP code's city behind words that name a building.
        // `WEST WING YAKIMA`: nothing but such words.
        let part_of_building = |at: usize| {
            self.is_city(at)
                && self.is(at - 1, Class::BUILDING)
                && (start..at).all(|at| self.is(at, OTHER_THAN_CITY.or(Class::DIRECTIONAL)))
        };
        let known = (start + 1..end).find(|&at| {
            self.token(at).city == CityHere::OfZip && self.any(start..at, OTHER_THAN_CITY)
                || part_of_building(at)
        });
        if let Some(known) = known {
            return known;
        }
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
