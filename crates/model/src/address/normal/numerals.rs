//! Ordinals in street names: `TWENTY SIXTH`, `26 TH` and `26TH` are one name.

use std::borrow::Cow;

use crate::address::key::without_leading_zeros;
use crate::address::publication28;

type Words<'a> = Vec<Cow<'a, str>>;

/// Brings every ordinal among the words to figures with the right ending.
pub(super) fn with_figures<'a>(words: Words<'a>) -> Words<'a> {
    if !words.iter().any(|word| may_be_ordinal(word)) {
        return words;
    }
    let mut result: Words<'a> = Vec::with_capacity(words.len());
    for word in words {
        let before = result.last().map(AsRef::as_ref);
        if let Some(joined) = before.and_then(|before| joined_ordinal(before, &word)) {
            result.pop();
            result.push(Cow::Owned(joined));
        } else if let Some(figures) = publication28::ordinal_word(&word) {
            result.push(Cow::Borrowed(figures));
        } else if let Some(figures) = mended_ordinal(&word) {
            result.push(Cow::Owned(figures));
        } else {
            result.push(word);
        }
    }
    result
}

/// Every ordinal has figures, or ends as `FIRST`, `SECOND`, `THIRD` and `FOURTH` do.
fn may_be_ordinal(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
        || ["TH", "ST", "ND", "RD"]
            .iter()
            .any(|ending| word.ends_with(ending))
}

/// `TWENTY` + `SIXTH`, `26` + `TH`. (`2` + `ST` and `3` + `RD` may be a street and a road.)
fn joined_ordinal(before: &str, word: &str) -> Option<String> {
    if matches!(word, "TH" | "ND") && is_figures(before) {
        return Some(ordinal(before));
    }
    // The table knows `2` as the standard form of `TWENTY`: `2 1ST` is not `21ST`.
    let tens = publication28::tens_word(before).filter(|tens| *tens != before)?;
    let unit = publication28::ordinal_word(word)
        .and_then(ordinal_figures)
        .or_else(|| ordinal_figures(word))
        .map(without_leading_zeros)?;
    (unit.len() == 1 && unit != "0").then(|| ordinal(&format!("{tens}{unit}")))
}

/// `22TH` is `22ND`, `026TH` is `26TH`; `None` where nothing is to be mended.
fn mended_ordinal(word: &str) -> Option<String> {
    let mended = ordinal(ordinal_figures(word)?);
    (mended != word).then_some(mended)
}

/// The figures of `26TH`.
pub(in crate::address) fn ordinal_figures(word: &str) -> Option<&str> {
    let figures = ["ST", "ND", "RD", "TH"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending))?;
    is_figures(figures).then_some(figures)
}

pub(in crate::address) fn is_figures(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// `26` as `26TH`.
pub(super) fn ordinal(figures: &str) -> String {
    let figures = without_leading_zeros(figures);
    let last = figures.as_bytes()[figures.len() - 1];
    let teen = figures.len() > 1 && figures.as_bytes()[figures.len() - 2] == b'1';
    let ending = match last {
        b'1' if !teen => "ST",
        b'2' if !teen => "ND",
        b'3' if !teen => "RD",
        _ => "TH",
    };
    format!("{figures}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_written_in_figures() {
        for (written, expected) in [
            ("TWENTY SIXTH", "26TH"),
            ("FIRST", "1ST"),
            ("26 TH", "26TH"),
            ("22TH", "22ND"),
            ("011ST", "11TH"),
            ("112TH", "112TH"),
            ("TWENTY", "TWENTY"),
            ("TWENTY 1ST", "21ST"),
            ("TWENTY 01ST", "21ST"),
            ("2 01ST", "2 1ST"),
            ("TWENTY TENTH", "TWENTY 10TH"),
            ("2 ST", "2 ST"),
            ("3 RD", "3 RD"),
            ("26", "26"),
            ("TWENTIETH", "20TH"),
            ("FIRST CAPITOL", "1ST CAPITOL"),
        ] {
            let words = written.split(' ').map(Cow::Borrowed).collect();
            assert_eq!(with_figures(words).join(" "), expected, "{written}");
        }
    }
}
