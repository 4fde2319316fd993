//! Cells that say Y, N or ICB for one speed.

use super::row::{Notes, Warning};
use crate::claim::Standing;

/// Reads a cell; an empty one says nothing, an unknown one is left out with a warning.
pub(super) fn standing(given: &str, column: &str, notes: &mut Notes) -> Option<Standing> {
    if given.is_empty() {
        return None;
    }
    let known = known(given);
    if known.is_none() {
        notes.warnings.push(Warning::CellDropped {
            column: column.to_owned(),
            given: given.to_owned(),
        });
    }
    known
}

/// Whether a cell of a column that is itself about ICB says yes; `None` where it is not known.
pub(crate) fn is_icb(given: &str) -> Option<bool> {
    known(given).map(|standing| standing != Standing::NotOffered)
}

fn known(given: &str) -> Option<Standing> {
    const WORDS: [(&str, Standing); 7] = [
        ("Y", Standing::Offered),
        ("YES", Standing::Offered),
        ("N", Standing::NotOffered),
        ("NO", Standing::NotOffered),
        ("ICB", Standing::IndividualCase),
        ("TRUE", Standing::Offered),
        ("FALSE", Standing::NotOffered),
    ];
    WORDS
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(given))
        .map(|(_, standing)| *standing)
}
