//! A JSON object written field by field, for the one document that has to be fast.
//!
//! The bytes are those that `serde_json` makes of the same fields. What is saved is the search for
//! characters to escape: the program's own names have none, and a text is searched once, as a whole.

use std::fmt::{self, Display, Write as _};

use serde::Serialize;

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
    pub(crate) fn text(&mut self, name: &'static str, text: &str) {
        push_text(self.field(name), text);
    }

    /// A field with one of our own words, in which there is nothing to escape.
    #[inline]
    pub(crate) fn word(&mut self, name: &'static str, word: &'static str) {
        debug_assert!(!must_escape(word.as_bytes()));
        push_plain(self.field(name), word);
    }

    /// A field with a text, where there is one.
    #[inline]
    pub(crate) fn optional_text(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(name, text);
        }
    }

    /// A field with the text that something displays.
    pub(crate) fn shown(&mut self, name: &'static str, value: &impl Display) {
        push_shown(self.field(name), value);
    }

    /// A field with the text that something displays, where there is one.
    pub(crate) fn optional_shown(&mut self, name: &'static str, value: Option<&impl Display>) {
        if let Some(value) = value {
            self.shown(name, value);
        }
    }

    /// A field with any other value: a number, a truth.
    #[inline]
    pub(crate) fn value(&mut self, name: &'static str, value: &impl Serialize) {
        push_value(self.field(name), value);
    }

    /// A field with any other value, where there is one.
    pub(crate) fn optional_value(&mut self, name: &'static str, value: Option<&impl Serialize>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    /// A field whose value `write` writes.
    pub(crate) fn written(&mut self, name: &'static str, write: impl FnOnce(&mut Vec<u8>)) {
        write(self.field(name));
    }

    /// A field with an array.
    pub(crate) fn array<T>(
        &mut self,
        name: &'static str,
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
    fn field(&mut self, name: &'static str) -> &mut Vec<u8> {
        debug_assert!(!must_escape(name.as_bytes()));
        if self.has_fields {
            self.out.push(b',');
        }
        self.has_fields = true;
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        self.out
    }
}

/// Writes what something displays as a JSON string.
pub(crate) fn push_shown(out: &mut Vec<u8>, value: &impl Display) {
    let start = out.len();
    out.push(b'"');
    write!(Text(out), "{value}").expect("memory takes every text");
    if must_escape(&out[start + 1..]) {
        out.truncate(start);
        push_value(out, &value.to_string());
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

/// Whether JSON writes any of these bytes in another way. Every byte is looked at, because that is done
/// many at once.
fn must_escape(text: &[u8]) -> bool {
    text.iter().fold(false, |any, &byte| {
        any | (byte < b' ') | (byte == b'"') | (byte == b'\\')
    })
}

/// Bytes as the end of a text.
struct Text<'o>(&'o mut Vec<u8>);

impl fmt::Write for Text<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}
