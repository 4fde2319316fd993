//! Is a name that of a city in a state, or of a ZIP code?
//!
//! The build script makes the table from the crate `zipcodes`: of every name that the postal service
//! knows for a ZIP code, also of those it would rather not read, 32 bits for the name in its state
//! and 32 bits for the name in its ZIP code, sorted. No name is kept, nothing is loaded: a question is
//! a binary search in a constant. About one name in 30,000 that is none is taken for a city, which is
//! no harm where the answer is one voice among several; it must not be used as a proof.

mod fingerprint;

use std::ops::Range;

use fingerprint::{fingerprint, folded};

/// Sorted numbers of four bytes, the highest byte first.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));

/// A name, ready to be looked for in several areas. Letter case, punctuation and the usual
/// abbreviations make no difference.
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn of(written: &str) -> Self {
        Self(folded(written))
    }

    /// Does the area (a state's two letters or a ZIP code's five figures, in upper case) have a city of
    /// this name?
    pub(super) fn is_in(&self, area: &str) -> bool {
        let (numbers, _) = TABLE.as_chunks::<4>();
        let number = fingerprint(area, &self.0);
        let near = near(number, numbers.len());
        numbers[near].binary_search(&number.to_be_bytes()).is_ok()
    }
}

/// Does the area have a city of this name?
pub(super) fn has_city(area: &str, name: &str) -> bool {
    Name::of(name).is_in(area)
}

/// How far from its even place a number stands at most.
const STRAY_MAX: usize = 1024;

/// Where in the table the number would be. The numbers are spread evenly, so their places are known but for
/// a little, and the rest of the table stays out of the processor's cache.
fn near(number: u32, count: usize) -> Range<usize> {
    let even = (u64::from(number) * count as u64) >> 32;
    let even = usize::try_from(even).expect("a place in the table");
    even.saturating_sub(STRAY_MAX)..count.min(even + STRAY_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_is_known_by_state_and_by_zip() {
        assert!(has_city("FL", "West Palm Beach"));
        assert!(has_city("33401", "WEST PALM BEACH"));
        assert!(!has_city("33401", "PALM BEACH"));
        assert!(!has_city("ND", "WEST PALM BEACH"));
        assert!(!has_city("FL", "BROADWAY WEST PALM BEACH"));
        assert!(!has_city("FL", ""));
        assert!(!has_city("", "TAMPA"));
    }

    #[test]
    fn spellings_of_one_city_are_one() {
        for name in ["ST LOUIS", "St. Louis", "saint louis", "Saint  Louis"] {
            assert!(has_city("MO", name), "{name}");
        }
        for name in ["O'Fallon", "O FALLON", "OFALLON"] {
            assert!(has_city("MO", name), "{name}");
        }
        assert!(has_city("CO", "Ft Collins"));
        assert!(has_city("NC", "Winston-Salem"));
        assert!(has_city("NC", "WINSTON SALEM"));
        assert!(has_city("IL", "Arlington Hts"));
    }

    #[test]
    fn the_table_is_sorted_and_whole() {
        let (numbers, rest) = TABLE.as_chunks::<4>();
        assert!(rest.is_empty());
        assert!(numbers.is_sorted());
        assert!(numbers.len() > 100_000, "{}", numbers.len());
        for (place, number) in numbers.iter().enumerate() {
            let near = near(u32::from_be_bytes(*number), numbers.len());
            assert!(near.contains(&place), "{place} is not within {near:?}");
        }
    }
}
