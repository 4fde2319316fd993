//! The sure end of an address, read from the right: country, ZIP code, state.

use std::ops::Range;

use super::super::{gazetteer, publication28};
use super::Reader;
use super::city::CITY_WORDS_MAX;
use super::token::Label;
use super::words::Class;

/// Most words in the name of a state (`DISTRICT OF COLUMBIA`; longer names are not written in addresses).
const STATE_WORDS_MAX: usize = 3;

impl Reader<'_> {
    /// Labels country, ZIP and state; gives back where the rest ends.
    pub(super) fn read_tail(&mut self) -> usize {
        let end = self.read_country(self.tokens.len());
        let end = self.read_trailer(end);
        let after_state = self.read_zip(end);
        let body = self.read_state(after_state, after_state < end);
        self.has_tail = body < end;
        self.has_state = body < after_state;
        body
    }

    fn read_country(&mut self, mut end: usize) -> usize {
        loop {
            let start = if end >= 2 && self.is_country_pair(end) {
                end - 2
            } else if end >= 2 && self.is_country_word(end) {
                end - 1
            } else {
                return end;
            };
            if start == 0 {
                return end;
            }
            self.label(start..end, Label::Country);
            end = start;
        }
    }

    /// `NJ 07104 Attn Bob`, `NJ 07104 (rear building)`: sets aside what is written behind the sure end
    /// of an address, which would hide it. A unit there is read. Gives back where the address ends.
    fn read_trailer(&mut self, end: usize) -> usize {
        let Some(start) = self.trailer(end) else {
            return end;
        };
        match self.unit_at(start, end) {
            Some(unit) if unit.end() == end => {
                self.take_unit(&unit);
            }
            _ if self.is(start, Class::COMPANY) => self.label(start..end, Label::Recipient),
            _ => self.label(start..end, Label::NotUnderstood),
        }
        self.read_country(start)
    }

    /// Where what does not belong to the address begins, if state and ZIP code are not its last words.
    fn trailer(&self, end: usize) -> Option<usize> {
        if end == 0 || self.ends_in_zip(end) {
            return None;
        }
        let behind_zip = (3..end).rev().find(|&at| {
            self.is_zip5(at - 1)
                && self.ends_in_state(at - 1)
                && !self.is(
                    at - 3,
                    Class::UNIT.or(Class::REFERENCE).or(Class::ROAD_NOUN),
                )
        });
        if let Some(at) = behind_zip {
            let token = self.token(at);
            let plus_four = token.is_digits() && token.shape.digits == 4 && !token.after_comma;
            let start = at + usize::from(plus_four);
            return (start < end).then_some(start);
        }
        // `Newark, NJ (rear building)`: without a ZIP code a comma must part them.
        (3..end).rev().find(|&at| {
            self.token(at).after_comma
                && self.ends_in_state(at)
                && self.token(at - 1).shape.letters == 2
                && !self.is(at - 1, Class::DIRECTIONAL.or(Class::ARTICLE))
                && (self.token(at - 1).after_comma || self.follows_a_city_of(at - 1, at))
                && !self.any(at..end, Class::STRONG.or(Class::STATE))
                && self.unit_at(at, end).is_none()
        })
    }

    fn ends_in_zip(&self, end: usize) -> bool {
        self.is_zip5(end - 1)
            || end >= 2 && self.is_zip5(end - 2) && self.token(end - 1).shape.digits == 4
    }

    /// Is the word before `end` a state, which is nothing else there?
    fn ends_in_state(&self, end: usize) -> bool {
        let at = end - 1;
        let name = self.is(at, Class::STATE_END)
            && end >= 2
            && (2..=STATE_WORDS_MAX.min(end - 1))
                .any(|words| self.is_state_of_words(end - words, end));
        let doubtful = Class::STRONG.or(Class::DIRECTIONAL).or(Class::UNIT);
        name || self.is(at, Class::STATE)
            && (!self.is(at, doubtful)
                || self.token(at).after_comma
                || self.follows_a_city_of(at, end))
    }

    /// `UNITED STATES`.
    fn is_country_pair(&self, end: usize) -> bool {
        let words = self.written(end - 2..end);
        words.len() == 13 && words.eq_ignore_ascii_case("UNITED STATES")
    }

    /// `USA`; `US` and the rest only behind a ZIP or a state, for they name roads and people too.
    fn is_country_word(&self, end: usize) -> bool {
        if !self.is(end - 1, Class::COUNTRY) {
            return false;
        }
        let before = self.token(end - 2);
        self.written(end - 1..end).eq_ignore_ascii_case("USA")
            || before.label == Label::Country
            || before.is(Class::STATE.or(Class::STATE_END))
            || (before.is_digits() && before.shape.digits >= 4)
            || (end >= 3 && self.is_country_pair(end - 1))
    }

    fn read_zip(&mut self, end: usize) -> usize {
        if end == 0 {
            return 0;
        }
        let last = self.token(end - 1);
        // `CA 9151-2100`: a ZIP+4 that lost its leading zeros.
        if end >= 3 && self.is(end - 2, Class::STATE) && last.is_short_zip4() {
            self.label(end - 1..end, Label::Zip);
            return end - 1;
        }
        if !last.is_digits() || self.names_an_identifier(end) {
            return end;
        }
        match last.shape.digits {
            4 if end >= 2 && self.is_zip5(end - 2) => {
                self.label(end - 2..end - 1, Label::Zip);
                self.label(end - 1..end, Label::Zip4);
                end - 2
            }
            5 if end >= 2 || self.tokens.len() == 1 => {
                self.label(end - 1..end, Label::Zip);
                end - 1
            }
            // A ZIP code that lost its leading zeros; only a state before it tells.
            3 | 4 if end >= 3 && self.is(end - 2, Class::STATE) => {
                self.label(end - 1..end, Label::Zip);
                end - 1
            }
            // Too many digits behind a state are a ZIP code all the same; reading it is not for us.
            6.. if end >= 3 && self.is(end - 2, Class::STATE) => {
                self.label(end - 1..end, Label::Zip);
                end - 1
            }
            _ => end,
        }
    }

    fn is_zip5(&self, at: usize) -> bool {
        let token = self.token(at);
        token.is_digits() && token.shape.digits == 5 && !self.names_an_identifier(at + 1)
    }

    /// Does the word before the last token say that the number is a box, a unit or a road?
    fn names_an_identifier(&self, end: usize) -> bool {
        let namers = Class::BOX
            .or(Class::WHOLE_BOX)
            .or(Class::NUMBER_SIGN)
            .or(Class::UNIT);
        end >= 2
            && !self.token(end - 1).after_comma
            && self.is(end - 2, namers)
            && !self.is(end - 2, Class::STATE.or(Class::UNIT_ALONE))
    }

    fn read_state(&mut self, end: usize, has_zip: bool) -> usize {
        if end == 0 {
            return 0;
        }
        if self.is(end - 1, Class::STATE_END) {
            for words in (2..=STATE_WORDS_MAX.min(end)).rev() {
                if self.is_state_of_words(end - words, end)
                    && self.is_state_here(end - words, end, has_zip)
                {
                    return self.take_state(end - words, end);
                }
            }
        }
        if self.is(end - 1, Class::STATE)
            && (end > 1 || has_zip)
            && self.is_state_here(end - 1, end, has_zip)
        {
            return self.take_state(end - 1, end);
        }
        // Two letters between a comma and a ZIP code stand where the state stands, whatever they are.
        if has_zip
            && end > 1
            && self.token(end - 1).is_word()
            && self.token(end - 1).shape.letters == 2
            && (self.token(end - 1).after_comma || self.stands_behind_a_city(end - 1, end))
        {
            return self.take_state(end - 1, end);
        }
        end
    }

    /// `CHICAGO LL 60642`: what was misread stands behind a city of the ZIP code.
    fn stands_behind_a_city(&self, start: usize, end: usize) -> bool {
        let Some(zip) = self.zip_after(end) else {
            return false;
        };
        let doubtful = Class::SUFFIX.or(Class::DIRECTIONAL).or(Class::UNIT);
        !self.is(start, doubtful)
            && (1..start.min(CITY_WORDS_MAX + 1))
                .any(|words| gazetteer::has_city(zip, self.written(start - words..start)))
    }

    fn take_state(&mut self, start: usize, end: usize) -> usize {
        self.label(start..end, Label::State);
        start
    }

    fn is_state_of_words(&self, start: usize, end: usize) -> bool {
        let mut letters = [0_u8; 24];
        self.words_without_dots(start..end, &mut letters)
            .is_some_and(|words| publication28::state(words).is_some())
    }

    /// The words of a range with single blanks, if they find room.
    pub(super) fn words_without_dots<'b>(
        &self,
        range: Range<usize>,
        letters: &'b mut [u8; 24],
    ) -> Option<&'b str> {
        let mut length = 0;
        let first = range.start;
        for at in range {
            let word = self.written(at..at + 1);
            if length + word.len() + 1 > letters.len() {
                return None;
            }
            if at > first {
                letters[length] = b' ';
                length += 1;
            }
            for byte in word.bytes().filter(|&byte| byte != b'.') {
                letters[length] = byte;
                length += 1;
            }
        }
        std::str::from_utf8(&letters[..length]).ok()
    }

    /// `WAHOO VW ADAMS NE`, `WOODWARD GALES FERRY CT`: a doubtful state right behind one of its cities,
    /// which is no street's name: it has two words, or a suffix stands before it. `FL` without figures
    /// is no floor, so that any of its cities will do.
    fn follows_a_city_of(&self, start: usize, end: usize) -> bool {
        let mut letters = [0_u8; 24];
        let Some(state) = self
            .words_without_dots(start..end, &mut letters)
            .and_then(publication28::state)
        else {
            return false;
        };
        let floor = self.is(start, Class::FLOOR);
        let zip = self.zip_after(end);
        let of_zip = |city: &str| zip.is_some_and(|zip| gazetteer::has_city(zip, city));
        (1..=CITY_WORDS_MAX.min(start.saturating_sub(1))).any(|words| {
            let city = start - words;
            let sure = words > 1 || floor || (2..city).any(|at| self.is(at, Class::SUFFIX));
            let name = self.written(city..start);
            city > 1 && (sure && gazetteer::has_city(state, name) || of_zip(name))
        })
    }

    /// `GRANADA LOOP VERMONT 61484`: a state's name that is a city of the ZIP code, with no other city
    /// of it before.
    fn is_city_of_the_zip(&self, start: usize, end: usize) -> bool {
        let Some(zip) = self.zip_after(end) else {
            return false;
        };
        let city = |range: Range<usize>| gazetteer::has_city(zip, self.written(range));
        city(start..end) && !(1..=3).any(|words| words < start && city(start - words..start))
    }

    /// `27 West 86th Street, Apt 10F, New York`: right behind the street or its unit, the city.
    fn is_city_called_as_its_state(&self, start: usize, end: usize) -> bool {
        let previous = self.token(start - 1);
        self.written(start..end).eq_ignore_ascii_case("new york")
            && self.token(start).after_comma
            && (previous.is(Class::STRONG) || previous.has_digit())
    }

    /// Words that are also a suffix, a directional or a unit designator (`CT`, `NE`, `FL`), and names
    /// in full that are also streets (`OLD ALABAMA`), are states only where the text before them can
    /// do without them.
    fn is_state_here(&self, start: usize, end: usize, has_zip: bool) -> bool {
        let last = self.token(start);
        let before = &self.tokens[..start];
        let Some(previous) = before.last() else {
            return true;
        };
        let in_full = end > start + 1 || last.shape.letters > 2;
        if in_full && !has_zip && self.is_city_called_as_its_state(start, end) {
            return false;
        }
        if in_full && self.is_city_of_the_zip(start, end) {
            return false;
        }
        let other = Class::STRONG.or(Class::DIRECTIONAL).or(Class::UNIT);
        let doubtful = if has_zip {
            last.is(Class::STRONG.or(Class::DIRECTIONAL))
        } else {
            last.is(other) || in_full
        };
        if last.after_comma && last.is(Class::DIRECTIONAL) && !has_zip {
            return !previous.is(Class::STRONG);
        }
        if !doubtful || last.after_comma {
            return true;
        }
        if last.is(Class::UNIT) && (previous.has_digit() || previous.is(Class::ORDINAL)) {
            return false;
        }
        if before.iter().skip(1).any(|token| token.after_comma)
            || !before.iter().any(|token| token.has_digit())
        {
            return has_zip || !previous.is(Class::STRONG);
        }
        if self.follows_a_city_of(start, end) {
            return true;
        }
        // A word that is not the street's own must stand between the street's suffix and the state.
        let suffix = before.iter().skip(1).any(|token| token.is(Class::STRONG));
        let words = before
            .iter()
            .skip(usize::from(has_zip))
            .filter(|token| {
                token.is_word() && !token.is(Class::DIRECTIONAL)
                    || has_zip && token.is_ordinal_figure()
            })
            .count();
        (suffix || (has_zip || in_full) && words > 1) && !previous.is(Class::STRONG)
    }
}
