//! Text into plain words: upper case, no accents, no punctuation.

use crate::address::key::fraction;
use crate::address::publication28;

/// Room made for the words before they are folded, in bytes: a street, a city.
const BYTES_EXPECTED: usize = 32;

/// Upper case, accents and punctuation folded, single blanks.
///
/// Apostrophes close up (`O'BRIEN` -> `OBRIEN`), so do initials (`N.E.` -> `NE`); every other sign is
/// a blank, except that `&` is `AND` and that fractions and decimals keep theirs (`26 1/2`, `9.5`).
pub(super) fn folded(written: &str) -> String {
    folded_pieces([written])
}

/// The same of several texts with blanks between them.
pub(super) fn folded_pieces<'p>(pieces: impl IntoIterator<Item = &'p str>) -> String {
    let mut words = String::with_capacity(BYTES_EXPECTED);
    for piece in pieces {
        push_word(&mut words, "");
        push_folded(&mut words, piece);
    }
    words.truncate(words.trim_end().len());
    words
}

/// The state that a text names, in two letters. Most are written so that they need no folding.
pub(super) fn state(written: &str) -> Option<&'static str> {
    publication28::state(written).or_else(|| publication28::state(&folded(written)))
}

fn push_folded(words: &mut String, written: &str) {
    let mut rest = written;
    // Letters and digits since the last sign or blank, to know an initial.
    let mut run = 0_usize;
    while !rest.is_empty() {
        let plain = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if plain > 0 {
            let start = words.len();
            words.push_str(&rest[..plain]);
            words[start..].make_ascii_uppercase();
            run += plain;
            rest = &rest[plain..];
            continue;
        }
        let mut characters = rest.chars();
        let Some(character) = characters.next() else {
            return;
        };
        rest = characters.as_str();
        let digit_before = words.ends_with(|c: char| c.is_ascii_digit());
        let digit_after = rest.starts_with(|c: char| c.is_ascii_digit());
        match character {
            '\'' | '\u{2019}' | '`' => continue,
            // Combining accents: `e` and an accent are `é`.
            '\u{300}'..='\u{36F}' => continue,
            '/' | '.' if digit_before && digit_after => words.push(character),
            '.' if run == 1 && initial_follows(characters) => {
                run = 0;
                continue;
            }
            '&' => push_word(words, "AND "),
            _ => match fraction(character) {
                Some(figures) => {
                    push_word(words, figures);
                    words.push(' ');
                }
                None if character.is_alphanumeric() => {
                    push_without_accent(words, character);
                    run += 1;
                    continue;
                }
                None => push_word(words, ""),
            },
        }
        run = 0;
    }
}

/// Does exactly one letter follow, and then no letter or digit?
fn initial_follows(mut rest: impl Iterator<Item = char>) -> bool {
    rest.next().is_some_and(char::is_alphabetic) && !rest.next().is_some_and(char::is_alphanumeric)
}

fn push_word(words: &mut String, word: &str) {
    if !words.is_empty() && !words.ends_with(' ') {
        words.push(' ');
    }
    words.push_str(word);
}

/// The accents that occur in names of the United States and Puerto Rico.
fn push_without_accent(words: &mut String, character: char) {
    for upper in character.to_uppercase() {
        let plain = match upper {
            'À'..='Å' => 'A',
            'Ç' => 'C',
            'È'..='Ë' => 'E',
            'Ì'..='Ï' => 'I',
            'Ñ' => 'N',
            'Ò'..='Ö' | 'Ø' => 'O',
            'Ù'..='Ü' => 'U',
            'Ý' | 'Ÿ' => 'Y',
            '\u{300}'..='\u{36F}' => continue,
            other => other,
        };
        words.push(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_text_fold_to_the_same_words() {
        for (written, expected) in [
            ("  Main   St. ", "MAIN ST"),
            ("O'Brien", "OBRIEN"),
            ("St. Mary\u{2019}s", "ST MARYS"),
            ("N.E. 5th", "NE 5TH"),
            ("N.E.5th", "NE 5TH"),
            ("U.S. Hwy", "US HWY"),
            ("W.Main", "W MAIN"),
            ("St.Paul", "ST PAUL"),
            ("Crowley-Rogers", "CROWLEY ROGERS"),
            ("26 1/2", "26 1/2"),
            ("F½", "F 1/2"),
            ("26.5", "26.5"),
            ("H & H", "H AND H"),
            ("H&H", "H AND H"),
            ("Cañon", "CANON"),
            ("Can\u{303}on", "CANON"),
            ("\u{1FB6}", "\u{391}"),
            ("...", ""),
            ("", ""),
        ] {
            assert_eq!(folded(written), expected, "{written}");
        }
    }

    #[test]
    fn pieces_are_folded_as_if_blanks_stood_between() {
        for pieces in [
            &["N.", "E", "Main"][..],
            &["1/", "2"],
            &["", "A"],
            &["26", ".5", "TH"],
            &["O'", "Brien"],
            &["e", "\u{301}"],
            &[],
        ] {
            let joined = pieces.join(" ");
            assert_eq!(
                folded_pieces(pieces.iter().copied()),
                folded(&joined),
                "{joined}"
            );
        }
    }
}
