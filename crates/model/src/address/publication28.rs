//! The tables of USPS Publication 28: suffixes (appendix C1), unit designators (C2), directionals, states.
//!
//! Every function takes one word (a state: up to four words with single blanks) in any letter case,
//! without punctuation, and answers the standard abbreviation or `None`. None of them allocates.
//!
//! Source: USPS Publication 28, Postal Addressing Standards, sections 213, 233 to 236, 245, 291
//! and appendices B, C1 and C2.

mod directionals;
mod ordinals;
mod spellings;
mod states;
mod suffixes;
mod units;

pub use directionals::DIRECTIONALS;
pub use ordinals::ORDINALS;
pub use spellings::Row;
pub use states::STATES;
pub use suffixes::{SUFFIXES, UNLISTED_SUFFIXES};
pub use units::UNIT_DESIGNATORS;

/// Standard abbreviation of a street suffix: `avenue`, `AVNUE`, `Av` -> `AVE`.
///
/// Knows the 206 suffixes of appendix C1 with all their spellings, and a few misspellings besides.
#[must_use]
pub fn suffix(word: &str) -> Option<&'static str> {
    suffixes::TABLE.get(word)
}

/// Standard abbreviation of a directional: `north`, `No`, `N` -> `N`; `southeast` -> `SE`.
///
/// `Nth`, `Sth` and their like are ordinals or misspellings, and are not read as directionals.
#[must_use]
pub fn directional(word: &str) -> Option<&'static str> {
    directionals::TABLE.get(word)
}

/// Standard abbreviation of a secondary unit designator: `Suite` -> `STE`, `#` -> `#`.
#[must_use]
pub fn unit_designator(word: &str) -> Option<&'static str> {
    units::TABLE.get(word)
}

/// Does the designator (standard abbreviation) stand alone, without an identifier after it?
///
/// Appendix C2 marks these with an asterisk: `REAR`, `BSMT`, `PH`, …
#[must_use]
pub fn unit_stands_alone(standard: &str) -> bool {
    units::STANDS_ALONE.contains(&standard)
}

/// Two-letter abbreviation of a state, territory or military region: `south carolina`, `S.C.`
/// without its dots, `SC` -> `SC`.
#[must_use]
pub fn state(words: &str) -> Option<&'static str> {
    states::TABLE.get(words)
}

/// Figures of an ordinal written as a word: `first` -> `1ST`, `Twentieth` -> `20TH`.
///
/// Compounds (`TWENTY-FIRST`) are two words: see [`tens_word`].
#[must_use]
pub fn ordinal_word(word: &str) -> Option<&'static str> {
    ordinals::TABLE.get(word)
}

/// The tens digit of the first half of a compound ordinal: `twenty` -> `2`, as in `TWENTY FIRST`.
#[must_use]
pub fn tens_word(word: &str) -> Option<&'static str> {
    ordinals::TENS.get(word)
}

/// Figures of a cardinal written as a word, as house numbers are: `One` -> `1`, up to twenty and the tens.
#[must_use]
pub fn cardinal_word(word: &str) -> Option<&'static str> {
    ordinals::CARDINALS.get(word)
}

/// The figure of a cardinal below a hundred, in one word or in two: `Ninety` -> 90, `TWENTY-ONE` -> 21.
#[must_use]
pub fn cardinal_words(words: &str) -> Option<u32> {
    let Some((tens, units)) = words.split_once(['-', ' ']) else {
        return cardinal_word(words)?.parse().ok();
    };
    let tens: u32 = tens_word(tens)?.parse().ok()?;
    let units: u32 = cardinal_word(units)?.parse().ok()?;
    (1..10).contains(&units).then_some(10 * tens + units)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_suffix_spelling_leads_to_its_standard() {
        assert_eq!(SUFFIXES.len(), 206);
        for &(name, standard, others) in SUFFIXES {
            for spelling in others.iter().chain([&name, &standard]) {
                assert_eq!(suffix(spelling), Some(standard), "{spelling}");
                assert_eq!(
                    suffix(&spelling.to_lowercase()),
                    Some(standard),
                    "{spelling}"
                );
            }
        }
        assert_eq!(suffix("MAIN"), None);
        assert_eq!(suffix(""), None);
        assert_eq!(suffix("ÅVENUE"), None);
        assert_eq!(suffix(&"A".repeat(1000)), None);
    }

    #[test]
    fn a_meadow_is_not_many_meadows() {
        // Editions of the publication list MDW under both; its own standard form decides.
        assert_eq!(suffix("mdw"), Some("MDW"));
        assert_eq!(suffix("meadow"), Some("MDW"));
        assert_eq!(suffix("meadows"), Some("MDWS"));
    }

    #[test]
    fn every_other_table_is_complete() {
        assert_eq!(directional("NorthEast"), Some("NE"));
        assert_eq!(directional("so"), Some("S"));
        assert_eq!(directional("NN"), None);
        assert_eq!(unit_designator("suite"), Some("STE"));
        assert_eq!(unit_designator("#"), Some("#"));
        assert_eq!(unit_designator("apartments"), None);
        assert!(unit_stands_alone("REAR"));
        assert!(!unit_stands_alone("APT"));
        assert_eq!(STATES.len(), 50 + 1 + 8 + 3);
        assert_eq!(state("new hampshire"), Some("NH"));
        assert_eq!(state("District of Columbia"), Some("DC"));
        assert_eq!(state("ae"), Some("AE"));
        assert_eq!(state("new"), None);
        assert_eq!(ordinal_word("Third"), Some("3RD"));
        assert_eq!(ordinal_word("eleventh"), Some("11TH"));
        assert_eq!(tens_word("TWENTY"), Some("2"));
        assert_eq!(cardinal_word("one"), Some("1"));
    }
}
