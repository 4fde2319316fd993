//! A JSON object written field by field, for the one document that has to be fast.
//!
//! The bytes are those that `serde_json` makes of the same fields. What is saved is the search for
//! characters to escape: the program's own names have none, and a text is searched once, as a whole.

use std::fmt;

use lastmile_model::Spell;
use serde::Serialize;

/// The name of a field with the signs around it: a comma before it, a colon behind. Made by
/// [`field!`](crate::json_object::field) only.
#[derive(Clone, Copy)]
pub(crate) struct Field(pub(crate) &'static str);

/// The name of a field as it is written: one piece of known length.
macro_rules! field {
    ($name:literal) => {
        $crate::json_object::Field(concat!(",\"", $name, "\":"))
    };
}

pub(crate) use field;

/// An object that is being written.
pub(crate) struct JsonObject<'o> {
    out: &'o mut Vec<u8>,
    has_fields: bool,
}

impl<'o> JsonObject<'o> {
    /// Begins an object.
    pub(crate) fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self {
            out,
            has_fields: false,
        }
    }

    /// Ends the object.
    pub(crate) fn end(self) {
        self.out.push(b'}');
    }

    /// A field with a text.
    #[inline]
    pub(crate) fn text(&mut self, name: Field, text: &str) {
        push_text(self.field(name), text);
    }

    /// A field with one of our own words, in which there is nothing to escape.
    #[inline]
    pub(crate) fn word(&mut self, name: Field, word: &'static str) {
        debug_assert!(!must_escape(word.as_bytes()));
        push_plain(self.field(name), word);
    }

    /// A field with a text, where there is one.
    #[inline]
    pub(crate) fn optional_text(&mut self, name: Field, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A field with the text that something spells.
    pub(crate) fn spelled(&mut self, name: Field, value: &impl Spell) {
        push_spelled(self.field(name), value);
    }

    /// A field with the text that something spells, where there is one.
    pub(crate) fn optional_spelled(&mut self, name: Field, value: Option<&impl Spell>) {
        if let Some(value) = value {
            self.spelled(name, value);
        }
    }

    /// A field with any other value: a number, a truth.
    #[inline]
    pub(crate) fn value(&mut self, name: Field, value: &impl Serialize) {
        push_value(self.field(name), value);
    }

    /// A field with any other value, where there is one.
    pub(crate) fn optional_value(&mut self, name: Field, value: Option<&impl Serialize>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    /// A field with a whole number.
    pub(crate) fn whole(&mut self, name: Field, number: u64) {
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(number);
        self.field(name).extend_from_slice(digits.as_bytes());
    }

    /// A field whose value `write` writes.
    pub(crate) fn written(&mut self, name: Field, write: impl FnOnce(&mut Vec<u8>)) {
        write(self.field(name));
    }

    /// A field with an array.
    pub(crate) fn array<T>(
        &mut self,
        name: Field,
        items: &[T],
        mut write: impl FnMut(&T, &mut Vec<u8>),
    ) {
        let out = self.field(name);
        out.push(b'[');
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            write(item, out);
        }
        out.push(b']');
    }

    /// Writes a name, and gives the place where its value belongs.
    #[inline]
    fn field(&mut self, name: Field) -> &mut Vec<u8> {
        let Field(with_comma) = name;
        debug_assert!(with_comma.starts_with(",\"") && with_comma.ends_with("\":"));
        let written = if self.has_fields {
            with_comma
        } else {
            &with_comma[1..]
        };
        self.has_fields = true;
        self.out.extend_from_slice(written.as_bytes());
        self.out
    }
}

/// Writes what something spells as a JSON string.
pub(crate) fn push_spelled(out: &mut Vec<u8>, value: &impl Spell) {
    let start = out.len();
    out.push(b'"');
    value
        .spell(&mut Tail(out))
        .expect("memory takes every text");
    if must_escape(&out[start + 1..]) {
        out.truncate(start);
        push_value(out, value.spelled().as_str());
    } else {
        out.push(b'"');
    }
}

/// Writes a value as `serde_json` does.
pub(crate) fn push_value(out: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    serde_json::to_writer(out, value).expect("memory takes every value that JSON has");
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    if must_escape(text.as_bytes()) {
        push_value(out, text);
    } else {
        push_plain(out, text);
    }
}

fn push_plain(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

/// Whether JSON writes any of these bytes in another way. Most texts are of some twenty bytes, which are three words.
fn must_escape(text: &[u8]) -> bool {
    let (words, rest) = text.as_chunks();
    let last = match text.last_chunk() {
        // Some of its bytes are looked at twice.
        Some(last) if !rest.is_empty() => has_escape(*last),
        Some(_) => false,
        None => rest.iter().any(|&byte| is_escape(byte)),
    };
    last || words.iter().any(|word| has_escape(*word))
}

const fn is_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The same of eight bytes at once: by the highest bit of each, which is set in `word - n` where a byte is less than n;
/// `& !word` leaves out those that had it set before, as the bytes of letters beyond ASCII have. A byte above one that
/// is less may be taken for one too, which makes no difference to whether there is any.
const fn has_escape(bytes: [u8; 8]) -> bool {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = EACH << 7;
    let word = u64::from_ne_bytes(bytes);
    let quote = word ^ (EACH * b'"' as u64);
    let backslash = word ^ (EACH * b'\\' as u64);
    let control = word.wrapping_sub(EACH * b' ' as u64) & !word;
    let quote = quote.wrapping_sub(EACH) & !quote;
    let backslash = backslash.wrapping_sub(EACH) & !backslash;
    (control | quote | backslash) & HIGHEST != 0
}

/// Bytes as the end of a text.
struct Tail<'o>(&'o mut Vec<u8>);

impl fmt::Write for Tail<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_serde_writes_in_another_way_is_found(text in prop_oneof![any::<String>(), plain()]) {
            let escaped = serde_json::to_string(&text).expect("JSON");
            prop_assert_eq!(must_escape(text.as_bytes()), escaped.len() != text.len() + 2);
        }
    }

    /// Texts that mostly have nothing to escape, with one sign anywhere.
    fn plain() -> impl Strategy<Value = String> {
        (
            "[ -!#-\\[\\]-~é]{0,40}",
            any::<char>(),
            any::<bool>(),
            any::<prop::sample::Index>(),
        )
            .prop_map(|(mut text, sign, has, at)| {
                let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
                if has && !places.is_empty() {
                    text.insert(*at.get(&places), sign);
                }
                text
            })
    }
}
