//! Free text into [`Parts`].
//!
//! The text is read from its sure ends inwards: country, ZIP and state from the right; boxes and
//! the house number; then the street line, whose end is the one hard question (module `street`); what is
//! left is the city. Every token carries one label, so nothing is lost and nothing is read twice.

mod boxes;
mod city;
mod columns;
mod front;
mod highway;
mod line;
mod number;
mod places;
mod rest;
mod street;
mod tail;
mod token;
mod unit;
mod words;

use std::ops::Range;

use crate::Text;

use super::{Address, AddressKind, Parts, Unparsed, UnparsedReason};
pub(super) use columns::from_parts;
use token::{Label, Token, tokenise};
use words::Class;

/// Longest text that is read, in bytes; what follows is set aside as not understood.
pub const TEXT_MAX_BYTES: usize = 512;

/// Most tokens that are read; what follows is set aside as not understood.
const TOKENS_MAX: usize = 96;

/// Reads one address text. Never fails and never panics.
#[must_use]
pub fn parse(text: &str) -> Address {
    let mut reader = Reader::new(text);
    reader.read();
    reader.finish()
}

/// Decimals of a degree from which on two figures are coordinates: with two, they mean a kilometre.
const DECIMALS_OF_DEGREES_MIN: usize = 2;

/// A text being read.
struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    /// Where the tokens end and the unread rest of an overlong text begins.
    read_to: usize,
    kind: AddressKind,
    /// Did a state or a ZIP code stand at the end, so that a city is to be expected?
    has_tail: bool,
    /// Did a state?
    has_state: bool,
    /// Is the text a street line, whose city was given beside it?
    is_line: bool,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let (tokens, read_to) = tokenise(text);
        Self {
            text,
            tokens,
            read_to,
            kind: AddressKind::Unknown,
            has_tail: false,
            has_state: false,
            is_line: false,
        }
    }

    /// Labels every token.
    fn read(&mut self) {
        if self.is_coordinates() {
            return;
        }
        let body = self.read_tail();
        self.note_cities(body);
        self.read_body(body);
    }

    /// `39.7392,-104.9903`, `39.7392° N, 104.9903° W`: a point on the earth is no address, and stays unread.
    fn is_coordinates(&self) -> bool {
        let degrees = |at: usize| {
            let (whole, decimals) = self
                .written(at..at + 1)
                .trim_end_matches('°')
                .split_once('.')?;
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            (whole.len() <= 3
                && decimals.len() >= DECIMALS_OF_DEGREES_MIN
                && digits(whole)
                && digits(decimals))
            .then_some(())
        };
        let compass = |at: usize| self.token(at).is_letter() && self.is(at, Class::DIRECTIONAL);
        let (points, sides) = match self.tokens.len() {
            2 => ([0, 1], [None, None]),
            4 => ([0, 2], [Some(1), Some(3)]),
            _ => return false,
        };
        points.into_iter().all(|at| degrees(at).is_some())
            && sides.into_iter().flatten().all(compass)
    }

    /// Labels the tokens before the state.
    fn read_body(&mut self, end: usize) {
        let body = 0..end;
        if self.read_box(body.clone()) {
            return;
        }
        if let Some(number) = self.find_number(body.clone()) {
            self.kind = AddressKind::Street;
            self.read_front(body.start..number);
            let line = self.read_number(number, body.end);
            self.read_line(line..body.end, self.has_tail);
        } else {
            self.read_place(body);
        }
    }

    fn label(&mut self, range: Range<usize>, label: Label) {
        for token in self.tokens.iter_mut().take(range.end).skip(range.start) {
            token.label = label;
        }
    }

    /// The token at `at`; out of range, a token of nothing behind a comma.
    fn token(&self, at: usize) -> Token {
        self.tokens.get(at).copied().unwrap_or(Token::NOTHING)
    }

    /// Is the token at `at` (which may be out of range) in one of the classes?
    fn is(&self, at: usize, class: Class) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(class))
    }

    /// Is any token of the range in one of the classes?
    fn any(&self, range: Range<usize>, class: Class) -> bool {
        range.into_iter().any(|at| self.is(at, class))
    }

    /// Does a comma stand before `at`, or is it the end of the range?
    fn breaks(&self, at: usize, end: usize) -> bool {
        at >= end || self.token(at).after_comma
    }

    /// The first position after `from` before which a comma stands, or `end`.
    fn segment_end(&self, from: usize, end: usize) -> usize {
        (from + 1..end)
            .find(|&at| self.tokens[at].after_comma)
            .unwrap_or(end)
    }

    /// The text of a range of tokens, as written.
    fn written(&self, range: Range<usize>) -> &'t str {
        match (
            self.tokens.get(range.start),
            self.tokens.get(range.end.wrapping_sub(1)),
        ) {
            (Some(first), Some(last)) if range.start < range.end => {
                &self.text[usize::from(first.start)..usize::from(last.end)]
            }
            _ => "",
        }
    }

    /// Collects the labelled tokens. Neighbours of one label are one piece; a second piece of a part
    /// that is already filled is set aside.
    fn finish(self) -> Address {
        let mut parts = Parts::default();
        let mut unparsed = Vec::new();
        let mut start = 0;
        while start < self.tokens.len() {
            let label = self.tokens[start].label;
            let mut end = start + 1;
            while end < self.tokens.len() && self.tokens[end].label == label {
                end += 1;
            }
            let text = self.written(start..end);
            match part_of(&mut parts, label) {
                Ok(part) if part.is_none() => *part = Some(text.into()),
                Ok(_) => unparsed.push(Unparsed {
                    text: text.to_owned(),
                    reason: if matches!(label, Label::Unit | Label::UnitType) {
                        UnparsedReason::SecondUnit
                    } else {
                        UnparsedReason::NotUnderstood
                    },
                }),
                Err(reason) => unparsed.push(Unparsed {
                    text: text.to_owned(),
                    reason,
                }),
            }
            start = end;
        }
        let rest = self.text[self.read_to..].trim();
        if !rest.is_empty() {
            unparsed.push(Unparsed {
                text: rest.to_owned(),
                reason: UnparsedReason::NotUnderstood,
            });
        }
        Address {
            kind: self.kind,
            parts,
            unparsed,
        }
    }
}

/// The part a label fills, or the reason why it fills none.
fn part_of(parts: &mut Parts, label: Label) -> Result<&mut Option<Text>, UnparsedReason> {
    Ok(match label {
        Label::Number => &mut parts.number,
        Label::Predirectional => &mut parts.predirectional,
        Label::Street => &mut parts.street,
        Label::Suffix => &mut parts.suffix,
        Label::Postdirectional => &mut parts.postdirectional,
        Label::UnitType => &mut parts.unit_type,
        Label::Unit => &mut parts.unit,
        Label::City => &mut parts.city,
        Label::State => &mut parts.state,
        Label::Zip => &mut parts.zip,
        Label::Zip4 => &mut parts.zip4,
        Label::Recipient => return Err(UnparsedReason::Recipient),
        Label::Box => return Err(UnparsedReason::Box),
        Label::CrossStreet => return Err(UnparsedReason::CrossStreet),
        Label::Country => return Err(UnparsedReason::Country),
        Label::SecondUnit => return Err(UnparsedReason::SecondUnit),
        Label::NotUnderstood => return Err(UnparsedReason::NotUnderstood),
    })
}
