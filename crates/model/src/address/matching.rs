//! What was asked against the streets that an area really has.
//!
//! A candidate whose number or street *name* differs beyond the bounded corrections below is an
//! alternative, never the answer: a wrong yes is a defect, unknown is an answer.

use super::normal::NormalStreet;

/// What had to be changed in the asked street to meet a street that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Correction {
    /// A directional was missing, superfluous, or on the other side of the name.
    Directional,
    /// The suffix was missing or another one.
    Suffix,
    /// One misspelling in the name.
    Spelling,
    /// The area came from the city, not from a ZIP.
    Area,
}

impl Correction {
    /// The name used on every surface: `directional`, `suffix`, `spelling`, `area`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Directional => "directional",
            Self::Suffix => "suffix",
            Self::Spelling => "spelling",
            Self::Area => "area",
        }
    }
}

/// A street of the area that is like the asked one.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Position in the list that was given.
    pub index: usize,
    /// How alike, 0.0 to 1.0.
    pub score: f32,
    /// What had to be changed; empty for the same street.
    pub corrections: Vec<Correction>,
}

/// What the streets of an area say about the asked street.
#[derive(Clone, Debug, PartialEq)]
pub enum StreetMatch {
    /// One street can be meant, and only one.
    One(Candidate),
    /// Streets that are like it, best first, none of which may be taken for it.
    Alternatives(Vec<Candidate>),
    /// None is like it.
    None,
}

/// Longest list of alternatives that is given back.
pub const ALTERNATIVES_MAX: usize = 5;

/// Compares the asked street with `streets`, the streets of its area that hold the asked number.
#[must_use]
pub fn match_street(asked: &NormalStreet, streets: &[NormalStreet]) -> StreetMatch {
    let _ = (asked, streets);
    StreetMatch::None
}
