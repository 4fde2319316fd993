//! Text into plain words: upper case, no accents, no punctuation.

use crate::address::key::fraction;

/// Upper case, accents and punctuation folded, single blanks.
///
/// Apostrophes close up (`O'BRIEN` -> `OBRIEN`), so do initials (`N.E.` -> `NE`); every other sign is
/// a blank, except that `&` is `AND` and that fractions and decimals keep theirs (`26 1/2`, `9.5`).
pub(super) fn folded(written: &str) -> String {
    let mut words = String::with_capacity(written.len());
    let mut characters = written.chars().peekable();
    // Letters and digits since the last sign or blank, to know an initial.
    let mut run = 0_usize;
    while let Some(character) = characters.next() {
        if character.is_ascii_alphanumeric() {
            words.push(character.to_ascii_uppercase());
            run += 1;
            continue;
        }
        let digit_before = words.ends_with(|c: char| c.is_ascii_digit());
        let digit_after = characters.peek().is_some_and(char::is_ascii_digit);
        match character {
            '\'' | '\u{2019}' | '`' => continue,
            // Combining accents: `e` and an accent are `é`.
            '\u{300}'..='\u{36F}' => continue,
            '/' | '.' if digit_before && digit_after => words.push(character),
            '.' if run == 1 && initial_follows(characters.clone()) => {
                run = 0;
                continue;
            }
            '&' => push_word(&mut words, "AND "),
            _ => match fraction(character) {
                Some(figures) => {
                    push_word(&mut words, figures);
                    words.push(' ');
                }
                None if character.is_alphanumeric() => {
                    push_without_accent(&mut words, character);
                    run += 1;
                    continue;
                }
                None => push_word(&mut words, ""),
            },
        }
        run = 0;
    }
    words.truncate(words.trim_end().len());
    words
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
}
