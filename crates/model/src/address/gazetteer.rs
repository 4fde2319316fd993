//! Is a name that of a city in a state, or of a ZIP code?
//!
//! The build script makes the table from the crate `zipcodes`: of every name that the postal service
//! knows for a ZIP code, also of those it would rather not read, 32 bits for the name in its state
//! and 32 bits for the name in its ZIP code, sorted. No name is kept, nothing is loaded: a question is
//! a binary search in a page of a constant. About one name in 30,000 that is none is taken for a city, which is
//! no harm where the answer is one voice among several; it must not be used as a proof.

mod fingerprint;

use fingerprint::{PAGE_BITS, fingerprint, push_folded};

/// Sorted numbers of four bytes, the lowest byte first.
static TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer.bin"));
/// Where in the table each page starts, and where the last one ends; four bytes each.
static PAGES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/gazetteer-pages.bin"));

/// Room made for a name before it is folded.
const NAME_BYTES_EXPECTED: usize = 32;

/// A name, ready to be looked for in several areas. Letter case, punctuation and the usual
/// abbreviations make no difference.
pub(super) struct Name(Vec<u8>);

impl Name {
    pub(super) fn empty() -> Self {
        Self(Vec::with_capacity(NAME_BYTES_EXPECTED))
    }

    pub(super) fn of(written: &str) -> Self {
        let mut name = Self::empty();
        name.put_before(written);
        name
    }

    /// Puts more words before the name.
    pub(super) fn put_before(&mut self, written: &str) {
        let Self(letters) = self;
        let behind = letters.len();
        push_folded(letters, written);
        letters.rotate_left(behind);
    }

    /// Does the area (a state's two letters or a ZIP code's five figures, in upper case) have a city of
    /// this name?
    pub(super) fn is_in(&self, area: &str) -> bool {
        let number = fingerprint(area, &self.0);
        let known =
            page_of(number).binary_search_by_key(&number, |known| u32::from_le_bytes(*known));
        known.is_ok()
    }
}

/// Does the area have a city of this name?
pub(super) fn has_city(area: &str, name: &str) -> bool {
    Name::of(name).is_in(area)
}

/// The numbers that have their highest bits in common with this one.
fn page_of(number: u32) -> &'static [[u8; 4]] {
    let (numbers, _) = TABLE.as_chunks::<4>();
    let (starts, _) = PAGES.as_chunks::<4>();
    let start = |index: usize| u32::from_le_bytes(starts[index]) as usize;
    let index = (number >> (u32::BITS - PAGE_BITS)) as usize;
    &numbers[start(index)..start(index + 1)]
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
    fn a_name_can_be_read_from_its_end() {
        let mut name = Name::empty();
        for (word, known) in [("Beach", false), ("Palm", true), ("West", true)] {
            name.put_before(word);
            assert_eq!(name.is_in("FL"), known, "{word}");
        }
    }

    #[test]
    fn the_table_is_sorted_and_every_number_is_on_its_page() {
        let (numbers, rest) = TABLE.as_chunks::<4>();
        assert!(rest.is_empty());
        assert!(numbers.len() > 100_000, "{}", numbers.len());
        assert!(numbers.is_sorted_by_key(|number| u32::from_le_bytes(*number)));
        for number in numbers {
            let number = u32::from_le_bytes(*number);
            let page = page_of(number);
            assert!(page.contains(&number.to_le_bytes()), "{number}");
            assert!(page.len() < 100, "{}", page.len());
        }
    }
}
