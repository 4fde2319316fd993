//! Percent encoding, as names of files and of S3's events have it.

/// Undoes percent encoding (RFC 3986); `None` where an escape is broken or the bytes are no text.
#[must_use]
pub fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            u8::try_from(high * 16 + low).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_and_nothing_else() {
        for (text, plain) in [
            ("Acme%20Fiber", Some("Acme Fiber")),
            ("T%C3%A9l%c3%a9", Some("Télé")),
            ("a+b é", Some("a+b é")),
            ("%", None),
            ("%4", None),
            ("%+1", None),
            ("%FF", None),
        ] {
            assert_eq!(decoded(text).as_deref(), plain, "{text}");
        }
    }
}
