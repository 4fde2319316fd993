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
        for words in 1..=CITY_WORDS_MAX.min(body) {
            let at = body - words;
            if self.token(at).has_digit() {
                return;
            }
            self.tokens[at].city = self.city_named(at..body, state, zip);
            if self.token(at).after_comma {
                return;
            }
        }
    }

    fn city_named(
        &self,
        words: std::ops::Range<usize>,
        state: Option<&str>,
        zip: Option<&str>,
    ) -> CityHere {
        let name = gazetteer::Name::of(self.written(words));
        let has = |area: Option<&str>| area.is_some_and(|area| name.is_in(area));
        if has(zip) {
            CityHere::OfZip
        } else if has(state) {
            CityHere::OfState
        } else {
            CityHere::Unknown
        }
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
