//! Post-office boxes, rural routes and highway contract routes.

use std::ops::Range;

use super::super::AddressKind;
use super::Reader;
use super::token::Label;
use super::words::Class;

impl Reader<'_> {
    /// Reads a body that holds a box or a rural route; `false` if it holds none.
    pub(super) fn read_box(&mut self, body: Range<usize>) -> bool {
        let Some((mut span, kind)) = self.find_box(body.clone()) else {
            return false;
        };
        // `LOCKBOX 1007 PO BOX 4829`: boxes that follow one another.
        while let Some((next, _)) = self.find_box(span.end..body.end)
            && next.start == span.end
        {
            span.end = next.end;
        }
        self.label(span.clone(), Label::Box);
        self.kind = kind;
        let (before, after) = (body.start..span.start, span.end..body.end);
        if kind == AddressKind::RuralRoute
            && before.len() == 1
            && self.token(before.start).is_house_number()
        {
            self.label(before, Label::Number);
            return {
                self.read_rest(after, true);
                true
            };
        }
        if let Some(number) = self.find_street_number(before.clone()) {
            self.kind = AddressKind::Street;
            self.read_front(before.start..number);
            let line = self.read_number(number, before.end);
            self.read_line(line..before.end, false);
        } else if let Some(number) = self.find_street_number(after.clone()) {
            self.kind = AddressKind::Street;
            self.read_front(before);
            self.read_front(after.start..number);
            let line = self.read_number(number, after.end);
            self.read_line(line..after.end, self.has_tail);
            return true;
        } else {
            self.read_front(before);
            if self.highway(after.clone()).is_some() {
                self.read_line(after, self.has_tail);
                return true;
            }
        }
        self.read_rest(after, true);
        true
    }

    /// A house number that a street with a suffix follows.
    fn find_street_number(&self, range: Range<usize>) -> Option<usize> {
        let number = self.find_number(range.clone())?;
        let street = Class::STRONG.or(Class::DIRECTIONAL).or(Class::ROAD_NOUN);
        let end = self.line_end(number, range.end);
        let suffix = self.is(end - 1, Class::SUFFIX) && number + 2 < end;
        (suffix || self.any(number + 1..range.end, street)).then_some(number)
    }

    fn find_box(&self, body: Range<usize>) -> Option<(Range<usize>, AddressKind)> {
        if !self.may_have_box() {
            return None;
        }
        body.clone().find_map(|at| {
            self.rural_route(at, body.end)
                .map(|end| (at..end, AddressKind::RuralRoute))
                .or_else(|| {
                    self.post_office_box(at, &body)
                        .map(|end| (at..end, AddressKind::PoBox))
                })
        })
    }

    /// Does the text hold a word without which there is no box and no rural route?
    fn may_have_box(&self) -> bool {
        let known = Class::BOX.or(Class::WHOLE_BOX).or(Class::RURAL);
        let told = |at| self.is_written(at, "OFFICE") || self.is_written(at, "CONTRACT");
        (0..self.tokens.len()).any(|at| self.is(at, known) || told(at))
    }

    /// `PO BOX 318`, `P O BOX # 4`, `POST OFFICE BOX 4`, `BOX 63`, `POB 477`, `LOCK BOX 238`.
    fn post_office_box(&self, at: usize, body: &Range<usize>) -> Option<usize> {
        let end = body.end;
        if self.is(at, Class::WHOLE_BOX) {
            return self.box_identifier(at + 1, end);
        }
        if let Some(end) = self.military_box(at, end) {
            return Some(end);
        }
        let starts = at == body.start || self.token(at).after_comma;
        let noun = match self.written(at..at + 1).to_ascii_uppercase().as_str() {
            "PO" | "P.O" | "POSTAL" | "LOCK" | "CALLER" => at + 1,
            "P" if self.is_written(at + 1, "O") => at + 2,
            "POST" if self.is_written(at + 1, "OFFICE") && self.token(at + 2).has_digit() => {
                return self.box_identifier(at + 2, end);
            }
            "POST" if self.is_written(at + 1, "OFFICE") => at + 2,
            "ROUTE" | "RT" | "RTE" if self.is(at + 1, Class::BOX) => at + 1,
            _ if starts || self.tokens[..at].iter().all(|token| token.is_word()) => at,
            _ => return None,
        };
        if noun >= end || !self.is(noun, Class::BOX) {
            return None;
        }
        match self.box_identifier(noun + 1, end) {
            Some(end) => Some(end),
            None if noun > at => Some(noun + 1),
            None => None,
        }
    }

    /// `PSC 3 BOX 1234`, `UNIT 100 BOX 4`: addresses of the armed forces (section 225).
    fn military_box(&self, at: usize, end: usize) -> Option<usize> {
        let named = ["PSC", "CMR", "UNIT"]
            .iter()
            .any(|word| self.is_written(at, word));
        if !named
            || !self.token(at + 1).has_digit()
            || !self.is(at + 2, Class::BOX)
            || at + 3 >= end
        {
            return None;
        }
        self.box_identifier(at + 3, end)
    }

    fn is_written(&self, at: usize, word: &str) -> bool {
        let token = self.token(at);
        usize::from(token.end - token.start) == word.len()
            && self.written(at..at + 1).eq_ignore_ascii_case(word)
    }

    /// Where the number of a box ends: `318`, `# 4`, `164 a`, `388-317`.
    fn box_identifier(&self, at: usize, end: usize) -> Option<usize> {
        let at = if at < end && self.is(at, Class::NUMBER_SIGN) {
            at + 1
        } else {
            at
        };
        if at >= end {
            return None;
        }
        let token = self.token(at);
        if !token.has_digit() {
            // `DRAWER CS 198422`, `BOX AA`.
            let short = token.is_word() && token.shape.letters <= 2;
            if short && at + 1 < end && self.token(at + 1).is_digits() {
                return Some(at + 2);
            }
            let alone = short
                && (self.breaks(at + 1, end)
                    || !token.is(Class::CITY_START) && self.is_city_after(at));
            return alone.then_some(at + 1);
        }
        let letter = at + 1 < end
            && self.token(at + 1).is_letter()
            && !self.token(at + 1).after_comma
            && (!self.is(at + 1, Class::DIRECTIONAL) || self.breaks(at + 2, end));
        // A ZIP+4-like number was cut in two.
        let joined = at + 1 < end && self.token(at).end == self.token(at + 1).start;
        Some(at + 1 + usize::from(letter || joined))
    }

    /// `RR 2 BOX 18`, `HC 284 BOX 27`, `HIGHWAY CONTRACT RTE # 24 BOX # 2A`, `RURAL ROUTE 3`.
    fn rural_route(&self, at: usize, end: usize) -> Option<usize> {
        let contract = self.is_written(at + 1, "CONTRACT");
        // `R 1 BOX 9`.
        if self.is_written(at, "R") && self.token(at + 1).has_digit() {
            return self.rural_box(at + 2, end);
        }
        if !self.is(at, Class::RURAL) && !contract {
            return None;
        }
        let named = contract || self.is_written(at, "RURAL") || self.is_written(at, "STAR");
        let mut next = at + 1 + usize::from(contract);
        if next < end
            && (self.is(next, Class::ROAD_NOUN.or(Class::RURAL)) || self.is_written(next, "R"))
            && (named || self.is(at, Class::RURAL))
        {
            next += 1;
        }
        // `STAR ROUTE BOX 12`.
        if named && next == at + 2 && self.is(next, Class::BOX) {
            return self.rural_box(next, end);
        }
        if next < end && self.is(next, Class::NUMBER_SIGN) {
            next += 1;
        }
        if next >= end || !self.token(next).has_digit() {
            return None;
        }
        next += 1;
        if let Some(after) = self.rural_box(next, end) {
            return Some(after);
        }
        // Without a box the word must say by itself that it is a route.
        let sure = named
            || ["RR", "HC", "HCR", "RFD"]
                .iter()
                .any(|word| self.is_written(at, word));
        let first = at == 0 || self.token(at).after_comma;
        // `123 RURAL ROUTE 3`.
        let numbered = at == 1 && self.token(0).is_house_number() && self.is_written(at, "RURAL");
        (sure && (first || numbered)).then_some(next)
    }

    fn rural_box(&self, at: usize, end: usize) -> Option<usize> {
        // `ROUTE 313 RR 313 BOX`: a second name of the route before the box.
        let at = if at + 1 < end && self.is(at, Class::RURAL) && self.token(at + 1).has_digit() {
            at + 2
        } else {
            at
        };
        if at >= end || !self.is(at, Class::BOX) {
            return None;
        }
        Some(self.box_identifier(at + 1, end).unwrap_or(at + 1))
    }
}
