//! Where a city that the state or the ZIP code has could begin.
//!
//! Only a hint to the scores and rules that must choose: a city that is not known, or misspelt, is
//! read by its position and shape.

use super::super::{gazetteer, publication28};
use super::Reader;
use super::token::Label;

/// Most words of a city that are looked up (`HOWEY IN THE HILLS`).
pub(super) const CITY_WORDS_MAX: usize = 5;

/// What is known of the words from a token to the end of the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CityHere {
    /// Nothing.
    #[default]
    Unknown,
    /// The state has a city of this name.
    OfState,
    /// The ZIP code has.
    OfZip,
}

impl<'t> Reader<'t> {
    /// Notes at every token before the state whether a known city begins there.
    pub(super) fn note_cities(&mut self, body: usize) {
        let state = self.state_before(body);
        let zip = self.zip_after(body);
        if state.is_none() && zip.is_none() {
            return;
        }
        let mut name = gazetteer::Name::empty();
        for words in 1..=CITY_WORDS_MAX.min(body) {
            let at = body - words;
            if self.token(at).has_digit() {
                return;
            }
            if words == 1 || self.stand_apart(at, at + 1) {
                name.put_before(self.written(at..at + 1));
            } else {
                name = gazetteer::Name::of(self.written(at..body));
            }
            self.tokens[at].city = city_named(&name, state, zip);
            if self.token(at).after_comma {
                return;
            }
        }
    }

    /// Is there more between two tokens than dots and apostrophes, which close up what is around them (`S.Hill`)?
    fn stand_apart(&self, first: usize, next: usize) -> bool {
        let (first, next) = (self.token(first), self.token(next));
        let between = &self.text.as_bytes()[usize::from(first.end)..usize::from(next.start)];
        between.iter().any(|sign| !matches!(sign, b'.' | b'\''))
    }

    /// The state that was read from `at` on, as two letters.
    pub(super) fn state_before(&self, at: usize) -> Option<&'static str> {
        let end = (at..self.tokens.len())
            .find(|&at| self.token(at).label != Label::State)
            .unwrap_or(self.tokens.len());
        let mut letters = [0_u8; 24];
        publication28::state(self.words_without_dots(at..end, &mut letters)?)
    }

    /// The ZIP code that was read after `at`, if it has five figures.
    pub(super) fn zip_after(&self, at: usize) -> Option<&'t str> {
        let zip = (at..self.tokens.len()).find(|&at| self.token(at).label == Label::Zip)?;
        let token = self.token(zip);
        (token.is_digits() && token.shape.digits == 5).then(|| self.written(zip..zip + 1))
    }

    /// Does a city that the state or the ZIP code has begin at `at`?
    pub(super) fn is_city(&self, at: usize) -> bool {
        self.token(at).city > CityHere::Unknown
    }

    /// Does a known city begin at `at`, and none one word later that is known as well?
    pub(super) fn is_city_from(&self, at: usize) -> bool {
        self.token(at).city > self.token(at + 1).city
    }

    /// Does a known city begin one word after `at`, and none at `at` that is known as well?
    pub(super) fn is_city_after(&self, at: usize) -> bool {
        self.token(at + 1).city > self.token(at).city
    }
}

fn city_named(name: &gazetteer::Name, state: Option<&str>, zip: Option<&str>) -> CityHere {
    let has = |area: Option<&str>| area.is_some_and(|area| name.is_in(area));
    if has(zip) {
        CityHere::OfZip
    } else if has(state) {
        CityHere::OfState
    } else {
        CityHere::Unknown
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    proptest! {
        /// Names are put together from their end; what closes two words up must do so there too.
        #[test]
        fn a_name_is_looked_for_as_it_is_written(
            words in vec(select(vec!["S", "West", "St", "Saint", "Ste", "O", "Fallon", "Palm", "Beach", "Hill", "Lake"]), 5),
            between in vec(select(vec![" ", ".", ". ", "'", "-", " & "]), 4),
            area in select(vec!["MO 63366", "OH 44145", "FL 33401", "VA 23970"]),
        ) {
            let mut text = words[0].to_owned();
            for (sign, word) in between.iter().zip(&words[1..]) {
                text = text + sign + word;
            }
            text = format!("{text}, {area}");
            let mut reader = Reader::new(&text);
            let body = reader.read_tail();
            reader.note_cities(body);
            let (state, zip) = (reader.state_before(body), reader.zip_after(body));
            for at in body.saturating_sub(CITY_WORDS_MAX)..body {
                let whole = gazetteer::Name::of(reader.written(at..body));
                prop_assert_eq!(reader.token(at).city, city_named(&whole, state, zip), "{} in {}", at, text);
            }
        }
    }
}
