//! What stands before the house number, and what an address without one names.

use std::ops::Range;

use super::super::AddressKind;
use super::Reader;
use super::token::Label;
use super::words::Class;

impl Reader<'_> {
    /// Sets aside what stands before the house number; a unit there is read.
    pub(super) fn read_front(&mut self, range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let end = match self
                .unit_at(at, range.end)
                .or_else(|| self.glued_unit(at, &range))
            {
                // `Store #412` is the recipient's own number.
                Some(unit)
                    if at > range.start
                        && self.is(at, Class::NUMBER_SIGN)
                        && self.is(at - 1, Class::REFERENCE) =>
                {
                    self.label(at..unit.end(), Label::Recipient);
                    unit.end()
                }
                Some(unit) => self.take_unit(&unit),
                None => {
                    self.label(at..at + 1, Label::Recipient);
                    at + 1
                }
            };
            at = end;
        }
    }

    /// A body without a house number: a crossing, a street, a landmark, or only a city.
    pub(super) fn read_place(&mut self, body: Range<usize>) {
        if body.is_empty() {
            return self.kind_of_rest();
        }
        if self.read_intersection(body.clone()) {
            return;
        }
        self.kind = AddressKind::Place;
        let mut start = self.read_leading_units(body.clone());
        if self.is(start, Class::CORNER) && self.highway(start + 1..body.end).is_some() {
            self.label(start..start + 1, Label::CrossStreet);
            start += 1;
        }
        let first_end = self.segment_end(start, body.end);
        if start < body.end && self.is_street_alone(start..first_end, first_end < body.end) {
            self.read_line(start..body.end, self.has_tail);
        } else if self.has_tail
            && start < body.end
            && (self.has_state || !self.is(body.end - 1, Class::WHOLE_BUILDING))
        {
            let segment = self.last_segment(start..body.end);
            let city = self.city_start(segment, body.end);
            self.read_front(start..city);
            self.label(city..body.end, Label::City);
        } else {
            self.read_front(start..body.end);
            if start == body.start {
                self.kind = AddressKind::Unknown;
            }
        }
    }

    fn kind_of_rest(&mut self) {
        if self.has_tail {
            self.kind = AddressKind::Place;
        }
    }

    fn read_leading_units(&mut self, body: Range<usize>) -> usize {
        let mut at = body.start;
        while let Some(unit) = self.unit_at(at, body.end) {
            at = self.take_unit(&unit);
        }
        at
    }

    /// Where the last segment between commas starts.
    fn last_segment(&self, range: Range<usize>) -> usize {
        range
            .clone()
            .rev()
            .find(|&at| self.token(at).after_comma)
            .unwrap_or(range.start)
    }

    /// Is a segment without a house number a street? `Lee's Mill Road`, `Highway 34 East`, `Main`.
    fn is_street_alone(&self, segment: Range<usize>, more: bool) -> bool {
        // `E College Ave` is a street all the same.
        let company = |at: usize| self.is(at, Class::COMPANY) && !self.is(at + 1, Class::STRONG);
        if self.any(segment.clone(), Class::AND) || segment.clone().any(company) {
            return false;
        }
        if self.highway(segment.clone()).is_some() {
            return true;
        }
        let predirectional = usize::from(self.is(segment.start, Class::DIRECTIONAL));
        if self
            .highway(segment.start + predirectional..segment.end)
            .is_some()
        {
            return true;
        }
        let market = |at: usize| self.written(at - 1..at).eq_ignore_ascii_case("market");
        let suffix = segment.clone().skip(1).any(|at| {
            self.is(at, Class::STRONG)
                // `Okemo Market Place` without a number is a place to shop.
                && !market(at)
                && !self.is(at, Class::BUILDING)
                && !self.starts_city(at, segment.end)
        });
        suffix || (more && segment.len() == 1 && !self.is(segment.start, Class::BUILDING))
    }

    fn starts_city(&self, at: usize, end: usize) -> bool {
        self.is(at, Class::CITY_START) && at + 1 < end && !self.is(at + 1, Class::DIRECTIONAL)
    }

    /// What follows `CORNER OF`, `NE COR`, `INTERSECTION OF` at the start, if four words are left with it.
    fn after_corner(&self, body: &Range<usize>) -> usize {
        let mut at = body.start + usize::from(self.is(body.start, Class::DIRECTIONAL));
        if !self.is(at, Class::CORNER) || body.end < at + 4 {
            return body.start;
        }
        at += 1;
        for joint in ["of", "the"] {
            at += usize::from(self.written(at..at + 1).eq_ignore_ascii_case(joint));
        }
        at
    }

    /// `MAIN ST & 5TH AVE`, `JCT 4 & 13`.
    fn read_intersection(&mut self, body: Range<usize>) -> bool {
        let first = self.after_corner(&body);
        let corner = first > body.start;
        let body = first..body.end;
        let Some(and) =
            (body.start + 1..body.end.saturating_sub(1)).find(|&at| self.is(at, Class::AND))
        else {
            return false;
        };
        let street = Class::STRONG
            .or(Class::ROAD_NOUN)
            .or(Class::ORDINAL)
            .or(Class::FOREIGN_TYPE);
        let is_street = |range: Range<usize>| {
            self.any(range.clone(), street)
                || self.is(range.end - 1, Class::SUFFIX)
                || range.into_iter().any(|at| self.token(at).has_digit())
        };
        let company = self.any(body.clone(), Class::COMPANY) && !self.is(and, Class::COMPANY);
        // `Mission & Valencia San Francisco CA`: two words are two streets if nothing says otherwise.
        let words = self.has_tail
            && and == body.start + 1
            && !self.any(body.clone(), Class::BUILDING.or(Class::COMPANY_END))
            && body.end - and > 2;
        let ordinal = self.token(and - 1).is_ordinal_figure() && and == body.start + 1;
        let joined = words
            || ordinal && body.end - and <= 3
            || is_street(body.start..and)
                && (is_street(and + 1..body.end) || self.is(and + 1, Class::DIRECTIONAL))
            // `W 42nd St & Broadway`: a whole street on the one side, a word on the other.
            || self.is(and - 1, Class::STRONG)
                && and > body.start + 1
                && self.line_end(and, body.end).min(body.end) <= and + 3;
        if company || !(corner || joined) {
            return false;
        }
        self.kind = AddressKind::Intersection;
        self.read_line(body.start..and, false);
        self.read_cross_street(and, body.end, self.has_tail);
        true
    }
}
