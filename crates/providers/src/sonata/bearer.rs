//! Headers that carry a credential. Marked as sensitive: whatever prints headers prints `Sensitive`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::byte_serialize;
use http::HeaderValue;

use crate::secret::Secret;

/// `Bearer …`; `None` where a header cannot hold the token.
pub(super) fn bearer(token: &Secret) -> Option<HeaderValue> {
    sensitive(&format!("Bearer {}", token.reveal()))
}

/// `Basic …` of RFC 6749, section 2.3.1: both halves encoded as in a form first.
pub(super) fn basic(client_id: &str, secret: &Secret) -> Option<HeaderValue> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.reveal()));
    sensitive(&format!("Basic {}", STANDARD.encode(pair)))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_with_credentials_are_not_printed() {
        let secret = Secret::new("correct horse".to_owned());
        let header = basic("lastmile", &secret).unwrap();
        assert_eq!(header, "Basic bGFzdG1pbGU6Y29ycmVjdCtob3JzZQ==");
        assert_eq!(format!("{header:?}"), "Sensitive");
        let header = bearer(&Secret::new("abc".to_owned())).unwrap();
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert_eq!(bearer(&Secret::new("a\nb".to_owned())), None);
    }
}
