//! What a carrier gives us to keep as it is: its ids, and its words.

use std::fmt;

use smol_str::SmolStr;
use thiserror::Error;

/// Longest id of a carrier that is kept, in bytes.
pub const REFERENCE_MAX_BYTES: usize = 256;
/// Longest text of a carrier that is kept, in bytes. MEF lets a reason have 255 characters.
pub const WORDS_MAX_BYTES: usize = 255;

/// A text cannot be a carrier's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a carrier's id must be 1 to {REFERENCE_MAX_BYTES} bytes without control characters")]
pub struct BadReference;

/// A carrier's own id of a quote, a qualification or a place. Text: leading zeros are part of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CarrierReference(SmolStr);

impl CarrierReference {
    /// Takes an id as it came.
    ///
    /// # Errors
    /// [`BadReference`] where it is empty, too long, or not plain text.
    pub fn new(text: &str) -> Result<Self, BadReference> {
        if text.is_empty() || text.len() > REFERENCE_MAX_BYTES || text.chars().any(char::is_control)
        {
            return Err(BadReference);
        }
        Ok(Self(text.into()))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CarrierReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a carrier put it: shown to people beside our own reason, never read by a program and never
/// logged, for it may name an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CarrierWords(SmolStr);

impl CarrierWords {
    /// Takes a text on one line, cut to [`WORDS_MAX_BYTES`]; `None` where nothing is said.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let line: String = text
            .trim()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let cut = &line[..line.floor_char_boundary(WORDS_MAX_BYTES)];
        (!cut.is_empty()).then(|| Self(cut.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_zeros_and_must_be_plain() {
        assert_eq!(CarrierReference::new("0042").unwrap().as_str(), "0042");
        let long = "9".repeat(REFERENCE_MAX_BYTES + 1);
        for text in ["", "a\nb", long.as_str()] {
            assert_eq!(CarrierReference::new(text), Err(BadReference), "{text:?}");
        }
    }

    #[test]
    fn words_fit_on_one_line() {
        let words = |text| CarrierWords::new(text).map(|words| words.as_str().to_owned());
        assert_eq!(words(" two\nlines "), Some("two lines".to_owned()));
        assert_eq!(words(" \n "), None);
        assert_eq!(words(&"é".repeat(200)).unwrap().len(), 254);
    }
}
