//! A street's parts beside its whole text, in one byte.
//!
//! Keys hold the whole street (`E 26TH ST`); which of its words are directional and suffix is a mask.

use lastmile_model::Text;
use lastmile_model::address::normal::NormalStreet;

const PREDIRECTIONAL: u8 = 1;
const SUFFIX: u8 = 2;
const POSTDIRECTIONAL: u8 = 4;

/// The mask, where the street is the plain row of its parts and each but the name is one word.
pub(super) fn mask_of(street: &NormalStreet, text: &str) -> Option<u8> {
    let NormalStreet {
        predirectional,
        name: _,
        suffix,
        postdirectional,
    } = street;
    let mask = predirectional.as_ref().map_or(0, |_| PREDIRECTIONAL)
        | suffix.as_ref().map_or(0, |_| SUFFIX)
        | postdirectional.as_ref().map_or(0, |_| POSTDIRECTIONAL);
    (apart(mask, text).as_ref() == Some(street)).then_some(mask)
}

/// Takes the text apart again.
pub(super) fn apart(mask: u8, text: &str) -> Option<NormalStreet> {
    let mut rest = text;
    let mut predirectional = None;
    if mask & PREDIRECTIONAL != 0 {
        let (word, after) = rest.split_once(' ')?;
        predirectional = Some(word.into());
        rest = after;
    }
    let mut last_word = |wanted: u8| -> Option<Option<Text>> {
        if mask & wanted == 0 {
            return Some(None);
        }
        let (before, word) = rest.rsplit_once(' ')?;
        rest = before;
        Some(Some(word.into()))
    };
    let postdirectional = last_word(POSTDIRECTIONAL)?;
    let suffix = last_word(SUFFIX)?;
    Some(NormalStreet {
        predirectional,
        name: rest.into(),
        suffix,
        postdirectional,
    })
}
